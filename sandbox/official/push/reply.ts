import { decrypt, sign } from '../../push/crypto.ts'
import type { Rules } from '../rules/rules.ts'
import type { Server } from '../state/profile.ts'

/** A passive reply (docs/upstream/official-push.md#passive-replies). */
export interface Reply {
  type: string
  content: Record<string, unknown>
}

export interface ReplyContext {
  server: Server
  appId: string
  originalId: string
  openid: string
  rules: Rules
  hasMedia: (mediaId: string) => boolean
}

type Node = Record<string, unknown>

/**
 * Reads what the account's server answered. Undefined for an empty body and `success`; throws with the reason
 * when WeChat would not take it.
 */
export async function readReply(body: string, context: ReplyContext): Promise<Reply | undefined> {
  const text = body.trim()
  if (text === '' || text === 'success') return undefined
  const outer = await parse(text)
  const { mode } = context.server
  if (outer['Encrypt'] === undefined) {
    if (mode === 'secure') throw new Error('the reply must be encrypted in secure mode')
    return read(outer, context)
  }
  if (mode === 'plain') throw new Error('the reply must not be encrypted in plain mode')
  return read(await parse(open(outer, context)), context)
}

function open(outer: Node, { server, appId }: ReplyContext): string {
  const [encrypted, signature] = [string(outer, 'Encrypt'), string(outer, 'MsgSignature')]
  const [timestamp, nonce] = [string(outer, 'TimeStamp'), string(outer, 'Nonce')]
  if (sign(server.token, timestamp, nonce, encrypted) !== signature) throw new Error('MsgSignature is wrong')
  let opened: ReturnType<typeof decrypt>
  try {
    opened = decrypt(server.encodingAesKey, encrypted)
  } catch (error) {
    throw new Error(`Encrypt cannot be decrypted: ${(error as Error).message}`)
  }
  if (opened.receiveId !== appId) throw new Error(`the reply was encrypted for ${opened.receiveId}`)
  return opened.message
}

async function parse(text: string): Promise<Node> {
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text) as Node
    } catch {
      throw new Error('the reply is no JSON')
    }
  }
  // Loaded with the first reply, because most uses of the sandbox have none.
  const { XMLParser, XMLValidator } = await import('fast-xml-parser')
  if (XMLValidator.validate(text) !== true || /<!DOCTYPE/i.test(text)) throw new Error('the reply is no XML')
  const parser = new XMLParser({ parseTagValue: false, ignoreDeclaration: true })
  const root = (parser.parse(text) as Node)['xml']
  if (typeof root !== 'object' || root === null) throw new Error('the reply has no element xml')
  return root as Node
}

function read(reply: Node, context: ReplyContext): Reply {
  if (string(reply, 'ToUserName') !== context.openid) throw new Error('ToUserName is not the follower')
  if (string(reply, 'FromUserName') !== context.originalId) throw new Error('FromUserName is not the account')
  if (!/^\d+$/.test(string(reply, 'CreateTime'))) throw new Error('CreateTime is no number')
  const type = string(reply, 'MsgType')
  const reader = readers[type]
  if (!reader) throw new Error(`MsgType ${type} is unknown`)
  return { type, content: reader(reply, context) }
}

const readers: Record<string, (reply: Node, context: ReplyContext) => Record<string, unknown>> = {
  text: (reply, { rules }) => {
    const content = string(reply, 'Content')
    if (content === '') throw new Error('Content is empty')
    if (Buffer.byteLength(content) > rules.passiveTextBytes) throw new Error('Content is too long')
    return { content }
  },
  image: (reply, context) => ({ mediaId: media(child(reply, 'Image'), 'MediaId', context) }),
  voice: (reply, context) => ({ mediaId: media(child(reply, 'Voice'), 'MediaId', context) }),
  video: (reply, context) => {
    const video = child(reply, 'Video')
    return { mediaId: media(video, 'MediaId', context), ...words(video, ['Title', 'Description']) }
  },
  music: (reply, context) => {
    const music = child(reply, 'Music')
    return {
      thumbMediaId: media(music, 'ThumbMediaId', context),
      ...words(music, ['Title', 'Description', 'MusicUrl', 'HQMusicUrl']),
    }
  },
  news: (reply, { rules }) => {
    const items = child(reply, 'Articles')['item']
    const list = (Array.isArray(items) ? items : [items]) as (Node | undefined)[]
    if (Number(string(reply, 'ArticleCount')) !== list.length)
      throw new Error('ArticleCount is not the number of articles')
    if (list.length > rules.passiveArticles) throw new Error('there are too many articles')
    const articles = list.map(item => {
      if (typeof item !== 'object') throw new Error('an article is empty')
      const { title } = words(item, ['Title'])
      if (!title) throw new Error('an article has no Title')
      return words(item, ['Title', 'Description', 'PicUrl', 'Url'])
    })
    return { articles: articles.slice(0, rules.passiveArticlesShown) }
  },
  transfer_customer_service: reply => {
    const info = reply['TransInfo'] as Node | undefined
    return info ? { kfAccount: string(info, 'KfAccount') } : {}
  },
}

function media(node: Node, key: string, context: ReplyContext): string {
  const id = string(node, key)
  if (!context.hasMedia(id)) throw new Error(`${key} ${id} is unknown`)
  return id
}

function child(node: Node, key: string): Node {
  const value = node[key]
  if (typeof value !== 'object' || value === null) throw new Error(`${key} is missing`)
  return value as Node
}

function string(node: Node, key: string): string {
  const value = node[key]
  if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`${key} is missing`)
  return String(value)
}

/** The texts of these elements, in names with a small first letter; missing ones are left out. */
function words(node: Node, keys: string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap(key => {
      const value = node[key]
      return typeof value === 'string' ? [[key[0]!.toLowerCase() + key.slice(1), value]] : []
    }),
  )
}
