import type { WecomCard } from '../../../../ui/wecom-card/wecom-card.ts'
import { isAnswered, isInteractive } from '../../../../ui/wecom-card/wecom-card.ts'
import { emptyCard } from './card-draft.ts'

/** What the composer keeps of a card. */
export type CardForm = {
  card: WecomCard
  /** What the card of somebody who pressed it becomes: another name on its buttons, another card, or what it was. */
  pressed: 'name' | 'card' | 'same'
  replaceName: string
  pressedCard: WecomCard | undefined
  /** What stands on the buttons of the other card, which then cannot be pressed. */
  pressedText: string
  firstPressWins: boolean
  perPerson: boolean
}

export const emptyCardForm: CardForm = {
  card: emptyCard,
  pressed: 'name',
  replaceName: '',
  pressedCard: undefined,
  pressedText: '',
  firstPressWins: false,
  perPerson: false,
}

/** What of `pressed` this card can do: only buttons get another name, and only what is told can change at once. */
export function pressedOf({ card, pressed }: CardForm): CardForm['pressed'] {
  if (!isAnswered(card)) return 'same'
  return pressed === 'name' && !isInteractive(card) ? 'same' : pressed
}

/** The inputs of the call. */
export function cardInputs(form: CardForm) {
  const { card, replaceName, pressedCard, pressedText, firstPressWins, perPerson } = form
  const pressed = pressedOf(form)
  const name = replaceName.trim()
  return {
    card,
    ...(pressed === 'name' && name ? { onPress: { replaceName: name } } : {}),
    ...(pressed === 'card' && pressedCard ? { onPress: otherCard(pressedCard, pressedText.trim()) } : {}),
    ...(firstPressWins && isInteractive(card) ? { firstPressWins: '1' } : {}),
    ...(perPerson && isAnswered(card) ? { perPerson: '1' } : {}),
  }
}

function otherCard(card: WecomCard, text: string) {
  return { card, ...(text && isInteractive(card) ? { replaceText: text } : {}) }
}

/** The card with what wisp adds to it. */
export function drawn(card: WecomCard, agentName: string): WecomCard {
  const desc = card.source?.desc || agentName
  return desc ? { ...card, source: { ...card.source, desc } } : card
}
