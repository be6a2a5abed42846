/**
 * Who is in a group is decided member by member: those who changed when the address book changed, all in pages when the rule is another, a
 * large department moved or a day began. The decision is read outside of the transaction that writes it; a group that was edited meanwhile
 * has another version, and is decided about again. Everything may be repeated: what is right already is not written.
 */

import type { Core } from '../../platform/core.ts'
import { holdLease, type Lease } from '../../platform/queue/queue-store.ts'
import type { Db } from '../../platform/storage/db.ts'
import { type Corps, zoneOf } from '../corps/corps.ts'
import { isHere } from '../directory/mirror/members.ts'
import type { Mirror } from '../directory/mirror/mirror.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { dayIn, deciderOf, type Facts, type Ground, type Matcher } from './match.ts'
import {
  factsOf,
  lockVersions,
  type Membership,
  type Move,
  membershipsOf,
  putMoves,
} from './membership-store.ts'
import type { Rule } from './rule.ts'

export type SettleNeeds = Core & { corps: Corps; mirrors: Mirrors }

/** A group as far as it decides about members. */
export type DecidedGroup = { id: number; version: number; rule: Rule | null }

/** The group was edited while it was decided about. */
export class EditedMeanwhile extends Error {}

export function groundOf(ctx: SettleNeeds, mirror: Pick<Mirror, 'corpId' | 'tree' | 'tags'>): Ground {
  const timeZone = zoneOf(ctx, mirror.corpId)
  const { tree, tags } = mirror
  return { tree, tags, timeZone, today: dayIn(new Date(ctx.now()), timeZone) }
}

type Decider = { group: DecidedGroup; matches: Matcher }

export function decidersOf(groups: readonly DecidedGroup[], ground: Ground): Decider[] {
  return groups.map(group => ({ group, matches: group.rule ? deciderOf(group.rule, ground) : () => false }))
}

/** Returns who has to come into these groups or leave them. `facts` of leavers are missing. */
export function movesOf(
  deciders: readonly Decider[],
  ids: readonly number[],
  facts: readonly Facts[],
  rows: readonly Membership[],
): Move[] {
  const known = new Map(facts.map(one => [one.id, one]))
  const byMember = Map.groupBy(rows, one => one.memberId)
  const moves: Move[] = []
  for (const id of ids) {
    const own = known.get(id)
    const before = new Map(byMember.get(id)?.map(one => [one.groupId, one]))
    for (const { group, matches } of deciders) {
      const row = before.get(group.id)
      const isIn = own !== undefined && isHere(own) && (row?.isListed === true || matches(own))
      if (isIn !== (row?.isIn ?? false)) moves.push({ g: group.id, m: id, isIn })
    }
  }
  return moves
}

/** `also` writes more in the same transaction, of groups among `locked`: all are locked in one order. */
type SettleOptions = { lease?: Lease; also?: (tx: Db) => Promise<void>; locked?: readonly number[] }

/** Decides about these members in these groups. Throws `EditedMeanwhile`. */
export async function settleMembers(
  ctx: SettleNeeds,
  corpId: string,
  deciders: readonly Decider[],
  given: { ids: readonly number[]; facts?: readonly Facts[]; rows?: readonly Membership[] },
  { lease, also, locked = [] }: SettleOptions,
): Promise<void> {
  const facts = given.facts ?? (await factsOf(ctx.db, corpId, given.ids))
  const rows = given.rows ?? (await membershipsOf(ctx.db, corpId, given.ids))
  const moves = movesOf(deciders, given.ids, facts, rows)
  if (moves.length === 0 && !also) return
  const versions = new Map(deciders.map(({ group }) => [group.id, group.version]))
  await ctx.db.transaction().execute(async tx => {
    const touched = [...new Set(moves.map(one => one.g))]
    const now = await lockVersions(tx, corpId, [...new Set([...touched, ...locked])])
    if (touched.some(id => now.get(id) !== versions.get(id))) throw new EditedMeanwhile()
    await putMoves(tx, corpId, moves, new Date(ctx.now()))
    await also?.(tx)
    if (lease) await holdLease(tx, lease)
  })
}
