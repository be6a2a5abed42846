import type { Context } from '../../../../server/context.ts'
import { roleLevel } from '../../../../server/organisation/directory/permissions/person.ts'
import { memberOf } from '../../../../server/organisation/people/administrators.ts'
import type { Visitor } from '../../../../server/platform/http/visitor.ts'
import type { Demo } from '../../demo-file.ts'
import type { Person } from './past-store.ts'

export const actor = 'cli'
export const dayMs = 86_400_000
/** How many days back the history begins. */
export const daysBack = 29

/** What each part of the history is made with: the sample developer's calls, and the sandbox's switches. */
export type HistoryFill = {
  ctx: Context
  demo: Demo
  corpId: string
  /** Active members with a mobile and a mail address; the first are 张三 and 李四. */
  people: readonly Person[]
  /** Makes a call of the API as the sample developer. Throws what it was refused with. */
  call(path: string, input: Record<string, unknown>): Promise<Record<string, unknown>>
  sandbox(path: string, input: Record<string, unknown>): Promise<Record<string, unknown>>
}

export function personOf({ people }: Pick<HistoryFill, 'people'>, n: number): Person {
  const person = people[n % people.length]
  if (!person) throw new Error('the sample corp has no members who can be reached')
  return person
}

/** A member as a page would see them who signed in, for what only people do. */
export function visitorOf({ ctx, corpId }: HistoryFill, member: string): Visitor {
  const { id, key, userId, name, departments } = memberOf(ctx, corpId, member)
  return {
    corpId,
    roleLevel: roleLevel.superAdministrator,
    assigned: [],
    sessionId: '',
    csrf: '',
    mustChangePassword: false,
    mustEnrol: false,
    mustProve: false,
    hasFactor: false,
    proof: { acr: 2, amr: [], authAt: 0 },
    actor: userId,
    member: { id, key, userId, name, departments },
  }
}

/** Resolves when `isTrue`; throws after half a minute, because the node that should do it has stopped or is stuck. */
export async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`${what} did not come`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
