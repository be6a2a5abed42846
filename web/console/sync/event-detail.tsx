import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { PushDetail } from '../../ui/pushes/push-detail.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { contentsOf, useEventWords } from './event-words.ts'
import { Failure } from './failure.tsx'

const whilePendingMs = 1000

/** One event: what was received, what was done with it, and a button to replay it. */
export function EventDetailView(props: { id: string }): ReactNode {
  const t = useText('sync')
  const pushes = useText('pushes')
  const read = useRead(
    '/web/sync/event',
    { id: Number(props.id) },
    { every: event => (event?.state === 'pending' ? whilePendingMs : false) },
  )
  const facts = useFacts()
  const replay = useAct('/web/sync/replay', {
    done: output => pushes('replayed', { n: output.count }),
    refresh: ['/web/sync'],
  })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const event = read.data
  return (
    <PushDetail
      facts={facts(event)}
      problem={
        event.error ? { isBad: event.state !== 'done', text: <Failure text={event.error} /> } : undefined
      }
      replay={{
        hint: t('replayHint'),
        isRunning: replay.isRunning,
        run: () => void replay.run({ ids: [event.id] }),
      }}
      contents={contentsOf(event)}
    />
  )
}

function useFacts() {
  const t = useText('sync')
  const words = useEventWords()
  return (event: Answer<'/web/sync/event'>) => [
    {
      key: 'state',
      label: t('state'),
      children: <State kind={words.stateKind(event.state)}>{words.state(event.state)}</State>,
    },
    { key: 'type', label: t('type'), children: `${words.type(event.changeType)}（${event.changeType}）` },
    { key: 'entity', label: t('entity'), children: words.entity(event.entity) },
    { key: 'source', label: t('source'), children: words.source(event.source) },
    { key: 'received', label: t('receivedAt'), children: <Time exact at={event.receivedAt} /> },
    { key: 'done', label: t('doneAt'), children: <Time exact at={event.doneAt} /> },
    { key: 'attempts', label: t('attempts'), children: event.attempts },
    ...(event.state === 'pending'
      ? [{ key: 'next', label: t('nextAttemptAt'), children: <Time at={event.nextAttemptAt} /> }]
      : []),
    ...(event.hits > 1 ? [{ key: 'hits', label: t('hits'), children: event.hits }] : []),
  ]
}
