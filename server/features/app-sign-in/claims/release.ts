import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { memberHistory } from '../../../organisation/directory/feed-store.ts'
import { fileIdOf } from '../../../organisation/directory/mirror/fragments.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../../organisation/directory/mirror/mirror.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { ancestors } from '../../../organisation/directory/mirror/tree.ts'
import { helpDeskRole, type Roles } from '../../../organisation/directory/permissions/person.ts'
import {
  countWithAttribute,
  countWithMobile,
  idsByEmail,
  type Profile,
  profilesOf,
} from '../../../organisation/directory/profile-store.ts'
import { avatarLinks } from '../../../organisation/directory/read/avatars.ts'
import { employeeNumberOf, numberNames } from '../../../organisation/directory/read/profile.ts'
import { membersById } from '../../../organisation/directory/store.ts'
import { groupsOfMember } from '../../../organisation/groups/membership-store.ts'
import type { Core } from '../../../platform/core.ts'
import type { App } from '../../apps/app.ts'
import { type AppSignIn, type ClaimName, type Groups, isApproved } from '../app-sign-in.ts'
import type { Field } from './fields.ts'

type Needs = Core & { corps: Corps; developers: Developers; mirrors: Mirrors; roles: Roles }

/** Why an application cannot be told who somebody is: the field behind the user name is empty, or two people have it. */
export type NoName = 'username-empty' | 'username-doubled'

/** What an application is given about a person. */
export type Release = {
  /** preferred_username and cas:user. */
  userName: string
  /** By the names of OpenID Connect, as far as they are approved; `sub` is not among them. */
  claims: Record<string, unknown>
  /** By the names of the app's own map. */
  attributes: Record<string, string | string[]>
  /** Names of the approved claims and attributes, for the log. */
  released: string[]
}

type Facts = {
  core: MemberCore
  mirror: Mirror
  profile: Profile
  mobile: string
  email: string
  /** A link of wisp's own that is good for an hour; '' without a picture. */
  picture: string
  /** Names of the groups of members (人群), where the app is told of them. */
  groups: string[]
  /** When the address book last changed it. */
  changedAt: Date
}

/**
 * What the app may know of the member now. Reads the database, because mobile numbers and the like are not in memory; an app that is
 * told nothing but who it is needs none.
 */
export async function releaseOf(
  ctx: Needs,
  app: App,
  signIn: AppSignIn,
  core: MemberCore,
): Promise<Release | { noName: NoName }> {
  const names = approvedNames(ctx, app, signIn)
  const mapped = signIn.attributes.filter(isApproved)
  if (names.length + mapped.length === 0 && signIn.userNameField === 'userid')
    return { userName: core.userId, claims: {}, attributes: {}, released: [] }
  const isGrouped = signIn.groups.memberGroups === true && names.includes('groups')
  const facts = await factsOf(ctx, app.corpId, core, isGrouped)
  if (!facts) return { noName: 'username-empty' }
  const userName = fieldOf(facts, signIn.userNameField)
  if (userName === '') return { noName: 'username-empty' }
  if (await isShared(ctx, app.corpId, signIn.userNameField, userName)) return { noName: 'username-doubled' }
  const claims = Object.assign({}, ...names.map(name => claimOf(ctx, facts, name, userName, signIn.groups)))
  const attributes: Record<string, string | string[]> = {}
  for (const { name, field } of mapped) {
    const value = fieldOf(facts, field)
    if (value !== '') attributes[name] = value
  }
  return { userName, claims, attributes, released: [...names, ...mapped.map(one => one.name)] }
}

/** The phone also takes what the app's developer may read by the API. */
export function approvedNames(ctx: Pick<Needs, 'developers'>, app: App, signIn: AppSignIn): ClaimName[] {
  const developer = app.devId === null ? undefined : ctx.developers.get(app.devId)
  return signIn.claims
    .filter(isApproved)
    .map(one => one.name)
    .filter(name => name !== 'phone' || developer?.scopes.has('directory:mobile') === true)
}

/** Returns the claims that are approved and yet not given. */
export function heldBackNames(ctx: Pick<Needs, 'developers'>, app: App, signIn: AppSignIn): ClaimName[] {
  const given = approvedNames(ctx, app, signIn)
  return signIn.claims.flatMap(one => (isApproved(one) && !given.includes(one.name) ? [one.name] : []))
}

async function factsOf(
  ctx: Needs,
  corpId: string,
  core: MemberCore,
  isGrouped: boolean,
): Promise<Facts | undefined> {
  const mirror = await ctx.mirrors.load(corpId)
  const [profiles, stored, [change], memberGroups] = await Promise.all([
    profilesOf(ctx.db, corpId, [core.id]),
    membersById(ctx.db, corpId, [core.id]),
    memberHistory(ctx.db, corpId, core.id, 1),
    isGrouped ? groupsOfMember(ctx.db, corpId, core.id) : [],
  ])
  const [profile, member] = [profiles.get(core.id), stored[0]]
  if (!profile || !member) return undefined
  const { mobile, email } = member
  const fileId = fileIdOf(member)
  const picture = fileId && avatarLinks(ctx).link(corpId, fileId)
  const changedAt = change?.at ?? profile.createdAt
  const groups = memberGroups.map(one => one.name)
  return { core, mirror, profile, mobile, email, picture, groups, changedAt }
}

function fieldOf({ core, mirror, profile, mobile, email }: Facts, field: Field): string {
  switch (field) {
    case 'userid':
      return core.userId
    case 'name':
      return core.name
    case 'employeeNumber':
      return employeeNumberOf(profile.attributes)
    case 'mobile':
      return mobile
    case 'email':
      return email
    case 'position':
      return profile.position
    case 'mainDepartment':
      return mirror.tree.get(profile.mainDepartment)?.department.name ?? ''
    default:
      return profile.attributes.find(one => one.name === field.slice('attribute:'.length))?.value ?? ''
  }
}

async function isShared({ db }: Core, corpId: string, field: Field, value: string): Promise<boolean> {
  if (field === 'mobile') return (await countWithMobile(db, corpId, value)) > 1
  if (field === 'email') return (await idsByEmail(db, corpId, value)).length > 1
  if (field === 'employeeNumber') return (await countWithAttribute(db, corpId, numberNames, value)) > 1
  if (field.startsWith('attribute:'))
    return (await countWithAttribute(db, corpId, [field.slice('attribute:'.length)], value)) > 1
  return false
}

function claimOf(
  ctx: Needs,
  facts: Facts,
  name: ClaimName,
  userName: string,
  groups: Groups,
): Record<string, unknown> {
  const { core, profile, mobile, email, picture, changedAt } = facts
  switch (name) {
    case 'profile':
      return {
        name: core.name,
        preferred_username: userName,
        ...(picture ? { picture } : {}),
        locale: 'zh-CN',
        updated_at: Math.floor(changedAt.getTime() / 1000),
      }
    case 'email':
      return emailOf(profile.bizMail, email)
    case 'phone':
      return mobile ? { phone_number: mobile, phone_number_verified: false } : {}
    case 'departments':
      return { departments: departmentsOf(facts) }
    case 'groups':
      return { groups: groupsOf(ctx, facts, groups) }
    case 'employee_no': {
      const number = employeeNumberOf(profile.attributes)
      return number ? { employee_no: number } : {}
    }
  }
}

/** The corp's own mailbox is theirs for sure; any other address is what somebody typed. */
function emailOf(bizMail: string, email: string): Record<string, unknown> {
  if (bizMail) return { email: bizMail, email_verified: true }
  return email ? { email, email_verified: false } : {}
}

function departmentsOf({ core, mirror }: Facts): { id: number; name: string; path: string }[] {
  return core.departments.flatMap(id => {
    const node = mirror.tree.get(id)
    if (!node) return []
    const path = [...ancestors(node).reverse(), node].map(one => one.department.name)
    return { id, name: node.department.name, path: `/${path.join('/')}` }
  })
}

function groupsOf({ roles }: Needs, { core, mirror, groups }: Facts, rule: Groups): string[] {
  const names: string[] = rule.memberGroups ? [...groups] : []
  if (rule.departments)
    names.push(...core.departments.flatMap(id => mirror.tree.get(id)?.department.name ?? []))
  if (rule.tags)
    for (const tag of mirror.tags.values()) if (tag.userKeys.includes(core.key)) names.push(tag.name)
  const role = roles.of(core.id)
  if (rule.roles && role) names.push(roleNames[role.level])
  return [...new Set(names)]
}

/** Names that applications match on; they stay the same in every language. */
const roleNames = {
  2: 'wisp:super-administrator',
  3: 'wisp:administrator',
  [helpDeskRole]: 'wisp:help-desk',
} as const
