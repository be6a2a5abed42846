import { Type } from 'typebox'
import type { Person } from '../../platform/http/visitor.ts'
import { type JointNeeds, propose, threeActor } from './joint-acts.ts'

/** The answer of a form whose act takes several of the three administrators: the number under which it waits, where it does. */
export const proposedSchema = Type.Object({ proposed: Type.Optional(Type.Number()) })

/** Proposes what a form would else do at once. Throws as `propose`. */
export async function proposeBy(
  ctx: JointNeeds,
  person: Person,
  corpId: string,
  kind: string,
  given: unknown,
): Promise<{ proposed: number }> {
  return { proposed: await propose(ctx, threeActor(ctx.three, person, corpId), corpId, kind, given) }
}
