import { type Input, text } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { CorpState } from '../state/state.ts'
import type { View } from '../state/view.ts'
import type { Caller, CallWorld } from './call.ts'

export interface Receivers {
  /** The message went to `@all`, which is everybody that the application sees. */
  all: boolean
  slots: Set<number>
  /** In the form of WeCom's answer; empty when all receivers are valid. */
  invalid: { invaliduser?: string; invalidparty?: string; invalidtag?: string; unlicenseduser?: string }
}

/**
 * Expands touser, toparty and totag to people (docs/upstream/wecom-messages.md#sending). A member is valid when the application
 * sees it and it has neither been disabled nor left; a member who has not activated WeCom yet is valid. Throws 81013 when no
 * receiver is valid.
 */
export function receivers(world: CallWorld, caller: Caller, input: Input): Receivers {
  const { view } = caller
  const { state } = world
  const touser = joined(input, 'touser', 1000, 40032)
  const toparty = joined(input, 'toparty', 100, 82002)
  const totag = joined(input, 'totag', 100, 82003)
  if (touser.length === 1 && touser[0] === '@all') {
    const slots = everybody(state, view)
    return { all: true, slots, invalid: withoutLicence(world, slots) }
  }
  if (touser.length + toparty.length + totag.length === 0) throw new WecomError(82001)
  const slots = new Set<number>()
  const users = touser.filter(userid => {
    const slot = state.slotOf(userid)
    const valid = slot !== undefined && reaches(state, view, slot)
    if (valid) slots.add(slot)
    return !valid
  })
  const parties = toparty.filter(name => {
    const id = idOf(name)
    const valid = state.departments.has(id) && view.seesDepartment(id)
    if (valid) addParty(state, view, id, slots)
    return !valid
  })
  const tags = totag.filter(name => {
    const tag = state.tags.get(idOf(name))
    if (!tag || !view.seesTag(tag.tagid)) return true
    for (const slot of tag.users) if (reaches(state, view, slot)) slots.add(slot)
    for (const id of tag.parties) addParty(state, view, id, slots)
    return false
  })
  if (users.length + parties.length + tags.length === touser.length + toparty.length + totag.length)
    throw new WecomError(81013)
  return {
    all: false,
    slots,
    invalid: {
      ...withoutLicence(world, slots),
      ...(users.length > 0 && { invaliduser: [...new Set(users.map(id => id.toLowerCase()))].join('|') }),
      ...(parties.length > 0 && { invalidparty: [...new Set(parties)].join('|') }),
      ...(tags.length > 0 && { invalidtag: [...new Set(tags)].join('|') }),
    },
  }
}

/** Takes out those without an interface licence and names them. WeCom answers 0 even when nobody is left. */
function withoutLicence({ state, settings }: CallWorld, slots: Set<number>): Receivers['invalid'] {
  const named = settings.unlicensed.filter(userid => {
    const slot = state.slotOf(userid)
    return slot !== undefined && slots.delete(slot)
  })
  return named.length > 0 ? { unlicenseduser: named.join('|') } : {}
}

function joined(input: Input, key: string, max: number, tooMany: 40032 | 82002 | 82003): string[] {
  const value = typeof input[key] === 'number' ? String(input[key]) : text(input, key)
  const list = (value ?? '')
    .split('|')
    .map(item => item.trim())
    .filter(item => item !== '')
  if (list.length > max) throw new WecomError(tooMany)
  return list
}

const idOf = (name: string): number => (/^\d{1,10}$/.test(name) ? Number(name) : -1)

function reaches(state: CorpState, view: View, slot: number): boolean {
  if (!view.seesMember(slot)) return false
  const { status } = state.member(slot)
  return status === 1 || status === 4
}

function addParty(state: CorpState, view: View, id: number, slots: Set<number>): void {
  for (const below of state.subtree(id)) {
    for (const slot of state.membersOf(below)) if (reaches(state, view, slot)) slots.add(slot)
  }
}

function everybody(state: CorpState, view: View): Set<number> {
  const slots = new Set<number>()
  for (let slot = 0; slot < state.userids.length; slot++) {
    if (state.userids[slot] !== undefined && reaches(state, view, slot)) slots.add(slot)
  }
  return slots
}
