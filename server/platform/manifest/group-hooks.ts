import type { Words } from '../http/words.ts'
import type { Db } from '../storage/db.ts'

/** What became of a group of members: how many are in it, came, and went. */
export type GroupChange = { id: number; name: string; members: number; joined: number; left: number }

/** Stores what developers are told of groups, in the transaction that has counted it. */
export type GroupsChanged<C> = (
  ctx: C,
  tx: Db,
  corpId: string,
  changes: readonly GroupChange[],
  at: Date,
) => Promise<void>

/** Where a group is named, in words such as: the app 报销. A group that is named anywhere is not deleted. */
export type GroupUses<C> = (ctx: C, tx: Db, corpId: string, groupId: number) => Promise<Words[]>
