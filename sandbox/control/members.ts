import { onlyKeys, optional, string, whole } from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import { searchSlots } from '../people-search.ts'
import type { ControlWorld } from './world.ts'

const recentMessages = 300

/**
 * Members for the phone page: those whose name, userid, mobile or department contains `search`. Without
 * `search`, those who received a message recently come first, then the first members of the corp.
 */
export async function findMembers(world: ControlWorld, input: Input): Promise<object> {
  onlyKeys(input, 'search', 'limit')
  const search = (optional(input, 'search', string) ?? '').trim()
  const limit = optional(input, 'limit', whole(1, 1000)) ?? 60
  const slots = new Set<number>()
  if (search === '') addRecent(world, slots, limit)
  const { state } = world
  for (const slot of await searchSlots(state, search, limit)) if (slots.size < limit) slots.add(slot)
  return { members: [...slots].map(slot => brief(world, slot)), total: state.memberCount }
}

function addRecent(world: ControlWorld, slots: Set<number>, limit: number): void {
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

function brief({ state, messages }: ControlWorld, slot: number): object {
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
