import { excessWords } from '../../platform/http/bodies/excess.ts'
import { excessOfJson } from '../../platform/http/bodies/json-structure.ts'
import { parseForeignJson } from '../../platform/storage/foreign-text.ts'
import { parseXml, WecomXmlError, type XmlElement } from '../transport/xml.ts'

/**
 * A push's fields under WeChat's own names. Numbers are texts, since a MsgId is beyond 2^53
 * (docs/upstream/official-push.md#messages).
 */
export type Push = {
  toUserName: string
  /** The openid of the person who acted, or of WeChat's own helper where nobody did. */
  fromUserName: string
  /** In seconds since the epoch. */
  createTime: number
  /** text, image, voice, video, shortvideo, location, link, event, or a newer one. */
  msgType: string
  /** Of messages. */
  msgId?: string
  /** Of events, in WeChat's own spelling: subscribe, CLICK, MASSSENDJOBFINISH, … */
  event?: string
  eventKey?: string
  fields: XmlElement
}

/** A push that is not what WeChat sends. The message quotes no content. */
export class PushFault extends Error {
  override readonly name = 'PushFault'
}

/** Reads a push in the clear, XML or JSON: which of both is set up at WeChat. */
export function parsePush(text: string): Push {
  const fields = fieldsOf(text)
  const read = (name: string) => {
    const value = fields[name]
    if (value !== undefined && typeof value !== 'string') throw new PushFault(`${name} is not text`)
    return value || undefined
  }
  const toUserName = read('ToUserName')
  const fromUserName = read('FromUserName')
  const msgType = read('MsgType')
  const createTime = read('CreateTime')
  if (!toUserName || !fromUserName || !msgType)
    throw new PushFault('ToUserName, FromUserName or MsgType is missing')
  if (!createTime || !/^\d{1,12}$/.test(createTime)) throw new PushFault('CreateTime is not a number')
  const msgId = read('MsgId')
  const event = read('Event')
  const eventKey = read('EventKey')
  if (msgType === 'event' && !event) throw new PushFault('Event is missing')
  return {
    toUserName,
    fromUserName,
    msgType,
    createTime: Number(createTime),
    ...(msgId ? { msgId } : {}),
    ...(event ? { event } : {}),
    ...(eventKey ? { eventKey } : {}),
    fields,
  }
}

/** The outer fields of a push, before anything of it can be trusted. */
export function fieldsOf(text: string): XmlElement {
  if (text.includes('\0')) throw new PushFault('the body holds NUL')
  if (text.trimStart().startsWith('{')) return fromJson(text)
  try {
    return parseXml(text)
  } catch (error) {
    if (error instanceof WecomXmlError) throw new PushFault(error.message)
    throw error
  }
}

const levelsAtMost = 20

function fromJson(text: string): XmlElement {
  const excess = excessOfJson(Buffer.from(text))
  if (excess) throw new PushFault(`the JSON ${excessWords(excess)}`)
  let value: unknown
  try {
    // A number keeps the text it was written as.
    value = parseForeignJson(text, (_key, one, context) =>
      typeof one === 'number' ? (context?.source ?? String(one)) : one,
    )
  } catch {
    throw new PushFault('malformed JSON')
  }
  const element = asElement(value, levelsAtMost)
  if (typeof element !== 'object' || Array.isArray(element)) throw new PushFault('the JSON is not an object')
  return element
}

type Content = XmlElement[string]

/** The same shape as XML gives: texts, elements, and lists of them. */
function asElement(value: unknown, levels: number): Content {
  if (levels === 0) throw new PushFault('the JSON is nested too deep')
  if (typeof value === 'string') return value
  if (value === null || typeof value !== 'object') return String(value ?? '')
  if (Array.isArray(value)) return value.map(one => asElement(one, levels - 1)) as Content
  const element = Object.create(null) as XmlElement
  for (const [name, one] of Object.entries(value)) element[name] = asElement(one, levels - 1)
  return element
}

/** Children of one name, whether WeChat wrote one, several or none (docs/upstream/official-templates.md#events-of-notices). */
export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  const value = element?.[name]
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return list.filter((one): one is XmlElement => typeof one === 'object' && !Array.isArray(one))
}

/** The text of a field below `element`, or ''. */
export function textIn(element: XmlElement | undefined, name: string): string {
  const value = element?.[name]
  return typeof value === 'string' ? value : ''
}

/** What may be an openid: letters, digits, - and _ (docs/upstream/official-push.md#messages). */
export function isOpenid(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text)
}
