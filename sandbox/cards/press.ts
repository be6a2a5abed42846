import { pushToAgent } from '../agents/push.ts'
import type { AgentDelivery, Fields } from '../agents/pusher.ts'
import type { ParsedXml } from '../agents/reply.ts'
import { ControlError } from '../http/control-input.ts'
import type { Card } from '../messages/card.ts'
import type { WecomEntry } from '../messages/entry.ts'
import { WecomError } from '../rules/errcodes.ts'
import { checkCard, isInteractive } from './check.ts'
import { cardIn } from './reply-card.ts'
import { type Change, cardOf, showChange } from './update.ts'
import type { PressWorld } from './world.ts'

export interface Press {
  /** WeCom's msgid, as message/send answered it. */
  msgId: string
  userid: string
  key: string
  /** What is chosen, by question_key; what the card has chosen beforehand where it is left out. */
  selected?: Readonly<Record<string, readonly string[]>> | undefined
  menu?: boolean | undefined
  /** Also where the buttons are grey or the card was recalled: it was on its way when that happened. */
  force?: boolean | undefined
}

/**
 * Somebody presses a card: WeCom tells the agent, with a code to change this person's card by, and makes of it what the agent answers.
 * Resolves when the push was delivered or given up. Throws ControlError for what nobody can press.
 */
export async function pressCard(
  world: PressWorld,
  press: Press,
): Promise<AgentDelivery & { reply: ParsedXml | null; responseCode: string }> {
  const entry = entryOf(world, press)
  const slot = receiverOf(world, entry, press.userid)
  const { card, replaced } = cardOf(world, entry, slot)
  if (!press.force) {
    if (entry.recalledAt) throw new ControlError('the message was recalled')
    if (replaced !== null && !press.menu) throw new ControlError(`the buttons are grey: ${replaced}`)
  }
  const items = press.menu ? [] : selectedOf(card, press)
  checkKey(card, press)
  const responseCode = world.cards.giveCode(entry.n)
  const fields: Fields = {
    FromUserName: world.state.userids[slot] ?? press.userid,
    Event: press.menu ? 'template_card_menu_event' : 'template_card_event',
    EventKey: press.key,
    TaskId: String(entry.content['task_id'] ?? ''),
    CardType: String(card['card_type']),
    ResponseCode: responseCode,
    ...(items.length > 0 ? { SelectedItems: { SelectedItem: items } } : {}),
  }
  const delivery = await pushToAgent(world, entry.agentId, fields)
  const note = delivery.reply ? applied(world, entry, slot, delivery.reply) : delivery.note
  return { ...delivery, note, responseCode }
}

export function entryOf(world: PressWorld, { msgId }: Pick<Press, 'msgId'>): WecomEntry {
  const n = world.msgIds.get(msgId)
  const entry = n === undefined ? undefined : (world.messages.entry(n) as WecomEntry)
  if (entry?.msgtype !== 'template_card') throw new ControlError(`there is no card ${msgId}`)
  return entry
}

/** The slot of somebody who got the card, under whichever userid since. */
export function receiverOf({ state, cards }: PressWorld, { n }: WecomEntry, userid: string): number {
  const slot = state.slotOf(userid)
  if (slot === undefined || !cards.receiversOf(n).has(slot))
    throw new ControlError(`${userid} did not get this card`)
  return slot
}

function checkKey(card: Card, { key, menu }: Press): void {
  const keys = menu
    ? ((card['action_menu'] as Card | undefined)?.['action_list'] as Card[] | undefined)?.map(
        one => one['key'],
      )
    : [
        ...((card['button_list'] as Card[] | undefined) ?? [])
          .filter(one => one['type'] !== 1)
          .map(one => one['key']),
        (card['submit_button'] as Card | undefined)?.['key'],
      ]
  if (!keys?.includes(key))
    throw new ControlError(`the card has no ${menu ? 'line of its menu' : 'button'} ${key}`)
}

type Question = {
  question_key: string
  option_list: { id: string; is_checked?: boolean }[]
  selected_id?: string
}

/** What is chosen in each question of the card: as the person says, else as the card has it. */
function selectedOf(card: Card, { selected = {} }: Press): Fields[] {
  if (!isInteractive(card)) return []
  const one = (name: string) => (card[name] === undefined ? [] : [card[name] as Question])
  const questions = [
    ...one('button_selection'),
    ...one('checkbox'),
    ...((card['select_list'] as Question[] | undefined) ?? []),
  ]
  for (const key of Object.keys(selected))
    if (!questions.some(question => question.question_key === key))
      throw new ControlError(`the card has no question ${key}`)
  const isMany = (question: Question) =>
    card['checkbox'] === question && (card['checkbox'] as Card)['mode'] === 1
  return questions.map(question => {
    const usual = question.selected_id
      ? [question.selected_id]
      : question.option_list.filter(option => option.is_checked).map(option => option.id)
    const ids = [...(selected[question.question_key] ?? usual)]
    if (ids.some(id => !question.option_list.some(option => option.id === id)))
      throw new ControlError(`${question.question_key} has no option ${ids.join(', ')}`)
    if (ids.length > 1 && !isMany(question))
      throw new ControlError(`${question.question_key} takes one option`)
    return { QuestionKey: question.question_key, OptionIds: { OptionId: ids } }
  })
}

/** Makes of the presser's card what was answered. Returns why WeCom does not take it, or ''. */
function applied(world: PressWorld, entry: WecomEntry, slot: number, reply: ParsedXml): string {
  try {
    const change = changeIn(reply)
    if (!change) return ''
    if ('replaceName' in change && !isInteractive(entry.content)) throw new WecomError(40058, 'Button')
    showChange(world, entry, slot, change)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

function changeIn(reply: ParsedXml): Change | undefined {
  if (reply['MsgType'] === 'update_button')
    return { replaceName: String((reply['Button'] as ParsedXml)['ReplaceName']) }
  if (reply['MsgType'] !== 'update_template_card') return undefined
  const { replace_text: replaceText, ...card } = cardIn(reply['TemplateCard'] as ParsedXml)
  return {
    card: checkCard(card, { isUpdate: true }),
    ...(typeof replaceText === 'string' ? { replaceText } : {}),
  }
}
