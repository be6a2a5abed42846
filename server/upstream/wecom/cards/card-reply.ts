import { cdata } from '../../transport/message-crypto.ts'
import type { TemplateCard } from './template-card.ts'

/** What the card of whoever pressed becomes (docs/upstream/wecom-cards.md#answers-to-a-press). */
export type CardChange = { replaceName: string } | { card: TemplateCard; replaceText?: string }

export type ReplyHead = { corpId: string; userId: string; at: number }

/** The passive reply to a press, as plain XML. `at` is in ms since the epoch. */
export function cardReplyXml({ corpId, userId, at }: ReplyHead, change: CardChange): string {
  const head =
    cdata('ToUserName', userId) +
    cdata('FromUserName', corpId) +
    `<CreateTime>${Math.floor(at / 1000)}</CreateTime>`
  if ('replaceName' in change)
    return `<xml>${head}${cdata('MsgType', 'update_button')}<Button>${cdata('ReplaceName', change.replaceName)}</Button></xml>`
  const card = { ...change.card, ...(change.replaceText ? { replace_text: change.replaceText } : {}) }
  return `<xml>${head}${cdata('MsgType', 'update_template_card')}<TemplateCard>${childrenOf(card)}</TemplateCard></xml>`
}

/** The part of `update_template_card` that says what the card becomes. */
export function cardUpdateOf(change: CardChange): object {
  if ('replaceName' in change) return { button: { replace_name: change.replaceName } }
  const { card, replaceText } = change
  return { template_card: { ...card, ...(replaceText ? { replace_text: replaceText } : {}) } }
}

/** Names that are not their JSON name in CamelCase. */
const elementNames: Readonly<Record<string, string>> = {
  appid: 'AppId',
  pagepath: 'PagePath',
  checkbox: 'CheckBox',
  keyname: 'KeyName',
  userid: 'UserId',
}

function elementName(name: string): string {
  return (
    elementNames[name] ??
    name
      .split('_')
      .map(word => word.charAt(0).toUpperCase() + word.slice(1))
      .join('')
  )
}

function childrenOf(value: object): string {
  return Object.entries(value)
    .map(([name, one]) => elementsOf(elementName(name), one))
    .join('')
}

/** A list is its elements, one after the other. */
function elementsOf(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map(one => elementsOf(name, one)).join('')
  if (typeof value === 'object' && value !== null) return `<${name}>${childrenOf(value)}</${name}>`
  if (typeof value === 'string') return cdata(name, value)
  return `<${name}>${String(value)}</${name}>`
}
