import type { Core } from '../../../../platform/core.ts'
import { describeError } from '../../../../platform/operation/log.ts'
import type { ActiveTask } from '../../../../platform/queue/queue.ts'
import { holdLease } from '../../../../platform/queue/queue-store.ts'
import type { OfficialClient } from '../../../../upstream/official/call.ts'
import { type FollowerInfo, limits, readFollowers } from '../../../../upstream/official/calls/users.ts'
import { OfficialError, OfficialUnavailable } from '../../../../upstream/official/errors.ts'
import type { Account } from '../../accounts/accounts.ts'
import * as store from './store.ts'

const batch = 1000
const unavailableMs = 30_000
/** A refusal, such as a limit of the day, is not over sooner. */
const refusedMs = 3_600_000
const invalidOpenid = 40003

/** Asks for all of them at once, so many in a call. */
export async function download(
  client: OfficialClient,
  openids: readonly string[],
  perCall: number,
): Promise<FollowerInfo[]> {
  const calls: Promise<FollowerInfo[]>[] = []
  for (let start = 0; start < openids.length; start += perCall)
    calls.push(readFollowers(client, openids.slice(start, start + perCall)))
  return (await Promise.all(calls)).flat()
}

/** Reads those of whom only a push is known. Returns when to try again, where WeChat would not tell. */
export async function readNew(
  ctx: Core,
  { lease, signal }: ActiveTask,
  account: Account,
): Promise<Date | undefined> {
  while (!signal.aborted) {
    const openids = await store.unreadFollowers(ctx.db, account, batch)
    if (openids.length === 0) return undefined
    const askedAt = new Date(ctx.now())
    try {
      const { followers, unknown } = await readKnown(account.client, openids)
      await ctx.db.transaction().execute(async tx => {
        await store.putRead(tx, account, followers, askedAt)
        await store.noteUnknown(tx, account, unknown, askedAt)
        await holdLease(tx, lease)
      })
    } catch (error) {
      const isRefusal = error instanceof OfficialError
      if (!isRefusal && !(error instanceof OfficialUnavailable)) throw error
      const { originalId } = account
      ctx.log.warn({ originalId, ...describeError(error) }, 'new followers not read')
      return new Date(ctx.now() + (isRefusal ? refusedMs : unavailableMs))
    }
  }
  return undefined
}

/** One openid that WeChat does not know fails the call for all that are in it, so they are then asked for one by one. */
async function readKnown(
  client: OfficialClient,
  openids: readonly string[],
): Promise<{ followers: FollowerInfo[]; unknown: string[] }> {
  const followers: FollowerInfo[] = []
  const unknown: string[] = []
  const one = async (openid: string) => {
    try {
      followers.push(...(await readFollowers(client, [openid])))
    } catch (error) {
      if (!(error instanceof OfficialError) || error.errcode !== invalidOpenid) throw error
      unknown.push(openid)
    }
  }
  for (let start = 0; start < openids.length; start += limits.openidsPerInfo) {
    const some = openids.slice(start, start + limits.openidsPerInfo)
    try {
      followers.push(...(await readFollowers(client, some)))
    } catch (error) {
      if (!(error instanceof OfficialError) || error.errcode !== invalidOpenid) throw error
      for (const openid of some) await one(openid)
    }
  }
  return { followers, unknown }
}
