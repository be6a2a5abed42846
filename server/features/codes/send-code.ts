/**
 * A code is counted, stored and answered first, and sent behind its answer, so that neither words nor time reveal whether the developer sees the
 * receiver. Until the receiver is found, nothing that somebody can type fits the code. code.ts of the sign-in counts tries and use.
 */

import { randomBytes } from 'node:crypto'
import {
  codeLastsMs,
  newCode,
  type TriedCode,
  tryCode,
  typedCode,
} from '../../callers/sign-in/sms-code/code.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { CodeFailure } from '../../platform/manifest/sms-codes.ts'
import { describeError } from '../../platform/operation/log.ts'
import { createUnderWay } from '../../platform/operation/under-way.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import { type AttemptLimit, countTogether } from '../../platform/security/counters.ts'
import type { SendNeeds, Setups } from '../channels/channel.ts'
import * as store from './codes-store.ts'
import { type CodeSendType, type CodeWay, wayOf } from './leave.ts'
import { memberMeant, numberOf, type Receiver, spelt } from './receiver.ts'

export type CodeNeeds = Core &
  SendNeeds & { corps: Corps; messageSettings: Setups; mirrors: Mirrors; offered: FeatureOffers }

/** What a developer asks for. `requestId`: the same again is the code that was sent for it, while that is good. */
export type CodeOrder = {
  purpose: string
  receiver: Receiver
  sendType: CodeSendType
  requestId: string | undefined
}

/**
 * All developers share those of a receiver as they named it, and those of a number; the sign-in of wisp has its own. A number is counted
 * behind the answer: if a userId and a mobile were refused because of each other, refusals would tell whose number it is.
 */
const minute: AttemptLimit = { purpose: 'code-minute', atMost: 1, windowMs: 60_000 }
const day: AttemptLimit = { purpose: 'code-day', atMost: 10, windowMs: 86_400_000 }
const minuteOfNumber: AttemptLimit = { ...minute, purpose: 'code-number-minute' }
const dayOfNumber: AttemptLimit = { ...day, purpose: 'code-number-day' }
/** Messages cost money. */
const ofDeveloper: AttemptLimit = { purpose: 'code-developer', atMost: 2000, windowMs: 3_600_000 }

/** A code that is not settled after so long was lost with its node. */
const lostAfterMs = 60_000

const underWay = createUnderWay(500)
export const developersCodesSent = () => underWay.settled()

/** Throws 1000 for a requestId with other content, 1008 without the channel, 1010 over the limits. */
export async function sendCode(
  ctx: CodeNeeds,
  developer: Caller,
  order: CodeOrder,
): Promise<{ codeId: string; expiresIn: number }> {
  const { corpId, devId } = developer
  const { purpose, receiver, sendType, requestId } = order
  const request = JSON.stringify([purpose, spelt(receiver), sendType])
  const wanted = requestId === undefined ? undefined : { corpId, devId, requestId }
  const repeated = wanted && (await store.codeRequested(ctx.db, wanted))
  if (repeated) {
    checkSame(ctx, repeated, request)
    if (isAlive(ctx, repeated)) return answerAgain(ctx, repeated)
  }

  const way = await wayOf(ctx, developer, sendType)
  if (underWay.isFull()) throw tooOften(1)
  const id = randomBytes(18).toString('base64url')
  const now = ctx.now()
  const isNew = await ctx.db.transaction().execute(async tx => {
    const lostBefore = new Date(now - lostAfterMs)
    if (wanted) await store.freeRequestId(tx, wanted, { now: new Date(now), lostBefore })
    const isStored = await store.insertCode(tx, {
      corpId,
      id,
      devId,
      requestId,
      request: ctx.seal.sign('code request', request),
      signature: ctx.seal.sign('code', randomBytes(24).toString('base64url')),
      channel: way.channel,
      madeAt: new Date(now),
      expiresAt: new Date(now + codeLastsMs),
    })
    if (!isStored) return false
    const subject = { corpId, of: `${sendType} ${spelt(receiver)}` }
    const wait = await countTogether(
      { ...ctx, db: tx, now: () => now },
      [
        { limit: minute, subject },
        { limit: day, subject },
        { limit: ofDeveloper, subject: { corpId, of: devId } },
      ],
      [],
    )
    if (wait !== undefined) throw tooOften(wait)
    return true
  })
  if (!isNew) {
    const stored = wanted && (await store.codeRequested(ctx.db, wanted))
    if (!stored) throw new Error('a code with the requestId was there and is not')
    checkSame(ctx, stored, request)
    return answerAgain(ctx, stored)
  }
  underWay.begin(leave(ctx, developer, order, id, way, now))
  return { codeId: id, expiresIn: codeLastsMs / 1000 }
}

/** Whether its receiver has it, or may get it still. */
function isAlive(ctx: CodeNeeds, { madeAt, expiresAt, settledAt }: store.RequestedCode): boolean {
  const isLost = settledAt === null && madeAt.getTime() < ctx.now() - lostAfterMs
  return !isLost && expiresAt.getTime() > ctx.now()
}

/** Throws 1000 for a requestId with other content. */
function checkSame(ctx: CodeNeeds, { request }: store.RequestedCode, asked: string): void {
  if (!ctx.seal.isSigned('code request', asked, request))
    throw new ApiError('badParameter', {
      zh: 'requestId 已用于另一条验证码（用途、接收人或发送方式不同）；没有发送，请换一个 requestId',
      en: 'this requestId stands for another code, with another purpose, receiver or sendType; nothing was sent: use a new requestId',
    })
}

function answerAgain(ctx: CodeNeeds, { id, expiresAt }: store.RequestedCode) {
  return { codeId: id, expiresIn: Math.max(0, Math.floor((expiresAt.getTime() - ctx.now()) / 1000)) }
}

/** Does not reject, because nobody waits for it. */
async function leave(
  ctx: CodeNeeds,
  developer: Caller,
  order: CodeOrder,
  id: string,
  way: CodeWay,
  orderedAt: number,
): Promise<void> {
  const { corpId } = developer
  try {
    await leaveUnsettled(ctx, developer, order, id, way, orderedAt)
  } catch (error) {
    ctx.log.warn({ corpId, ...describeError(error) }, 'code of a developer not sent')
  }
  // Alike whether there is a receiver or not: a repetition shows whether it was lost.
  await store.setSettled(ctx.db, { corpId, id }, new Date(ctx.now())).catch(error => {
    ctx.log.warn({ corpId, ...describeError(error) }, 'code of a developer not settled')
  })
}

async function leaveUnsettled(
  ctx: CodeNeeds,
  developer: Caller,
  { purpose, receiver, sendType }: CodeOrder,
  id: string,
  way: CodeWay,
  orderedAt: number,
): Promise<void> {
  const { corpId } = developer
  const key = { corpId, id }
  const target = await ctx.mirrors.during(corpId, () => targetOf(ctx, developer, receiver, way))
  if (!target) return
  // Counted as of the order, so that whoever waited a minute after the answer is not refused here.
  const subject = { corpId, of: `${sendType} ${numberOf(target) ?? spelt(receiver)}` }
  const wait = await countTogether(
    { ...ctx, now: () => orderedAt },
    [
      { limit: minuteOfNumber, subject },
      { limit: dayOfNumber, subject },
    ],
    [],
  )
  if (wait !== undefined) {
    ctx.log.warn({ corpId, codeId: id }, 'code of a developer not sent: its number had its share')
    return
  }
  const code = newCode()
  await store.setSignature(ctx.db, key, ctx.seal.sign('code', signed(id, purpose, receiver, code)))
  const failure = await way.send(target, { developer: developer.name, purpose, code })
  if (failure) ctx.log.warn({ corpId, why: failure.said.zh }, 'code of a developer not sent')
  if (!failure?.isNumber) await noteOutcome(ctx, key, failure)
}

async function targetOf(ctx: CodeNeeds, developer: Caller, receiver: Receiver, way: CodeWay) {
  const isAnybody = 'mobile' in receiver && way.channel === 'sms' && developer.scopes.has('code:any')
  if (isAnybody) return receiver
  const member = await memberMeant(ctx, developer, receiver)
  return member && way.reaches({ member }) ? { member } : undefined
}

async function noteOutcome(
  ctx: CodeNeeds,
  key: store.CodeKey,
  failure: CodeFailure | undefined,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await store.setOutcome(tx, key, new Date(ctx.now()), failure)
    if (failure) await checkAlerts(ctx, tx, key.corpId)
  })
}

export type CodeAnswer = { ok: boolean; triesLeft: number; why?: 'wrong' | 'expired' | 'used' }

/** Tries a code. One that there is not, or is another developer's, is expired. */
export async function checkCode(
  ctx: Core,
  { corpId, devId }: Caller,
  given: { codeId: string; purpose: string; receiver: Receiver; code: string },
): Promise<CodeAnswer> {
  const { codeId: id, purpose, receiver, code } = given
  const found = await store.findCode(ctx.db, { corpId, id, devId })
  if (!found || found.expiresAt.getTime() <= ctx.now()) return { ok: false, triesLeft: 0, why: 'expired' }
  const text = signed(id, purpose, receiver, typedCode(code))
  const tried: TriedCode = await tryCode(ctx, { corpId, of: id }, () =>
    ctx.seal.isSigned('code', text, found.signature),
  )
  return { ok: tried.why === undefined, ...tried }
}

function signed(id: string, purpose: string, receiver: Receiver, code: string): string {
  return JSON.stringify([id, purpose, spelt(receiver), code])
}

function tooOften(retryAfterSeconds: number): ApiError {
  return new ApiError(
    'tooManyRequests',
    {
      zh: told`验证码发送太频繁；没有发送，请 ${own(retryAfterSeconds)} 秒后再试。同一接收人每分钟 1 条、每天 ${own(day.atMost)} 条，一个开发者每小时 ${own(ofDeveloper.atMost)} 条`,
      en: told`codes are sent too often; nothing was sent: try again in ${own(retryAfterSeconds)} seconds. A receiver takes 1 a minute and ${own(day.atMost)} a day, a developer ${own(ofDeveloper.atMost)} an hour`,
    },
    { retryAfterSeconds },
  )
}
