import type { Core } from '../../../platform/core.ts'
import type { Words } from '../../../platform/words.ts'
import type { WecomClient } from '../../../upstream/wecom/client.ts'
import { WecomError } from '../../../upstream/wecom/errors.ts'
import type {
  WecomAttribute,
  WecomDepartment,
  WecomDepartmentId,
  WecomMember,
} from '../../../upstream/wecom/shapes.ts'
import type { Corp } from '../../corps/corps.ts'
import type { Attribute, Department, Tag, UpstreamMember } from '../../directory/entities.ts'
import { userKey } from '../../directory/mirror/members.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import type { DepartmentTree } from '../../directory/mirror/tree.ts'

/**
 * Reads a corp's address book under either regime (docs/upstream/wecom-directory.md#the-restrictions-of-2022). Reading a single
 * entity returns `undefined` when WeCom says that it does not exist, and `unknown` when WeCom does not tell, from which nothing
 * may be concluded.
 */
export type Source = {
  regime: 'full' | 'restricted'
  /** What administrators should know about how this corp can be read. */
  problems: Words[]
  departments(): Promise<Department[]>
  /** The direct members of a department. */
  membersOf(departmentId: number): Promise<UpstreamMember[]>
  /** Under restrictions: all userids with their departments, which covers members whom no agent can read. */
  memberIds(): Promise<Map<string, { userId: string; departments: number[] }> | undefined>
  tags(): Promise<{ id: number; name: string }[]>
  tag(id: number): Promise<Tag | undefined | 'unknown'>
  department(id: number): Promise<Department | undefined | 'unknown'>
  member(userId: string): Promise<UpstreamMember | undefined | 'unknown'>
}

const notFound = { member: [60111, 60121, 46004, 40003], department: [60003, 60123], tag: [40068] }
const forbiddenForContact = 48009
const noPrivilege = 60011
const noAgent = {
  zh: '通讯录密钥受 2022 年限制（48009），且没有可读取姓名的自建应用：请添加可见范围为全公司的应用，用途 names',
  en: 'the contacts sync secret is under the restriction of 2022 (48009), and no self-built app can read the names: add one whose visible range is the whole company, with the use names',
}

/** A corp whose regime is unknown is read as unrestricted; error 48009 then shows if it is not. */
export function openSource(ctx: Core & { mirrors: Mirrors }, corp: Corp): Source {
  if (corp.regime !== 'restricted') return fullSource(corp)
  return restrictedSource(corp, async () => (await ctx.mirrors.load(corp.corpId)).tree)
}

export function isForbiddenForContact(error: unknown): boolean {
  return error instanceof WecomError && error.errcode === forbiddenForContact
}

function fullSource(corp: Corp): Source {
  const { contact } = corp
  return {
    regime: 'full',
    problems: [],
    departments: async () => (await contact.departmentList()).department.map(toDepartment),
    membersOf: async id => (await listUnlessGone(() => contact.userList(id))).map(one => toMember(one, true)),
    memberIds: async () => undefined,
    tags: () => listTags(contact),
    tag: id => orMissing(notFound.tag, () => readTag(contact, id)),
    department: id =>
      orMissing(notFound.department, async () => toDepartment((await contact.departmentGet(id)).department)),
    member: userId => orMissing(notFound.member, async () => toMember(await contact.userGet(userId), true)),
  }
}

/**
 * Ids from the contact secret, names from an agent's, the rest from consent or import. What nobody may read of a
 * department stays as the address book has it.
 */
function restrictedSource(corp: Corp, known: () => Promise<DepartmentTree>): Source {
  const { contact } = corp
  const toKnown = (tree: DepartmentTree, ids: WecomDepartmentId, named: WecomDepartment | undefined) => {
    if (named) return toDepartment({ ...named, ...ids })
    const before = tree.get(ids.id)?.department
    const department = toDepartment({ name: before?.name ?? String(ids.id), ...ids })
    return { ...department, leaders: before?.leaders ?? [] }
  }
  const agent = corp.agents.find(one => one.uses.includes('names'))?.client
  return {
    regime: 'restricted',
    problems: agent ? [] : [noAgent],
    async departments() {
      const ids = (await contact.departmentSimpleList()).department_id
      const named = new Map(
        (agent ? (await agent.departmentList()).department : []).map(one => [one.id, one]),
      )
      const tree = await known()
      return ids.map(one => toKnown(tree, one, named.get(one.id)))
    },
    membersOf: async id =>
      agent
        ? ((await ifVisible(() => agent.userList(id)))?.userlist ?? []).map(one => toMember(one, false))
        : [],
    async memberIds() {
      const members = new Map<string, { userId: string; departments: number[] }>()
      for (let cursor = ''; ; ) {
        const page = await contact.userListId({ cursor, limit: 10_000 })
        for (const { userid, department } of page.dept_user) {
          const known = members.get(userKey(userid))
          if (known) known.departments.push(department)
          else members.set(userKey(userid), { userId: userid, departments: [department] })
        }
        if (!page.next_cursor) return members
        cursor = page.next_cursor
      }
    },
    tags: () => listTags(contact),
    tag: id => orMissing(notFound.tag, () => readTag(contact, id)),
    async department(id) {
      const listed = await orMissing(notFound.department, async () => {
        const all = (await contact.departmentSimpleList(id)).department_id
        return all.find(one => one.id === id)
      })
      if (listed === undefined || listed === 'unknown') return listed
      const named = agent && (await ifVisible(async () => (await agent.departmentGet(id)).department))
      return toKnown(await known(), listed, named)
    },
    member: userId =>
      agent
        ? orMissing(notFound.member, async () => toMember(await agent.userGet(userId), false))
        : Promise.resolve('unknown' as const),
  }
}

/** Errors 60011 and 48009 say nothing about existence, so they must never lead to a deletion. */
async function orMissing<T>(missing: number[], read: () => Promise<T>): Promise<T | undefined | 'unknown'> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    if (missing.includes(error.errcode)) return undefined
    if (error.errcode === noPrivilege) return 'unknown'
    throw error
  }
}

/** A department deleted since the list of departments was read counts as empty. */
async function listUnlessGone(read: () => Promise<{ userlist: WecomMember[] }>): Promise<WecomMember[]> {
  try {
    return (await read()).userlist
  } catch (error) {
    if (error instanceof WecomError && notFound.department.includes(error.errcode)) return []
    throw error
  }
}

async function ifVisible<T>(read: () => Promise<T>): Promise<T | undefined> {
  const result = await orMissing([...notFound.department], read)
  return result === 'unknown' ? undefined : (result as T | undefined)
}

async function listTags(client: WecomClient): Promise<{ id: number; name: string }[]> {
  return (await client.tagList()).taglist.map(one => ({ id: one.tagid, name: one.tagname ?? '' }))
}

async function readTag(client: WecomClient, id: number): Promise<Tag> {
  const tag = await client.tagGet(id)
  const userKeys = [...new Set(tag.userlist.map(one => userKey(one.userid)))]
  return { id, name: tag.tagname ?? '', userKeys, departments: tag.partylist }
}

function toDepartment(upstream: WecomDepartment): Department {
  return {
    id: upstream.id,
    name: upstream.name ?? '',
    parentId: upstream.parentid,
    sortNo: upstream.order,
    leaders: upstream.department_leader ?? [],
  }
}

/** One number per department; 0 where WeCom gives none. */
function aligned(list: number[] | undefined, departments: readonly number[]): number[] {
  return list?.length === departments.length ? list : departments.map((_, index) => list?.[index] ?? 0)
}

function toAttribute({ name, value, text, web }: WecomAttribute): Attribute {
  return web
    ? { name, value: web.title ?? '', url: web.url ?? '' }
    : { name, value: text?.value ?? value ?? '', url: '' }
}

/** `isWhole`: WeCom shows every field here, so a missing one is empty instead of unknown. */
export function toMember(upstream: WecomMember, isWhole: boolean): UpstreamMember {
  const departments = upstream.department
  const member: UpstreamMember = {
    userId: upstream.userid,
    name: upstream.name ?? '',
    alias: upstream.alias ?? '',
    position: upstream.position ?? '',
    status: upstream.status ?? 1,
    mainDepartment: upstream.main_department ?? departments[0] ?? 0,
    departments,
    orders: aligned(upstream.order, departments),
    leaderIn: aligned(upstream.is_leader_in_dept, departments),
    directLeaders: upstream.direct_leader ?? [],
    attributes: (upstream.extattr?.attrs ?? []).map(toAttribute),
  }
  const sex = Number(upstream.gender) || 0
  if (isWhole || upstream.mobile) member.mobile = upstream.mobile ?? ''
  if (isWhole || upstream.email) member.email = upstream.email ?? ''
  if (isWhole || upstream.biz_mail) member.bizMail = upstream.biz_mail ?? ''
  if (isWhole || sex) member.sex = sex
  if (isWhole || upstream.avatar) member.avatar = upstream.avatar ?? ''
  if (isWhole || upstream.address) member.address = upstream.address ?? ''
  return member
}
