import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { PushDetail } from '../../../ui/pushes/push-detail.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { stateKinds } from './states.ts'

const whilePendingMs = 1000

export function NotificationDetail({ id }: { id: number }): ReactNode {
  const t = useText('payments-notifications')
  const pushes = useText('pushes')
  const read = useRead(
    '/web/payments/notification',
    { id },
    { every: one => (one?.state === 'pending' ? whilePendingMs : false) },
  )
  const replay = useAct('/web/payments/notifications/replay', {
    refresh: ['/web/payments'],
    done: ({ replayed }) => pushes('replayed', { n: replayed }),
  })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const one = read.data
  return (
    <PushDetail
      facts={[
        {
          key: 'state',
          label: t('state'),
          children: <State kind={stateKinds[one.state]}>{t(`state_${one.state}`)}</State>,
        },
        { key: 'type', label: t('type'), children: one.changeType },
        { key: 'order', label: t('order'), children: one.entity.replace(/^order:/, '') },
        { key: 'received', label: t('receivedAt'), children: <Time exact at={one.receivedAt} /> },
      ]}
      problem={one.error ? { isBad: one.state === 'parked', text: one.error } : undefined}
      replay={{
        hint: t('replayHint'),
        isRunning: replay.isRunning,
        run: () => void replay.run({ ids: [id] }),
      }}
      contents={{ plain: indented(one.plain), raw: indented(one.raw) }}
    />
  )
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2)
  } catch {
    return json
  }
}
