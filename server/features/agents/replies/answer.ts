import type { Words } from '../../../platform/words.ts'
import type { Content } from './content.ts'

/**
 * What is stored with a push about its answer: the passive reply as plain XML, what the agent says besides by messages of its own,
 * and what the system said that it was passed on to. `by` names the rule or flow that answered. Only `at` is there while the other
 * system is asked.
 */
export type AgentAnswer = {
  xml?: string
  by?: string
  later?: Content[]
  forwarded?: { at: string; replied?: boolean; ms?: number; problem?: Words }
}

/** Presses of wisp's own cards have kinds of their own in the inbox: the feature that sent the card tells of them. */
export const ownCardKinds = { press: 'own_card_event', menu: 'own_card_menu_event' } as const

export function isOwnCard(kind: string): boolean {
  return kind === ownCardKinds.press || kind === ownCardKinds.menu
}
