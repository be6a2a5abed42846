import { noteWithdrawal } from '../../../callers/consents/ledger.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { Apps } from '../../apps/catalog.ts'
import { withdrawConsent } from '../consent-store.ts'
import { tellOfLogouts } from '../logouts/deliver.ts'
import { endAppSessionsOfMemberIn } from '../session-store.ts'

/**
 * A member takes back what they agreed to: the application is told that they are signed out, and the next sign-in asks again.
 * Throws 1000.
 */
export async function withdraw(
  ctx: Core & { apps: Apps },
  corpId: string,
  visitor: Visitor,
  appId: string,
): Promise<void> {
  const { member } = visitor
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    const isGiven = member && (await withdrawConsent(tx, corpId, appId, member.id, at))
    if (!isGiven)
      throw new ApiError('badParameter', {
        zh: told`您没有授权应用 ${appId}`,
        en: told`you have not authorised the app ${appId}`,
      })
    await noteWithdrawal(tx, { corpId, memberId: member.id, purpose: 'app', subject: appId }, at)
    const ended = await endAppSessionsOfMemberIn(tx, corpId, appId, member.id, at)
    await tellOfLogouts(tx, corpId, ended, 'app', at)
    const targetName = ctx.apps.find(appId)?.name ?? ''
    const entry = { corpId, actor: visitor.actor, act: 'app.sign-in.withdraw' as const, target: appId }
    await record(tx, ctx, { ...entry, targetName, detail: {} })
  })
}
