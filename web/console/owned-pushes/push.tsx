import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { PushDetail } from '../../ui/pushes/push-detail.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { contentsOf, useEventWords } from '../sync/event-words.ts'
import { type Push, refreshPushes, usePushesOwner, usePushesText } from './owner.tsx'

const whilePendingMs = 1000

/** One push: what came, what was answered, what became of it, and a button to act on it again. */
export function OwnedPush(props: { id: string }): ReactNode {
  const t = usePushesText()
  const pushes = useText('pushes')
  const { calls, input } = usePushesOwner()
  const id = Number(props.id)
  const read = useRead(
    calls.one,
    { ...input, id },
    { every: push => (push?.state === 'pending' ? whilePendingMs : false) },
  )
  const facts = useFacts()
  const replay = useAct(calls.replay, {
    done: output => pushes('replayed', { n: output.count }),
    refresh: refreshPushes,
  })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const push = read.data
  return (
    <PushDetail
      facts={facts(push)}
      problem={push.error ? { isBad: true, text: push.error } : undefined}
      replay={{
        hint: t('replayHint'),
        isRunning: replay.isRunning,
        run: () => void replay.run({ ...input, ids: [id] }),
      }}
      contents={contentsOf(push)}
    />
  )
}

function useFacts() {
  const t = usePushesText()
  const words = useEventWords()
  const { kind, from, answered } = usePushesOwner()
  return (push: Push) => [
    {
      key: 'state',
      label: t('state'),
      children: <State kind={words.stateKind(push.state)}>{words.state(push.state)}</State>,
    },
    { key: 'kind', label: t('kind'), children: kind(push.kind) },
    { key: 'from', label: t('from'), children: from(push) },
    { key: 'received', label: t('receivedAt'), children: <Time exact at={push.receivedAt} /> },
    { key: 'done', label: t('doneAt'), children: <Time exact at={push.doneAt} /> },
    { key: 'attempts', label: t('attempts'), children: push.attempts },
    ...answered(push),
  ]
}
