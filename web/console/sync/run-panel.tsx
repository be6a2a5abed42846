import { Alert, Button, Progress } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState } from '../../ui/feedback.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { formatDuration } from '../../ui/values/format.ts'
import { ApprovalNotice } from './approval.tsx'
import { Failure } from './failure.tsx'
import { OutageNotice } from './outage-notice.tsx'
import { isOpen, useRunWords } from './run-words.ts'

const whileOpenMs = 1000

/** Reads a run every second until it has ended. */
export function useRun(id: string | number) {
  return useRead(
    '/web/sync/run',
    { id: Number(id) },
    { every: run => (isOpen(run) ? whileOpenMs : false), enabled: id !== '' },
  )
}

/** The progress of a run, and its result. */
export function RunPanel(props: { run: Answer<'/web/sync/run'>; withLink?: boolean }): ReactNode {
  const { run } = props
  if (isOpen(run)) return <RunProgress run={run} />
  if (run.state === 'approval') return <ApprovalNotice run={run} withLink={props.withLink === true} />
  return <RunResult run={run} withLink={props.withLink === true} />
}

/** Reads a run and shows its panel. */
export function WatchedRun(props: { id: number }): ReactNode {
  const read = useRun(props.id)
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  return read.data ? (
    <div style={{ marginBottom: 16 }}>
      <RunPanel run={read.data} withLink />
    </div>
  ) : null
}

function RunProgress(props: { run: Answer<'/web/sync/run'> }): ReactNode {
  const t = useText('sync')
  const words = useRunWords()
  const { run } = props
  const { progress } = run
  const cancel = useAct('/web/sync/cancel', {
    done: t('cancelled'),
    refresh: ['/web/sync'],
    confirm: () => ({
      title: t('cancelTitle'),
      content: t('cancelHint'),
      okText: t('cancel'),
      danger: true,
    }),
  })
  const facts = [
    ...(progress.departments > 0
      ? [t('progressDepartments', { done: progress.departmentsDone, all: progress.departments })]
      : []),
    t('progressMembers', { n: progress.members }),
    ...(progress.membersPerSecond > 0 ? [t('progressRate', { n: progress.membersPerSecond })] : []),
    ...(progress.secondsLeft === null
      ? []
      : [t('progressLeft', { time: formatDuration(Math.max(progress.secondsLeft, 1) * 1000) })]),
    t('progressChanges', { n: run.changes }),
  ]
  return (
    <Panel
      title={`${words.title(run)} · ${words.state(run.state)}`}
      extra={
        <Button
          size="small"
          danger
          loading={cancel.isRunning}
          onClick={() => void cancel.run({ id: run.id })}
        >
          {t('cancel')}
        </Button>
      }
    >
      {run.outage ? <OutageNotice outage={run.outage} /> : null}
      <Progress
        percent={progress.percent}
        status={run.outage ? 'exception' : 'active'}
        format={percent => `${percent}%`}
        aria-label={words.title(run)}
      />
      <div className="wisp-quiet" role="status">
        {facts.join(' · ')}
      </div>
    </Panel>
  )
}

function RunResult(props: { run: Answer<'/web/sync/run'>; withLink: boolean }): ReactNode {
  const t = useText('sync')
  const words = useRunWords()
  const { run } = props
  const link = props.withLink ? (
    <PageLink to={`/console/sync/runs/${run.id}`}>{t('details')}</PageLink>
  ) : undefined
  const took = run.durationMs === null ? '' : ` · ${formatDuration(run.durationMs)}`
  if (run.state === 'done') {
    const title = run.kind === 'dry-run' ? t('dryDoneTitle') : t('doneTitle')
    return (
      <Alert
        type="success"
        showIcon
        role="status"
        title={`${words.title(run)} · ${title}`}
        description={`${words.counts(run)}${took}`}
        action={link}
      />
    )
  }
  const isFailed = run.state === 'failed'
  return (
    <Alert
      type={isFailed ? 'error' : 'info'}
      showIcon
      role="status"
      title={`${words.title(run)} · ${isFailed ? t('failedTitle') : words.state(run.state)}`}
      description={run.error === null ? undefined : <Failure text={run.error} />}
      action={link}
    />
  )
}
