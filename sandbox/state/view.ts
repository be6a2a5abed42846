import type { Agent } from './identity.ts'
import type { CorpState } from './state.ts'

/** What a token may see. `roots` are the visible departments whose parent is not visible. */
export interface View {
  all: boolean
  roots: number[]
  seesDepartment(id: number): boolean
  seesMember(slot: number): boolean
  seesTag(tagid: number): boolean
}

const everything = {
  all: true,
  roots: [1],
  seesDepartment: () => true,
  seesMember: () => true,
  seesTag: () => true,
}

/**
 * The view of the contact secret (when `agent` is undefined) or of an agent: the departments of its visible
 * range with everything below, its members, and its tags with what they contain.
 */
export function viewOf(state: CorpState, agent: Agent | undefined): View {
  if (!agent || agent.visible.departments.includes(1)) return everything
  const parties = new Set(agent.visible.departments)
  const slots = new Set(agent.visible.users)
  const tags = new Set(agent.visible.tags)
  for (const tagid of tags) {
    for (const id of state.tags.get(tagid)?.parties ?? []) parties.add(id)
    for (const slot of state.tags.get(tagid)?.users ?? []) slots.add(slot)
  }
  const seesDepartment = (id: number): boolean => {
    for (const ancestor of state.upwards(id)) if (parties.has(ancestor)) return true
    return false
  }
  const seesMember = (slot: number): boolean =>
    slots.has(slot) || state.departmentsOf(slot).some(seesDepartment)
  const seesTag = (tagid: number): boolean => {
    if (tags.has(tagid)) return true
    const tag = state.tags.get(tagid)
    if (!tag) return false
    for (const id of tag.parties) if (seesDepartment(id)) return true
    for (const slot of tag.users) if (seesMember(slot)) return true
    return false
  }
  const roots = [...parties].filter(id => {
    const department = state.departments.get(id)
    return department !== undefined && !seesDepartment(department.parentid)
  })
  return { all: false, roots, seesDepartment, seesMember, seesTag }
}
