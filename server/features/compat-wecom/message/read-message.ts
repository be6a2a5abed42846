import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { cardOf, checkCard } from '../../../upstream/wecom/cards/check-card.ts'
import type { GivenContent } from '../../channels/wecom/given.ts'
import { byteLength, limits } from '../../channels/wecom/limits.ts'
import { receiverFields } from '../../messages/accept/submission.ts'
import { CompatRefusal, type Errcode, refused } from '../answer.ts'

export type WecomMessage = Record<string, unknown>

/** The body of `message/send` as WeCom takes it (docs/upstream/wecom-messages.md#sending). */
export type CompatMessage = {
  receivers: { toUser: string[]; toParty: string[]; toTag: string[] }
  agentId: number
  content: GivenContent | MediaContent
  /** Within how many seconds the same message leaves once; undefined where its sender does not ask for that. */
  duplicateSeconds: number | undefined
}

/** A file that was uploaded, as `msgtype` sends it. */
export type MediaContent = {
  kind: 'media'
  msgtype: 'image' | 'file' | 'video'
  mediaId: string
  isSafe: boolean
  title: string
  description: string
}

/** Programs write numbers as texts and texts as numbers. Throws CompatRefusal with WeCom's code, and ApiError. */
export function readMessage(given: WecomMessage): CompatMessage {
  const receivers = readReceivers(given)
  const agentId = readAgentId(given['agentid'])
  return { receivers, agentId, content: readContent(given), duplicateSeconds: readDuplicateCheck(given) }
}

const everybody = '@all'
const receiverLists = [
  ['touser', 1000, 40032, receiverFields.toUser],
  ['toparty', 100, 82002, receiverFields.toParty],
  ['totag', 100, 82003, receiverFields.toTag],
] as const

function readReceivers(given: WecomMessage): CompatMessage['receivers'] {
  const [toUser, toParty, toTag] = receiverLists.map(([name, atMost, errcode, { read }]) => {
    const value = given[name] ?? ''
    if (typeof value !== 'string' && typeof value !== 'number')
      throw refused(40058, {
        zh: told`${own(name)} 应为文本，多个用 | 分隔；没有发送`,
        en: told`${own(name)} should be a text, several are separated by |; nothing was sent`,
      })
    const count = String(value).split('|').filter(Boolean).length
    if (count > atMost)
      throw refused(errcode, {
        zh: told`${own(name)} 有 ${own(count)} 个，最多 ${own(atMost)} 个；没有发送`,
        en: told`${own(name)} has ${own(count)}, at most ${own(atMost)} are taken; nothing was sent`,
      })
    return read(String(value), name)
  })
  if (toUser!.includes(everybody)) return { toUser: [everybody], toParty: [], toTag: [] }
  if (toUser!.length + toParty!.length + toTag!.length === 0)
    throw refused(82001, {
      zh: told`touser、toparty、totag 至少填一个`,
      en: told`at least one of touser, toparty and totag is needed`,
    })
  return { toUser: toUser!, toParty: toParty!, toTag: toTag! }
}

function readAgentId(value: unknown): number {
  if (value === undefined || value === null || value === '') throw missing(41011, 'agentid')
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : ''
  if (!/^\d{1,10}$/.test(text))
    throw refused(40056, { zh: told`agentid 应为数字`, en: told`agentid should be a number` })
  return Number(text)
}

const secondsAtMost = 14_400
const usualSeconds = 1800

function readDuplicateCheck(given: WecomMessage): number | undefined {
  if (flagOf(given, 'enable_duplicate_check') !== 1) return undefined
  const interval = given['duplicate_check_interval'] ?? usualSeconds
  const seconds = Number(interval)
  if (Number.isInteger(seconds) && seconds > 0 && seconds <= secondsAtMost) return seconds
  throw refused(40058, {
    zh: told`duplicate_check_interval 应为 1 到 ${own(secondsAtMost)} 的整数（秒）`,
    en: told`duplicate_check_interval should be a whole number of seconds from 1 to ${own(secondsAtMost)}`,
  })
}

/** Undefined where it is not given. */
function flagOf(given: WecomMessage, name: string, atMost = 1): number | undefined {
  const value = given[name]
  if (value === undefined || value === null || value === '') return undefined
  const number = Number(value)
  if (Number.isInteger(number) && number >= 0 && number <= atMost) return number
  throw refused(40058, { zh: told`${own(name)} 应为 0 或 1`, en: told`${own(name)} should be 0 or 1` })
}

function readContent(given: WecomMessage): CompatMessage['content'] {
  const msgtype = given['msgtype']
  const type = compatTypes.find(one => one === msgtype)
  if (!type)
    throw refused(40008, {
      zh: told`msgtype ${String(msgtype ?? '')} 不支持；可用：${own(compatTypes.join('、'))}`,
      en: told`msgtype ${String(msgtype ?? '')} is not taken; there are ${own(compatTypes.join(', '))}`,
    })
  const body = given[type]
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw missing(44004, type)
  if (type === 'image' || type === 'file' || type === 'video')
    return readMedia(given, type, body as WecomMessage)
  readers[type](body as WecomMessage)
  const options = Object.fromEntries(
    (['safe', 'enable_id_trans'] as const).flatMap(name => {
      const value = flagOf(given, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return { kind: 'given', msgtype: type, body: body as WecomMessage, options }
}

function readMedia(given: WecomMessage, msgtype: MediaContent['msgtype'], body: WecomMessage): MediaContent {
  checkText(body, `${msgtype}.media_id`, 40007, idAtMost)
  const text = (name: string) => {
    if (msgtype !== 'video' || !body[name]) return ''
    checkText(body, `${msgtype}.${name}`, 44004, fieldAtMost)
    return String(body[name])
  }
  return {
    kind: 'media',
    msgtype,
    mediaId: String(body['media_id']),
    isSafe: flagOf(given, 'safe') === 1,
    title: text('title'),
    description: text('description'),
  }
}

/** What WeCom would refuse, or what could not be kept, is refused before it is accepted; what WeCom cuts, it cuts itself. */
const readers = {
  text: body => checkText(body, 'text.content', 44004, limits.wholeText),
  markdown: body => checkText(body, 'markdown.content', 44004, limits.text),
  textcard(body) {
    checkText(body, 'textcard.title', 41016, fieldAtMost)
    checkText(body, 'textcard.description', 41033, fieldAtMost)
    checkText(body, 'textcard.url', 41010, limits.url)
  },
  news(body) {
    const articles = body['articles']
    if (!Array.isArray(articles) || articles.length === 0) throw missing(44004, 'news.articles')
    if (articles.length > articlesAtMost)
      throw refused(45008, {
        zh: told`news.articles 有 ${own(articles.length)} 条，最多 ${own(articlesAtMost)} 条`,
        en: told`news.articles has ${own(articles.length)} articles, at most ${own(articlesAtMost)} are taken`,
      })
    articles.forEach((article: unknown, index) => {
      const at = `news.articles[${index}]`
      if (typeof article !== 'object' || article === null) throw missing(44004, at)
      checkText(article as WecomMessage, `${at}.title`, 41016, fieldAtMost)
      if (!(article as WecomMessage)['appid'])
        checkText(article as WecomMessage, `${at}.url`, 41010, limits.url)
    })
  },
  template_card(body) {
    const { task_id, ...card } = body
    checkCard(cardOf(card), { path: 'template_card' })
    if (task_id === undefined ? needsTask(body) : !/^[\w@-]{1,128}$/.test(String(task_id)))
      throw refused(40058, {
        zh: told`template_card.task_id 应为 1 到 128 个字母、数字或 _-@；有按钮、选项或菜单的卡片必填`,
        en: told`template_card.task_id should be 1 to 128 letters, digits or _-@; cards with buttons, choices or a menu need it`,
      })
  },
} as const satisfies Record<GivenContent['msgtype'], (body: WecomMessage) => void>

/** Values of `msgtype`. */
export const compatTypes = [
  'text',
  'textcard',
  'news',
  'markdown',
  'template_card',
  'image',
  'file',
  'video',
] as const

const idAtMost = 64
const articlesAtMost = 8
/** WeCom cuts these at 128 and 512 bytes itself; what is far beyond that is kept by nobody. */
const fieldAtMost = limits.text

function needsTask({ card_type, action_menu }: WecomMessage): boolean {
  return action_menu !== undefined || /_interaction$/.test(String(card_type))
}

function checkText(body: WecomMessage, path: string, whenMissing: Errcode, bytesAtMost: number): void {
  const value = body[path.slice(path.lastIndexOf('.') + 1)]
  if (value === undefined || value === null || value === '') throw missing(whenMissing, path)
  if (typeof value !== 'string')
    throw refused(40058, { zh: told`${own(path)} 应为文本`, en: told`${own(path)} should be a text` })
  const bytes = byteLength(value)
  if (bytes > bytesAtMost)
    throw refused(45002, {
      zh: told`${own(path)} 有 ${own(bytes)} 字节，最多 ${own(bytesAtMost)} 字节；没有发送`,
      en: told`${own(path)} has ${own(bytes)} bytes, at most ${own(bytesAtMost)} are taken; nothing was sent`,
    })
}

function missing(errcode: Errcode, path: string): CompatRefusal {
  return new CompatRefusal(errcode, new ApiError('missingParameter', told`${own(path)}`))
}
