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

type Push = Answer<'/web/agents/push'>

const whilePendingMs = 1000

/** One push: what came, what was answered, what became of it, and a button to act on it again. */
export function AgentPush(props: { agentId: number; id: string }): ReactNode {
  const t = useText('agents')
  const pushes = useText('pushes')
  const { agentId } = props
  const id = Number(props.id)
  const read = useRead(
    '/web/agents/push',
    { agentId, id },
    { every: push => (push?.state === 'pending' ? whilePendingMs : false) },
  )
  const facts = useFacts()
  const replay = useAct('/web/agents/push/replay', {
    done: output => pushes('replayed', { n: output.count }),
    refresh: ['/web/agents/push'],
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
        run: () => void replay.run({ agentId, ids: [id] }),
      }}
      contents={contentsOf(push)}
    />
  )
}

function useFacts() {
  const t = useText('agents')
  const words = useEventWords()
  const kindWords = useKindWords()
  return (push: Push) => [
    {
      key: 'state',
      label: t('state'),
      children: <State kind={words.stateKind(push.state)}>{words.state(push.state)}</State>,
    },
    { key: 'kind', label: t('kind'), children: kindWords(push.kind) },
    { key: 'from', label: t('from'), children: push.userId || t('nobody') },
    { key: 'received', label: t('receivedAt'), children: <Time at={push.receivedAt} /> },
    { key: 'done', label: t('doneAt'), children: <Time at={push.doneAt} /> },
    { key: 'attempts', label: t('attempts'), children: push.attempts },
    {
      key: 'reply',
      label: t('reply'),
      children: push.reply ? <pre className="agent-reply">{push.reply}</pre> : t('replyNone'),
    },
    { key: 'forwarded', label: t('forwarded'), children: <Forwarded forwarded={push.forwarded} /> },
  ]
}

function Forwarded({ forwarded }: { forwarded: Push['forwarded'] }): ReactNode {
  const t = useText('agents')
  if (!forwarded) return t('forwardedNot')
  if (forwarded.problem) return t('forwardedFailed', { problem: forwarded.problem })
  if (forwarded.ms === null) return t('forwardedWaiting')
  return t(forwarded.replied ? 'replied' : 'forwardedDone', { ms: forwarded.ms })
}

/** Returns the name of a kind: WeCom's own, but for presses of the cards that the platform sent. */
export function useKindWords(): (kind: string) => string {
  const t = useText('agents')
  return kind =>
    kind === 'own_card_event' ? t('ownCard') : kind === 'own_card_menu_event' ? t('ownCardMenu') : kind
}
