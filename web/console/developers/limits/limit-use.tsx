import { Progress } from 'antd'
import type { ReactNode } from 'react'
import { Chart } from '../../../ui/charts/chart.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { State } from '../../../ui/values/state.tsx'
import './limits.css'

type LimitsAnswer = Answer<'/web/developers/limits'>

const everyMs = 10_000

/** The limits of a developer, what was used of them today, and the days before. */
export function LimitUse(props: { devId: string }): ReactNode {
  const t = useText('limits')
  const read = useRead('/web/developers/limits', { devId: props.devId }, { every: everyMs })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { groups, days } = read.data
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <div className="wisp-quiet">{t('hint')}</div>
      <ul className="limits-groups">
        {groups.map(one => (
          <GroupUse key={one.group} use={one} />
        ))}
      </ul>
      <History groups={groups} days={days} />
      <div className="wisp-quiet">{t('byDay')}</div>
    </div>
  )
}

function GroupUse({ use }: { use: LimitsAnswer['groups'][number] }): ReactNode {
  const t = useText('limits')
  const { group, limit, usedToday, refusedToday } = use
  const percent = Math.min(100, (usedToday / limit.perDay) * 100)
  const told = t('todayOf', { n: formatNumber(usedToday), of: formatNumber(limit.perDay) })
  return (
    <li>
      <div className="limits-head">
        <span>
          <strong>{t(group)}</strong> <span className="wisp-quiet">{t(`${group}Calls`)}</span>
        </span>
        <span>{t('minuteOf', { n: formatNumber(limit.perMinute) })}</span>
      </div>
      <Progress
        percent={percent}
        showInfo={false}
        size="small"
        status={percent >= 100 ? 'exception' : 'normal'}
        aria-label={`${t(group)}：${told}`}
      />
      <div className="limits-head">
        <span className="wisp-quiet">{told}</span>
        {refusedToday > 0 ? (
          <State kind="bad">{t('refusedToday', { n: formatNumber(refusedToday) })}</State>
        ) : null}
      </div>
    </li>
  )
}

const dayMs = 86_400_000
const daysShown = 30

/** Today is the day in Beijing. */
function lastDays(): string[] {
  const today = Date.now() + 8 * 3_600_000
  return Array.from({ length: daysShown }, (_, n) =>
    new Date(today - (daysShown - 1 - n) * dayMs).toISOString().slice(0, 10),
  )
}

function History({ groups, days }: LimitsAnswer | Pick<LimitsAnswer, 'groups' | 'days'>): ReactNode {
  const t = useText('limits')
  const at = lastDays()
  const valuesOf = (group: string, name: 'used' | 'refused') => {
    const byDay = new Map(days.filter(one => one.group === group).map(one => [one.day, one[name]]))
    return at.map(day => byDay.get(day) ?? 0)
  }
  const used = groups
    .map(({ group }) => ({ label: t(group), values: valuesOf(group, 'used') }))
    .filter(({ values }) => values.some(value => value > 0))
  const refused = at.map((_, n) =>
    groups.reduce((sum, { group }) => sum + (valuesOf(group, 'refused')[n] ?? 0), 0),
  )
  return (
    <>
      <Chart
        title={t('history')}
        unit={t('unit')}
        kind="stacked"
        at={at}
        series={used.length > 0 ? used : [{ label: t('read'), values: at.map(() => 0) }]}
      />
      {refused.some(value => value > 0) ? (
        <Chart
          title={t('refusedHistory')}
          unit={t('unit')}
          kind="stacked"
          height={160}
          at={at}
          series={[{ label: t('refused'), values: refused }]}
        />
      ) : null}
    </>
  )
}
