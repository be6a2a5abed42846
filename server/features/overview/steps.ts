import { type Static, Type } from 'typebox'
import { allDevelopers } from '../../callers/developers/store.ts'
import type { Corp, Corps } from '../../organisation/corps/corps.ts'
import { helpDeskRole } from '../../organisation/directory/permissions/person.ts'
import { rolesOfCorp } from '../../organisation/people/store.ts'
import type { Run } from '../../organisation/sync/runs/run-store.ts'
import type { Core } from '../../platform/core.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import { hasTestedChannel } from '../channels/settings/settings-calls.ts'

/** In their order. */
export const stepNames = [
  'corp',
  'callback',
  'agent',
  'sync',
  'message',
  'administrator',
  'developer',
] as const

export const stepSchema = Type.Object({
  step: Type.Enum(stepNames),
  done: Type.Boolean(),
})
export type Step = Static<typeof stepSchema>

/** What somebody must be able to do through an agent of the corp before members can use the platform. */
const neededUses = ['signin', 'messages'] as const

/** The steps from an empty installation to one that members can use, with what is done. */
export async function stepsToLive(
  ctx: Core & { corps: Corps; messageSettings: MessageSettingsOfCorps },
  corpId: string,
  status: { members: number; runs: readonly Pick<Run, 'state'>[] },
): Promise<Step[]> {
  const corp = ctx.corps.get(corpId)
  const [roles, developers, isTested] = await Promise.all([
    rolesOfCorp(ctx.db, corpId),
    allDevelopers(ctx.db, corpId),
    hasTestedChannel(ctx, corpId),
  ])
  const done: Record<Step['step'], boolean> = {
    corp: true,
    callback: corp.callbackVerifiedAt !== null,
    agent: missingUses(corp).length === 0,
    sync: status.members > 0 && status.runs.some(run => run.state === 'done'),
    message: isTested,
    administrator: roles.some(role => role.level !== helpDeskRole),
    developer: developers.length > 0,
  }
  return stepNames.map(step => ({ step, done: done[step] }))
}

/** The needed uses to which no agent of the corp is open. */
function missingUses({ agents }: Corp): (typeof neededUses)[number][] {
  return neededUses.filter(use => !agents.some(agent => agent.uses.includes(use)))
}
