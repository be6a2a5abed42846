import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { PushDetail } from '../../../ui/pushes/push-detail.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { contentsOf, useEventWords } from '../../sync/event-words.ts'

type Push = Answer<'/web/official/push'>

const whilePendingMs = 1000

/** One push: what came, what was answered, what became of it, and a button to act on it again. */
export function OfficialPush(props: { originalId: string; id: string }): ReactNode {
  const t = useText('official-pushes')
  const pushes = useText('pushes')
  const { originalId } = props
  const id = Number(props.id)
  const read = useRead(
    '/web/official/push',
    { originalId, id },
    { every: push => (push?.state === 'pending' ? whilePendingMs : false) },
  )
  const facts = useFacts()
  const replay = useAct('/web/official/push/replay', {
    done: output => pushes('replayed', { n: output.count }),
    refresh: ['/web/official/push'],
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
        run: () => void replay.run({ originalId, ids: [id] }),
      }}
      contents={contentsOf(push)}
    />
  )
}

function useFacts() {
  const t = useText('official-pushes')
  const words = useEventWords()
  return (push: Push) => [
    {
      key: 'state',
      label: t('state'),
      children: <State kind={words.stateKind(push.state)}>{words.state(push.state)}</State>,
    },
    { key: 'kind', label: t('kind'), children: push.kind },
    { key: 'from', label: t('from'), children: push.openid },
    { key: 'received', label: t('receivedAt'), children: <Time at={push.receivedAt} /> },
    { key: 'done', label: t('doneAt'), children: <Time at={push.doneAt} /> },
    { key: 'attempts', label: t('attempts'), children: push.attempts },
    { key: 'answer', label: t('answer'), children: <Answered answer={push.answer} /> },
  ]
}

function Answered({ answer }: { answer: Push['answer'] }): ReactNode {
  const t = useText('official-pushes')
  if (!answer) return t('answerNone')
  const parts = [
    answer.passive ? t('answerPassive', { type: answer.passive }) : t('answerNone'),
    ...(answer.later > 0 ? [t('answerLater', { n: answer.later })] : []),
    ...(answer.person ? [t('answerPerson')] : []),
    ...(answer.by ? [t('answerBy', { by: answer.by })] : []),
  ]
  return parts.join(' · ')
}
