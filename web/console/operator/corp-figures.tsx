import { Statistic } from 'antd'
import type { ReactNode } from 'react'
import { Chart } from '../../ui/charts/chart.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { formatNumber } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { CorpFigure } from './corp-figure.tsx'
import { LastSync, type OneCorp } from './corp-words.tsx'

const linked = ['members', 'departments', 'developers', 'callsToday', 'messagesToday'] as const
/** The sums of the charts below, and what has no list. */
const summed = ['calls', 'messages', 'files'] as const

/** What needs somebody, then the figures, then calls and messages of 30 days. */
export function CorpFigures({ corp }: { corp: OneCorp }): ReactNode {
  const t = useText('operator')
  const { days } = corp
  return (
    <div className="operator-body">
      <Needs corp={corp} />
      <Panel>
        <div className="operator-figures">
          {linked.map(name => (
            <Statistic
              key={name}
              title={t(name)}
              value={corp[name]}
              formatter={() => <CorpFigure corp={corp} name={name} />}
            />
          ))}
          {summed.map(name => (
            <Statistic
              key={name}
              title={t(name)}
              value={corp[name]}
              formatter={value => formatNumber(Number(value))}
            />
          ))}
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
