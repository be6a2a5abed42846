import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { roleLevel } from '../../organisation/directory/permissions/person.ts'
import { memberOf } from '../../organisation/people/administrators.ts'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { refused } from '../../platform/http/page-call.ts'
import { told } from '../../platform/http/told.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { AccessEnd } from '../../platform/manifest/access-end.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import * as store from './session-store.ts'
import { holderOf, type Sessions } from './sessions.ts'

type Needs = Core & { mirrors: Mirrors; offered: FeatureOffers; sessions: Sessions }

/** Ends a session of a corp's member or, for the system super administrator, of a system account. Throws 1000. */
export async function endSessionOf(
  ctx: Needs,
  visitor: Visitor,
  corpId: string,
  sessionId: string,
): Promise<void> {
  const row = await store.findSession(ctx.db, sessionId)
  const isSystem = visitor.roleLevel === roleLevel.system
  const isWithin = row && (row.adminName === null ? row.corpId === corpId : isSystem)
  if (!row || !isWithin)
    throw new ApiError('badParameter', {
      zh: told`没有会话 ${sessionId}，它可能已经结束；请刷新列表`,
      en: told`there is no session ${sessionId}: it may have ended; reload the list`,
    })
  if (row.memberId !== null) checkSpared(visitor, row.memberId)
  const target = row.adminName ?? memberName(ctx, row)
  await ctx.db.transaction().execute(async tx => {
    const at = new Date(ctx.now())
    const ofMember = await store.endSession(tx, row.id, at)
    if (ofMember !== undefined) await ctx.offered.endSessions(tx, ofMember, [row.id], 'administrator', at)
    await signal(tx, 'wisp_session', row.id)
    await record(tx, ctx, { corpId, actor: visitor.actor, act: 'session.end', target, detail: {} })
  })
  ctx.sessions.forget()
}

/** Ends all sessions of another member and returns how many. Throws 1007, and 403 for oneself. */
export async function endSessionsOfMember(
  ctx: Needs & { corps: Corps },
  visitor: Visitor,
  corpId: string,
  userId: string,
): Promise<number> {
  const member = memberOf(ctx, corpId, userId)
  checkSpared(visitor, member.id)
  if (visitor.member?.id === member.id)
    throw refused({
      zh: '结束自己的全部会话，请用「退出所有设备」',
      en: "to end all your own sessions use 'Sign out everywhere'",
    })
  const ended = await ctx.db.transaction().execute(async tx => {
    const at = new Date(ctx.now())
    const ids = await store.endSessionsOf(tx, { corpId, memberId: member.id }, undefined, at)
    await ctx.offered.endSessions(tx, corpId, ids, 'administrator', at)
    for (const id of ids) await signal(tx, 'wisp_session', id)
    const entry = { corpId, actor: visitor.actor, act: 'session.end-person' as const, target: member.userId }
    await record(tx, ctx, { ...entry, detail: { ended: ids.length } })
    return ids.length
  })
  ctx.sessions.forget()
  return ended
}

/** Throws 403 for a member with a role, at whose sign-in a role of the corp's own does not get. */
export function checkSpared({ spares }: Visitor, memberId: number): void {
  if (spares?.(memberId))
    throw refused({
      zh: '此成员是管理员、服务台人员或有自定义角色，请找超级管理员',
      en: 'this member has a role: ask a super administrator',
    })
}

/** Throws 1000 for a session of somebody else. */
export async function endOwnSession(
  ctx: Core & { sessions: Sessions },
  visitor: Visitor,
  sessionId: string,
): Promise<void> {
  const own = await store.sessionsOf(ctx.db, holderOf(visitor), new Date(ctx.now()))
  if (!own.some(row => row.id === sessionId))
    throw new ApiError('badParameter', {
      zh: told`您没有会话 ${sessionId}，它可能已经结束；请刷新列表`,
      en: told`you have no session ${sessionId}: it may have ended; reload the list`,
    })
  await ctx.sessions.end(sessionId)
}

/** Ends the sessions of a person, except one; what every node keeps of them in memory is read again. */
export async function endSessionsOfHolder(
  tx: Db,
  holder: store.SessionHolder,
  except: string | undefined,
  at: Date,
): Promise<void> {
  for (const id of await store.endSessionsOf(tx, holder, except, at)) await signal(tx, 'wisp_session', id)
}

/** Ends the sessions of a system account, except one, and makes every node read such accounts again. */
export async function endSessionsOfAccount(
  tx: Db,
  adminName: string,
  except: string | undefined,
  at: Date,
): Promise<void> {
  await store.endSessionsOf(tx, { adminName }, except, at)
  await signal(tx, 'wisp_session', '*')
}

export const endSessionsOfMembers: AccessEnd = async (tx, corpId, memberIds, at) => {
  for (const id of await store.endSessionsOfMembers(tx, corpId, memberIds, at))
    await signal(tx, 'wisp_session', id)
}

function memberName({ mirrors }: Needs, { corpId, memberId }: store.LiveSession): string {
  if (corpId === null || memberId === null) return ''
  return mirrors.of(corpId).members.byId(memberId)?.userId ?? `#${memberId}`
}
