import { isListed } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { peopleById } from './people-store.ts'

/** Somebody who has or had to-dos. Whose row the address book has dropped is known by their number alone. */
export type TodoPerson = { id: number; userId: string; name: string; hasLeft: boolean }

/** The people with these ids, those who have left among them. The corp's address book is in memory. */
export async function peopleOf(
  ctx: Core & { mirrors: Mirrors },
  corpId: string,
  ids: Iterable<number>,
): Promise<(id: number) => TodoPerson> {
  const { members } = ctx.mirrors.of(corpId)
  const known = new Map<number, TodoPerson>()
  const strange: number[] = []
  for (const id of new Set(ids)) {
    const core = members.byId(id)
    if (core) known.set(id, { id, userId: core.userId, name: core.name, hasLeft: !isListed(core) })
    else strange.push(id)
  }
  for (const one of await peopleById(ctx.db, corpId, strange)) known.set(one.id, { ...one, hasLeft: true })
  return id => known.get(id) ?? { id, userId: '', name: '', hasLeft: true }
}
