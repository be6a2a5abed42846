import { CheckCircleFilled } from '@ant-design/icons'

import { lazy, type ReactNode, Suspense, useState } from 'react'
import { Chart } from '../../ui/charts/chart.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { NeedsList } from '../alerts/needs-list.tsx'
import { useNeeds } from '../alerts/use-needs.ts'
import { callRows, messageRows } from '../rows/figure-rows.ts'
import { RowsLink } from '../rows/rows-link.tsx'
import { isOpen } from '../sync/run-words.ts'
import { ToStart } from '../to-start.tsx'
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
  if (data.withoutMembers) return null
  if (!data.whole) return <GradedFigures members={data.members} />
  return <Whole members={data.members} {...data.whole} />
}

function Whole(
  props: NonNullable<Answer<'/web/overview'>['whole']> & Pick<Answer<'/web/overview'>, 'members'>,
): ReactNode {
  const t = useText('overview')
  const needs = useNeeds()
  const { figures } = props
  const openSteps = props.steps.filter(step => !step.done).length
  const isSynced = !props.steps.some(({ step, done }) => step === 'sync' && !done)
  const runId = isSynced ? undefined : props.runs.find(isOpen)?.id
  // Its result stays until the page is left.
  const [isFirst, setFirst] = useState(false)
  if (runId !== undefined && !isFirst) setFirst(true)
  // What needs somebody stands above all else, which would jump when it comes later.
  if (needs.isPending) return <Loading height={480} />
  return (
    <div className="overview">
      {isFirst ? (
        <Suspense>
          <FirstSync runId={runId} />
        </Suspense>
      ) : null}
      <Needs openSteps={openSteps} />
      {props.steps.length > 0 ? <StepsToLive steps={props.steps} /> : null}
      <FigureCards members={props.members} figures={figures} />
      <div className="overview-charts">
        <Chart
          title={t('messagesByChannel')}
          unit={t('unitMessages')}
          kind="stacked"
          at={figures.days}
          series={figures.messages.map(one => ({
            ...one,
            cell: (day, n) => <RowsLink rows={messageRows(day, { channel: one.channel })}>{n}</RowsLink>,
          }))}
        />
        <Chart
          title={t('apiCalls')}
          unit={t('unitCalls')}
          at={figures.days}
          series={[
            {
              label: t('apiCalls'),
              values: figures.calls,
              cell: (day, n) => <RowsLink rows={callRows(day)}>{n}</RowsLink>,
            },
            {
              label: t('failures'),
              values: figures.failures,
              cell: (day, n) => <RowsLink rows={callRows(day, { outcome: 'failed' })}>{n}</RowsLink>,
            },
          ]}
        />
      </div>
      <LastRuns runs={props.runs} />
    </div>
  )
}

function Needs(props: { openSteps: number }): ReactNode {
  const t = useText('overview')
  const { data, error, refetch } = useNeeds()
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return null
  if (data.list.length > 0) return <NeedsList needs={data.list} />
  return (
    <div className="overview-calm" role="status">
      <CheckCircleFilled style={{ color: 'var(--ant-color-success)' }} />
      {props.openSteps > 0 ? t('allGoodBut', { n: props.openSteps }) : t('allGood')}
    </div>
  )
}
