import type { NewEvent } from '../inbox/event-store.ts'
import type { AcceptResult } from '../inbox/inbox.ts'

/**
 * What somebody pressed on a card (docs/upstream/wecom-agents.md#events), as the room that hears it says it to the
 * one that sent the card.
 */
export type CardPress = {
  corpId: string
  /** WeCom's number of the agent that was told. */
  agentId: number
  /** As WeCom spells it; whoever takes the press looks up whether it is somebody. */
  userId: string
  /** The card's task_id, by which its sender knows it again. */
  taskId: string
  /** The key of the button or of the submit button that was pressed, or of the line of the corner menu. */
  key: string
  /** WeCom's name of the kind, such as button_interaction; '' where WeCom does not say. */
  cardType: string
  /** Good once, for 72 hours, to change the card of this person. */
  responseCode: string
  /** What was chosen, question by question; empty for a press of the corner menu. */
  selected: readonly { questionKey: string; optionIds: readonly string[] }[]
  /** Whether it was the menu in the card's corner. */
  isMenu: boolean
  /** When it was pressed, by WeCom's clock. */
  pressedAt: Date
}

/**
 * Decides and stores, in one transaction with the push (`inbox.acceptIn`), what a press does. The stored answer is the plain XML of
 * the passive reply (`{ xml: string }`) or nothing, and a repeated push gets the same one. Undefined: the card is not of this feature.
 */
export type PressHandler<C> = (ctx: C, press: CardPress, push: NewEvent) => Promise<AcceptResult | undefined>
