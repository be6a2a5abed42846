import { signal } from '../bus.ts'
import type { Context } from '../context.ts'
import type { Corp } from '../corps/corps.ts'
import { updateCorp } from '../corps/store.ts'
import { type UpstreamMember, userKey } from '../directory/members.ts'
import type { Tag } from '../directory/store.ts'
import type { Department } from '../directory/tree.ts'
import type { WecomClient } from '../upstream/wecom/client.ts'
import { WecomError } from '../upstream/wecom/errors.ts'
import type { WecomDepartment, WecomMember } from '../upstream/wecom/shapes.ts'

/**
 * What can be read of a corp, whichever regime it is under (upstream.md §2.4). `undefined` from a single read means that
 * WeCom says it is not there; `unknown` that WeCom will not say, from which nothing may be concluded.
 */
export type Source = {
  regime: 'full' | 'restricted'
  /** What an administrator should know of how this corp can be read. */
  problems: string[]
  departments(): Promise<Department[]>
  /** Direct members of a department. */
  membersOf(departmentId: number): Promise<UpstreamMember[]>
  /** Under restrictions: every userid with its departments, for those whom no agent can read. */
  memberIds(): Promise<Map<string, { userId: string; departments: number[] }> | undefined>
  tags(): Promise<{ id: number; name: string }[]>
  tag(id: number): Promise<Tag | undefined | 'unknown'>
  department(id: number): Promise<Department | undefined | 'unknown'>
  member(userId: string): Promise<UpstreamMember | undefined | 'unknown'>
}

const notFound = { member: [60111, 46004, 40003], department: [60003, 60123], tag: [40068] }
const forbiddenForContact = 48009
const noPrivilege = 60011
const noAgent =
  '通讯录密钥受 2022 年限制（48009），且没有可读取姓名的自建应用：请添加可见范围为全公司的应用，用途 names'

/** A corp whose regime is unknown is read as if unrestricted; 48009 then tells. */
export function openSource(corp: Corp): Source {
  return corp.regime === 'restricted' ? restrictedSource(corp) : fullSource(corp)
}

export async function noteRegime(ctx: Context, corp: Corp, regime: 'full' | 'restricted'): Promise<void> {
  if (corp.regime === regime) return
  ctx.log.info({ corpId: corp.corpId, regime }, 'contact secret')
  await ctx.db.transaction().execute(async tx => {
    await updateCorp(tx, corp.corpId, { regime })
    await signal(tx, 'wisp_config', corp.corpId)
  })
  await ctx.corps.reload()
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
    membersOf: async id => (await contact.userList(id)).userlist.map(one => toMember(one, true)),
    memberIds: async () => undefined,
    tags: () => listTags(contact),
    tag: id => orMissing(notFound.tag, () => readTag(contact, id)),
    department: id =>
      orMissing(notFound.department, async () => toDepartment((await contact.departmentGet(id)).department)),
    member: userId => orMissing(notFound.member, async () => toMember(await contact.userGet(userId), true)),
  }
}

/** Ids from the contact secret, names from an agent's, the rest from consent or import. */
function restrictedSource(corp: Corp): Source {
  const { contact } = corp
  const agent = corp.agents.find(one => one.uses.includes('names'))?.client
  return {
    regime: 'restricted',
    problems: agent ? [] : [noAgent],
    async departments() {
      const ids = (await contact.departmentSimpleList()).department_id
      const named = new Map(
        (agent ? (await agent.departmentList()).department : []).map(one => [one.id, one]),
      )
      return ids.map(one => toDepartment({ name: String(one.id), ...named.get(one.id), ...one }))
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
      return toDepartment({ name: String(id), ...named, ...listed })
    },
    member: userId =>
      agent
        ? orMissing(notFound.member, async () => toMember(await agent.userGet(userId), false))
        : Promise.resolve('unknown' as const),
  }
}

/** Nothing may be concluded from 60011 and 48009: they never delete. */
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

async function ifVisible<T>(read: () => Promise<T>): Promise<T | undefined> {
  const result = await orMissing([...notFound.department], read)
  return result === 'unknown' ? undefined : (result as T | undefined)
}

async function listTags(client: WecomClient): Promise<{ id: number; name: string }[]> {
  return (await client.tagList()).taglist.map(one => ({ id: one.tagid, name: one.tagname }))
}

async function readTag(client: WecomClient, id: number): Promise<Tag> {
  const tag = await client.tagGet(id)
  const userKeys = [...new Set(tag.userlist.map(one => userKey(one.userid)))]
  return { id, name: tag.tagname, userKeys, departments: tag.partylist }
}

function toDepartment(upstream: WecomDepartment): Department {
  return {
    id: upstream.id,
    name: upstream.name,
    parentId: upstream.parentid,
    sortNo: upstream.order,
    leaders: upstream.department_leader ?? [],
  }
}

const neverKeptBack = { mobile: '', email: '', sex: 0, avatar: '', address: '' }

/** `isWhole`: WeCom tells everything here, so that what is not said is empty. */
export function toMember(upstream: WecomMember, isWhole: boolean): UpstreamMember {
  const departments = upstream.department
  const aligned = (list: number[] | undefined) => departments.map((_, index) => list?.[index] ?? 0)
  const kept = {
    ...(upstream.mobile ? { mobile: upstream.mobile } : {}),
    ...(upstream.email ? { email: upstream.email } : {}),
    ...(Number(upstream.gender) ? { sex: Number(upstream.gender) } : {}),
    ...(upstream.avatar ? { avatar: upstream.avatar } : {}),
    ...(upstream.address ? { address: upstream.address } : {}),
  }
  return {
    userId: upstream.userid,
    name: upstream.name,
    alias: upstream.alias ?? '',
    position: upstream.position ?? '',
    status: upstream.status ?? 1,
    mainDepartment: upstream.main_department ?? departments[0] ?? 0,
    departments,
    orders: aligned(upstream.order),
    leaderIn: aligned(upstream.is_leader_in_dept),
    directLeaders: upstream.direct_leader ?? [],
    ...(isWhole ? neverKeptBack : {}),
    ...kept,
  }
}
