import type { Core } from '../core.ts'
import type { Point } from '../http/admin/points.ts'
import type { Db } from '../storage/db.ts'
import type { Words } from '../words.ts'

/**
 * Ends sessions, tickets and the like of members who may no longer act: disabled, quit or gone from the address book. It runs
 * in the transaction that records this, so that nothing comes back to life when WeCom enables a member again.
 */
export type AccessEnd = (tx: Db, corpId: string, memberIds: readonly number[], at: Date) => Promise<void>

/** Takes away what refers to departments that were deleted, in the transaction that deletes them: WeCom may give their ids again. */
export type DepartmentsEnd = (
  tx: Db,
  ctx: Pick<Core, 'now'>,
  corpId: string,
  departmentIds: readonly number[],
) => Promise<void>

/** Follows members who are new in the address book, in the transaction that records them. Some may have been there before. */
export type Arrival<C> = (
  ctx: C,
  tx: Db,
  corpId: string,
  memberIds: readonly number[],
  at: Date,
) => Promise<void>

/** A push that an agent heard, as far as rooms beside its own need it; the parts are text, elements by name, or lists of both. */
export type HeardPush = { readonly event?: string; readonly fields: Readonly<Record<string, unknown>> }

/** Follows what an agent heard, in the transaction that acts on it. The same push may come again. */
export type HeardFollower<C> = (
  ctx: C,
  tx: Db,
  corpId: string,
  pushes: readonly HeardPush[],
  at: Date,
) => Promise<void>

/** What became of a group of members: how many are in it, came, and went. */
export type GroupChange = { id: number; name: string; members: number; joined: number; left: number }

/** Stores what developers are told of groups, in the transaction that has counted it. */
export type GroupFollower<C> = (
  ctx: C,
  tx: Db,
  corpId: string,
  changes: readonly GroupChange[],
  at: Date,
) => Promise<void>

/** Where a group is named, in words such as: the app 报销. */
export type GroupUse = Words & {
  /** What somebody holds who could give the same there, and where their role or token may be restricted to. */
  point: Point
  appId?: string
  devId?: string
  /** Every group is named there, as in what an app is told at sign-in. */
  isOfAll?: true
  /** Whoever is in the group has rights: it takes one to give these, or two of the three administrators. */
  givesRights?: 'alone' | 'together'
}

/** `groupId` is undefined for one that is made. */
export type GroupUses<C> = (
  ctx: C,
  tx: Db,
  corpId: string,
  groupId: number | undefined,
) => Promise<GroupUse[]>
