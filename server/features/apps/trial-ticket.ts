import { issueTicket } from '../../callers/tickets/tickets.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { checkMayAct } from '../../organisation/directory/permissions/person.ts'
import { memberOf } from '../../organisation/people/administrators.ts'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { checkEnabled, listApps } from './apps.ts'
import { noApp } from './catalog.ts'

/**
 * A jessionId as if the member had opened the app, for trying it out. `appId` is wisp's id or the WeCom agentId. Throws
 * 1007 for somebody who could not open it either, and 1000 for an unknown or disabled app.
 */
export async function issueTrialTicket(
  ctx: Core & { corps: Corps; mirrors: Mirrors },
  actor: string,
  corpId: string,
  userId: string,
  appId: string,
): Promise<{ jessionId: string; expiresIn: number; userId: string; appId: string }> {
  const member = memberOf(ctx, corpId, userId)
  checkMayAct(member, userId)
  const apps = await listApps(ctx, corpId)
  const app = apps.find(one => one.id === appId) ?? apps.find(one => String(one.agentId) === appId)
  if (!app) throw noApp(appId)
  checkEnabled(app, appId)
  const ticket = await ctx.db.transaction().execute(async tx => {
    const detail = { appId: app.id }
    await record(tx, ctx, { corpId, actor, act: 'ticket.issue', target: member.userId, detail })
    return issueTicket(tx, ctx, { corpId, appId: app.id, memberId: member.id })
  })
  return { ...ticket, userId: member.userId, appId: app.id }
}
