import { type ApplyNeeds, applyItems, type Result } from '../apply/apply.ts'
import { NotUnderstood, reasons } from '../reason.ts'
import {
  itemsAtMost,
  json,
  refusedStatus,
  refusedWords,
  type SourceRefusal,
  type SourceReply,
  type SourceRequest,
  strangePath,
} from '../receive/asked.ts'
import { attemptedTooOften, noteAttempt } from '../receive/attempts.ts'
import { isPassword } from '../receive/credentials.ts'
import { decodeBody } from '../receive/decode.ts'
import { readLooseJson } from '../receive/json.ts'
import { type Item, isItem, textIn } from '../receive/values.ts'
import type { SourceOfApp } from '../source.ts'
import { bindPersons, notePushed } from '../source-store.ts'
import { noteUnread } from '../unrecognised/note-unread.ts'
import { bindingOf, itemsOf, type SeeyonCall, seeyonCalls, seeyonReader, takesList } from './read.ts'
import { issueToken, isToken } from './tokens.ts'

const tokenPath = /^(?:.*\/)?rest\/token(?:\/([^/]+)\/([^/]+))?\/?$/i
const restPath = /^(?:.*\/)?rest\/(thirdparty[\w/]+?)\/?$/i

/** What 致远's own 第三方待办 answers (docs/upstream/oa-todos.md#致远-calls). */
export async function answerSeeyon(
  ctx: ApplyNeeds,
  source: SourceOfApp,
  asked: SourceRequest,
): Promise<SourceReply> {
  const token = tokenPath.exec(asked.path)
  if (token) return answerToken(ctx, source, asked, decoded(token[1]), decoded(token[2]))
  const call = callOf(asked.path)
  if (!call || asked.method !== 'POST') {
    const why = new NotUnderstood('unknownCall', strangePath(asked))
    await noteUnread(ctx, source, why.about, asked, why)
    return failure([wordsOf({}, why)], call ? 405 : 404)
  }
  const given = asked.headers['token'] ?? asked.query['token']
  if (source.password !== '' && !(typeof given === 'string' && isToken(ctx, source, given)))
    return failure(['token无效或已过期，请重新获取'], 401)
  let items: readonly Item[]
  try {
    items = itemsOf(call, decodeBody(asked.body, asked.headers['content-type']))
    if (items.length > itemsAtMost) throw new NotUnderstood('tooLong', `${items.length} > ${itemsAtMost}`)
    if (call === 'binding') return await bind(ctx, source, items)
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    await noteUnread(ctx, source, call, asked, error)
    return failure([wordsOf({}, error)])
  }
  // The plural's items are those of the singular, whose replays are the same.
  const results = await applyItems(ctx, source, seeyonReader, call === 'pendings' ? 'receive' : call, items)
  const errors = results.flatMap((result, index) => errorsOf(items[index]!, result))
  return errors.length === 0 ? json({ success: true, errorMsgs: [] }) : failure(errors)
}

function callOf(path: string): SeeyonCall | undefined {
  return seeyonCalls[restPath.exec(path)?.[1]?.toLowerCase() as keyof typeof seeyonCalls]
}

export function takesManySeeyon(path: string): boolean {
  const call = callOf(path)
  return call !== undefined && takesList(call)
}

export function refusedSeeyon(
  _source: SourceOfApp,
  asked: SourceRequest,
  refused: SourceRefusal,
): SourceReply {
  return failure([refusedWords[refused](asked)], refusedStatus[refused])
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part && decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Some senders ask with user and password in the path, some in a body; who takes JSON gets an object. */
async function answerToken(
  ctx: ApplyNeeds,
  source: SourceOfApp,
  asked: SourceRequest,
  user: string | undefined,
  password: string | undefined,
): Promise<SourceReply> {
  let given = { userName: user ?? '', password: password ?? '' }
  if (asked.method === 'POST' && user === undefined)
    try {
      const body = readLooseJson(decodeBody(asked.body, asked.headers['content-type']))
      if (isItem(body)) given = { userName: textIn(body, 'userName'), password: textIn(body, 'password') }
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error
      return failure([wordsOf({}, error)], 400)
    }
  if (await attemptedTooOften(ctx, source, asked)) return failure(['尝试过于频繁，请稍后再试'], 429)
  if (!isPassword(ctx, source, given.userName, given.password)) {
    await noteAttempt(ctx, source, asked)
    return failure(['用户名或密码错误'], 401)
  }
  const id = issueToken(ctx, source)
  const wantsJson = asked.method === 'POST' || /json/i.test(asked.headers.accept ?? '')
  return wantsJson ? json({ id, bindingUser: null }) : { type: 'text/plain; charset=utf-8', body: id }
}

async function bind(ctx: ApplyNeeds, source: SourceOfApp, items: readonly Item[]): Promise<SourceReply> {
  const at = new Date(ctx.now())
  const bindings = new Map(items.map(item => bindingOf(source, item)))
  await bindPersons(ctx.db, source.corpId, source.id, bindings, at)
  await notePushed(ctx.db, source.corpId, source.id, at)
  return json({ success: true, errorMsgs: [] })
}

function failure(errorMsgs: string[], status = 200): SourceReply {
  return json({ success: false, errorMsgs }, status)
}

function errorsOf(item: Item, { outcomes, refusals }: Result): string[] {
  if (refusals.length > 0) return refusals.map(why => wordsOf(item, why))
  return outcomes.every(one => one === 'absent') && outcomes.length > 0 ? [`${taskOf(item)}待办不存在`] : []
}

function taskOf(item: Item): string {
  const id = item['taskId'] ?? item['thirdpartyMessageId']
  return typeof id === 'string' || typeof id === 'number' ? `【${id}】` : ''
}

function wordsOf(item: Item, { reason, about }: NotUnderstood): string {
  return `${taskOf(item)}${reasons[reason].zh}${about === '' ? '' : `：${about}`}`
}
