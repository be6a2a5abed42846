import { decrypt, sign } from '../push/crypto.ts'
import type { CallbackSettings } from '../settings.ts'

/** XML as an object: texts, objects, and lists where a name repeats. */
export type ParsedXml = Record<string, unknown>

export interface ReplyContext {
  callback: CallbackSettings
  corpId: string
  /** Whom the push was from. */
  userId: string
  /** Event, or MsgType of a message. */
  name: string
  hasMedia: (mediaId: string) => boolean
}

/** What may be answered at all (docs/upstream/wecom-agents.md#passive-replies). */
const answerable = new Set([
  ...['text', 'image', 'voice', 'video', 'location', 'link'],
  ...['subscribe', 'enter_agent', 'LOCATION', 'click', 'view', 'view_miniprogram', 'scancode_waitmsg'],
  ...['template_card_event', 'template_card_menu_event'],
])

/**
 * Reads what the receive URL answered. Undefined for an empty body; throws with the reason when WeCom would not take it.
 */
export async function readReply(body: string, context: ReplyContext): Promise<ParsedXml | undefined> {
  const text = body.trim()
  if (text === '' || /^success$/i.test(text)) return undefined
  const reply = await parse(open(await parse(text), context))
  const { name } = context
  if (!answerable.has(name)) throw new Error(`${name} takes no reply`)
  if (string(reply, 'ToUserName') !== context.userId) throw new Error('ToUserName is not the member')
  if (string(reply, 'FromUserName') !== context.corpId) throw new Error('FromUserName is not the corp')
  if (!/^\d+$/.test(string(reply, 'CreateTime'))) throw new Error('CreateTime is no number')
  const check = checks[string(reply, 'MsgType')]
  if (!check) throw new Error(`MsgType ${string(reply, 'MsgType')} is unknown`)
  check(reply, context)
  return reply
}

function open(outer: ParsedXml, { callback, corpId }: ReplyContext): string {
  const [encrypted, signature] = [string(outer, 'Encrypt'), string(outer, 'MsgSignature')]
  const [timestamp, nonce] = [string(outer, 'TimeStamp'), string(outer, 'Nonce')]
  if (sign(callback.token, timestamp, nonce, encrypted) !== signature)
    throw new Error('MsgSignature is wrong')
  let opened: ReturnType<typeof decrypt>
  try {
    opened = decrypt(callback.encodingAesKey, encrypted)
  } catch (error) {
    throw new Error(`Encrypt cannot be decrypted: ${(error as Error).message}`)
  }
  if (opened.receiveId !== corpId) throw new Error(`the reply was encrypted for ${opened.receiveId}`)
  return opened.message
}

async function parse(text: string): Promise<ParsedXml> {
  // Loaded with the first reply, because most uses of the sandbox have none.
  const { XMLParser, XMLValidator } = await import('fast-xml-parser')
  if (XMLValidator.validate(text) !== true || /<!DOCTYPE/i.test(text)) throw new Error('the reply is no XML')
  const parser = new XMLParser({ parseTagValue: false, ignoreDeclaration: true })
  const root = (parser.parse(text) as ParsedXml)['xml']
  if (typeof root !== 'object' || root === null) throw new Error('the reply has no element xml')
  return root as ParsedXml
}

const textBytesAtMost = 2048
const articlesAtMost = 8

type Check = (reply: ParsedXml, context: ReplyContext) => void

const ofCards: Check = (_reply, { name }) => {
  if (!name.startsWith('template_card_')) throw new Error(`a card cannot be changed in answer to ${name}`)
}

const mediaIn =
  (element: string): Check =>
  (reply, { hasMedia }) => {
    const id = string(child(reply, element), 'MediaId')
    if (!hasMedia(id)) throw new Error(`MediaId ${id} is unknown`)
  }

const checks: Record<string, Check> = {
  text: reply => {
    const content = string(reply, 'Content')
    if (content === '') throw new Error('Content is empty')
    // WeCom cuts what is longer.
    reply['Content'] = cut(content, textBytesAtMost)
  },
  image: mediaIn('Image'),
  voice: mediaIn('Voice'),
  video: mediaIn('Video'),
  news: reply => {
    const items = child(reply, 'Articles')['item']
    const list = Array.isArray(items) ? items : [items]
    if (Number(string(reply, 'ArticleCount')) !== list.length)
      throw new Error('ArticleCount is not the number of articles')
    if (list.length > articlesAtMost) throw new Error('there are too many articles')
  },
  update_button: (reply, context) => {
    ofCards(reply, context)
    if (string(child(reply, 'Button'), 'ReplaceName') === '') throw new Error('ReplaceName is empty')
  },
  update_template_card: (reply, context) => {
    ofCards(reply, context)
    string(child(reply, 'TemplateCard'), 'CardType')
  },
}

function cut(text: string, bytes: number): string {
  const all = Buffer.from(text)
  let end = Math.min(bytes, all.length)
  while (end < all.length && ((all[end] ?? 0) & 0xc0) === 0x80) end--
  return all.toString('utf8', 0, end)
}

function child(node: ParsedXml, key: string): ParsedXml {
  const value = node[key]
  if (typeof value !== 'object' || value === null) throw new Error(`${key} is missing`)
  return value as ParsedXml
}

function string(node: ParsedXml, key: string): string {
  const value = node[key]
  if (typeof value !== 'string') throw new Error(`${key} is missing`)
  return value
}
