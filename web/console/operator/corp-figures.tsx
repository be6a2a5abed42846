import { Statistic } from 'antd'
import type { ReactNode } from 'react'
import { Chart } from '../../ui/charts/chart.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { formatNumber } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { LastSync, type OneCorp } from './corp-words.tsx'

/** What needs somebody, then the figures, then calls and messages of 30 days. */
export function CorpFigures({ corp }: { corp: OneCorp }): ReactNode {
  const t = useText('operator')
  const { days } = corp
  return (
    <div className="operator-body">
      <Needs corp={corp} />
      <Panel>
        <div className="operator-figures">
          <Figure title={t('members')} value={corp.members} />
          <Figure title={t('departments')} value={corp.departments} />
          <Figure title={t('developers')} value={corp.developers} />
          <Figure title={t('callsToday')} value={corp.callsToday} />
          <Figure title={t('calls')} value={corp.calls} />
          <Figure title={t('messagesToday')} value={corp.messagesToday} />
          <Figure title={t('messages')} value={corp.messages} />
          <Figure title={t('files')} value={corp.files} />
        </div>
      </Panel>
      <div className="operator-charts">
        <Chart
          title={t('callsPerDay')}
          unit={t('unitCalls')}
          kind="stacked"
          at={days.map(one => one.day)}
          series={[
            { label: t('succeeded'), values: days.map(one => one.calls - one.failures) },
            { label: t('failed'), values: days.map(one => one.failures) },
          ]}
        />
        <Chart
          title={t('messagesPerDay')}
          unit={t('unitMessages')}
          at={days.map(one => one.day)}
          series={[{ label: t('messagesPerDay'), values: days.map(one => one.messages) }]}
        />
      </div>
      <div className="wisp-quiet">
        {t('lastSync')} <LastSync corp={corp} /> · {t('examined')}{' '}
        <Time at={corp.examinedAt} none={t('never')} /> · {t('connectedAt')} <Time at={corp.connectedAt} />
      </div>
    </div>
  )
}

function Figure(props: { title: string; value: number }): ReactNode {
  return (
    <Statistic title={props.title} value={props.value} formatter={value => formatNumber(Number(value))} />
  )
}

/** What its administrators see too; it is mended in the pages of the corp. */
function Needs({ corp: { needs } }: { corp: OneCorp }): ReactNode {
  const t = useText('operator')
  if (needs.length === 0) return null
  return (
    <Panel title={t('needs')}>
      <ul className="operator-needs">
        {needs.map(one => (
          <li key={`${one.kind} ${one.subject}`}>
            <State kind={one.severity === 'bad' ? 'bad' : 'warn'}>{one.title}</State>
            <p>{one.what}</p>
            {one.since ? (
              <p className="wisp-quiet">
                {t('since')} <Time at={one.since} />
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
