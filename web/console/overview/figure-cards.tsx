import type { ReactNode } from 'react'
import type { Figures } from '../../../server/features/overview/figures.ts'
import type { MembersFigure } from '../../../server/features/overview/overview.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { Panel } from '../../ui/panel.tsx'
import { type Translator, useText } from '../../ui/text.ts'
import { formatDuration, formatNumber } from '../../ui/values/format.ts'
import { SmallLine } from './small-line.tsx'

const last = (values: readonly number[]) => values.at(-1) ?? 0

/** On a day without events there is no delay to show. */
function delayText(seconds: number): string {
  return seconds === 0 ? '—' : formatDuration(seconds * 1000)
}

function membersText(t: Translator<'overview'>, { active, quit }: MembersFigure): string {
  const texts = [t('membersActive', { n: active }), ...(quit > 0 ? [t('quit', { n: quit })] : [])]
  return texts.join(' · ')
}

/** Four figures, each with a line of the last days. */
export function FigureCards(props: { members: MembersFigure; figures: Figures }): ReactNode {
  const t = useText('overview')
  const { members, figures } = props
  const messages = figures.days.map((_, index) =>
    figures.messages.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  )
  const waiting = figures.waitingSeconds
  return (
    <div className="overview-figures">
      <Figure
        name={t('members')}
        value={formatNumber(members.listed)}
        small={`${membersText(t, members)} · ${t('changes', { n: last(figures.memberChanges) })}`}
        line={figures.memberChanges}
        to="/console/directory"
      />
      <Figure
        name={t('calls')}
        value={formatNumber(last(figures.calls))}
        small={t('callsSmall', { n: last(figures.failures) })}
        line={figures.calls}
        to="/console/apps/developers"
      />
      <Figure
        name={t('messages')}
        value={formatNumber(last(messages))}
        small={t('messagesSmall', { n: last(figures.troubled) })}
        line={messages}
        to="/console/messages"
      />
      <Figure
        name={t('delay')}
        value={delayText(waiting ?? last(figures.delays))}
        small={waiting === null ? t('delayNone') : t('delayWaiting')}
        line={figures.delays}
        to="/console/sync/events"
      />
    </div>
  )
}

function Figure(props: {
  name: string
  value: string
  small: string
  line: readonly number[]
  to: string
}): ReactNode {
  return (
    <Panel className="overview-figure">
      <PageLink to={props.to} className="overview-figure-name">
        {props.name}
      </PageLink>
      <div className="overview-figure-line">
        <strong>{props.value}</strong>
        <SmallLine values={props.line} />
      </div>
      <div className="wisp-quiet">{props.small}</div>
    </Panel>
  )
}

/** The figures for a graded administrator's own departments. */
export function GradedFigures(props: { members: MembersFigure }): ReactNode {
  const t = useText('overview')
  const { listed, active, departments } = props.members
  const figures = [
    ['members', listed, membersText(t, props.members)],
    ['inactive', listed - active, t('inactiveHint')],
    ['ownDepartments', departments, t('ownDepartmentsHint')],
  ] as const
  return (
    <section className="overview" aria-label={t('graded')}>
      <div className="overview-calm">{t('gradedHint')}</div>
      <div className="overview-figures">
        {figures.map(([name, value, small]) => (
          <Figure
            key={name}
            name={t(name)}
            value={formatNumber(value)}
            small={small}
            line={[]}
            to="/console/directory"
          />
        ))}
      </div>
    </section>
  )
}
