import type { Attribute, Department, UpstreamMember } from '../../../organisation/directory/entities.ts'
import { numberNames } from '../../../organisation/directory/read/profile.ts'
import type { WrittenMember } from '../../../upstream/wecom/writing.ts'
import type { FullMember } from '../person-store.ts'
import type { Change } from '../plan/changes.ts'
import {
  departmentsOf,
  departmentsText,
  hiddenFields,
  isDisabled,
  type KnownMember,
  type SourceField,
  type Values,
} from '../plan/fields.ts'

/** A member as the plan compares it, with all fields as texts. */
export function knownMember(member: FullMember): KnownMember {
  const { id, userId, status, departments, attributes } = member
  const values: Values = {
    name: member.name,
    alias: member.alias,
    mobile: member.mobile,
    email: member.email,
    bizMail: member.bizMail,
    position: member.position,
    gender: member.sex === 0 ? '' : String(member.sex),
    address: member.address,
    departments: departmentsText(departments, member.mainDepartment),
    leader: member.directLeaders[0] ?? '',
  }
  for (const { name, value } of attributes) values[`attribute:${name}`] = value
  return { id, userId, status, departments, values }
}

/** The employee number of a member, wherever the corp keeps it. */
export function employeeNoOf({ values }: KnownMember): string {
  for (const [field, value] of Object.entries(values))
    if (
      field.startsWith('attribute:') &&
      numberNames.includes(field.slice('attribute:'.length).trim().toLowerCase())
    )
      return value
  return ''
}

/** Fields as they are now; what WeCom hides is as it was last written. */
export function currentOf(
  member: KnownMember,
  written: Values,
  isRestricted: boolean,
): Values & { enable: string } {
  const values: Values = { ...member.values }
  if (isRestricted) for (const field of hiddenFields) if (!values[field]) values[field] = written[field] ?? ''
  return { ...values, enable: isDisabled(member) ? '0' : '1' }
}

/** The body by which WeCom takes these fields. `before`: a member that there is, who keeps order and lead in departments that stay. */
export function writtenMember(userid: string, fields: Change['fields'], before?: FullMember): WrittenMember {
  const after = (field: keyof Change['fields']) => fields[field]?.[1]
  const body: Record<string, unknown> = { userid }
  for (const field of ['name', 'alias', 'mobile', 'email', 'position', 'gender', 'address'] as const)
    if (after(field) !== undefined) body[field] = after(field)
  if (after('bizMail') !== undefined) body['biz_mail'] = after('bizMail')
  if (after('enable') !== undefined) body['enable'] = Number(after('enable'))
  if (after('leader') !== undefined) body['direct_leader'] = after('leader') === '' ? [] : [after('leader')]
  const departments = after('departments')
  if (departments !== undefined) {
    const ids = departmentsOf(departments)
    body['department'] = ids
    body['main_department'] = ids[0]
    if (before) Object.assign(body, placesKept(before, ids))
  }
  const changed = attributesOf(fields)
  if (changed.length > 0)
    body['extattr'] = { attrs: merged(before?.attributes ?? [], changed).map(wireAttribute) }
  return body as WrittenMember
}

/** Lists beside `departments`; 0 in those that are new. */
function placesKept(before: FullMember | undefined, departments: readonly number[]) {
  const at = departments.map(id => before?.departments.indexOf(id) ?? -1)
  return {
    order: at.map(place => before?.orders[place] ?? 0),
    is_leader_in_dept: at.map(place => (before?.leaderIn[place] ? 1 : 0)),
  }
}

function attributesOf(fields: Change['fields']): Attribute[] {
  return Object.entries(fields).flatMap(([field, change]) =>
    field.startsWith('attribute:') && change
      ? [{ name: field.slice('attribute:'.length), value: change[1], url: '' }]
      : [],
  )
}

/** All attributes, since WeCom does not say whether those that are left out stay. */
function merged(before: readonly Attribute[], changed: readonly Attribute[]): Attribute[] {
  const byName = new Map([...before, ...changed].map(one => [one.name, one]))
  return [...byName.values()]
}

const wireAttribute = ({ name, value, url }: Attribute): object =>
  url === '' ? { type: 0, name, text: { value } } : { type: 1, name, web: { title: value, url } }

/** A member as the address book has it once these fields are written; for what WeCom does not show. */
export function mirroredMember(
  userId: string,
  before: FullMember | undefined,
  fields: Change['fields'],
): UpstreamMember {
  const after = (field: SourceField) => fields[field]?.[1]
  const given = after('departments')
  const departments = given === undefined ? (before?.departments ?? [1]) : departmentsOf(given)
  const places = placesKept(before, departments)
  const member: UpstreamMember = {
    userId,
    departments,
    mainDepartment:
      given === undefined ? (before?.mainDepartment ?? departments[0] ?? 1) : (departments[0] ?? 1),
    orders: places.order,
    leaderIn: places.is_leader_in_dept,
    status: statusAfter(before, fields),
  }
  for (const field of ['name', 'alias', 'mobile', 'email', 'bizMail', 'position', 'address'] as const) {
    const value = after(field)
    if (value !== undefined) member[field] = value
  }
  const gender = after('gender')
  if (gender !== undefined) member.sex = Number(gender) || 0
  const leader = after('leader')
  if (leader !== undefined) member.directLeaders = leader === '' ? [] : [leader]
  const changed = attributesOf(fields)
  if (changed.length > 0) member.attributes = merged(before?.attributes ?? [], changed)
  return member
}

/** 4: a new member has not signed in to WeCom yet. */
function statusAfter(before: FullMember | undefined, { enable }: Change['fields']): number {
  if (enable?.[1] === '0') return 2
  if (enable?.[1] === '1') return 1
  return before?.status ?? 4
}

/** A department's fields as the plan compares them. */
export function departmentValues({
  name,
  parentId,
  sortNo,
}: Department): Record<'name' | 'parent' | 'order', string> {
  return { name, parent: String(parentId), order: String(sortNo) }
}
