import type { Agent, Corp, Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { readFileFor } from '../../../platform/files/files.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { growingDelayMs } from '../../../platform/queue/growing-delay.ts'
import type { ActiveTask, Queue } from '../../../platform/queue/queue.ts'
import { enqueue, holdLease } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type Words, wordsToStore } from '../../../platform/words.ts'
import { LimitReached } from '../../../upstream/transport/call-budget.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { WecomError, WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import { uploadMedia } from '../../../upstream/wecom/media.ts'
import { isBusy, isLimit } from '../../../upstream/wecom/passing.ts'
import { type Content, isMedia, type Media } from './content.ts'
import * as sends from './send-store.ts'
import * as store from './store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'agent-send': true
  }
}

type Needs = Core & { corps: Corps; queue: Queue }

const atOnce = 16
const delays = { first: 1000, longest: 60_000 }
/** Somebody waits for the answer, so what cannot be sent for so long is given up. */
const keptTryingMs = 600_000
const notReadYetMs = 1000

const interrupted: Words = {
  zh: '发送过程中服务中断，无法确认',
  en: 'the service stopped during the call: unclear',
}
const restored: Words = {
  zh: '由备份恢复，无法确认是否已发出',
  en: 'restored from a backup: it is unclear whether it went out',
}
const removed: Words = { zh: '应用已移除', en: 'the agent was removed' }
const unclear: Words = {
  zh: '无法确认企业微信是否已收到',
  en: 'it is unclear whether WeCom has taken it',
}

/** Stores messages of an agent in the caller's transaction; they go out right after it, each once. */
export async function putSends(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  { corpId, agentId }: sends.AgentKey,
  given: readonly sends.NewSend[],
): Promise<void> {
  if (given.length === 0) return
  const at = new Date(ctx.now())
  await sends.insertSends(tx, { corpId, agentId }, given, at)
  await enqueue(tx, [{ corpId, stream: 'agent-send', key: String(agentId) }], at)
}

export function settleRestored(tx: Db, at: Date): Promise<void> {
  return sends.settleRestoredSends(tx, wordsToStore(restored), at)
}

/** One node at a time sends for an agent, so that what a member is told keeps its order. */
export function handleSends(ctx: Needs): void {
  ctx.queue.handle({ name: 'agent-send', atOnce: 16, work: held => sendDue(ctx, held) })
}

async function sendDue(ctx: Needs, held: ActiveTask): Promise<Date | undefined> {
  const { corpId, key, lease, signal } = held
  const of = { corpId, agentId: Number(key) }
  const corp = ctx.corps.find(corpId)
  // This node may not have read the corp yet.
  if (!corp) return (await sends.nextSendAt(ctx.db, of)) ? new Date(ctx.now() + notReadYetMs) : undefined
  const agent = corp.agents.find(one => one.agentId === of.agentId)
  const write = (changes: readonly sends.SendChange[]) =>
    ctx.db.transaction().execute(async tx => {
      await sends.updateSends(tx, of, changes, new Date(ctx.now()))
      await holdLease(tx, lease)
    })
  await sends.settleAbandoned(ctx.db, of, wordsToStore(interrupted), new Date(ctx.now()))
  while (!signal.aborted) {
    const due = await sends.dueSends(ctx.db, of, new Date(ctx.now()), atOnce)
    if (due.length === 0) return sends.nextSendAt(ctx.db, of)
    await write(due.map(({ id }) => ({ id, state: 'sending' })))
    await write(await Promise.all(due.map(send => attempt(ctx, { corp, agent }, send))))
  }
  return undefined
}

type From = { corp: Corp; agent: Agent | undefined }

async function attempt(
  ctx: Core,
  { corp, agent }: From,
  { id, userId, content, attempts, createdAt }: sends.DueSend,
): Promise<sends.SendChange> {
  if (!agent) return { id, state: 'failed', reason: wordsToStore(removed) }
  let hasLeft = false
  try {
    const request = await requestOf(ctx, corp, agent, content)
    hasLeft = true
    await agent.messenger.send({ touser: userId, agentid: agent.agentId, ...request })
    return { id, state: 'sent' }
  } catch (error) {
    const { agentId } = agent
    ctx.log.warn({ corpId: corp.corpId, agentId, ...describeError(error) }, 'automatic reply not sent')
    if (hasLeft && error instanceof WecomUnavailable && error.ambiguous)
      return { id, state: 'unknown', reason: wordsToStore(unclear) }
    const reason = reasonOf(error)
    const isFileGone = error instanceof WecomError && error.errcode === mediaUnknown && isMedia(content)
    if (isFileGone) await store.deleteUpload(ctx.db, { corpId: corp.corpId, ...content })
    const isOver = ctx.now() - createdAt.getTime() > keptTryingMs
    if (isOver || !(isFileGone ? attempts === 0 : mayPass(error))) return { id, state: 'failed', reason }
    const dueAt = new Date(ctx.now() + growingDelayMs(attempts, delays))
    return { id, state: 'waiting', reason, attempts: attempts + 1, dueAt }
  }
}

/** WeCom has forgotten the file. */
const mediaUnknown = 40007

function mayPass(error: unknown): boolean {
  if (error instanceof WecomError) return isBusy(error.errcode) || isLimit(error.errcode)
  return error instanceof WecomUnavailable || error instanceof LimitReached
}

function reasonOf(error: unknown): string {
  const told = upstreamError(error)
  return wordsToStore(told instanceof ApiError ? told.detail : String(error))
}

async function requestOf(ctx: Core, corp: Corp, agent: Agent, content: Content): Promise<object> {
  switch (content.type) {
    case 'text':
    case 'markdown':
      return { msgtype: content.type, [content.type]: { content: content.content } }
    case 'image':
    case 'voice':
      return {
        msgtype: content.type,
        [content.type]: { media_id: await mediaIdOf(ctx, corp, agent, content) },
      }
    case 'video': {
      const { title, description } = content
      const media_id = await mediaIdOf(ctx, corp, agent, content)
      return { msgtype: 'video', video: { media_id, title, description } }
    }
    case 'articles': {
      const articles = content.articles.map(({ picUrl: picurl, ...one }) => ({ ...one, picurl }))
      return { msgtype: 'news', news: { articles } }
    }
    case 'card': {
      const { title, description, url, button } = content
      const card = { title, description, url, ...(button ? { btntxt: button } : {}) }
      return { msgtype: 'textcard', textcard: card }
    }
  }
}

const lifeMs = 3 * 86_400_000
/** What ends sooner is uploaded again. */
const spareMs = 3_600_000

/** Uploads a stored file where WeCom does not have it, or not for long enough. */
async function mediaIdOf(ctx: Core, { corpId }: Corp, { forward }: Agent, media: Media): Promise<string> {
  const { type, hash } = media
  const key = { corpId, hash, type }
  const known = await store.freshUpload(ctx.db, key, new Date(ctx.now()))
  if (known !== undefined) return known
  const file = await readFileFor(ctx, corpId, type, hash)
  const name = `${hash.slice(0, 16)}.${extensions[type]}`
  const mediaId = await uploadMedia(forward, type, { name, ...file })
  await store.putUpload(ctx.db, key, mediaId, new Date(ctx.now() + lifeMs - spareMs))
  return mediaId
}

const extensions = { image: 'jpg', voice: 'amr', video: 'mp4' } as const
