import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { agentPushes, PushesOf } from '../../owned-pushes/owner.tsx'
import { Pushes } from '../../owned-pushes/pushes.tsx'

type Push = Answer<'/web/agents/push'>

/** What WeCom pushed to an application, what was answered and what became of it. */
export function AgentPushes({ agentId }: { agentId: number }): ReactNode {
  const t = useText('agents')
  const owner = agentPushes(agentId, {
    label: t('tabPushes'),
    kind: useKindWords(),
    from: push => push.userId || t('nobody'),
    answered: ({ reply, forwarded }) => [
      {
        key: 'reply',
        label: t('reply'),
        children: reply ? <pre className="agent-reply">{reply}</pre> : t('replyNone'),
      },
      { key: 'forwarded', label: t('forwarded'), children: <Forwarded forwarded={forwarded} /> },
    ],
  })
  return (
    <PushesOf value={owner}>
      <Pushes />
    </PushesOf>
  )
}

function Forwarded({ forwarded }: { forwarded: Push['forwarded'] }): ReactNode {
  const t = useText('agents')
  if (!forwarded) return t('forwardedNot')
  if (forwarded.problem) return t('forwardedFailed', { problem: forwarded.problem })
  if (forwarded.ms === null) return t('forwardedWaiting')
  return t(forwarded.replied ? 'replied' : 'forwardedDone', { ms: forwarded.ms })
}

/** Returns the name of a kind: WeCom's own, but for presses of the cards that the platform sent. */
function useKindWords(): (kind: string) => string {
  const t = useText('agents')
  return kind =>
    kind === 'own_card_event' ? t('ownCard') : kind === 'own_card_menu_event' ? t('ownCardMenu') : kind
}
