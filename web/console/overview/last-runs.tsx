import type { ReactNode } from 'react'
import type { OverviewRun } from '../../../server/features/overview/overview.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { Actor } from '../../ui/objects/actor.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { State, type StateKind } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'

const states = {
  approval: ['warn', 'stateApproval'],
  cancelled: ['idle', 'stateCancelled'],
  done: ['good', 'stateDone'],
  failed: ['bad', 'stateFailed'],
  running: ['busy', 'stateRunning'],
  waiting: ['busy', 'stateWaiting'],
} as const satisfies Record<string, [StateKind, string]>

/** Runs that nobody asked for. */
const kinds = { full: 'kindFull', reconcile: 'kindReconcile', 'dry-run': 'kindDry' } as const

export function LastRuns(props: { runs: readonly OverviewRun[] }): ReactNode {
  const t = useText('overview')
  return (
    <Panel title={t('runs')} extra={<PageLink to="/console/sync">{t('runsAll')}</PageLink>}>
      {props.runs.length === 0 ? <EmptyState title={t('runsNone')} /> : null}
      <ul className="overview-runs">
        {props.runs.map(run => (
          <Run key={run.id} {...run} />
        ))}
      </ul>
    </Panel>
  )
}

function Run(run: OverviewRun): ReactNode {
  const t = useText('overview')
  const [kind, words] = states[run.state as keyof typeof states] ?? states.waiting
  return (
    <li>
      <PageLink to={`/console/sync/runs/${run.id}`}>{t(kinds[run.kind as keyof typeof kinds])}</PageLink>
      <State kind={kind}>{t(words)}</State>
      <PageLink to={`/console/sync/runs/${run.id}`} className="wisp-figure wisp-quiet">
        {t('runCounts', { put: run.put, drop: run.drop })}
      </PageLink>
      <span className="wisp-quiet overview-runs-by">
        <Actor id={run.requestedBy} />
      </span>
      <Time at={run.finishedAt ?? run.createdAt} />
    </li>
  )
}
