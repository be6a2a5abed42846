import type { Answer } from '../../../ui/data/api.ts'

export type AgentDetail = Answer<'/web/agents/callback'>
/** Of an application that was set up to hear. */
export type Callback = NonNullable<AgentDetail['callback']>
