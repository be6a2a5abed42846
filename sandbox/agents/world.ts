import type { MessageLog } from '../messages/log.ts'
import type { ChangeSettings, Settings } from '../settings.ts'
import type { Agent, Identity } from '../state/identity.ts'
import type { MediaStore } from '../state/media.ts'
import type { CorpState } from '../state/state.ts'
import type { AgentPusher } from './pusher.ts'

/** What agents and their part of WeCom's console use of the corp. */
export interface AgentWorld {
  readonly identity: Identity
  readonly state: CorpState
  readonly agents: readonly Agent[]
  readonly settings: Settings
  readonly changeSettings: ChangeSettings
  readonly agentPusher: AgentPusher
  readonly messages: MessageLog
  readonly media: MediaStore
  readonly now: () => number
}
