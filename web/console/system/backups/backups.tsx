import { Alert, Button } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { SideDrawer } from '../../../ui/address/drawer.tsx'
import { useAct, useRefresh } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { PlanFacts } from './plan-facts.tsx'
import { RunList } from './run-list.tsx'
import { StoredFiles } from './stored-files.tsx'
import '../system.css'
import './backups.css'
import { later } from '../../../ui/fields/later.tsx'

const PlanForm = later(async () => (await import('./plan-form.tsx')).PlanForm)

const path = '/web/backups'
const soonMs = 2000

/** Backups by the plan: how things stand, when and where, those that were made, and whether they can be restored. */
export function Page(): ReactNode {
  const t = useText('backups')
  const { data, error, refetch } = useRead(path, {}, { every: now => (now?.isBusy ? soonMs : false) })
  const [isOpen, setOpen] = useState(false)
  const refresh = useRefresh()
  const isBusy = data?.isBusy
  useEffect(() => {
    // The list may have been read just before the end.
    if (isBusy === false) void refresh('/web/backups/runs')
  }, [isBusy, refresh])
  const open = () => setOpen(true)
  const close = () => setOpen(false)
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={
          <>
            {t('hint')}{' '}
            <a href="/docs/run/backups" target="_blank" rel="noreferrer" className="backups-guide">
              {t('guide')}
            </a>
          </>
        }
        actions={data?.isStored ? <Actions open={open} /> : null}
      />
      {error && !data ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading height={400} /> : null}
      {data && !data.isStored ? (
        <EmptyState
          title={t('noPlan')}
          hint={t('noPlanHint')}
          action={
            <Button type="primary" onClick={open}>
              {t('setUp')}
            </Button>
          }
        />
      ) : null}
      {data?.isStored ? (
        <div className="system-about">
          {data.offByRestore ? <Alert type="warning" showIcon title={t('offByRestore')} /> : null}
          <Panel title={t('plan')}>
            <PlanFacts {...data} />
          </Panel>
          <Panel title={t('runs')}>
            <RunList isBusy={data.isBusy} />
          </Panel>
          <StoredFiles />
        </div>
      ) : null}
      {data ? (
        <SideDrawer isOpen={isOpen} title={t(data.isStored ? 'change' : 'setUp')} close={close}>
          <PlanForm read={data} reread={refetch} done={close} />
        </SideDrawer>
      ) : null}
    </>
  )
}

function Actions({ open }: { open(): void }): ReactNode {
  const t = useText('backups')
  const run = useAct('/web/backups/run', { done: t('asked'), refresh: [path] })
  return (
    <>
      <Button onClick={open}>{t('change')}</Button>
      <Button type="primary" loading={run.isRunning} onClick={() => void run.run({})}>
        {t('backUpNow')}
      </Button>
    </>
  )
}
