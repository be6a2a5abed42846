import { Button, Tooltip } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useAct, useRefresh } from '../../ui/data/act.tsx'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { OutageNotice } from './outage-notice.tsx'
import { RunHistory } from './run-history.tsx'
import { WatchedRun } from './run-panel.tsx'
import { StatusCards } from './status-cards.tsx'

const whileOpenMs = 1000
const whileQuietMs = 10_000

/** The page about the state of a corp's mirror, with the possible actions. */
export function Page(): ReactNode {
  const t = useText('sync')
  const read = useRead(
    '/web/sync/status',
    {},
    { every: status => (status?.openRun ? whileOpenMs : whileQuietMs) },
  )
  const [watched, setWatched] = useState<number>()
  const refresh = useRefresh()
  const openId = read.data?.openRun?.id
  useEffect(() => {
    if (openId !== undefined) setWatched(openId)
    // A run that has started or ended changes the history.
    void refresh('/web/sync/runs')
  }, [openId, refresh])
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const shown = watched ?? read.data.awaitingApproval?.id
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('hint')}
        actions={<StartButtons isOpen={openId !== undefined} onStarted={setWatched} />}
      />
      {shown === undefined ? null : <WatchedRun key={shown} id={shown} />}
      {read.data.awaitingApproval && read.data.awaitingApproval.id !== shown && openId === undefined ? (
        <WatchedRun id={read.data.awaitingApproval.id} />
      ) : null}
      {read.data.outage && openId === undefined ? <OutageNotice outage={read.data.outage} /> : null}
      <StatusCards status={read.data} />
      <h2 className="sync-section">{t('history')}</h2>
      <RunHistory />
    </>
  )
}

function StartButtons(props: { isOpen: boolean; onStarted(id: number): void }): ReactNode {
  const t = useText('sync')
  const start = useAct('/web/sync/start', {
    done: t('started'),
    refresh: ['/web/sync'],
  })
  const [pressed, setPressed] = useState<Row<'/web/sync/runs'>['kind']>()
  const press = async (kind: Row<'/web/sync/runs'>['kind']) => {
    setPressed(kind)
    const started = await start.run({ kind })
    if (started) props.onStarted(started.id)
  }
  const buttons = [
    { kind: 'dry-run', label: t('startDryRun'), hint: t('startDryRunHint') },
    { kind: 'reconcile', label: t('startReconcile'), hint: t('startReconcileHint') },
    { kind: 'full', label: t('startFull'), hint: t('startFullHint') },
  ] as const
  return buttons.map(({ kind, label, hint }) => (
    <Tooltip key={kind} title={hint}>
      <Button
        type={kind === 'full' ? 'primary' : 'default'}
        disabled={props.isOpen}
        loading={start.isRunning && pressed === kind}
        onClick={() => void press(kind)}
      >
        {label}
      </Button>
    </Tooltip>
  ))
}
