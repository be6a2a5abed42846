import type { Corps } from '../../../organisation/corps/corps.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { ownWords, told } from '../../../platform/http/told.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Words } from '../../../platform/words.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { anyChannelList, channelOf } from '../../channels/channels.ts'
import { bearersOf, type MessageKey, type MessageRow, type PartState } from '../../channels/part.ts'
import { keptReason, Refusal } from '../../channels/telling.ts'
import * as store from '../parts/store.ts'
import { fallsBack } from '../plans/persons-store.ts'
import { isCollected } from '../plans/plan-store.ts'
import * as records from './fate-store.ts'
import { tellResults } from './results-store.ts'
import { stopWaiting } from './stop-waiting.ts'

const sendingAtMostMs = 20_000
const recalled = { code: 'recalled' } as const

type RecallCounts = { recalled: number; unrecalled: number }

/**
 * Recalls a message, or each of those that carry its texts, and cancels for whom it still waits. Throws as `takeOff` does, where nothing of
 * it could be recalled.
 */
export async function recall(
  ctx: Core & { corps: Corps },
  message: MessageRow,
  actor: string,
): Promise<RecallCounts> {
  const recordIn = async (tx: Db, detail: RecallCounts) => {
    const { corpId, id: target } = message
    await record(tx, ctx, { corpId, actor, act: 'message.recall', target, detail })
  }
  if (message.children === null) return takeOff(ctx, message, recordIn)
  const at = new Date(ctx.now())
  const stopped = await ctx.db
    .transaction()
    .execute(tx => stopWaiting(tx, message, recalled, { receivers: message.receivers }, at))
  // What left since the message was read is among its texts by now.
  const whole = (await store.findMessage(ctx.db, message)) ?? message
  if (stopped === 0 && whole.children?.length === 0) throw await nothingToRecall(ctx, whole)
  const done = await takeOffTexts(ctx, whole, stopped)
  // Where only next steps were stopped, everybody keeps what has left.
  const isKept = done.recalled === stopped && (await fallsBack(ctx.db, whole))
  await ctx.db.transaction().execute(async tx => {
    if (!isKept) await store.markRecalled(tx, message, new Date(ctx.now()))
    await recordIn(tx, done)
  })
  return done
}

async function nothingToRecall(ctx: Core, message: MessageRow): Promise<ApiError> {
  if (!(await isCollected(ctx.db, message))) return nothingLeft()
  return new ApiError('badParameter', {
    zh: told`消息 ${message.id} 已并入合并发送的消息，不能撤回`,
    en: told`the message ${message.id} was sent within a digest and cannot be recalled`,
  })
}

const nothingLeft = () =>
  new ApiError('badParameter', {
    zh: '没有可以撤回的内容：消息没有发出，或已经撤回',
    en: 'there is nothing to recall: the message was not sent, or was recalled already',
  })

const textsAtOnce = 4

/** `stopped`: for how many persons it was cancelled already, so that there is something to tell. */
export async function takeOffTexts(
  ctx: Core & { corps: Corps },
  message: MessageRow,
  stopped: number,
): Promise<RecallCounts> {
  const texts = [...(await store.findMessages(ctx.db, message.corpId, bearersOf(message))).values()]
  const done = { recalled: stopped, unrecalled: 0 }
  let fault: ApiError | undefined
  const takeOne = async (text: MessageRow) => {
    try {
      const { recalled, unrecalled } = await takeOff(ctx, text)
      done.recalled += recalled
      done.unrecalled += unrecalled
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      fault ??= error
      done.unrecalled++
    }
  }
  for (let at = 0; at < texts.length; at += textsAtOnce)
    await Promise.all(texts.slice(at, at + textsAtOnce).map(takeOne))
  if (done.recalled === 0 && fault) throw fault
  return done
}

/**
 * Cancels what has not been sent, and recalls part by part from WeCom what was sent in the last 24 hours, after waiting for
 * calls under way. Counts parts. Where nothing can be recalled it throws and changes nothing: 1000 for what is too old, for
 * mail and SMS that were sent, and for what was recalled before; 1008, 1011 when upstream refuses. `alongside` writes in the
 * transaction that marks it.
 */
async function takeOff(
  ctx: Core & { corps: Corps },
  message: MessageRow,
  alongside?: (tx: Db, done: RecallCounts) => Promise<void>,
): Promise<RecallCounts> {
  const at = new Date(ctx.now())
  const cancelled = await cancelOpen(ctx, message, at)
  const sent = (await finishedParts(ctx, message)).filter(part => isSent(part) && part.recalledAt === null)
  const { taken, fault } = await takeBack(ctx, message, sent)
  const recalled = cancelled + taken.length
  if (recalled === 0 && fault) {
    await store.unmarkRecalled(ctx.db, message)
    throw fault
  }
  const done = { recalled, unrecalled: sent.length - taken.length }
  await ctx.db.transaction().execute(async tx => {
    await store.markRecalled(tx, message, at)
    await records.markPartsRecalled(tx, message.corpId, taken, at)
    await alongside?.(tx, done)
  })
  return done
}

/**
 * Cancels what waits and keeps the rest from being tried again; returns how many parts were cancelled. Throws 1000 when
 * neither anything waits nor anything that was sent can be recalled.
 */
async function cancelOpen(ctx: Core, message: MessageRow, at: Date): Promise<number> {
  return ctx.db.transaction().execute(async tx => {
    await store.lockMessages(tx, [message])
    const parts = await records.partsOf(tx, message)
    if (message.expandedTo === null && !parts.some(isOpen)) {
      const sent = parts.filter(part => isSent(part) && part.recalledAt === null)
      const obstacle = obstacleOf(ctx, message)
      if (sent.length > 0 && obstacle) throw obstacle
      if (!sent.some(part => part.vendorId)) throw nothingLeft()
      return 0
    }
    await store.markRecalled(tx, message, at)
    const count = await store.cancelParts(tx, message, keptReason(recalled), at)
    await tellResults(tx, [message], at)
    return count
  })
}

/** Asks upstream to take back each part. A part that it refuses leaves the others as they are; the first fault is told. */
async function takeBack(
  ctx: Core & { corps: Corps },
  message: MessageRow,
  sent: readonly records.PartView[],
): Promise<{ taken: number[]; fault: ApiError | undefined }> {
  const { recall: upstream } = channelOf(message.channel)
  const taken: number[] = []
  let fault = sent.length > 0 ? obstacleOf(ctx, message) : undefined
  if (fault || !upstream) return { taken, fault }
  const corp = ctx.corps.get(message.corpId)
  for (const { id, vendorId } of sent) {
    if (!vendorId) continue
    try {
      const refused = await upstream.send(corp, message.agentId, vendorId)
      if (refused) fault ??= new Refusal(refused)
      else taken.push(id)
    } catch (error) {
      const known = upstreamError(error)
      if (!(known instanceof ApiError)) throw known
      fault ??= known
    }
  }
  return { taken, fault }
}

/** Why none of what was sent can be recalled. */
function obstacleOf(ctx: Core, message: MessageRow): ApiError | undefined {
  const { recall: upstream } = channelOf(message.channel)
  if (!upstream) return new ApiError('badParameter', ownWords(notRecallable()))
  if (ctx.now() - message.createdAt.getTime() > upstream.withinMs)
    return new ApiError('badParameter', {
      zh: told`消息 ${message.id} 发出已超过 24 小时，企业微信只能撤回 24 小时内的消息`,
      en: told`the message ${message.id} is older than 24 hours, and WeCom recalls only messages of the last 24 hours`,
    })
  return undefined
}

const openStates: readonly PartState[] = ['waiting', 'sending', 'asking']
const isOpen = ({ state }: records.PartView) => openStates.includes(state)
const isSent = ({ state }: records.PartView) => state === 'sent' || state === 'unknown' || isUnderWay(state)
const isUnderWay = (state: PartState) => state === 'sending' || state === 'asking'

/** Says for all channels which of them recall nothing. */
function notRecallable(): Words {
  const labels = anyChannelList.flatMap(([, { recall, label }]) => (recall ? [] : [label]))
  const inEnglish = labels.map(({ en }) => (/^[A-Z][a-z]/.test(en) ? en.toLowerCase() : en))
  return {
    zh: `${new Intl.ListFormat('zh').format(labels.map(({ zh }) => zh))}发出后不能撤回`,
    en: `${new Intl.ListFormat('en').format(inEnglish)} cannot be recalled once they are sent`,
  }
}

/** The parts once no call is under way any more, or after `sendingAtMostMs`. */
async function finishedParts(ctx: Core, message: MessageKey): Promise<records.PartView[]> {
  const until = performance.now() + sendingAtMostMs
  for (;;) {
    const parts = await records.partsOf(ctx.db, message)
    if (!parts.some(part => part.state === 'sending') || performance.now() > until) return parts
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
