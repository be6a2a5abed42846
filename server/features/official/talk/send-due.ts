import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { growingDelayMs } from '../../../platform/queue/growing-delay.ts'
import type { ActiveTask, Queue } from '../../../platform/queue/queue.ts'
import { holdLease, LeaseLost } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type CustomMessage, sendCustom } from '../../../upstream/official/calls/custom.ts'
import { OfficialUnavailable } from '../../../upstream/official/errors.ts'
import { mayPass } from '../../../upstream/official/passing.ts'
import { type Account, type Accounts, notReadYetMs } from '../accounts/accounts.ts'
import { mediaIdOf, storedFileOf } from '../media/media.ts'
import { reasonOf, type SendReason } from '../sends/reason.ts'
import * as store from '../sends/store.ts'
import { takeFrom } from '../sends/windows.ts'
import { logSends } from './log.ts'
import { touchTalk } from './revision-store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'official-send': true
  }
}

type Needs = Core & { accounts: Accounts; queue: Queue }

const atOnce = 16
const delays = { first: 1000, longest: 60_000 }
/** A refusal that somebody can mend is tried again for so long; the follower waits in the meantime. */
const keptTryingMs = 3_600_000

export function handleSends(ctx: Needs): void {
  ctx.queue.handle({ name: 'official-send', atOnce: 16, work: held => sendDue(ctx, held) })
}

/** One node at a time sends for an account, so that a follower's messages keep their order and windows are counted once. */
async function sendDue(ctx: Needs, held: ActiveTask): Promise<Date | undefined> {
  const { corpId, key: originalId, lease, signal } = held
  const of = { corpId, originalId }
  const account = ctx.accounts.find(originalId)
  if (account?.corpId !== corpId) {
    const isKnown = (await store.nextSendAt(ctx.db, of)) !== undefined
    return isKnown ? new Date(ctx.now() + notReadYetMs) : undefined
  }
  await store.settleAbandoned(ctx.db, of, { code: 'interrupted' }, new Date(ctx.now()))
  while (!signal.aborted) {
    const due = await store.dueSends(ctx.db, of, new Date(ctx.now()), atOnce)
    if (due.length === 0) return store.nextSendAt(ctx.db, of)
    const going = await ctx.db.transaction().execute(async tx => {
      const allowed = await begin(tx, ctx, account, due)
      await holdLease(tx, lease)
      return allowed
    })
    const changes = await Promise.all(going.map(send => attempt(ctx, account, send)))
    await ctx.db.transaction().execute(async tx => {
      await settle(tx, ctx, account, changes)
      await holdLease(tx, lease)
    })
  }
  return undefined
}

/** Marks what may be sent now as being sent, and ends what may not. */
async function begin(tx: Db, ctx: Core, account: Account, due: store.DueSend[]): Promise<store.DueSend[]> {
  const windows = await store.windowsOf(
    tx,
    account,
    due.map(send => send.openid),
    true,
  )
  const changes: store.SendChange[] = []
  const used: store.WindowRow[] = []
  const allowed: store.DueSend[] = []
  for (const send of due) {
    const taken = account.enabled
      ? takeFrom(
          windows.filter(one => one.openid === send.openid),
          ctx.now(),
        )
      : 'disabled'
    if (typeof taken === 'string') changes.push({ id: send.id, state: 'failed', reason: refusals[taken] })
    else {
      used.push({ ...taken, openid: send.openid })
      allowed.push(send)
      changes.push({ id: send.id, state: 'sending' })
    }
  }
  await store.putUsed(tx, account, used)
  await store.updateSends(tx, account, changes, new Date(ctx.now()))
  if (allowed.length < due.length) await touchTalk(tx, account)
  return allowed
}

const refusals: Record<'closed' | 'used up' | 'disabled', SendReason> = {
  closed: { code: 'closed' },
  'used up': { code: 'usedUp' },
  disabled: { code: 'disabled' },
}

type SendOutcome = store.SendChange & { send: store.DueSend }

async function attempt(ctx: Core, account: Account, send: store.DueSend): Promise<SendOutcome> {
  const { id } = send
  let hasLeft = false
  try {
    const content = await knownToWeChat(ctx, account, send.content)
    hasLeft = true
    await sendCustom(account.client, send.openid, content, send.kfAccount)
    return { send, id, state: 'sent' }
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    const { originalId } = account
    ctx.log.warn({ originalId, ...describeError(error) }, 'customer-service message not sent')
    const reason = reasonOf(error)
    const isUnclear = hasLeft && error instanceof OfficialUnavailable && error.ambiguous
    if (isUnclear) return { send, id, state: 'unknown', reason }
    if (!mayPass(error) || ctx.now() - send.createdAt.getTime() > keptTryingMs)
      return { send, id, state: 'failed', reason }
    const attempts = send.attempts + 1
    const dueAt = new Date(ctx.now() + growingDelayMs(send.attempts, delays))
    return { send, id, state: 'waiting', reason, attempts, dueAt }
  }
}

/** Uploads a stored file, which is named `file:` and its hash, where WeChat does not have it yet. */
async function knownToWeChat(ctx: Core, account: Account, content: CustomMessage): Promise<CustomMessage> {
  if (content.type !== 'image' && content.type !== 'voice') return content
  const hash = storedFileOf(content.mediaId)
  return hash === undefined
    ? content
    : { type: content.type, mediaId: await mediaIdOf(ctx, account, hash, content.type) }
}

/** What did not reach the follower gives its place in the window back. */
async function settle(tx: Db, ctx: Core, account: Account, changes: SendOutcome[]): Promise<void> {
  const at = new Date(ctx.now())
  await store.updateSends(
    tx,
    account,
    changes.map(({ send: _send, ...change }) => change),
    at,
  )
  const unused = changes.filter(({ state }) => state === 'waiting' || state === 'failed')
  await store.giveBack(
    tx,
    account,
    unused.map(({ send }) => send.openid),
  )
  const gone = changes.filter(({ state }) => state === 'sent' || state === 'unknown')
  await logSends(
    tx,
    account,
    gone.map(({ send }) => send),
    at,
  )
  await touchTalk(tx, account)
}
