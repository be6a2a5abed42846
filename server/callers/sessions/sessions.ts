/**
 * A session is checked on every call, and a ticket in the database. What ends a session (sign-out, leaving, disabling, another
 * password) ends it on all nodes by NOTIFY; memory counts for a minute at most. A devToken that a page lent names its session
 * and is valid as long as the page would lend it again (lenders.ts). Handlers, never pages, apply the limits of a graded
 * administrator. What an open page asks on its own (`unattended`) is no use of the session, which would otherwise never end by
 * idleness.
 */

import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { LRUCache } from 'lru-cache'
import type { Corps } from '../../organisation/corps/corps.ts'
import { isHere } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { memberPerson, type Roles, roleLevel } from '../../organisation/directory/permissions/person.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import type { Acr, Amr, Person, Visitor } from '../../platform/http/visitor.ts'
import { lru } from '../../platform/lru.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { SessionEndCause } from '../../platform/manifest/session-end.ts'
import { describeError } from '../../platform/operation/log.ts'
import { callerAddress } from '../../platform/security/caller-address.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import { idleMsOf, type Protection } from '../protection/protection.ts'
import { idleCutoff } from '../protection/protection-store.ts'
import { accountIdleMinutes } from '../protection/settings.ts'
import { cookieName, isSecure, readCookie, setCookie } from './cookies.ts'
import { countsAsActive } from './counts-as-active.ts'
import { checkRoom } from './room-for-session.ts'
import * as store from './session-store.ts'

type Needs = Core & {
  corps: Corps
  mirrors: Mirrors
  offered: FeatureOffers
  protection: Protection
  roles: Roles
  three: Three
}

export type Holder = { corpId: string; memberId: number } | { adminName: string }

export function holderOf(visitor: Visitor): Holder {
  return visitor.member
    ? { corpId: visitor.corpId, memberId: visitor.member.id }
    : { adminName: visitor.adminName }
}

/**
 * A session lasts 12 hours at most (docs/interface/authorisation.md#sessions). Without use it ends after four hours for members,
 * after one hour for the system account, or earlier where the protection says so (protection/settings.ts).
 */
export const absoluteMs = 12 * 3_600_000
/** The use of a session is stored at most this often. */
export const touchEveryMs = 60_000
const recheckAfterMs = 60_000
const keptAtMost = 100_000

type CachedSession = { row: store.SessionRow; readAt: number; csrf: string }

/** How somebody proved themselves just now. */
export type SignInProof = { acr: Acr; amr: readonly Amr[] }

/** `longMs`: how long the session lasts, where that is longer than usual. `also`: what is stored with it, in the same transaction. */
export type NewSession = SignInProof & {
  longMs?: number
  hasRole?: boolean
  also?: (tx: Db, sessionId: string) => Promise<void>
}

export type Sessions = {
  /**
   * Looks in memory only; undefined also when the database must be asked, for the session or for the member's address
   * book. A request that is not `attended` was made by a page on its own and does not count as use of the session.
   */
  visitorOf(request: FastifyRequest, attended?: boolean): Visitor | undefined
  findVisitor(request: FastifyRequest, attended?: boolean): Promise<Visitor | undefined>
  /** Whether this node has had the request's session, perhaps a while ago: it says nothing of what its person may do. */
  isKept(request: FastifyRequest): boolean
  /** The visitor of this session, in memory only, as `visitorOf` has them; it counts as use only if `attended`. */
  knownVisitor(sessionId: string, attended?: boolean): Visitor | undefined
  /** Asks the database. It counts as use only if `attended`. */
  readVisitor(sessionId: string, attended?: boolean): Promise<Visitor | undefined>
  /**
   * Starts a session and sets its cookie. Throws 1009 (403) where the person has as many sessions as they may have, and these are not
   * ended for it.
   */
  open(holder: Holder, opened: NewSession, request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** The person of this session proved themselves anew; every node knows it. */
  prove(sessionId: string, proved: SignInProof): Promise<void>
  /** Ends one session together with its tickets, on every node. Applications that it signed somebody in to are told. */
  end(sessionId: string, cause?: SessionEndCause): Promise<void>
  /** Ends all sessions of a person except `except`; returns how many. */
  endAll(holder: Holder, except?: string): Promise<number>
  /** Forgets what is in memory, for changes made to the database elsewhere. */
  forget(): void
}

/** The time before which a session's last use means that it has ended. */
export function seenAfter(
  ctx: { protection: Protection },
  corpId: string,
  now: number,
): { member: Date; administrator: Date } {
  return {
    member: new Date(now - idleMsOf(ctx, corpId, false)),
    administrator: new Date(now - idleMsOf(ctx, null, true)),
  }
}

/** The same in SQL about sessions of many corps, each by its own rule. System accounts have no part in it. */
export function seenAfterOfEach(now: number): store.SessionCutoffs {
  return {
    member: idleCutoff('session.corp_id', new Date(now)),
    administrator: new Date(now - accountIdleMinutes * 60_000),
  }
}

async function keptSessions({ bus }: Core): Promise<LRUCache<string, CachedSession>> {
  const cache = lru<CachedSession>(keptAtMost)
  await bus.listen(
    'wisp_session',
    payload => {
      if (payload === '*') cache.clear()
      else cache.delete(payload)
    },
    () => cache.clear(),
  )
  return cache
}

export async function createSessions(ctx: Needs): Promise<Sessions> {
  const cache = await keptSessions(ctx)

  function visitorOfKept(kept: CachedSession, attended: boolean): Visitor | undefined {
    if (isOver(ctx, kept.row)) return undefined
    const person = personOf(ctx, kept.row)
    if (!person || (hasRole(person) && isOver(ctx, kept.row, true))) return undefined
    if (attended) touch(ctx, kept)
    return visitorBy(ctx, person, kept)
  }

  function knownVisitor(id: string, attended: boolean): Visitor | undefined {
    const kept = cache.get(id)
    if (!kept || ctx.now() - kept.readAt >= recheckAfterMs) return undefined
    return isKnowable(ctx, kept.row) ? visitorOfKept(kept, attended) : undefined
  }

  async function readVisitor(id: string, attended: boolean): Promise<Visitor | undefined> {
    const row = await store.liveSession(ctx.db, id)
    if (!row) return undefined
    row.seenAt = later(row.seenAt, cache.get(id)?.row.seenAt)
    if (isOver(ctx, row)) {
      await endSession(id)
      return undefined
    }
    const kept = { row, readAt: ctx.now(), csrf: ctx.seal.sign('csrf', id) }
    cache.set(id, kept)
    const known = () => visitorOfKept(kept, attended)
    if (row.corpId === null || row.memberId === null) return known()
    return ctx.mirrors.during(row.corpId, known, { ids: [row.memberId] })
  }

  async function endSession(id: string, cause: SessionEndCause = 'sign-out') {
    await ctx.db.transaction().execute(async tx => {
      const at = new Date(ctx.now())
      const corpId = await store.endSession(tx, id, at)
      if (corpId !== undefined) await ctx.offered.endSessions(tx, corpId, [id], cause, at)
      await signal(tx, 'wisp_session', id)
    })
    cache.delete(id)
  }

  return {
    visitorOf(request, attended = true) {
      const id = sessionIdOf(ctx, request)
      return id === undefined ? undefined : knownVisitor(id, attended)
    },
    async findVisitor(request, attended = true) {
      const id = sessionIdOf(ctx, request)
      return id === undefined ? undefined : readVisitor(id, attended)
    },
    isKept(request) {
      const kept = cache.get(sessionIdOf(ctx, request) ?? '')
      return kept !== undefined && !isOver(ctx, kept.row)
    },
    knownVisitor: (id, attended = false) => knownVisitor(id, attended),
    readVisitor: (id, attended = false) => readVisitor(id, attended),
    async open(holder, opened, request, reply) {
      for (const id of await openSession(ctx, holder, opened, request, reply)) cache.delete(id)
    },
    async prove(id, proved) {
      await ctx.db.transaction().execute(async tx => {
        await store.proveSession(tx, id, { ...proved, at: new Date(ctx.now()) })
        await signal(tx, 'wisp_session', id)
      })
      cache.delete(id)
    },
    end: endSession,
    async endAll(holder, except) {
      const ended = await ctx.db.transaction().execute(async tx => {
        const at = new Date(ctx.now())
        const ids = await store.endSessionsOf(tx, holder, except, at)
        if ('corpId' in holder) await ctx.offered.endSessions(tx, holder.corpId, ids, 'sign-out', at)
        for (const id of ids) await signal(tx, 'wisp_session', id)
        return ids
      })
      for (const id of ended) cache.delete(id)
      return ended.length
    },
    forget: () => cache.clear(),
  }
}

const administrators: readonly number[] = [roleLevel.system, roleLevel.superAdministrator, roleLevel.graded]

const hasRole = (person: Person) =>
  person.roleLevel !== roleLevel.member ||
  person.isHelpDesk === true ||
  person.grants !== undefined ||
  person.separated?.as !== undefined ||
  person.ofInstallation !== undefined

/** As it would be if it did not last longer than usual, which it does not for somebody who has a role by now. */
function usual(row: store.SessionRow): store.SessionRow {
  const end = Math.min(row.expiresAt.getTime(), row.createdAt.getTime() + absoluteMs)
  return { ...row, expiresAt: new Date(end), idleSeconds: null }
}

function visitorBy(ctx: Needs, person: Person, { row, csrf }: CachedSession): Visitor {
  const { id: sessionId, factorRequired, hasFactor, amr, authAt } = row
  const now = ctx.now()
  const mustChangePassword = row.mustChange || isPasswordOld(ctx, row)
  const actor = person.member ? person.member.userId : person.adminName
  // In a session that lasts for days, what somebody did at its beginning says little of who is there now.
  const acr = authAt.getTime() + absoluteMs > now ? row.acr : 1
  const proof = { acr, amr, authAt: authAt.getTime() }
  const isOfThree = isOneOfThree(ctx, person)
  const isAdministrator = administrators.includes(person.roleLevel) || person.grants !== undefined
  const isAsked = isOfThree || (factorRequired && isAdministrator)
  const mustEnrol = isAsked && !hasFactor
  // Without the three, a local account gave its second factor before it had a session.
  const mustProve = isAsked && hasFactor && (isOfThree || person.member !== undefined) && acr < 3
  return { ...person, sessionId, proof, csrf, mustChangePassword, hasFactor, mustEnrol, mustProve, actor }
}

/** One of the three administrators proves themselves by two factors, whatever the installation asks of others. */
function isOneOfThree({ three }: Needs, { separated, ofInstallation, member }: Person): boolean {
  if (!member) return three.ofAccountAnywhere() !== undefined
  return separated?.as !== undefined || ofInstallation !== undefined
}

function touch(ctx: Core, { row }: CachedSession): void {
  const now = new Date(ctx.now())
  if (now.getTime() - row.seenAt.getTime() < touchEveryMs) return
  row.seenAt = now
  store
    .touchSession(ctx.db, row.id, now)
    .catch(error => ctx.log.warn(describeError(error), 'session not touched'))
}

function sessionIdOf(ctx: Core, request: FastifyRequest): string | undefined {
  const value = readCookie(request, cookieName(ctx, request, 'session'))
  return value ? hashOf(value) : undefined
}

/** Returns the ids of the sessions that it has ended to make room. */
async function openSession(
  ctx: Needs,
  holder: Holder,
  { acr, amr, longMs = 0, hasRole, also }: NewSession,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string[]> {
  const value = ctx.newId()
  const createdAt = new Date(ctx.now())
  const lastsMs = Math.max(absoluteMs, longMs)
  const session = {
    id: hashOf(value),
    corpId: 'corpId' in holder ? holder.corpId : null,
    memberId: 'memberId' in holder ? holder.memberId : null,
    adminName: 'adminName' in holder ? holder.adminName : null,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + lastsMs),
    // A session that outlasts the usual ends by its age alone.
    idleSeconds: longMs > absoluteMs ? longMs / 1000 : null,
    address: callerAddress(request),
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
    acr,
    amr,
  }
  const isLive = (row: store.SessionRow) => !isOver(ctx, row, hasRole)
  const ended = await ctx.db.transaction().execute(async tx => {
    const room = await checkRoom(ctx, tx, holder, isLive)
    await store.insertSession(tx, session)
    await also?.(tx, session.id)
    return room
  })
  setCookie(reply, cookieName(ctx, request, 'session'), value, lastsMs / 1000, isSecure(ctx, request))
  return ended
}

export function clearSessionCookie(ctx: Core, request: FastifyRequest, reply: FastifyReply): void {
  setCookie(reply, cookieName(ctx, request, 'session'), '', 0, isSecure(ctx, request))
}

/** A use that was noted in memory a moment ago may not be stored yet. */
function later(stored: Date, noted: Date | undefined): Date {
  return noted && noted > stored ? noted : stored
}

/** Why the member of the request's session is signed in no longer, where that is not their own doing. Asks the database. */
export async function lostAccess(
  ctx: Core,
  request: FastifyRequest,
): Promise<'left' | 'disabled' | undefined> {
  const id = sessionIdOf(ctx, request)
  return id === undefined ? undefined : store.lostAccess(ctx.db, id)
}

function hashOf(value: string): string {
  return hash('sha256', value, 'hex')
}

/** Sessions of people who have a role last no longer than usual, and may have an idle time of their own. */
function isOver(ctx: Needs, session: store.SessionRow, ofRole = false): boolean {
  const row = ofRole ? usual(session) : session
  const corpId = row.adminName === null ? row.corpId : null
  const idle = row.idleSeconds === null ? idleMsOf(ctx, corpId, ofRole) : row.idleSeconds * 1000
  const now = ctx.now()
  return row.expiresAt.getTime() <= now || row.seenAt.getTime() + idle <= now
}

const dayMs = 86_400_000

/** The password of the account has been in use for longer than the rules allow. */
function isPasswordOld(ctx: Needs, { passwordAt }: store.SessionRow): boolean {
  const { passwordDays } = ctx.protection.ofInstallation()
  return passwordDays > 0 && passwordAt !== null && passwordAt.getTime() + passwordDays * dayMs <= ctx.now()
}

/** Looking up a member requires the address book in memory. */
function isKnowable({ mirrors }: Needs, row: store.SessionRow): boolean {
  return row.corpId === null || row.memberId === null || mirrors.find(row.corpId) !== undefined
}

/** Undefined for a member who left or was disabled, and when the corp was removed. */
function personOf(ctx: Needs, row: store.SessionRow): Person | undefined {
  if (row.adminName !== null) {
    return {
      corpId: row.corpId ?? '',
      roleLevel: roleLevel.system,
      assigned: [],
      member: undefined,
      adminName: row.adminName,
    }
  }
  if (row.corpId === null || row.memberId === null || !ctx.corps.find(row.corpId)) return undefined
  const member = ctx.mirrors.of(row.corpId).members.byId(row.memberId)
  if (!member || !isHere(member) || !countsAsActive(member, row.amr)) return undefined
  return memberPerson(ctx, row.corpId, member)
}
