import { Alert, Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { AppActions } from './app-actions.tsx'
import { AppForm } from './app-form.tsx'
import { SyncOutcomeView } from './menus/sync-outcome.tsx'

/** The value of `open` in the address for a new app. */
export const newApp = 'new'

type Outcome = { id: string; sync: Answer<'/web/apps/menu/sync'> }

/** The form of one app, or of a new one, opened by the address. */
export function AppDrawer(): ReactNode {
  const t = useText('apps')
  const { id, open, close } = useOpen()
  const [outcome, setOutcome] = useState<Outcome>()
  const saved = (one: Answer<'/web/apps/add'>, stay: boolean) => {
    setOutcome(one.sync ? { id: one.id, sync: one.sync } : undefined)
    // The result of a sync has to be read, so the drawer stays open after one; otherwise it closes.
    if (one.sync || stay) open(one.id)
    else close()
  }
  const shown = outcome?.id === id ? outcome.sync : undefined
  return (
    <UrlDrawer
      width={640}
      title={id === newApp ? t('add') : t('editTitle')}
      onClose={() => setOutcome(undefined)}
    >
      {one =>
        one === newApp ? (
          <AppForm key={newApp} app={undefined} outcome={null} onSaved={saved} />
        ) : (
          <Existing
            key={one}
            id={one}
            onSaved={saved}
            onRemoved={close}
            outcome={shown ? <SyncOutcomeView outcome={shown} onClose={() => setOutcome(undefined)} /> : null}
          />
        )
      }
    </UrlDrawer>
  )
}

function Existing(props: {
  id: string
  outcome: ReactNode
  onSaved(saved: Answer<'/web/apps/add'>, stay: boolean): void
  onRemoved(): void
}): ReactNode {
  const t = useText('apps')
  const read = useRead('/web/apps/app', { id: props.id })
  const [attempt, setAttempt] = useState(0)
  const [stale, setStale] = useState('')
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  // A cached answer may be older than the app, and a form filled from it would be refused on saving.
  if (!read.data || !read.isFetchedAfterMount) return <Loading />
  const reload = async () => {
    await read.refetch()
    setStale('')
    setAttempt(attempt + 1)
  }
  return (
    <>
      {stale ? (
        <Alert
          type="warning"
          showIcon
          title={stale}
          style={{ marginBottom: 16 }}
          action={
            <Button size="small" onClick={() => void reload()}>
              {t('reload')}
            </Button>
          }
        />
      ) : null}
      <AppForm
        key={attempt}
        app={read.data}
        outcome={props.outcome}
        onSaved={props.onSaved}
        onStale={setStale}
        more={<AppActions app={read.data} onRemoved={props.onRemoved} />}
      />
    </>
  )
}
