import type { Corps } from '../../../../organisation/corps/corps.ts'
import { checkOn } from '../../../../organisation/corps/features/check-on.ts'
import { record } from '../../../../platform/audit/audit.ts'
import type { Core } from '../../../../platform/core.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import { told } from '../../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../../platform/manifest/offered.ts'
import { describeError } from '../../../../platform/operation/log.ts'
import { growingDelayMs } from '../../../../platform/queue/growing-delay.ts'
import type { ActiveTask, Queue } from '../../../../platform/queue/queue.ts'
import { enqueue, holdLease, type Lease } from '../../../../platform/queue/queue-store.ts'
import type { Words } from '../../../../platform/words.ts'
import { limits, listBlocked, listFollowers, listTags } from '../../../../upstream/official/calls/users.ts'
import { explainErrcode, OfficialError, OfficialUnavailable } from '../../../../upstream/official/errors.ts'
import { passesByItself } from '../../../../upstream/official/passing.ts'
import { checkAbility, whyNot } from '../../accounts/abilities.ts'
import { type Account, type Accounts, notReadYetMs } from '../../accounts/accounts.ts'
import type { OfficialRoom } from '../../accounts/official-room.ts'
import { replaceTags } from '../tags/store.ts'
import { download, readNew } from './read.ts'
import * as store from './store.ts'

declare module '../../../../platform/queue/queue-store.ts' {
  interface Streams {
    'official-followers': true
  }
}

type Needs = Core & { accounts: Accounts; queue: Queue }

/** Followers that are downloaded while those before them are written. */
const batch = 2000
const attemptsAtMost = 20
const delays = { first: 1000, longest: 3_600_000 }
/** After this long, too many people have come and gone for a pull to continue where it stopped. */
const resumableMs = 86_400_000

/** Asks for a full pull; one that failed goes on where it stopped, and one that is running is left alone. Throws 1009. */
export async function requestPull(
  ctx: Core & { corps: Corps; offered: FeatureOffers },
  actor: string,
  account: Account,
): Promise<store.Pull> {
  checkOn(ctx, account.corpId, 'official')
  checkAbility(account, 'followers')
  if (!account.enabled)
    throw new ApiError('forbidden', {
      zh: told`公众号 ${account.name} 已停用，请先启用`,
      en: told`the official account ${account.name} is disabled: enable it first`,
    })
  const { corpId, originalId } = account
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    const since = new Date(ctx.now() - resumableMs)
    if (!(await store.beginPull(tx, account, actor, at, since))) return
    const entry = { corpId, actor, target: originalId, targetName: account.name, detail: {} }
    await record(tx, ctx, { ...entry, act: 'official.follower.pull' })
    await enqueue(tx, [{ corpId, stream: 'official-followers', key: originalId }], at)
  })
  const pull = await store.findPull(ctx.db, account)
  if (!pull) throw new Error('the pull was not stored')
  return pull
}

export function handlePulls(ctx: Needs & { officialRoom: OfficialRoom }): void {
  const { officialRoom: room } = ctx
  ctx.queue.handle({
    name: 'official-followers',
    atOnce: 4,
    room,
    isBackground: true,
    work: held => work(ctx, held),
  })
}

/** A full pull where one was asked for, then what WeChat has to tell about newcomers. */
async function work(ctx: Needs, held: ActiveTask): Promise<Date | undefined> {
  const { corpId, key: originalId } = held
  const account = ctx.accounts.find(originalId)
  const pull = await store.findPull(ctx.db, { corpId, originalId })
  if (account?.corpId !== corpId) return pull && new Date(ctx.now() + notReadYetMs)
  const mayAsk = account.enabled && !whyNot(account, 'followers')
  if (pull?.state === 'running') {
    if (!mayAsk) await fail(ctx, held.lease, account, { errcode: 48001, rid: '' })
    else {
      const again = await tryPull(ctx, held, account, pull)
      if (again) return again
    }
  }
  return mayAsk ? readNew(ctx, held, account) : undefined
}

async function tryPull(
  ctx: Core,
  held: ActiveTask,
  account: Account,
  pull: store.Pull,
): Promise<Date | undefined> {
  try {
    await runPull(ctx, held, account, pull)
    return undefined
  } catch (error) {
    held.signal.throwIfAborted()
    const isRefusal = error instanceof OfficialError
    if (!isRefusal && !(error instanceof OfficialUnavailable)) throw error
    const { originalId } = account
    ctx.log.warn({ originalId, ...describeError(error) }, 'followers not pulled')
    const reason = isRefusal ? { errcode: error.errcode, rid: error.rid } : { errcode: null, rid: '' }
    const attempts = ((await store.findPull(ctx.db, account))?.attempts ?? 0) + 1
    if (!passesByItself(error) || attempts >= attemptsAtMost) {
      await fail(ctx, held.lease, account, reason)
      return undefined
    }
    await ctx.db.transaction().execute(async tx => {
      await store.updatePull(tx, account, { attempts, reason })
      await holdLease(tx, held.lease)
    })
    return new Date(ctx.now() + growingDelayMs(attempts - 1, delays))
  }
}

async function fail(ctx: Core, lease: Lease, account: Account, reason: store.PullReason): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await store.updatePull(tx, account, { state: 'failed', reason, endedAt: new Date(ctx.now()) })
    await holdLease(tx, lease)
  })
}

/** Reads page after page; after a crash the page that was not completely stored is read again. */
async function runPull(
  ctx: Core,
  { lease, signal }: ActiveTask,
  account: Account,
  { startedAt, ...begun }: store.Pull,
): Promise<void> {
  const { client } = account
  let { cursor, read } = begun
  for (;;) {
    signal.throwIfAborted()
    const askedAt = new Date(ctx.now())
    const { total, openids } = await listFollowers(client, cursor)
    const last = openids.at(-1)
    if (last === undefined) break
    let writing: Promise<void> | undefined
    for (let start = 0; start < openids.length; start += batch) {
      signal.throwIfAborted()
      const [followers] = await Promise.all([
        download(client, openids.slice(start, start + batch), limits.openidsPerInfo),
        writing,
      ])
      const isLast = start + batch >= openids.length
      const done = read + start + followers.length
      writing = ctx.db.transaction().execute(async tx => {
        await store.putRead(tx, account, followers, askedAt, startedAt)
        const progress = { total, read: done, attempts: 0, reason: null }
        await store.updatePull(tx, account, isLast ? { ...progress, cursor: last } : progress)
        await holdLease(tx, lease)
      })
    }
    await writing
    cursor = last
    read += openids.length
  }
  const tags = await listTags(client)
  const blocked = await readBlacklist(account)
  await ctx.db.transaction().execute(async tx => {
    const endedAt = new Date(ctx.now())
    await replaceTags(tx, account, tags)
    await store.putBlacklist(tx, account, blocked)
    const gone = await store.endUnlisted(tx, account, startedAt, endedAt)
    await store.updatePull(tx, account, { state: 'done', gone, reason: null, endedAt })
    await holdLease(tx, lease)
  })
}

/** Black lists are short, so that one is kept as a whole. */
async function readBlacklist({ client }: Account): Promise<string[]> {
  const all: string[] = []
  for (;;) {
    const page = await listBlocked(client, all.at(-1) ?? '')
    if (page.length === 0) return all
    all.push(...page)
  }
}

/** Why a pull waits or stopped, for people. */
export function whyStopped({ reason }: Pick<store.Pull, 'reason'>): Words | undefined {
  if (!reason) return undefined
  const { errcode, rid } = reason
  if (errcode === null) return { zh: '微信没有可用的应答', en: 'WeChat gave no usable answer' }
  const { text, fix } = explainErrcode(errcode)
  const end = rid ? `（rid: ${rid}）` : ''
  return {
    zh: `微信返回 ${errcode}：${text.zh}。${fix?.zh ?? ''}${end}`,
    en: `WeChat answered ${errcode}: ${text.en}. ${fix?.en ?? ''}${end}`,
  }
}
