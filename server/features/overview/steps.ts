import { type Static, Type } from 'typebox'
import { allDevelopers } from '../../callers/developers/store.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { lastDiagnosis } from '../../organisation/corps/doctor/doctor.ts'
import { rolesOfCorp } from '../../organisation/people/store.ts'
import type { syncStatus } from '../../organisation/sync/status.ts'
import type { Core } from '../../platform/core.ts'
import type { Apps } from '../apps/catalog.ts'
import type { MessageSettingsOfCorps } from '../messages/settings/settings.ts'
import { hasTestedChannel } from '../messages/settings/settings-calls.ts'

export const stepNames = [
  'corp',
  'doctor',
  'sync',
  'callback',
  'signIn',
  'messages',
  'roles',
  'developer',
  'app',
] as const

export const stepSchema = Type.Object({
  step: Type.Enum(stepNames),
  done: Type.Boolean(),
})
export type Step = Static<typeof stepSchema>

/** The steps until members can use a new installation, in order and with what is done; empty when all are done. */
export async function stepsToLive(
  ctx: Core & { apps: Apps; corps: Corps; messageSettings: MessageSettingsOfCorps },
  corpId: string,
  status: Awaited<ReturnType<typeof syncStatus>>,
): Promise<Step[]> {
  const corp = ctx.corps.get(corpId)
  const [diagnosis, roles, developers, isTested] = await Promise.all([
    lastDiagnosis(ctx, corpId),
    rolesOfCorp(ctx.db, corpId),
    allDevelopers(ctx.db, corpId),
    hasTestedChannel(ctx, corpId),
  ])
  const done: Record<Step['step'], boolean> = {
    corp: true,
    doctor: diagnosis !== undefined && diagnosis.failed.length === 0,
    sync: status.members > 0 && status.runs.some(run => run.state === 'done'),
    callback: corp.callbackVerifiedAt !== null,
    signIn: corp.agents.some(agent => agent.uses.includes('signin')),
    messages: isTested,
    roles: roles.length > 0,
    developer: developers.length > 0,
    app: ctx.apps.ofCorp(corpId).some(app => app.homeUrl !== '' || app.mobileUrl !== ''),
  }
  const steps = stepNames.map(step => ({ step, done: done[step] }))
  return steps.every(step => step.done) ? [] : steps
}
