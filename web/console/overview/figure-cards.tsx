import type { ReactNode } from 'react'
import type { Figures } from '../../../server/features/overview/figures.ts'
import type { MembersFigure } from '../../../server/features/overview/overview.ts'
import { Panel } from '../../ui/panel.tsx'
import { type Translator, useText } from '../../ui/text.ts'
import { formatDuration, formatNumber } from '../../ui/values/format.ts'
import {
  appliedRows,
  callRows,
  changeRows,
  memberRows,
  messageRows,
  type Rows,
  waitingRows,
} from '../rows/figure-rows.ts'
import { RowsLink } from '../rows/rows-link.tsx'
import { SmallLine } from './small-line.tsx'

const last = (values: readonly number[]) => values.at(-1) ?? 0

/** On a day without events there is no delay to show. */
function delayText(seconds: number): string {
  return seconds === 0 ? '—' : formatDuration(seconds * 1000)
}

/** A figure beside another, in words. */
type Small = { words: string; rows?: Rows }

function membersSmall(t: Translator<'overview'>, { active, quit }: MembersFigure): Small[] {
  return [
    { words: t('membersActive', { n: active }), rows: memberRows('active') },
    ...(quit > 0 ? [{ words: t('quit', { n: quit }), rows: memberRows('quit') }] : []),
  ]
}

/** Four figures, each with a line of the last days. */
export function FigureCards(props: { members: MembersFigure; figures: Figures }): ReactNode {
  const t = useText('overview')
  const { members, figures } = props
  const messages = figures.days.map((_, index) =>
    figures.messages.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  )
  const waiting = figures.waitingSeconds
  const today = figures.days.at(-1) ?? ''
  const appliedToday = last(figures.delays) === 0 ? undefined : appliedRows(today)
  return (
    <div className="overview-figures">
      <Figure
        name={t('members')}
        value={formatNumber(members.listed)}
        rows={memberRows()}
        small={[
          ...membersSmall(t, members),
          { words: t('changes', { n: last(figures.memberChanges) }), rows: changeRows(today) },
        ]}
        line={{ name: t('lineChanges'), values: figures.memberChanges }}
      />
      <Figure
        name={t('calls')}
        value={formatNumber(last(figures.calls))}
        rows={callRows(today)}
        small={[
          {
            words: t('callsSmall', { n: last(figures.failures) }),
            rows: callRows(today, { outcome: 'failed' }),
          },
        ]}
        line={{ name: t('lineCalls'), values: figures.calls }}
      />
      <Figure
        name={t('messages')}
        value={formatNumber(last(messages))}
        rows={messageRows(today)}
        small={[
          {
            words: t('messagesSmall', { n: last(figures.troubled) }),
            rows: messageRows(today, { state: 'troubled' }),
          },
        ]}
        line={{ name: t('lineMessages'), values: messages }}
      />
      <Figure
        name={t('delay')}
        value={delayText(waiting ?? last(figures.delays))}
        rows={waiting === null ? appliedToday : waitingRows}
        small={[{ words: waiting === null ? t('delayNone') : t('delayWaiting') }]}
        line={{ name: t('lineDelays'), values: figures.delays }}
      />
    </div>
  )
}

function Figure(props: {
  name: string
  value: string
  rows: Rows | undefined
  small: readonly Small[]
  line?: { name: string; values: readonly number[] }
}): ReactNode {
  const { name, value, rows, small, line } = props
  return (
    <Panel className="overview-figure">
      <div className="overview-figure-name">{name}</div>
      <div className="overview-figure-line">
        <strong>
          <RowsLink rows={rows} label={`${name} ${value}`}>
            {value}
          </RowsLink>
        </strong>
        {line ? <SmallLine {...line} /> : null}
      </div>
      <div className="wisp-quiet">
        {small.map((one, index) => (
          <span key={one.words}>
            {index === 0 ? '' : ' · '}
            <RowsLink rows={one.rows}>{one.words}</RowsLink>
          </span>
        ))}
      </div>
    </Panel>
  )
}

/** The figures for a graded administrator's own departments. */
export function GradedFigures(props: { members: MembersFigure }): ReactNode {
  const t = useText('overview')
  const { listed, active, departments } = props.members
  const figures = [
    ['members', listed, memberRows(), membersSmall(t, props.members)],
    ['inactive', listed - active, memberRows('disabled', 'notActivated'), [{ words: t('inactiveHint') }]],
    ['ownDepartments', departments, memberRows(), [{ words: t('ownDepartmentsHint') }]],
  ] as const
  return (
    <section className="overview" aria-label={t('graded')}>
      <div className="overview-calm">{t('gradedHint')}</div>
      <div className="overview-figures">
        {figures.map(([name, value, rows, small]) => (
          <Figure key={name} name={t(name)} value={formatNumber(value)} rows={rows} small={small} />
        ))}
      </div>
    </section>
  )
}
