import type { FastifyInstance } from 'fastify'
import type { Department } from '../corp/records.ts'
import { ControlError, onlyKeys, optional, string, whole } from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import { departmentsNamed, searchSlots } from '../people-search.ts'
import type { CorpState } from '../state/state.ts'
import { wireMember } from '../state/wire.ts'
import type { ControlWorld } from './world.ts'

/** Routes with the parts of the corp that the corp page shows. */
export function routeCorp(control: FastifyInstance, world: ControlWorld): void {
  const get = (path: string, run: (world: ControlWorld, input: Input) => unknown): void => {
    control.get(`/_sandbox/corp/${path}`, async request => run(world, request.query as Input))
  }
  get('departments', findDepartments)
  get('members', findMembers)
  get('member', readMember)
  get('tags', listTags)
  get('tag', readTag)
}

const id = whole(0, 0x7fffffff)
const shownDepartments = 500

/**
 * The children of `parent` (0 is above the root) or, with `search`, the departments anywhere whose name
 * contains it, in WeCom's order.
 */
function findDepartments({ state }: ControlWorld, input: Input): object {
  onlyKeys(input, 'parent', 'search')
  const search = optional(input, 'search', string)
  const found =
    search === undefined
      ? childrenOf(state, optional(input, 'parent', id) ?? 0)
      : departmentsNamed(state, search).slice(0, 30)
  const departments = found
    .map(one => state.departments.get(one)!)
    .sort((a, b) => b.order - a.order || a.id - b.id)
  return {
    departments: departments
      .slice(0, shownDepartments)
      .map(one => ({ ...row(state, one), ...(search !== undefined && { path: pathOf(state, one) }) })),
    total: departments.length,
  }
}

const childrenOf = (state: CorpState, parent: number): number[] =>
  parent === 0 ? [1] : [...state.childrenOf(parent)]

const row = (state: CorpState, { id, name, parentid, order }: Department) => ({
  id,
  name,
  parentid,
  order,
  children: state.childrenOf(id).size,
  members: state.membersOf(id).size,
})

const pathOf = (state: CorpState, department: Department): string[] =>
  [...state.upwards(department.id)].map(one => state.departments.get(one)!.name).reverse()

/** The direct members of a department or, with `search`, members found in the whole corp. */
async function findMembers(world: ControlWorld, input: Input): Promise<object> {
  onlyKeys(input, 'department', 'search', 'offset', 'limit')
  const { state } = world
  const offset = optional(input, 'offset', whole(0, 10_000_000)) ?? 0
  const limit = optional(input, 'limit', whole(1, 200)) ?? 50
  const search = (optional(input, 'search', string) ?? '').trim()
  if (search !== '') {
    const slots = await searchSlots(state, search, limit + 1)
    return {
      members: slots.slice(0, limit).map(slot => briefMember(state, slot)),
      more: slots.length > limit,
    }
  }
  const department = state.departments.get(optional(input, 'department', id) ?? 1)
  if (!department) throw new ControlError(`there is no department ${String(input['department'])}`)
  const all = [...state.membersOf(department.id)]
  return {
    department: { ...row(state, department), path: pathOf(state, department) },
    members: all.slice(offset, offset + limit).map(slot => briefMember(state, slot)),
    total: all.length,
    more: offset + limit < all.length,
  }
}

function briefMember(state: CorpState, slot: number) {
  const { userid, name, position, mobile, status, hasAvatar, main_department } = state.member(slot)
  return {
    userid,
    name,
    position,
    mobile,
    status,
    department: state.departments.get(main_department)?.name ?? '',
    avatar: hasAvatar ? `/avatar/${slot}/100` : '',
  }
}

/** Every field of a member under WeCom's names, with the names of its departments and tags. */
function readMember({ state }: ControlWorld, input: Input): object {
  onlyKeys(input, 'userid')
  const userid = string(input['userid'], 'userid')
  const slot = state.slotOf(userid)
  if (slot === undefined) throw new ControlError(`there is no member ${userid}`)
  const member = state.member(slot)
  return {
    ...wireMember(state, member, ''),
    departments: member.department.map(one => ({ id: one, name: state.departments.get(one)?.name ?? '' })),
    tags: [...state.tagsOf(slot)].map(tagid => ({ tagid, tagname: state.tags.get(tagid)?.tagname ?? '' })),
  }
}

function listTags({ state }: ControlWorld): object {
  return {
    tags: [...state.tags.values()].map(({ tagid, tagname, users, parties }) => ({
      tagid,
      tagname,
      users: users.size,
      parties: parties.size,
    })),
  }
}

function readTag({ state }: ControlWorld, input: Input): object {
  onlyKeys(input, 'tagid', 'offset', 'limit')
  const tag = state.tags.get(optional(input, 'tagid', id) ?? 0)
  if (!tag) throw new ControlError(`there is no tag ${String(input['tagid'])}`)
  const offset = optional(input, 'offset', whole(0, 10_000_000)) ?? 0
  const limit = optional(input, 'limit', whole(1, 200)) ?? 50
  const users = [...tag.users]
  return {
    tag: { tagid: tag.tagid, tagname: tag.tagname },
    departments: [...tag.parties].flatMap(one => {
      const department = state.departments.get(one)
      return department ? [row(state, department)] : []
    }),
    members: users.slice(offset, offset + limit).map(slot => briefMember(state, slot)),
    total: users.length,
    more: offset + limit < users.length,
  }
}
