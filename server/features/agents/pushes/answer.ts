import type { Words } from '../../../platform/http/words.ts'

/**
 * What is stored with a push about its answer: the passive reply as plain XML, and what the system said that it was passed on to. Only
 * `at` is there while that is asked.
 */
export type AgentAnswer = {
  xml?: string
  forwarded?: { at: string; replied?: boolean; ms?: number; problem?: Words }
}

/** Presses of wisp's own cards have kinds of their own in the inbox: the feature that sent the card tells of them. */
export const ownCardKinds = { press: 'own_card_event', menu: 'own_card_menu_event' } as const

export function isOwnCard(kind: string): boolean {
  return kind === ownCardKinds.press || kind === ownCardKinds.menu
}
