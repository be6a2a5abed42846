import { type Static, Type } from 'typebox'
import type { ChangedFields, MemberEvent } from '../feed-store.ts'
import { type MemberCore, userKey } from '../mirror/members.ts'
import { isEverything, seesMember } from '../permissions/sight.ts'
import { shownFields } from '../write/changed-fields.ts'
import { seenDepartments, sees, type Viewer } from './viewer.ts'

const changedFieldSchema = Type.Object({
  field: Type.Enum(shownFields),
  /** Names of departments and people; one value or none for other fields; nothing for avatars. */
  before: Type.Array(Type.String()),
  after: Type.Array(Type.String()),
})
export type ChangedField = Static<typeof changedFieldSchema>

export const memberChangeSchema = Type.Object({
  seq: Type.Number(),
  op: Type.Enum(['join', 'put', 'drop', 'rename', 'move']),
  oldId: Type.String(),
  at: Type.String(),
  /** Empty where nothing is known, or nothing is visible to the viewer. */
  fields: Type.Array(changedFieldSchema),
})
export type MemberChange = Static<typeof memberChangeSchema>

/**
 * The history as far as the viewer could have followed it: of the time in which the person was in none of the viewer's
 * departments, only the coming and going is told.
 * `history`: newest first.
 */
export function changesSeen(
  viewer: Viewer,
  core: Pick<MemberCore, 'id' | 'key' | 'departments'>,
  history: readonly MemberEvent[],
): MemberChange[] {
  let { departments } = core
  return history.map(({ seq, op, oldId, at, fields }) => {
    const after = departments
    departments = (fields?.['departments']?.[0] as number[] | undefined) ?? departments
    const sawBoth = [departments, after].every(ids =>
      seesMember(viewer.sight, viewer.tree, { id: core.id, key: core.key, departments: ids }),
    )
    return {
      seq,
      op: op === 'put' && fields && Object.keys(fields).length === 0 ? 'join' : op,
      oldId: oldId ?? '',
      at: at.toISOString(),
      fields: fieldsSeen(viewer, fields ?? {}).filter(one => sawBoth || one.field === 'departments'),
    }
  })
}

function fieldsSeen(viewer: Viewer, fields: ChangedFields): ChangedField[] {
  return changedFieldSchema.properties.field.enum.flatMap(field => {
    const change = fields[field]
    if (!change) return []
    if (field === 'avatar') return { field, before: [], after: [] }
    const [before, after] = change.map(value => partsSeen(viewer, field, value)) as [Part[], Part[]]
    // What differs may be invisible to this viewer.
    if (idsOf(before) === idsOf(after)) return []
    return { field, before: before.map(one => one.name), after: after.map(one => one.name) }
  })
}

type Part = { id: string; name: string }

const idsOf = (parts: readonly Part[]) => JSON.stringify(parts.map(part => part.id))

function partsSeen(viewer: Viewer, field: ChangedField['field'], value: unknown): Part[] {
  switch (field) {
    case 'departments':
    case 'leaderIn':
      return departmentsSeen(viewer, value as number[])
    case 'mainDepartment':
      return departmentsSeen(viewer, [value as number])
    case 'directLeaders':
      return leadersSeen(viewer, value as string[])
    default:
      return value === '' || value === null ? [] : [{ id: String(value), name: String(value) }]
  }
}

/** A department that is gone has only its number left, and is told to those who see everything. */
function departmentsSeen(viewer: Viewer, ids: readonly number[]): Part[] {
  return ids.flatMap(id => {
    const [node] = seenDepartments(viewer, [id])
    if (node) return { id: String(id), name: node.department.name }
    return isEverything(viewer.sight) ? { id: String(id), name: `#${id}` } : []
  })
}

function leadersSeen(viewer: Viewer, userIds: readonly string[]): Part[] {
  return userIds.flatMap(id => {
    const leader = viewer.mirror.members.byKey(userKey(id))
    if (leader && sees(viewer, leader)) return { id, name: leader.name }
    return isEverything(viewer.sight) ? { id, name: id } : []
  })
}
