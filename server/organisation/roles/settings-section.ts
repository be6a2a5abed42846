import { Type } from 'typebox'
import type { Range } from '../../platform/http/admin/grant.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import type { Db } from '../../platform/storage/db.ts'
import { groupsOf } from '../groups/group-store.ts'
import { unknownGroups } from '../groups/groups.ts'
import { addRole, groupsOfRoleAtMost, type RoleNeeds, setRole, unknownRole } from './own-roles.ts'
import { findRole, type RoleRow, rolesOfCorp } from './role-store.ts'

const ids = Type.Array(Type.String({ maxLength: 64 }), { maxItems: 200 })
const shape = Type.Object(
  {
    id: Type.Optional(Type.String({ maxLength: 20 })),
    name: Type.String({ maxLength: 64 }),
    points: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 200 })),
    range: Type.Optional(Type.Enum(['corp', 'departments', 'apps'])),
    departmentIds: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { maxItems: 200 })),
    appIds: Type.Optional(ids),
    devIds: Type.Optional(ids),
    /** By name: another corp has other numbers. */
    groups: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: groupsOfRoleAtMost })),
    until: Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Null()])),
  },
  { additionalProperties: false },
)

const nothing = {
  name: '',
  points: [],
  range: 'corp',
  departmentIds: [],
  appIds: [],
  devIds: [],
  groups: [],
  until: null,
}

/** The own roles of a corp. Who has them is no setting: people are given roles on the page or by `wisp role give`. */
export const roleSection = settingsSection({
  key: 'id',
  refersTo: { devIds: 'developers', appIds: 'apps' },
  byPeople: nothing,
  shape,
  async read({ db }: RoleNeeds, corpId) {
    const names = new Map((await groupsOf(db, corpId)).map(one => [one.id, one.name]))
    return (await rolesOfCorp(db, corpId)).map(role => ({
      ...itemOf(role),
      groups: role.groups.map(id => names.get(id) ?? String(id)),
    }))
  },
  async add(ctx, actor, corpId, item) {
    const { name, points = [], until = null } = item
    const groups = await groupIds(ctx.db, corpId, item.groups)
    const role = { name, points, range: rangeOf({ ...nothing, ...item }), until: readUntil(until), groups }
    return String(await addRole(ctx, { actor, person: undefined }, corpId, role))
  },
  check: (_ctx, _corpId, { until }) => {
    if (until) readUntil(until)
  },
  async set(ctx, actor, corpId, key, change) {
    const stored = await findRole(ctx.db, corpId, Number(key))
    if (!stored) throw unknownRole(Number(key))
    const { name, points, until } = change
    const { range, departmentIds, appIds, devIds } = change
    const isMoved = [range, departmentIds, appIds, devIds].some(one => one !== undefined)
    await setRole(ctx, { actor, person: undefined }, corpId, stored.id, {
      ...(name === undefined ? {} : { name }),
      ...(points === undefined ? {} : { points }),
      ...(until === undefined ? {} : { until: readUntil(until) }),
      ...(change.groups === undefined ? {} : { groups: await groupIds(ctx.db, corpId, change.groups) }),
      ...(isMoved ? { range: rangeOf({ ...itemOf(stored), ...change }) } : {}),
    })
  },
})

/** Throws 1006. */
async function groupIds(db: Db, corpId: string, names: readonly string[] = []): Promise<number[]> {
  if (names.length === 0) return []
  const known = new Map((await groupsOf(db, corpId)).map(one => [one.name.toLowerCase(), one.id]))
  const missing = names.filter(one => !known.has(one.toLowerCase()))
  if (missing.length > 0) throw unknownGroups(missing)
  return names.flatMap(one => known.get(one.toLowerCase()) ?? [])
}

function itemOf({ id, name, points, range, until }: RoleRow) {
  const { kind } = range
  return {
    id: String(id),
    name,
    points,
    range: kind,
    departmentIds: kind === 'departments' ? [...range.departmentIds] : [],
    appIds: kind === 'apps' ? [...range.appIds] : [],
    devIds: kind === 'apps' ? [...range.devIds] : [],
    until: until?.toISOString() ?? null,
  }
}

type RangeItem = {
  range?: string
  departmentIds?: readonly number[]
  appIds?: readonly string[]
  devIds?: readonly string[]
}

function rangeOf({ range, departmentIds = [], appIds = [], devIds = [] }: RangeItem): Range {
  if (range === 'departments') return { kind: range, departmentIds }
  return range === 'apps' ? { kind: range, appIds, devIds } : { kind: 'corp' }
}

function readUntil(text: string | null): Date | null {
  if (text === null) return null
  const at = new Date(text)
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(at.getTime()))
    throw new ApiError('badParameter', {
      zh: told`${own('until')} 应为 ISO 8601 时间，例如 2027-01-31T00:00:00Z，收到 ${text}`,
      en: told`${own('until')} should be a time of ISO 8601 such as 2027-01-31T00:00:00Z, got ${text}`,
    })
  return at
}
