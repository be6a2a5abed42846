import { employeeNumberOf } from '../../../organisation/directory/read/profile.ts'
import type { Arrival } from '../../../platform/manifest/access-end.ts'
import type { Apps } from '../../apps/catalog.ts'
import { formerHolders, type Trace } from '../people/people-store.ts'
import type { TodoSettings } from '../settings/catalog.ts'
import * as store from './holder-store.ts'
import { tellOfTransfers } from './tell-of-transfers.ts'

type Needs = { apps: Apps; todoSettings: TodoSettings }

/** So long after somebody left the same name under the same userid is the same person, where nothing surer is known. */
const returnDays = 7
const dayMs = 86_400_000

/**
 * Members who come back have what is still open of theirs again. What was passed on stays with whoever has it. Where the rows do not show
 * that both are one person, an administrator gives it back (pass-on.ts).
 */
export const giveBackTodos: Arrival<Needs> = async (ctx, tx, corpId, memberIds, at) => {
  const candidates = await formerHolders(tx, corpId, memberIds)
  const returners = candidates.flatMap(({ left, back }) =>
    isSamePerson(left, back, at) ? [{ oldId: left.id, newId: back.id }] : [],
  )
  const moved = await store.giveBack(tx, corpId, returners)
  await tellOfTransfers(tx, ctx, corpId, moved, at)
}

/**
 * Whether two members with one userid are one person. WeCom gives the userid of a leaver to others too, mostly to somebody of the same name
 * (`zhangwei`), so that userid and name tell little. The mobile number and the employee number tell more: people change one and keep the other.
 * An employee number that is the same proves it, unless mobile number and name both differ: an import may give many people one number. A mobile
 * number proves it with the name, because a corp's own phone goes on to the next in the post. One that differs is another person's. WeCom
 * withholds mobile numbers from newer agents (docs/upstream/wecom-directory.md#the-restrictions-of-2022). Where neither is known of both, the
 * name counts for a week: members who were deleted by mistake, or left the agent's visible range, are back by then, and few corps give a userid
 * away so soon.
 */
export function isSamePerson(left: Trace & { leftAt: Date }, back: Trace, at: Date): boolean {
  const mobile = agree(left.mobile, back.mobile)
  const number = agree(numberOf(left), numberOf(back))
  const name = agree(nameOf(left), nameOf(back))
  if (number) return mobile !== false || name !== false
  if (mobile) return name ?? number === undefined
  if (mobile === false || number === false) return false
  return name === true && at.getTime() - left.leftAt.getTime() <= returnDays * dayMs
}

/** Undefined where one is unknown. */
function agree(one: string, other: string): boolean | undefined {
  return one === '' || other === '' ? undefined : one === other
}

/** '' where the userid stands for the name, as it does without the right to read names. */
function nameOf({ name, userId }: Trace): string {
  return name.toLowerCase() === userId.toLowerCase() ? '' : name
}

/** '' where the number is the userid, and for what stands for no number, such as `无`, `-` or `0000`: neither proves anything. */
function numberOf({ attributes, userId }: Trace): string {
  const number = employeeNumberOf(attributes).trim()
  return number.toLowerCase() === userId.toLowerCase() || !/[1-9]/.test(number) ? '' : number
}
