import { createHash } from 'node:crypto'
import { isExternal } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { memberPerson, type Roles, roleLevel } from '../../organisation/directory/permissions/person.ts'
import { viewOf, visibleMember } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { Person, Tickets } from '../../platform/http/visitor.ts'
import type { AccessEnd } from '../../platform/manifest/access-end.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Protection } from '../protection/protection.ts'
import { countsAsActive } from '../sessions/counts-as-active.ts'
import { touchSession } from '../sessions/session-store.ts'
import { seenAfter, touchEveryMs } from '../sessions/sessions.ts'
import { liveTicket, type TicketRow } from './live-ticket-store.ts'
import * as store from './ticket-store.ts'

type Needs = Core & { mirrors: Mirrors; protection: Protection; roles: Roles }

/** A ticket lasts as long as the longest session (docs/interface/authorisation.md#jessionid). */
export const ticketSeconds = 12 * 3600

export function hashTicket(jessionId: string): string {
  return createHash('sha256').update(jessionId).digest('hex')
}

/** Creates a jessionId for one person and one app; only its hash is stored. */
export async function issueTicket(
  db: Db,
  ctx: Core,
  to: { corpId: string; appId: string; sessionId?: string; memberId?: number; adminName?: string },
): Promise<{ jessionId: string; expiresIn: number }> {
  const jessionId = ctx.newId()
  await store.insertTicket(db, {
    id: hashTicket(jessionId),
    corpId: to.corpId,
    appId: to.appId,
    sessionId: to.sessionId ?? null,
    memberId: to.memberId ?? null,
    adminName: to.adminName ?? null,
    createdAt: new Date(ctx.now()),
    expiresAt: new Date(ctx.now() + ticketSeconds * 1000),
  })
  return { jessionId, expiresIn: ticketSeconds }
}

/**
 * Returns the person who opened the app. Undefined if the ticket is not valid, is for an app of another developer, or its person
 * is outside the developer's data scope. The database is asked each time, so that a role or session revoked on another node ends
 * here at once.
 */
export function personOfTicket(
  ctx: Needs,
  developer: Caller,
  jessionId: string,
): Promise<Person | undefined> {
  return personOfTicketHash(ctx, developer, hashTicket(jessionId), true)
}

/** The same for the hash of a jessionId. `isUse`: it counts as use of the session, which what open pages ask on their own does not. */
export async function personOfTicketHash(
  ctx: Needs,
  developer: Caller,
  hash: string,
  isUse: boolean,
): Promise<Person | undefined> {
  const now = ctx.now()
  const ticket = await liveTicket(ctx.db, hash, new Date(now), seenAfter(ctx, developer.corpId, now))
  if (!ticket || ticket.devId !== developer.devId || ticket.corpId !== developer.corpId) return undefined
  if (isUse) await noteUse(ctx, ticket)
  if (ticket.memberId === null) {
    return ticket.adminName === null
      ? undefined
      : {
          corpId: ticket.corpId,
          roleLevel: roleLevel.system,
          assigned: [],
          member: undefined,
          adminName: ticket.adminName,
        }
  }
  await ctx.mirrors.need(ticket.corpId, { ids: [ticket.memberId] })
  const view = viewOf(ctx, developer)
  const found = view.mirror.members.byId(ticket.memberId)
  // An app that somebody from outside WeCom may open gets to know who opened it, whatever members its developer sees.
  const member = found && isExternal(found) ? found : visibleMember(view, found)
  return member && countsAsActive(member, ticket.amr) ? memberPerson(ctx, ticket.corpId, member) : undefined
}

/** People who work in an app do not touch our pages, so what the app asks about them counts as use of the session that opened it. */
async function noteUse(ctx: Core, { sessionId, seenAt }: TicketRow): Promise<void> {
  const now = ctx.now()
  if (sessionId === null || seenAt === null || now - seenAt.getTime() < touchEveryMs) return
  await touchSession(ctx.db, sessionId, new Date(now))
}

export function createTickets(ctx: Needs): Tickets {
  return { requirePerson: (developer, jessionId) => requirePerson(ctx, developer, jessionId) }
}

/** Like `personOfTicket`, but throws 1012 for an invalid ticket, which must not widen what is shown. */
export async function requirePerson(ctx: Needs, developer: Caller, jessionId: string): Promise<Person> {
  const person = await personOfTicket(ctx, developer, jessionId)
  if (!person) throw new ApiError('deadTicket')
  return person
}

export const endTicketsOfMembers: AccessEnd = (tx, corpId, memberIds) =>
  store.dropTicketsOfMembers(tx, corpId, memberIds)

/** Ends the tickets of a disabled app for good; they stay invalid when it is enabled again. */
export async function endTicketsOfApp(tx: Db, appId: string): Promise<void> {
  await store.dropTicketsOfApp(tx, appId)
}

/** How many tickets disabling or removing the app would end. */
export async function countTicketsOfApp(db: Db, appId: string, now: Date): Promise<number> {
  return store.countTicketsOfApp(db, appId, now)
}
