import type { World } from '../../../test/harness.ts'

type State = {
  departments: { id: number; name: string; parentid: number; order: number }[]
  members: {
    userid: string
    name: string
    department: number[]
    order: number[]
    main_department: number
    mobile: string
    alias: string
    gender: string
    email: string
    address: string
    status: number
  }[]
  tags: { tagid: number; tagname: string; userlist: { userid: string }[]; partylist: number[] }[]
}
export type NaiveMember = State['members'][number]
export type NaiveDepartment = State['departments'][number]
export type NaiveScope = { departments: number[]; tags: number[] } | undefined

/** What a developer may see, computed from WeCom's data with plain lists and filters. */
export type NaiveDirectory = {
  departments: NaiveDepartment[]
  members: NaiveMember[]
  tags: State['tags']
  childrenOf(id: number): NaiveDepartment[]
  /** The department and all below it, depth-first. */
  below(id: number): NaiveDepartment[]
  above(id: number): NaiveDepartment[]
  sees(id: number): boolean
}

export async function naiveView(world: World, scope?: NaiveScope): Promise<NaiveDirectory> {
  const state = (await world.control('state')) as unknown as State
  const byOrder = (a: NaiveDepartment, b: NaiveDepartment) => b.order - a.order || a.id - b.id
  const childrenOf = (id: number) => state.departments.filter(one => one.parentid === id).sort(byOrder)
  const find = (id: number) => state.departments.find(one => one.id === id)
  const below = (id: number): NaiveDepartment[] => [
    find(id) as NaiveDepartment,
    ...childrenOf(id).flatMap(child => below(child.id)),
  ]
  const above = (id: number): NaiveDepartment[] => {
    const parent = find(find(id)?.parentid ?? 0)
    return parent ? [parent, ...above(parent.id)] : []
  }
  const scopeTags = state.tags.filter(tag => scope?.tags.includes(tag.tagid))
  const tops = [...(scope?.departments ?? []), ...scopeTags.flatMap(tag => tag.partylist)].filter(find)
  const seen = new Set(tops.flatMap(id => below(id).map(one => one.id)))
  const tagged = new Set(scopeTags.flatMap(tag => tag.userlist.map(one => one.userid)))
  const sees = (id: number) => find(id) !== undefined && (!scope || seen.has(id))
  return {
    departments: below(1).filter(one => sees(one.id)),
    members: state.members.filter(
      one => one.status !== 5 && (one.department.some(sees) || tagged.has(one.userid)),
    ),
    tags: state.tags
      .filter(tag => !scope || scope.tags.includes(tag.tagid))
      .sort((a, b) => a.tagid - b.tagid),
    childrenOf: id => childrenOf(id).filter(one => sees(one.id)),
    below: id => below(id).filter(one => sees(one.id)),
    above: id => above(id).filter(one => sees(one.id)),
    sees,
  }
}

export function wireDepartment(world: World, one: NaiveDepartment) {
  return {
    orgId: String(one.id),
    orgName: one.name,
    corpId: world.corpId,
    parentId: String(one.parentid),
    sortNo: one.order,
  }
}

/** userIds of members, orgIds of departments. */
export function idsOf(list: { orgId?: string; userId?: string }[]): string[] {
  return list.map(one => one.userId ?? one.orgId ?? '')
}
