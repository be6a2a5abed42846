import type { Corp } from '../../../organisation/corps/corps.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { WecomError } from '../../../upstream/wecom/errors.ts'
import type { SentMessage } from '../../../upstream/wecom/messages.ts'
import type { AgentMedia } from '../../message-media/give.ts'
import { filesOf } from '../../message-media/message-files.ts'
import type { ChannelCall, Failure, Outcome } from '../channel.ts'
import { statusesOf } from '../contacts-store.ts'
import { taskIdOf } from './cards/content.ts'
import type { WecomContent } from './content.ts'
import { fileGiven, isUnknownFile, withoutFile } from './give-file.ts'
import type { GivenContent } from './given.ts'
import { obstacleOf } from './obstacle.ts'
import { isForNobody, outcomeOf } from './outcome.ts'
import { duplicateCheckSeconds } from './pace-store.ts'
import type { WecomReason } from './reasons.ts'
import type { WecomSettings } from './settings.ts'

export type WecomCall = ChannelCall<WecomSettings, WecomContent>

/**
 * Sends an application message through the corp's own agent (docs/interface/messages.md#sending-a-message,
 * docs/upstream/wecom-messages.md#sending).
 */
export async function sendByAgent(outgoing: WecomCall): Promise<Outcome> {
  const agent = outgoing.corp.agents.find(one => one.agentId === outgoing.agentId)
  if (!agent) return { kind: 'refused', reason: removed(outgoing.agentId), isConfig: true }
  const given = await fileGiven(outgoing, agent, mediaOf(outgoing.content))
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

/** What the file of a content is uploaded as. */
const mediaOf = ({ kind }: WecomContent): AgentMedia | undefined =>
  kind === 'image' || kind === 'file' || kind === 'video' ? kind : undefined

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
  const base = { touser: part.userIds.join('|'), agentid: part.agentId, ...check }
  return { ...base, ...messageBody(content, part, mediaId) }
}

/** What stands in a request beside its receivers: `msgtype`, what is under it, and options. */
export function messageBody(
  content: WecomContent,
  part: Pick<WecomCall, 'chunk' | 'key'>,
  mediaId?: string,
): { msgtype: string; [field: string]: unknown } {
  const base = content.safe ? { safe: 1 } : {}
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
