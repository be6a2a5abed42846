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
  firstPressWins: boolean
  perPerson: boolean
}

export const emptyCardForm: CardForm = {
  card: emptyCard,
  pressed: 'name',
  replaceName: '',
  pressedCard: undefined,
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
  const { card, replaceName, pressedCard, firstPressWins, perPerson } = form
  const pressed = pressedOf(form)
  const name = replaceName.trim()
  return {
    card,
    ...(pressed === 'name' && name ? { onPress: { replaceName: name } } : {}),
    ...(pressed === 'card' && pressedCard ? { onPress: { card: pressedCard } } : {}),
    ...(firstPressWins && isAnswered(card) ? { firstPressWins: true } : {}),
    ...(perPerson && isAnswered(card) ? { perPerson: true } : {}),
  }
}

/** The card with what wisp adds to it. */
export function drawn(card: WecomCard, agentName: string): WecomCard {
  const desc = card.source?.desc || agentName
  return desc ? { ...card, source: { ...card.source, desc } } : card
}
