import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { growingDelayMs } from '../../../platform/queue/growing-delay.ts'
import type { ActiveTask, Queue } from '../../../platform/queue/queue.ts'
import { holdLease, type Lease } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { getMassState, type MassTarget, submitMass } from '../../../upstream/official/calls/mass.ts'
import { OfficialError, OfficialUnavailable } from '../../../upstream/official/errors.ts'
import { mayPass } from '../../../upstream/official/passing.ts'
import { checkAbility } from '../accounts/abilities.ts'
import { type Account, type Accounts, notReadYetMs } from '../accounts/accounts.ts'
import { forgetMedia } from '../media/media.ts'
import { type Content, wireContent } from './content.ts'
import * as parts from './part-store.ts'
import { reasonOf } from './reason.ts'
import * as store from './store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'official-mass': true
  }
}

type Needs = Core & { accounts: Accounts; queue: Queue }

/** WeChat refuses a clientmsgid that was used within the last minute (45066). */
const repeatMs = 61_000
/** WeChat knows a clientmsgid for 24 hours; later a repetition would be sent again. */
const repeatableMs = 23 * 3_600_000
/** What somebody can mend, such as a secret or an address, is waited for so long. */
const keptTryingMs = 3_600_000
const delays = { first: 5000, longest: 300_000 }
/** WeChat is asked when no event came: soon, then seldom. */
const askAfterMs = 60_000
const askAtMostEveryMs = 3_600_000
const askedForMs = 3 * 86_400_000
const deadMedia = 40007

/** The same for every repetition of a call, and at most 32 characters: longer ones are refused now and then (45067). */
export function clientMsgIdOf(massId: string, n: number): string {
  return `${massId}-${n}`
}

export function handleMasses(ctx: Needs): void {
  ctx.queue.handle({ name: 'official-mass', atOnce: 8, work: held => sendDue(ctx, held) })
}

/** One node at a time sends for an account. */
async function sendDue(ctx: Needs, held: ActiveTask): Promise<Date | undefined> {
  const { corpId, key: originalId, lease, signal } = held
  const of = { corpId, originalId }
  while (!signal.aborted) {
    const part = await parts.nextDuePart(ctx.db, of, new Date(ctx.now()))
    if (!part) return parts.nextDueAt(ctx.db, of)
    const account = ctx.accounts.find(originalId)
    if (account?.corpId !== corpId) return new Date(ctx.now() + notReadYetMs)
    if (part.state === 'running') await ask(ctx, lease, account, part)
    else await submit(ctx, lease, account, part)
  }
  return undefined
}

async function submit(ctx: Needs, lease: Lease, account: Account, part: parts.DuePart): Promise<void> {
  const mass = await begin(ctx, lease, account, part)
  if (!mass) return
  const change = await attempt(ctx, account, part, mass)
  await ctx.db.transaction().execute(async tx => {
    await parts.lockResults(tx, account)
    await store.lockMass(tx, account, part.massId)
    await parts.updatePart(tx, account, part, change, new Date(ctx.now()))
    await end(tx, ctx, account, part.massId, change.msgId)
    await holdLease(tx, lease)
  })
}

/** Marks the call as being made, unless somebody has stopped it since. */
function begin(
  ctx: Needs,
  lease: Lease,
  account: Account,
  part: parts.DuePart,
): Promise<store.Mass | undefined> {
  return ctx.db.transaction().execute(async tx => {
    const mass = await store.lockMass(tx, account, part.massId)
    const isStopped = !mass || !(await parts.isPartOpen(tx, account, part))
    if (isStopped) return undefined
    const at = new Date(ctx.now())
    const triedAt = part.triedAt ?? at
    await parts.updatePart(tx, account, part, { state: 'sending', triedAt, attempts: part.attempts + 1 }, at)
    if (mass.state === 'waiting') await store.setMass(tx, account, mass.id, { state: 'going' })
    await holdLease(tx, lease)
    return mass
  })
}

/** Ends what WeChat told of already, and the message when nothing of it is open. */
async function end(tx: Db, ctx: Core, account: Account, massId: string, msgId?: string): Promise<void> {
  const at = new Date(ctx.now())
  if (msgId) await parts.settleTold(tx, account, [msgId], at)
  await parts.settleMasses(tx, account, [massId], at)
}

async function attempt(
  ctx: Needs,
  account: Account,
  part: parts.DuePart,
  mass: store.Mass,
): Promise<parts.PartChange> {
  try {
    checkMay(account, mass)
    const content = await wireContent(ctx, account, mass.content)
    const clientMsgId = clientMsgIdOf(mass.id, part.n)
    const { msgId } = await submitMass(account.client, targetOf(mass, part), content, clientMsgId)
    const submittedAt = new Date(ctx.now())
    const dueAt = new Date(ctx.now() + askAfterMs)
    return { state: 'running', msgId, submittedAt, dueAt, reason: null }
  } catch (error) {
    ctx.stopping.throwIfAborted()
    const { originalId } = account
    ctx.log.warn({ originalId, massId: mass.id, ...describeError(error) }, 'mass message not taken')
    return afterFailure(ctx, account, part, mass.content, error)
  }
}

function checkMay(account: Account, { audience }: store.Mass): void {
  if (!account.enabled)
    throw new ApiError('badParameter', {
      zh: told`公众号 ${account.name} 已停用`,
      en: told`the official account ${account.name} is disabled`,
    })
  checkAbility(account, audience.to === 'all' || audience.to === 'tag' ? 'mass' : 'massByList')
}

function targetOf({ audience }: store.Mass, { openids }: parts.DuePart): MassTarget {
  if (audience.to === 'all') return { to: 'all' }
  if (audience.to === 'tag') return { to: 'tag', tagId: audience.tagId }
  return { to: 'list', openids: openids ?? [] }
}

async function afterFailure(
  ctx: Needs,
  account: Account,
  part: parts.DuePart,
  content: Content,
  error: unknown,
): Promise<parts.PartChange> {
  const reason = reasonOf(error)
  const triedFor = ctx.now() - (part.triedAt?.getTime() ?? ctx.now())
  const later = (ms: number): parts.PartChange => ({
    state: 'waiting',
    dueAt: new Date(ctx.now() + ms),
    reason,
  })
  const mayHaveTaken =
    (error instanceof OfficialUnavailable && error.ambiguous) ||
    (error instanceof OfficialError && error.errcode === 45066)
  if (mayHaveTaken) return triedFor < repeatableMs ? later(repeatMs) : { state: 'unknown', reason }
  if (error instanceof OfficialError && error.errcode === deadMedia && part.attempts < 2) {
    if (await forgotMedia(ctx, account, content)) return later(0)
  }
  if (!mayPass(error) || triedFor > keptTryingMs) return { state: 'failed', reason }
  return later(growingDelayMs(part.attempts, delays))
}

/** Returns whether the content has media that can be uploaded again. */
async function forgotMedia(ctx: Needs, account: Account, content: Content): Promise<boolean> {
  const wire = await wireContent(ctx, account, content).catch(() => undefined)
  if (wire?.type !== 'image' && wire?.type !== 'voice') return false
  for (const mediaId of wire.type === 'image' ? wire.mediaIds : [wire.mediaId])
    await forgetMedia(ctx, account, mediaId)
  return true
}

const statusOf = { SEND_SUCCESS: 'sendsuccess', SEND_FAIL: 'sendfail', DELETE: 'delete' } as const

/** The event stays out, or came before our call was answered: then its result is there already. */
async function ask(ctx: Needs, lease: Lease, account: Account, part: parts.DuePart): Promise<void> {
  const { msgId, submittedAt } = part
  const runningMs = ctx.now() - (submittedAt?.getTime() ?? ctx.now())
  const dueAt = new Date(ctx.now() + Math.min(Math.max(runningMs, askAfterMs), askAtMostEveryMs))
  let change: parts.PartChange = { state: 'running', dueAt }
  let results: parts.NewResult[] = []
  try {
    const state = msgId ? await getMassState(account.client, msgId) : 'SENDING'
    if (msgId && state !== 'SENDING') {
      const none = { total: null, filtered: null, sent: null, errors: null, urls: [] }
      results = [{ msgId, status: statusOf[state], ...none, at: new Date(ctx.now()) }]
    } else if (runningMs > askedForMs) change = { state: 'unknown', reason: { code: 'unclear' } }
  } catch (error) {
    ctx.stopping.throwIfAborted()
    ctx.log.warn({ originalId: account.originalId, ...describeError(error) }, 'mass message not asked about')
    if (runningMs > askedForMs) change = { state: 'unknown', reason: reasonOf(error) }
  }
  await ctx.db.transaction().execute(async tx => {
    await parts.lockResults(tx, account)
    await store.lockMass(tx, account, part.massId)
    // The event may have come while WeChat was asked.
    if (await parts.isPartOpen(tx, account, part)) {
      await parts.updatePart(tx, account, part, change, new Date(ctx.now()))
      await parts.putResults(tx, account, results)
    }
    await end(tx, ctx, account, part.massId, msgId ?? undefined)
    await holdLease(tx, lease)
  })
}
