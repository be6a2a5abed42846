import type { AgentPush } from '../../upstream/wecom/agent-push.ts'
import type { AgentCallback, CallbackKeys } from './callbacks/callbacks.ts'

/** A push of which everything is proved. */
export type ProvedPush = {
  callback: AgentCallback
  /** Those that it is signed with, and its answer will be. */
  keys: CallbackKeys
  signature: string
  raw: string
  plain: string
  push: AgentPush
}
