import type { Input } from '../input.ts'
import type { World } from '../world.ts'
import { onlyKeys, optional, string, whole } from './input.ts'

const recentMessages = 300

/** Members for the phone page: those whose name, userid or mobile contains `search`; without it those who got something of
 * late, then the first ones. */
export function findMembers(world: World, input: Input): object {
  onlyKeys(input, 'search', 'limit')
  const search = (optional(input, 'search', string) ?? '').trim().toLowerCase()
  const limit = optional(input, 'limit', whole(1, 1000)) ?? 60
  const slots = new Set<number>()
  if (search === '') addRecent(world, slots, limit)
  const { state } = world
  for (let slot = 0; slot < state.userids.length && slots.size < limit; slot++) {
    if (state.userids[slot] !== undefined && (search === '' || matches(world, slot, search))) slots.add(slot)
  }
  return { members: [...slots].map(slot => brief(world, slot)), total: state.memberCount }
}

function addRecent(world: World, slots: Set<number>, limit: number): void {
  const { messages, state } = world
  for (let n = messages.size; n > Math.max(0, messages.size - recentMessages) && slots.size < limit; n--) {
    const entry = messages.entry(n)!
    if (entry.channel === 'wecom' && entry.all) continue
    const userids =
      entry.channel === 'wecom' ? entry.to : entry.channel === 'mail' ? entry.userids : [entry.userid ?? '']
    for (const userid of userids.slice(0, 10)) {
      const slot = state.slotOf(userid)
      if (slot !== undefined && slots.size < limit) slots.add(slot)
    }
  }
}

function matches({ state }: World, slot: number, search: string): boolean {
  if (state.userids[slot]!.toLowerCase().includes(search)) return true
  const { name, mobile } = state.member(slot)
  return name.toLowerCase().includes(search) || mobile.includes(search)
}

function brief({ state, messages }: World, slot: number): object {
  const { userid, name, mobile, email, biz_mail, status, main_department, hasAvatar, position } =
    state.member(slot)
  return {
    userid,
    name,
    mobile,
    email: email || biz_mail,
    position,
    department: state.departments.get(main_department)?.name ?? '',
    status,
    avatar: hasAvatar ? `/avatar/${slot}/100` : '',
    messages: messages.numbersOf(slot).length,
  }
}
