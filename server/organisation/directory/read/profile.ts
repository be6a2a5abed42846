import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { type Field, optionalIds } from '../../../platform/http/input.ts'
import { own, told } from '../../../platform/http/told.ts'
import { fieldsOf } from '../../../platform/http/wire.ts'
import type { Words } from '../../../platform/words.ts'
import type { Attribute } from '../entities.ts'
import type { MemberCore } from '../mirror/members.ts'
import { departmentLevel, level } from '../permissions/sight.ts'
import { type Profile, profilesOf } from '../profile-store.ts'
import { livingMember, memberSchema, memberWithOrgsSchema, textOf, type View, withMembers } from './view.ts'

/** What a member has beyond the fields of the document, for developers who ask for it and have `directory:profile`. */
const profileSchemas = {
  position: Type.Optional(Type.String({ about: { zh: '职务', en: 'Position' } })),
  mainDepartment: Type.Optional(
    Type.Object(
      { orgId: Type.String(), orgName: Type.String() },
      {
        about: {
          zh: '主部门；不在数据范围内时为其可见的第一个部门，没有则为空',
          en: 'Main department; outside of your data scope the first one that you see, empty when there is none',
        },
      },
    ),
  ),
  directLeaders: Type.Optional(
    Type.Array(Type.Object({ userId: Type.String(), userName: Type.String() }), {
      about: { zh: '直属上级，只含数据范围内的', en: 'Direct leaders, those within your data scope' },
    }),
  ),
  employeeNumber: Type.Optional(
    Type.String({
      about: {
        zh: '工号：名为“工号”“员工编号”等的扩展属性的值，没有则为空',
        en: 'Employee number: the extended attribute named 工号, “employee number” or the like; empty when there is none',
      },
    }),
  ),
  extattr: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String({ about: { zh: '名称', en: 'Name' } }),
        value: Type.String({ about: { zh: '内容；网页为其标题', en: 'Value; the title of a link' } }),
        url: Type.String({ about: { zh: '网页的地址，其他为空', en: 'Address of a link, otherwise empty' } }),
      }),
      {
        about: { zh: '企业微信的扩展属性，按其顺序', en: "WeCom's extended attributes, in their order" },
      },
    ),
  ),
}

export const profiledMember = Type.Object({ ...memberSchema.properties, ...profileSchemas })
export const profiledWithOrgs = Type.Object({ ...memberWithOrgsSchema.properties, ...profileSchemas })

const names = ['position', 'mainDepartment', 'directLeaders', 'employeeNumber', 'extattr'] as const
type ProfileField = (typeof names)[number]

const about: Words = {
  zh: '另外返回的字段，| 分隔：position 职务，mainDepartment 主部门，directLeaders 直属上级，employeeNumber 工号，extattr 扩展属性。需要 directory:profile 权限；不填则都不返回',
  en: 'Further fields to answer, separated by |: position, mainDepartment, directLeaders, employeeNumber, extattr. Takes directory:profile; none of them without it',
}
const given = optionalIds(about, { max: names.length })

/** `fields` of the calls that answer members. */
export const profileInput: Field<ProfileField[], unknown, false, Words> = {
  ...given,
  schema: Type.Union(
    [Type.Array(Type.Enum([...names]), { maxItems: names.length }), Type.String({ maxLength: 128 })],
    { about },
  ),
  read: (value, name) =>
    given.read(value, name).map(one => {
      const field = names.find(known => known === one)
      if (!field)
        throw new ApiError('badParameter', {
          zh: told`${own(name)} 应为 ${own(names.join('、'))} 中的一个或多个，收到 ${one}`,
          en: told`${own(name)} should be one or more of ${own(names.join(', '))}, got ${one}`,
        })
      return field
    }),
  missing: () => [],
}

/** Throws 1009. */
export function checkProfile({ scopes }: Caller, fields: readonly ProfileField[]): void {
  if (fields.length === 0 || scopes.has('directory:profile')) return
  throw new ApiError('forbidden', {
    zh: '开发者没有 directory:profile 权限，不能使用 fields',
    en: 'the developer lacks the scope directory:profile, which fields takes',
  })
}

/** `withMembers` and these fields, which are read from the database, so that they take no memory while nobody asks for them. */
export function withProfiles<T>(
  ctx: Core,
  view: View,
  cores: readonly MemberCore[],
  { isWithOrgs, fields }: { isWithOrgs: boolean; fields: readonly ProfileField[] },
  use: (members: string[]) => T,
): T | Promise<T> {
  if (fields.length === 0) return withMembers(ctx, view, cores, isWithOrgs, use)
  return profiled(ctx, view, cores, isWithOrgs, fields).then(use)
}

async function profiled(
  ctx: Core,
  view: View,
  cores: readonly MemberCore[],
  isWithOrgs: boolean,
  fields: readonly ProfileField[],
): Promise<string[]> {
  const { mirror, withMobile } = view
  const ids = cores.map(core => core.id)
  const profiles = await profilesOf(ctx.db, mirror.corpId, ids)
  const texts = await mirror.fragments.read(ctx.db, cores, withMobile)
  return cores.flatMap((core, index) => {
    const [text, profile] = [texts[index], profiles.get(core.id)]
    // The member was dropped between listing and reading.
    if (text === undefined || !profile) return []
    const more = Object.fromEntries(fields.map(field => [field, profileValue(view, core, profile, field)]))
    return `${textOf(view, core, text, isWithOrgs).slice(0, -1)},${fieldsOf(more)}}`
  })
}

function profileValue(view: View, core: MemberCore, profile: Profile, field: ProfileField): unknown {
  switch (field) {
    case 'position':
      return profile.position
    case 'mainDepartment':
      return mainOf(view, core, profile)
    case 'directLeaders':
      return profile.directLeaders.flatMap(one => {
        const leader = livingMember(view, one)
        return leader ? { userId: leader.userId, userName: leader.name } : []
      })
    case 'employeeNumber':
      return employeeNumberOf(profile.attributes)
    case 'extattr':
      return profile.attributes
  }
}

function mainOf({ tree, sight }: View, { departments }: MemberCore, { mainDepartment }: Profile) {
  for (const id of [mainDepartment, ...departments]) {
    const node = tree.get(id)
    if (node && departmentLevel(sight, node) > level.none)
      return { orgId: String(id), orgName: node.department.name }
  }
  return { orgId: '', orgName: '' }
}

/** WeCom has no field for it; corps make an attribute of one of these names. */
export const numberNames: readonly string[] = [
  '工号',
  '员工工号',
  '员工号',
  '员工编号',
  '职工号',
  '职工编号',
  '人员编号',
  'employee number',
  'employee no',
  'employee no.',
  'employee id',
  'staff number',
  'staff id',
]

export function employeeNumberOf(attributes: readonly Attribute[]): string {
  return attributes.find(({ name }) => numberNames.includes(name.trim().toLowerCase()))?.value ?? ''
}
