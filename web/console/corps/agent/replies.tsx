import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { useText } from '../../../ui/text.ts'
import { agentAddress } from '../../object-addresses.ts'
import { agentOwner, RepliesOf } from '../../replies/owner.tsx'
import { Replies } from '../../replies/replies.tsx'

/** What the agent answers by itself, and what may keep it from that. */
export function AgentReplies({ agent }: { agent: { agentId: number; name: string } }): ReactNode {
  const t = useText('agent-replies')
  const { agentId } = agent
  const { data } = useRead('/web/agents/replies/rules', { agentId })
  return (
    <>
      <p className="wisp-quiet">
        {t('hint')} {t('forwardHint')}
      </p>
      {data && !data.hears ? (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 16 }}
          title={t('notHeard')}
          action={<PageLink to={`${agentAddress(String(agentId))}/hears`}>{t('toCallback')}</PageLink>}
        />
      ) : null}
      {data && data.unsent.count > 0 ? (
        <Alert
          type="error"
          showIcon
          style={{ marginBottom: 16 }}
          title={t('unsent', { n: data.unsent.count, why: data.unsent.why })}
        />
      ) : null}
      <RepliesOf value={agentOwner(agent)}>
        <Replies />
      </RepliesOf>
    </>
  )
}
