import { createHash } from 'node:crypto'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { App } from '../../apps/app.ts'
import type { Apps } from '../../apps/catalog.ts'
import { Refusal, storedReason } from '../../channels/telling.ts'
import { codesOf } from '../../channels/wecom/cards/code-store.ts'
import type { WecomContent } from '../../channels/wecom/content.ts'
import { mediaOf } from '../../message-media/media.ts'
import { fileIn } from '../../message-media/message-files.ts'
import type { Submission, SubmitResult } from '../../messages/accept/sending.ts'
import { repeated } from '../../messages/accept/submit.ts'
import { partsOf } from '../../messages/fate/fate-store.ts'
import { findByRequest, findMessage } from '../../messages/parts/store.ts'
import type { WaitingNeeds } from '../../messages/waiting/open-call.ts'
import { send } from '../../messages/waiting/send.ts'
import { CompatRefusal, errcodeOf, type InvalidLists, notConfigured, refused } from '../answer.ts'
import { type CompatMessage, type Given, readMessage } from './read-message.ts'

export type CompatSendNeeds = WaitingNeeds & { apps: Apps }

/** What WeCom answers to a send besides its code. */
export type CompatSent = { msgid: string; lists: InvalidLists; responseCode?: string }

/**
 * Sends what was written for WeCom as a message of wisp, by the same way as `message/send`: the sender is an app of the developer's, its
 * content leaves as it is. Throws CompatRefusal, and ApiError of the send.
 */
export async function sendCompat(ctx: CompatSendNeeds, developer: Caller, given: Given): Promise<CompatSent> {
  const message = readMessage(given)
  const { receivers, agentId } = message
  const app = senderOf(ctx, developer, agentId)
  const content = await contentOf(ctx, developer, message)
  const submission: Submission = {
    channel: 'wecom',
    receivers,
    content,
    truncated: [],
    agentName: app.name,
    agentId: String(agentId),
    templateId: undefined,
    requestId: undefined,
  }
  const result = await sendOnce(ctx, developer, submission, message).catch((error: unknown) => {
    throw error instanceof ApiError ? withLists(error, receivers) : error
  })
  if (result.status === 'failed') throw await whyFailed(ctx, developer, result)
  const sent = { msgid: result.msgId, lists: result }
  return message.content.msgtype === 'template_card'
    ? { ...sent, ...(await codeOf(ctx, developer, result)) }
    : sent
}

function senderOf({ apps, corps }: CompatSendNeeds, { corpId, devId }: Caller, agentId: number): App {
  const ofAgent = apps.ofCorp(corpId).filter(app => app.agentId === agentId)
  const own = ofAgent.find(app => app.devId === devId)
  if (own) return own
  if (corps.get(corpId).agents.some(agent => agent.agentId === agentId))
    throw refused(301002, {
      zh: told`agentid ${agentId} 不属于该开发者：请在应用中心把关联它的应用归给该开发者`,
      en: told`agentid ${agentId} is not this developer's: assign the app that is linked to it to the developer in the app centre`,
    })
  throw refused(40056, {
    zh: told`没有接入 agentid 为 ${agentId} 的企业微信应用`,
    en: told`there is no WeCom app with the agentid ${agentId}`,
  })
}

/** What was uploaded is looked up. Throws 40007 for a file that is not this developer's, or is of another kind. */
async function contentOf(
  ctx: CompatSendNeeds,
  developer: Caller,
  { content }: CompatMessage,
): Promise<WecomContent> {
  if (content.kind === 'given') return content
  const { msgtype, mediaId, isSafe, title, description } = content
  try {
    const files = await mediaOf(ctx, developer, [mediaId])
    const file = fileIn({ mediaId, files }, msgtype === 'file' ? undefined : msgtype)
    const safe = isSafe ? ({ safe: true } as const) : {}
    if (msgtype === 'video') return { kind: msgtype, files: [file], title, description, ...safe }
    return { kind: msgtype, files: [file], ...safe }
  } catch (error) {
    throw error instanceof ApiError ? new CompatRefusal(40007, error) : error
  }
}

/**
 * WeCom's duplicate check (docs/upstream/wecom-messages.md#sending): the same message leaves once within the interval, and is answered as the
 * first was. Its requestId names the message and the stretch of time; that of the stretch before counts while the interval lasts.
 */
async function sendOnce(
  ctx: CompatSendNeeds,
  developer: Caller,
  submission: Submission,
  { duplicateSeconds }: CompatMessage,
): Promise<SubmitResult> {
  if (duplicateSeconds === undefined) return send(ctx, developer, submission)
  const ms = duplicateSeconds * 1000
  const hash = createHash('sha256').update(JSON.stringify(submission)).digest('base64url').slice(0, 32)
  const stretch = Math.floor(ctx.now() / ms)
  const requestIdOf = (n: number) => `compat-${hash}-${duplicateSeconds}-${n}`
  const { corpId, devId } = developer
  const requestId = requestIdOf(stretch - 1)
  const first = await findByRequest(ctx.db, { corpId, devId, requestId })
  const earlier = first && (await findMessage(ctx.db, { corpId, id: first.id }))
  const isSame = earlier && earlier.createdAt.getTime() > ctx.now() - ms
  const known = isSame ? await repeated(ctx, developer, { ...submission, requestId }) : undefined
  return known ?? send(ctx, developer, { ...submission, requestId: requestIdOf(stretch) })
}

const unknownReceivers: readonly string[] = ['unknownMember', 'unknownDepartment', 'unknownTag']

/** Where none of the receivers is known, WeCom names them all. */
function withLists(error: ApiError, { toUser, toParty, toTag }: CompatMessage['receivers']): Error {
  if (!unknownReceivers.includes(error.error)) return error
  const lists = {
    invaliduser: toUser.join('|'),
    invalidparty: toParty.join('|'),
    invalidtag: toTag.join('|'),
  }
  return new CompatRefusal(81013, error, lists)
}

/** What WeCom said of the message, when nobody got it. */
async function whyFailed(
  ctx: CompatSendNeeds,
  { corpId }: Caller,
  { msgId, ...lists }: SubmitResult,
): Promise<CompatRefusal> {
  const part = (await partsOf(ctx.db, { corpId, id: msgId })).find(one => one.reason)
  if (!part?.reason)
    return new CompatRefusal(81013, new ApiError('unknownMember', told`${lists.invaliduser}`), lists)
  const failure = new Refusal(storedReason(part.reason))
  const said = errcodeOf(failure)
  return new CompatRefusal(said === notConfigured ? 81013 : said, failure, lists)
}

/** The code of a card that people press, which is one for all receivers of a call. */
async function codeOf(
  ctx: CompatSendNeeds,
  { corpId }: Caller,
  { msgId }: SubmitResult,
): Promise<{ responseCode?: string }> {
  const codes = await codesOf(ctx.db, corpId, [msgId])
  return codes.length === 1 ? { responseCode: codes[0]!.code } : {}
}
