import { Alert, Button, Tabs } from 'antd'
import type { ReactNode } from 'react'
import { DrawerActions } from '../../../ui/address/drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'

const whilePendingMs = 1000

export function NotificationDetail({ id }: { id: number }): ReactNode {
  const t = useText('payments-notifications')
  const read = useRead(
    '/web/payments/notification',
    { id },
    { every: one => (one?.state === 'pending' ? whilePendingMs : false) },
  )
  const replay = useAct('/web/payments/notifications/replay', {
    refresh: ['/web/payments'],
    done: ({ replayed }) => t('replayed', { n: replayed }),
  })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { error, state, plain, raw } = read.data
  const pre = (text: string) => (
    <pre style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', margin: 0 }}>{text}</pre>
  )
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      {error ? <Alert showIcon type={state === 'parked' ? 'error' : 'info'} title={error} /> : null}
      <Tabs
        items={[
          { key: 'plain', label: t('plain'), children: pre(indented(plain)) },
          { key: 'raw', label: t('raw'), children: pre(indented(raw)) },
        ]}
      />
      <DrawerActions>
        <Button type="primary" loading={replay.isRunning} onClick={() => void replay.run({ ids: [id] })}>
          {t('replay')}
        </Button>
        <span className="wisp-quiet">{t('replayHint')}</span>
      </DrawerActions>
    </div>
  )
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2)
  } catch {
    return json
  }
}
