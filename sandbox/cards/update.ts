import { type Input, text } from '../http/input.ts'
import type { Card, ShownCard } from '../messages/card.ts'
import type { WecomEntry } from '../messages/entry.ts'
import { WecomError } from '../rules/errcodes.ts'
import { checkCard, isInteractive } from './check.ts'
import type { CardWorld } from './world.ts'

/**
 * message/update_template_card (docs/upstream/wecom-cards.md#updates). No source says which errcodes codes that are unknown, used or too
 * old get: 40058, as for other wrong fields.
 */
export function updateCard(world: CardWorld, agentId: number, input: Input): { invaliduser: string[] } {
  const code = text(input, 'response_code') ?? ''
  const n = world.cards.look(code)
  if (typeof n !== 'number') throw new WecomError(40058, `response_code is ${n}`)
  const entry = world.messages.entry(n) as WecomEntry
  if (entry.agentId !== agentId) throw new WecomError(40058, 'response_code is unknown')
  const change = changeOf(input, entry.content)
  const { receivers, invalid } = receiversOf(world, input, entry)
  world.cards.use(code)
  for (const slot of receivers) showChange(world, entry, slot, change)
  return { invaliduser: invalid }
}

export type Change = { replaceName: string } | { card: Card; replaceText?: string | undefined }

function changeOf(input: Input, sent: Card): Change {
  const { button, template_card: card } = input
  if ((button === undefined) === (card === undefined)) throw new WecomError(40058, 'button or template_card')
  if (card !== undefined) {
    if (typeof card !== 'object' || card === null) throw new WecomError(40058, 'template_card')
    const { replace_text: replaceText } = card as Card
    if (replaceText !== undefined && typeof replaceText !== 'string')
      throw new WecomError(40058, 'replace_text')
    return { card: checkCard(card as Input, { isUpdate: true }), replaceText }
  }
  const name = typeof button === 'object' && button !== null ? (button as Card)['replace_name'] : undefined
  if (typeof name !== 'string' || name === '') throw new WecomError(40058, 'button.replace_name')
  if (!isInteractive(sent)) throw new WecomError(40058, 'button')
  return { replaceName: name }
}

/** `atall` are all who got it. Departments and tags are not looked into: wisp names people. */
function receiversOf(
  { state, cards }: CardWorld,
  input: Input,
  { n }: WecomEntry,
): { receivers: readonly number[]; invalid: string[] } {
  const all = cards.receiversOf(n)
  if (Number(input['atall'] ?? 0) === 1) return { receivers: [...all], invalid: [] }
  const userids = input['userids']
  if (!Array.isArray(userids) || userids.length === 0 || userids.length > 1000)
    throw new WecomError(40058, 'userids')
  const receivers: number[] = []
  const invalid: string[] = []
  for (const given of userids.map(String)) {
    const slot = state.slotOf(given)
    if (slot === undefined || !all.has(slot)) invalid.push(given.toLowerCase())
    else receivers.push(slot)
  }
  if (receivers.length === 0) throw new WecomError(81013)
  return { receivers, invalid }
}

/** Changes what one person sees. */
export function showChange(world: CardWorld, entry: WecomEntry, slot: number, change: Change): void {
  const before = cardOf(world, entry, slot)
  const shown: ShownCard =
    'card' in change
      ? { card: change.card, replaced: change.replaceText ?? null }
      : { card: before.card, replaced: change.replaceName }
  world.cards.show(entry.n, slot, shown)
  world.messages.cardChanged(entry.n, world.state.userids[slot] ?? '', shown)
}

/** The card as this person sees it. */
export function cardOf(world: CardWorld, entry: WecomEntry, slot: number): ShownCard {
  return world.cards.shownTo(entry.n, slot) ?? { card: entry.content, replaced: null }
}
