import JSON5 from 'json5'
import { type Static, Type } from 'typebox'
import { issueTicket } from '../../../callers/tickets/tickets.ts'
import type { Core } from '../../../platform/core.ts'
import { depthAtMost, type Excess } from '../../../platform/http/bodies/excess.ts'
import { excessOfJson, excessOfJson5 } from '../../../platform/http/bodies/json-structure.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { ownWords } from '../../../platform/http/told.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundRefused } from '../../../platform/security/outbound-policy.ts'
import { parseForeignJson, storable } from '../../../platform/storage/foreign-text.ts'
import type { Words } from '../../../platform/words.ts'
import type { App } from '../app.ts'
import { withQuery } from '../app-urls.ts'
import { locked } from '../apps.ts'
import * as store from '../store.ts'
import { BadMenu, countItems, type Menu, menuLimits, readMenu } from './menu.ts'
import { putMenu } from './versions.ts'

type Needs = Core & { outbound: Outbound }

/** The whole call, redirects included, may take 10 s (docs/interface/apps.md#menu-of-an-app). */
export const syncLimits = { timeoutMs: 10_000, maxBytes: 1_048_576 }

/** Who pressed 同步菜单: a signed-in visitor, or somebody without a session. */
export type Presser = Person & { actor: string; sessionId?: string }

export type SyncResult = Omit<store.MenuAttempt, 'at' | 'actor'>
/** The result of a sync in the reader's language. */
export const syncOutcomeSchema = Type.Object({
  outcome: Type.Enum(['new', 'same', 'failed']),
  n: Type.Union([Type.Number(), Type.Null()]),
  items: Type.Number(),
  /** The beginning of the answer, without the ticket. */
  answer: Type.String(),
  ms: Type.Number(),
  error: Type.String(),
})
export type SyncOutcome = Static<typeof syncOutcomeSchema>

const attemptsKept = 50
const answerKept = 2000
const quoted = 120

/**
 * Asks the app for its menu and stores it in one transaction (docs/interface/apps.md#menu-of-an-app). A bad answer leaves the
 * menu unchanged and says what was wrong. Throws 1000 for an app that does not sync.
 */
export async function syncMenu(
  ctx: Needs,
  presser: Presser,
  app: App,
  limits = syncLimits,
): Promise<SyncResult> {
  const reason = whyNotSynced(app)
  if (reason) throw new ApiError('badParameter', ownWords(reason))
  const started = performance.now()
  const { jessionId } = await issueTicket(ctx.db, ctx, {
    corpId: app.corpId,
    appId: app.id,
    ...holder(presser),
  })
  const url = withQuery(new URL(app.syncUrl).href, {
    id: String(app.agentId ?? app.id),
    userId: presser.member ? presser.member.userId : presser.adminName,
    jessionId,
  })
  const asked = await askForMenu(ctx, app, url, limits)
  const withoutTicket = (text: string) => text.replaceAll(jessionId, '…')
  const answer = storable(withoutTicket(asked.answer).slice(0, answerKept))
  const error = asked.error && {
    zh: storable(withoutTicket(asked.error.zh)),
    en: storable(withoutTicket(asked.error.en)),
  }
  const ms = Math.round(performance.now() - started)
  const outcome = await ctx.db.transaction().execute(async tx => {
    const now = await locked(tx, app.corpId, app.id)
    const stored = asked.menu
      ? await putMenu(tx, ctx, now, asked.menu, { actor: presser.actor, source: 'sync' })
      : ({ outcome: 'failed', n: now.menuN } as const)
    const items = asked.menu ? countItems(asked.menu) : 0
    const attempt = { ...stored, items, error, answer, ms }
    const entry = { ...attempt, actor: presser.actor, at: new Date(ctx.now()) }
    await store.appendAttempt(tx, app.id, entry, attemptsKept)
    return attempt
  })
  await ctx.reloadConfig(app.corpId)
  return outcome
}

/** Why the sync button is disabled; undefined when it is enabled. */
export function whyNotSynced(app: App): Words | undefined {
  if (!app.syncMenu) return { zh: '该应用没有开启同步菜单', en: 'menu sync is switched off for this app' }
  if (!app.enabled)
    return { zh: '应用已停用，启用后才能同步菜单', en: 'the app is disabled: enable it to sync its menu' }
  return undefined
}

function holder(presser: Presser) {
  const session = presser.sessionId === undefined ? {} : { sessionId: presser.sessionId }
  return presser.member
    ? { ...session, memberId: presser.member.id }
    : { ...session, adminName: presser.adminName }
}

type MenuAnswer = { menu?: Menu; answer: string; error: Words | '' }

async function askForMenu(ctx: Needs, app: App, url: string, limits: typeof syncLimits): Promise<MenuAnswer> {
  let answer = ''
  try {
    const asker = { slot: 'developers', of: `apps ${app.corpId}` } as const
    const menu = await ctx.outbound.get(url, { ...limits, asker }, ({ type, body, isInner }) => {
      const text = decode(type, body)
      // If the address leads to a page in our own network, nothing of that page may be shown except a menu.
      if (!isInner) answer = text
      return readMenu(readAnswer(text), app.homeUrl || app.mobileUrl)
    })
    return { menu, answer, error: '' }
  } catch (error) {
    const known = explain(error, new URL(url).host, limits.timeoutMs)
    if (known === undefined) throw error
    return { answer: answer || ((error as { answer?: string }).answer ?? ''), error: known }
  }
}

/** What went wrong during the call; undefined for an error of our own. */
function explain(error: unknown, host: string, timeoutMs: number): Words | undefined {
  if (error instanceof BadMenu || error instanceof OutboundRefused) return error.words
  if (!(error instanceof Error)) return undefined
  if (error.name === 'TimeoutError') {
    const seconds = timeoutMs / 1000
    return {
      zh: `${host} 在 ${seconds} 秒内没有答复完`,
      en: `${host} did not finish its answer within ${seconds} s`,
    }
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { zh: `找不到主机 ${host}`, en: `host ${host} cannot be found` }
  if (code === 'ECONNREFUSED')
    return {
      zh: `${host} 拒绝连接，服务可能没有启动`,
      en: `${host} refuses the connection: its service may not be running`,
    }
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return { zh: `连接 ${host} 超时`, en: `connecting to ${host} timed out` }
  if (/CERT|SELF_SIGNED|ALTNAME/.test(code))
    return {
      zh: `${host} 的 HTTPS 证书不受信任（${code}）`,
      en: `the HTTPS certificate of ${host} is not trusted (${code})`,
    }
  return code
    ? { zh: `连接 ${host} 失败（${code}）`, en: `connecting to ${host} failed (${code})` }
    : undefined
}

function decode(type: string, body: Buffer): string {
  const named = /charset\s*=\s*"?([\w-]+)/i.exec(type)?.[1]?.toLowerCase()
  const mark = body.subarray(0, 2).toString('hex')
  const charset = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : (named ?? 'utf-8')
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body)
  } catch (error) {
    if (error instanceof RangeError)
      throw badAnswer(
        `不认识答复的字符编码 ${charset}`,
        `the character encoding ${charset} of the answer is not known`,
      )
    const name = charset.toUpperCase()
    throw badAnswer(
      `答复不是 ${name} 编码的文字，请在 Content-Type 中写明 charset`,
      `the answer is not text in ${name}: name its charset in Content-Type`,
    )
  }
}

function badAnswer(zh: string, en: string): BadMenu {
  return new BadMenu([{ zh, en }])
}

/** The document's own example has single quotes, so it is JSON5 rather than JSON. */
function readAnswer(text: string): unknown {
  const start = text.trimStart()
  if (start === '') throw badAnswer('答复是空的', 'the answer is empty')
  const begin = quote(start)
  if (/^<(!doctype|html|head|body|script|\?xml)/i.test(start))
    throw badAnswer(
      `答复是网页而不是 JSON，开头是 ${begin.zh}。地址可能需要登录或填写有误`,
      `the answer is a web page, not JSON, and begins with ${begin.en}: the address may need a sign-in, or is wrong`,
    )
  const answer = parse(text)
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw badAnswer(
      `答复应为对象 {menuList: […]}，开头是 ${begin.zh}`,
      `the answer should be an object {menuList: […]}, and begins with ${begin.en}`,
    )
  if (!Object.hasOwn(answer, 'menuList'))
    throw badAnswer(
      `menuList 缺失，答复开头是 ${begin.zh}`,
      `menuList is missing, the answer begins with ${begin.en}`,
    )
  return (answer as { menuList: unknown }).menuList
}

/** An item has four fields, and applications add some of their own. */
const elementsAtMost = menuLimits.items * 10

function checkExcess(excess: Excess | undefined): void {
  if (excess === 'elements')
    throw badAnswer(
      `答复的元素超过 ${elementsAtMost} 个`,
      `the answer has more than ${elementsAtMost} elements`,
    )
  if (excess === 'depth')
    throw badAnswer(`答复的嵌套超过 ${depthAtMost} 层`, `the answer is nested deeper than ${depthAtMost}`)
}

/** Its parser is written in JavaScript, and slow. */
const json5AtMost = 65_536

function parse(text: string): unknown {
  checkExcess(excessOfJson(Buffer.from(text), elementsAtMost))
  try {
    return parseForeignJson(text)
  } catch {
    if (text.length > json5AtMost)
      throw badAnswer(
        `答复超过 ${json5AtMost} 个字符，应为标准的 JSON（键和文字用双引号）`,
        `the answer has more than ${json5AtMost} characters and should be strict JSON, with double quotes around names and texts`,
      )
    checkExcess(excessOfJson5(text, elementsAtMost))
    try {
      return JSON5.parse(text)
    } catch (error) {
      const { lineNumber, columnNumber } = error as { lineNumber?: number; columnNumber?: number }
      const line = text.split('\n')[(lineNumber ?? 1) - 1] ?? ''
      const near = quote(line.slice(Math.max(0, (columnNumber ?? 1) - 21), (columnNumber ?? 1) + 20))
      const where = lineNumber
        ? {
            zh: `第 ${lineNumber} 行第 ${columnNumber} 列，${near.zh} 附近`,
            en: `line ${lineNumber}, column ${columnNumber}, near ${near.en}`,
          }
        : { zh: '格式有误', en: 'malformed' }
      const begin = quote(text.trimStart())
      throw badAnswer(
        `答复不是 JSON（${where.zh}），开头是 ${begin.zh}`,
        `the answer is not JSON (${where.en}), and begins with ${begin.en}`,
      )
    }
  }
}

function quote(text: string): Words {
  const short = text.slice(0, quoted).replace(/\s+/g, ' ') + (text.length > quoted ? '…' : '')
  return { zh: `「${short}」`, en: `'${short}'` }
}

/**
 * Saving an app with menu sync switched on also syncs it (docs/interface/apps.md#menu-of-an-app); a failed sync does not undo the
 * save.
 */
export async function syncAfterSave(ctx: Needs, presser: Presser, app: App): Promise<SyncResult | undefined> {
  return whyNotSynced(app) === undefined ? syncMenu(ctx, presser, app) : undefined
}
