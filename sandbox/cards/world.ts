import type { AgentWorld } from '../agents/world.ts'
import type { MessageLog } from '../messages/log.ts'
import type { CorpState } from '../state/state.ts'
import type { Cards } from './cards.ts'

/** What a change of a card uses of the corp. */
export interface CardWorld {
  readonly state: CorpState
  readonly cards: Cards
  readonly messages: MessageLog
}

/** What a press uses, which is told the agent. */
export interface PressWorld extends CardWorld, AgentWorld {
  /** Numbers of WeCom messages by msgid. */
  readonly msgIds: ReadonlyMap<string, number>
}
