import type { Db } from '../../../platform/storage/db.ts'
import type { StoredMember, UpstreamMember } from '../entities.ts'
import { membersById } from '../store.ts'
import {
  bits,
  fillMembers,
  givenByWecom,
  isFromWecom,
  openSupplements,
  type ShownMember,
  type SupplementField,
  type SupplementValues,
  shownOf,
  supplementFields,
  supplementsOf,
  takeSupplements,
} from './supplement-store.ts'

/** How many persons are filled per transaction; the event that requests it stays open while there are more. */
const filledAtMost = 2000

/**
 * Fills the fields that WeCom leaves empty from the supplement. The hash remains that of WeCom's data alone, so that a sync
 * that reads the same data again has nothing to write.
 */
export function filledMember(
  member: UpstreamMember,
  supplement: SupplementValues | undefined,
): UpstreamMember {
  if (!supplement) return member
  const filled = { ...member }
  for (const field of supplementFields) {
    const value = supplement[field]
    if (!member[field] && value !== undefined) filled[field] = value
  }
  return filled
}

/** `filledMember` for many at once, with one query, or none when nobody needs it. */
export async function filledMembers<T extends UpstreamMember & { id: number }>(
  tx: Db,
  corpId: string,
  members: readonly T[],
): Promise<(T & { fromWecom: number })[]> {
  const known = members.flatMap(member => (member.id === 0 ? [] : member.id))
  const supplements = await supplementsOf(tx, corpId, known)
  return members.map(member => ({
    ...member,
    ...filledMember(member, supplements.get(member.id)),
    fromWecom: givenByWecom(member),
  }))
}

/** A member, and what the fields that can be supplemented were before. */
type MemberFill = { row: StoredMember; before: Pick<StoredMember, SupplementField> }

/** Takes over what was stored since the last time and returns the rows that this changed. */
export async function writeSupplements(tx: Db, corpId: string): Promise<MemberFill[]> {
  const ids = await openSupplements(tx, corpId, filledAtMost)
  if (ids.length === 0) return []
  const supplements = await takeSupplements(tx, corpId, ids)
  const before = new Map((await shownOf(tx, corpId, ids)).map(shown => [shown.id, shown]))
  const changed = [...before.values()].flatMap(shown => changedRow(shown, supplements.get(shown.id) ?? {}))
  if (changed.length === 0) return []
  await fillMembers(tx, corpId, changed)
  const rows = await membersById(
    tx,
    corpId,
    changed.map(row => row.id),
  )
  return rows.map(row => {
    const { email, mobile, avatar } = before.get(row.id) ?? row
    return { row, before: { email, mobile, avatar } }
  })
}

function changedRow(shown: ShownMember, supplement: SupplementValues): ShownMember[] {
  const next = { ...shown, fromWecom: 0 }
  for (const field of supplementFields) {
    const value = supplement[field]
    if (shown[field] !== '' && isFromWecom(shown.fromWecom, field)) next.fromWecom |= bits[field]
    else if (value !== undefined) next[field] = value
  }
  return supplementFields.some(field => next[field] !== shown[field]) ? [next] : []
}
