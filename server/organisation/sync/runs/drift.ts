import type { Db } from '../../../platform/storage/db.ts'
import { userKey } from '../../directory/mirror/members.ts'
import type { Mirror } from '../../directory/mirror/mirror.ts'
import { profilesOf } from '../../directory/profile-store.ts'
import { membersById } from '../../directory/store.ts'
import { filledMember } from '../../directory/supplement/fill-members.ts'
import { supplementsOf } from '../../directory/supplement/supplement-store.ts'
import type { Operation } from '../../directory/write/plan.ts'

/** One difference between the mirror and WeCom. `fields` maps each field that differs to `[mirror, WeCom]`. */
export type Drift = {
  kind: 'department' | 'member' | 'tag'
  op: 'put' | 'drop'
  entityId: string
  fields: Record<string, [unknown, unknown]>
}

/** The differences that these operations would remove, field by field. */
export async function driftOf(db: Db, mirror: Mirror, operations: readonly Operation[]): Promise<Drift[]> {
  const known = operations.flatMap(one =>
    one.kind === 'member' && one.op === 'put' ? (mirror.members.byKey(one.key)?.id ?? []) : [],
  )
  const profiles = await profilesOf(db, mirror.corpId, known)
  const rows = new Map(
    (await membersById(db, mirror.corpId, known)).map(row => [
      userKey(row.userId),
      {
        ...row,
        attributes: profiles.get(row.id)?.attributes ?? [],
        bizMail: profiles.get(row.id)?.bizMail ?? '',
      },
    ]),
  )
  const supplements = await supplementsOf(db, mirror.corpId, known)
  return operations.flatMap(one => {
    if (one.op === 'rename' || one.op === 'leave' || one.op === 'supplement') return []
    if (one.kind === 'department') {
      const id = one.op === 'put' ? one.department.id : one.id
      const next = one.op === 'put' ? one.department : undefined
      return difference(one, String(id), mirror.tree.get(id)?.department, next)
    }
    if (one.kind === 'tag') {
      const id = one.op === 'put' ? one.tag.id : one.id
      return difference(one, String(id), mirror.tags.get(id), one.op === 'put' ? one.tag : undefined)
    }
    const userId = one.op === 'put' ? one.member.userId : one.userId
    const row = rows.get(userKey(userId))
    const next = one.op === 'put' ? filledMember(one.member, row && supplements.get(row.id)) : undefined
    return difference(one, userId, row, next)
  })
}

function difference(
  operation: { kind: Drift['kind']; op: 'put' | 'drop' },
  entityId: string,
  before: object | undefined,
  next: object | undefined,
): Drift[] {
  const { kind, op } = operation
  if (!before || !next) return [{ kind, op, entityId, fields: {} }]
  const old = before as Record<string, unknown>
  const changed = Object.entries(next).filter(
    ([name, value]) => value !== undefined && comparable(old[name]) !== comparable(value),
  )
  return changed.length > 0
    ? [
        {
          kind,
          op,
          entityId,
          fields: Object.fromEntries(changed.map(([name, value]) => [name, [old[name], value]])),
        },
      ]
    : []
}

function comparable(value: unknown): string {
  return JSON.stringify(Array.isArray(value) && typeof value[0] === 'string' ? [...value].sort() : value)
}
