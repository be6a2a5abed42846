import type { AgentPush } from '../../upstream/wecom/agent-push.ts'
import type { AgentAnswer } from './replies/answer.ts'

/** A push that was stored and answered, and is now acted on. */
export type StoredPush = {
  id: number
  corpId: string
  agentId: number
  /** As the inbox calls it. */
  kind: string
  plain: string
  push: AgentPush
  answer: AgentAnswer | null
}
