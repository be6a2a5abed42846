import { lazy, type ReactNode, Suspense, useState } from 'react'
import { Chart } from '../../ui/charts/chart.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { AlertCard } from '../alerts/alert-card.tsx'
import { ToStart } from '../frame/to-start.tsx'
import { isOpen } from '../sync/run-words.ts'
import { AttentionCards } from './attention-cards.tsx'
import { FigureCards, GradedFigures } from './figure-cards.tsx'
import { LastRuns } from './last-runs.tsx'
import './overview.css'
import { StepsToLive } from './steps-to-live.tsx'

const everyMs = 30_000
const FirstSync = lazy(async () => ({ default: (await import('./first-sync.tsx')).FirstSync }))

export function Page(): ReactNode {
  const t = useText('overview')
  const { corpId } = useSession()
  if (corpId === '') return <ToStart />
  return (
    <>
      <PageTitle title={t('title')} />
      <OfCorp />
    </>
  )
}

function OfCorp(): ReactNode {
  const { data, error, refetch } = useRead('/web/overview', {}, { every: everyMs })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading height={480} />
  if (!data.whole) return <GradedFigures members={data.members} />
  return <Whole members={data.members} {...data.whole} />
}

function Whole(
  props: NonNullable<Answer<'/web/overview'>['whole']> & Pick<Answer<'/web/overview'>, 'members'>,
): ReactNode {
  const t = useText('overview')
  const { figures, alerts } = props
  // An alert is called like what it is about, and says more.
  const attention = props.attention.filter(one => !alerts.some(({ cause }) => cause === one.kind))
  const openSteps = props.steps.filter(step => !step.done).length
  const isSynced = !props.steps.some(({ step, done }) => step === 'sync' && !done)
  const runId = isSynced ? undefined : props.runs.find(isOpen)?.id
  // Its result stays until the page is left.
  const [isFirst, setFirst] = useState(false)
  if (runId !== undefined && !isFirst) setFirst(true)
  return (
    <div className="overview">
      {isFirst ? (
        <Suspense>
          <FirstSync runId={runId} />
        </Suspense>
      ) : null}
      {alerts.length > 0 ? (
        <section className="alert-list" aria-label={t('alerts')}>
          {alerts.map(one => (
            <AlertCard key={one.id} alert={one} />
          ))}
        </section>
      ) : null}
      {alerts.length > 0 && attention.length === 0 ? null : (
        <AttentionCards attention={attention} openSteps={openSteps} />
      )}
      {props.steps.length > 0 ? <StepsToLive steps={props.steps} /> : null}
      <FigureCards members={props.members} figures={figures} />
      <div className="overview-charts">
        <Chart
          title={t('messagesByChannel')}
          unit={t('unitMessages')}
          kind="stacked"
          at={figures.days}
          series={figures.messages}
        />
        <Chart
          title={t('apiCalls')}
          unit={t('unitCalls')}
          at={figures.days}
          series={[
            { label: t('apiCalls'), values: figures.calls },
            { label: t('failures'), values: figures.failures },
          ]}
        />
      </div>
      <LastRuns runs={props.runs} />
    </div>
  )
}
