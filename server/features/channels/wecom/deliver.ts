import type { Agent, Corp } from '../../../organisation/corps/corps.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { LimitReached } from '../../../upstream/transport/call-budget.ts'
import { WecomError, WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import type { SentMessage } from '../../../upstream/wecom/messages.ts'
import { isBusy, isLimit } from '../../../upstream/wecom/passing.ts'
import { forgetMediaId, mediaIdFor } from '../../message-media/give.ts'
import { filesOf } from '../../message-media/message-files.ts'
import type { MediaUse } from '../../message-media/upload-store.ts'
import type { ChannelCall, Failure, Outcome } from '../channel.ts'
import { statusesOf } from '../contacts-store.ts'
import { taskIdOf } from './cards/content.ts'
import type { WecomContent } from './content.ts'
import type { GivenContent } from './given.ts'
import { obstacleOf } from './obstacle.ts'
import { duplicateCheckSeconds } from './pace-store.ts'
import type { WecomReason } from './reasons.ts'
import type { WecomSettings } from './settings.ts'

export type WecomCall = ChannelCall<WecomSettings, WecomContent>

/** Error codes: `nobody` means that there is no receiver, `never` that WeCom will never accept the request. */
const nobody = new Set([81013, 82001, 60111, 46004])
const never = new Set([
  40004, 40005, 40006, 40008, 40054, 41016, 41033, 44004, 45002, 45008, 40032, 82002, 82003,
])
const limitPauseMs = 60_000

/**
 * Sends an application message through the corp's own agent (docs/interface/messages.md#sending-a-message,
 * docs/upstream/wecom-messages.md#sending).
 */
export async function sendByAgent(outgoing: WecomCall): Promise<Outcome> {
  const agent = outgoing.corp.agents.find(one => one.agentId === outgoing.agentId)
  if (!agent) return { kind: 'refused', reason: removed(outgoing.agentId), isConfig: true }
  const given = await fileGiven(outgoing, agent)
  if (given?.kind) return given
  const request = wecomRequest(outgoing, given?.mediaId)
  let sent: SentMessage
  try {
    sent = await agent.messenger.send(request)
  } catch (error) {
    if (isUnknownFile(error, outgoing)) return await withoutFile(outgoing, given?.mediaId)
    if (isArrived(outgoing, error)) return { kind: 'sent', vendorId: '', failures: [] }
    const outcome = outcomeOf(error)
    return outcome.kind === 'refused' && isForNobody(error)
      ? { ...outcome, failures: await knownFailures(outgoing) }
      : outcome
  }
  const { msgId: vendorId, responseCode } = sent
  const failures = await failuresOf(outgoing, sent)
  return { kind: 'sent', vendorId, failures, ...(responseCode ? { responseCode } : {}) }
}

/** A file that WeCom knows by this id now; or what became of the call, of which nothing has left. */
type GivenFile = { mediaId: string; kind?: undefined } | (Outcome & { mediaId?: undefined })

/** A part is leased for a minute, of which its own call needs a share. */
const uploadAtMostMs = 30_000

/** Gives the message's file to WeCom, unless it has it; undefined for a message without. */
async function fileGiven(outgoing: WecomCall, agent: Agent): Promise<GivenFile | undefined> {
  const { ctx, content, isRepeated, firstTriedAt } = outgoing
  const use = useOf(outgoing)
  if (!use || !('files' in content)) return undefined
  const triedAt = isRepeated ? firstTriedAt : undefined
  const beganAt = ctx.now()
  try {
    const given = await mediaIdFor(ctx, agent, use, { as: content.kind, triedAt })
    if (given === 'forgotten') return { kind: 'unsure', reason: { code: 'wecomFileForgotten' } }
    // Behind a slow upload the lease of the part may be over, and another node may have it. The next attempt finds the file there.
    if (given !== 'gone' && ctx.now() - beganAt > uploadAtMostMs)
      return { kind: 'again', reason: { code: 'wecomUploadSlow' } }
    if (given !== 'gone') return given
    const { name } = content.files[0]
    return { kind: 'refused', reason: { code: 'wecomFileGone', name }, isConfig: false }
  } catch (error) {
    if (error instanceof LimitReached)
      return { kind: 'again', reason: { code: 'wecomUploadLater' }, afterMs: error.retryAfterSeconds * 1000 }
    const outcome = outcomeOf(error)
    // Whatever became of the upload, nothing of the message has left.
    return outcome.kind === 'unsure' ? { kind: 'again', reason: outcome.reason } : outcome
  }
}

function useOf({ corp: { corpId }, key, content }: WecomCall): MediaUse | undefined {
  const [file] = filesOf(content)
  const [messageId = ''] = key.split('.')
  return file && { corpId, messageId, mediaId: file.mediaId }
}

const unknownMedia = 40007

function isUnknownFile(error: unknown, { content }: WecomCall): boolean {
  return error instanceof WecomError && error.errcode === unknownMedia && filesOf(content).length > 0
}

/** What may have arrived before cannot be repeated by another media_id: these are other bytes. */
async function withoutFile(outgoing: WecomCall, mediaId = ''): Promise<Outcome> {
  const reason: WecomReason = { code: 'wecomFileForgotten' }
  if (outgoing.isRepeated) return { kind: 'unsure', reason }
  const use = useOf(outgoing)
  if (use) await forgetMediaId(outgoing.ctx, use, mediaId)
  return { kind: 'again', reason }
}

/** Stands for the id under which WeCom gets a file, where requests are compared before it has it. */
export const nameOf = (content: WecomContent): string | undefined => filesOf(content)[0]?.mediaId

/** Returns why it cannot be recalled; undefined when it was. */
export async function recallByAgent(
  corp: Corp,
  agentId: number | null,
  vendorId: string,
): Promise<WecomReason | undefined> {
  const agent = corp.agents.find(one => one.agentId === agentId)
  if (!agent) return removed(agentId)
  await agent.messenger.recall(vendorId)
  return undefined
}

function removed(agentId: number | null): WecomReason {
  return { code: 'wecomAgentGone', agentId }
}

/**
 * The same part always gives the same bytes, because WeCom's duplicate check compares them. `mediaId` is that of the message's file at
 * WeCom.
 */
export function wecomRequest(
  part: Pick<WecomCall, 'userIds' | 'agentId' | 'content' | 'chunk' | 'isChecked' | 'key'>,
  mediaId?: string,
): object {
  const { content } = part
  const check = part.isChecked
    ? { enable_duplicate_check: 1, duplicate_check_interval: duplicateCheckSeconds }
    : {}
  const safe = content.safe ? { safe: 1 } : {}
  const base = { touser: part.userIds.join('|'), agentid: part.agentId, ...check, ...safe }
  if (content.kind === 'given') {
    const { msgtype, options } = content
    return { ...base, ...options, msgtype, [msgtype]: givenBody(content, part.key) }
  }
  if (content.kind === 'text')
    return { ...base, msgtype: 'text', text: { content: content.chunks[part.chunk] ?? '' } }
  if (content.kind === 'template_card') {
    const task_id = taskOf(part.key)
    return { ...base, msgtype: 'template_card', template_card: { ...content.card, task_id } }
  }
  if (content.kind === 'markdown')
    return { ...base, msgtype: 'markdown', markdown: { content: content.content } }
  if (content.kind === 'miniprogram_notice') {
    const { appid, page, title, description, items: content_item } = content
    const shown = {
      appid,
      ...(page ? { page } : {}),
      title,
      ...(description ? { description } : {}),
      content_item,
    }
    return { ...base, msgtype: content.kind, miniprogram_notice: shown }
  }
  if (content.kind === 'image' || content.kind === 'file')
    return { ...base, msgtype: content.kind, [content.kind]: { media_id: mediaId } }
  const { title, description } = content
  if (content.kind === 'video')
    return { ...base, msgtype: 'video', video: { media_id: mediaId, title, description } }
  const { url } = content
  if (content.kind === 'textcard') {
    return { ...base, msgtype: 'textcard', textcard: { title, description, url, btntxt: content.btntxt } }
  }
  return {
    ...base,
    msgtype: 'news',
    news: { articles: [{ title, description, url, picurl: content.picUrl }] },
  }
}

function taskOf(key: string): string {
  const [messageId = '', n = ''] = key.split('.')
  return taskIdOf(messageId, n)
}

/** In characters (docs/upstream/wecom-cards.md#fields). */
const taskIdAtMost = 128

/** A sender gives one task_id for all receivers, and WeCom takes each once: the calls after the first get one made of it. */
function givenBody({ body }: GivenContent, key: string): object {
  const { task_id } = body
  const n = key.split('.')[1]
  return task_id === undefined || n === undefined || n === '1'
    ? body
    : { ...body, task_id: `${String(task_id).slice(0, taskIdAtMost - n.length - 1)}@${n}` }
}

/** A card's task_id is its own, or its sender's: where WeCom knows it already, an earlier attempt arrived (docs/upstream/wecom-cards.md#the-life-of-a-card). */
function isArrived({ content, isRepeated }: WecomCall, error: unknown): boolean {
  return (
    isRepeated &&
    (content.kind === 'given' ? content.msgtype : content.kind) === 'template_card' &&
    error instanceof WecomError &&
    error.errcode === 40058 &&
    /task_id/.test(error.errmsg)
  )
}

async function failuresOf(outgoing: WecomCall, sent: SentMessage): Promise<Failure[]> {
  const spelling = new Map(outgoing.userIds.map(userId => [userKey(userId), userId]))
  const spelt = (id: string) => spelling.get(userKey(id)) ?? id
  const reasons = await whyInvalid(outgoing, sent.invalidUsers)
  return [
    ...sent.invalidUsers.map(id => ({
      userId: spelt(id),
      reason: reasons.get(userKey(id)) ?? ({ code: 'wecomOutOfSight' } as const),
    })),
    ...sent.unlicensedUsers.map(id => ({ userId: spelt(id), reason: { code: 'wecomUnlicensed' } as const })),
  ]
}

/** When WeCom refuses all receivers at once, those of whom the address book knows why. */
async function knownFailures(outgoing: WecomCall): Promise<Failure[]> {
  const reasons = await whyInvalid(outgoing, outgoing.userIds)
  return outgoing.userIds.flatMap(userId => {
    const reason = reasons.get(userKey(userId))
    return reason && reason.code !== 'wecomOutOfRange' ? [{ userId, reason }] : []
  })
}

/** WeCom names whom it refused, but not why; the address book knows. By key, without those it does not know. */
async function whyInvalid(
  { ctx, corp }: WecomCall,
  userIds: readonly string[],
): Promise<Map<string, WecomReason>> {
  if (userIds.length === 0) return new Map()
  try {
    const statuses = await statusesOf(ctx.db, corp.corpId, userIds.map(userKey))
    return new Map(
      [...statuses].map(([key, status]) => {
        const obstacle = obstacleOf({ status })
        // Where WeCom would take it for somebody of this status, it refused because of the visible range.
        return [key, obstacle && !obstacle.isTaken ? obstacle.reason : { code: 'wecomOutOfRange' }]
      }),
    )
  } catch (error) {
    // WeCom has answered already; if this were thrown, the message would be sent a second time.
    ctx.log.warn({ corpId: corp.corpId, ...describeError(error) }, 'reasons of refused receivers not read')
    return new Map()
  }
}

function isForNobody(error: unknown): boolean {
  return error instanceof WecomError && nobody.has(error.errcode)
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof WecomUnavailable) {
    const { reason: why, ambiguous } = error
    const silent: WecomReason = { code: 'wecomSilent', why }
    const unreachable: WecomReason = { code: 'wecomUnreachable', why }
    return ambiguous ? { kind: 'unsure', reason: silent } : { kind: 'again', reason: unreachable }
  }
  if (!(error instanceof WecomError)) throw error
  const { errcode, errmsg } = error
  const reason: WecomReason = { code: 'wecomRefused', errcode, errmsg }
  if (nobody.has(errcode) || never.has(errcode)) return { kind: 'refused', reason, isConfig: false }
  if (isLimit(errcode)) return { kind: 'again', reason, afterMs: limitPauseMs }
  if (isBusy(errcode)) return { kind: 'again', reason }
  return { kind: 'refused', reason, isConfig: true }
}
