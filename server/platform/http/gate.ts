/**
 * The folders of http/: passthrough/ has calls that are passed on with raw query and body; admin/ calls of management, their
 * gate, and the points that administrators can be given; documents/ what OpenAPI shows; files/ the built pages; bodies/ how much
 * of a body is read, for how long, and of how many elements; waiting/ turns; tables/ CSV and Excel files that people upload;
 * answers/ how answers leave; mistakes/ unknown names and paths. This file says what a gate does, caller.ts and visitor.ts who
 * comes to it, told.ts what errors say in words and in values.
 */

import type { FastifyRequest } from 'fastify'
import type { CallRange } from './admin/grant.ts'
import type { Point } from './admin/points.ts'
import type { Caller } from './caller.ts'
import type { ApiError, UpstreamCode } from './errors.ts'
import type { Fields } from './input.ts'
import type { UnknownName } from './mistakes/unknown-names.ts'
import type { PersonalData } from './output.ts'
import type { Scope } from './scope.ts'
import type { Visitor } from './visitor.ts'

/**
 * `developer`: needs a valid devToken, with this scope where there is one. `anyone`: the call checks access itself, or the document
 * leaves it open.
 */
export type Access = { by: 'developer'; scope: Scope | undefined } | { by: 'anyone' }

/** Levels of administrators; each includes those before it. */
export type Administrators = 'system' | 'super' | 'graded'

/**
 * Who may call. `anyone`: for signing in itself. `person`: everyone who is signed in. `administrator`: this level and
 * those above; graded administrators are admitted where the handler limits them to their departments. `helpDesk`: members with
 * that role, and administrators, for whom the handler does the same. `owner`: super
 * administrators, and the owners of the developer that the input `devId` names. `installation`:
 * concerns no single corp and is for the system super administrator alone. `operator`: the same, in a session that gave the second
 * factor, for what is seen and done over all corps. `account`: for the system super administrator's
 * own account, also before its initial password has been changed and its second factor set up. `self`: everyone who is signed in, for
 * how they prove themselves, also before that.
 */
export type PageAccess =
  | { by: 'anyone' }
  | { by: 'person' }
  | { by: 'administrator'; level: Administrators }
  | { by: 'helpDesk' }
  | { by: 'owner' }
  | { by: 'installation' }
  | { by: 'operator' }
  | { by: 'account' }
  | { by: 'self' }

/** Groups of calls that are limited together. */
export const callGroups = ['read', 'write', 'message', 'pay', 'token'] as const
export type CallGroup = (typeof callGroups)[number]

/** Everything that a caller sent, before it is read as the inputs of a call. */
export type RawInputs = Record<string, unknown>

/** Members by what they are called now or were in the last 30 days, and by id. */
export type NamedMembers = { userIds?: readonly string[]; ids?: readonly number[] }

/**
 * Who calls the API, whether they may, and what is written down about it (callers/gate/api-gate.ts). `D` is what the gate itself knows
 * of a developer; handlers see the `Caller` in it.
 */
export type Gate<D extends Caller> = {
  /**
   * Reads what the check of a devToken needs and memory lacks; it must have resolved before the token is checked. Undefined when there is
   * nothing to wait for.
   */
  prepare(given: RawInputs, request: FastifyRequest): Promise<void> | undefined
  /** The developer of a valid devToken, which is taken from query, body or Authorization. Throws 1001, 1004, 1009. */
  identify(given: RawInputs, request: FastifyRequest): D
  /** Like `identify`, for a call that needs this scope, if any. */
  authenticate(given: RawInputs, request: FastifyRequest, scope: Scope | undefined): D
  /** Throws 1009 for a call of a feature that the developer's corp has switched off. */
  checkOn(developer: D, path: string): void
  /** The developer whose devId is among the inputs. */
  named(given: RawInputs | undefined): D | undefined
  /** The group in which a call is counted. Undefined for what is not limited. */
  groupOf(declared: GroupedCall): CallGroup | undefined
  /** Counts a call of this group, unless it is refused. */
  admit(developer: D, group: CallGroup): Admission
  /** Does a call's work as soon as one of the developer's slots is free. Throws 1010 when too many wait already. */
  withSlot<T>(developer: D, work: () => T | Promise<T>): T | Promise<T>
  /**
   * Does the work while the corp's address book is in memory, at once where it is there; with `about`, perhaps no more of it than these
   * members and all departments and tags.
   */
  during<T>(corpId: string, work: () => T | Promise<T>, about?: NamedMembers): T | Promise<T>
  /** Does the work with the developer as the one whom the audit log names. */
  acting<T>(developer: D, request: FastifyRequest, work: () => T): T
  /** Counts a call with which the developer makes wisp call others at once. Throws 1010. */
  goOut(developer: D): Promise<void>
  /** Notes a call that is over. */
  note(declared: LoggedCall, request: FastifyRequest, outcome: Outcome<D>): void
  packets: PacketGate<D>
}

/** Encrypted calls. */
export type PacketGate<D extends Caller> = {
  isPacket(request: FastifyRequest): boolean
  /** Throws 1009 for a developer that may not send packets. */
  checkMaySend(developer: D): void
  /** Throws 1000 for a developer that must send packets. */
  checkMayBeClear(developer: D): void
  /** Checks a packet of this developer and opens it. Throws 1009, and one and the same 1000 for whatever is wrong. */
  open(developer: D, path: string, request: FastifyRequest): Promise<OpenPacket>
  /** The one answer to whatever is wrong with a packet. */
  bad(): ApiError
}

export type OpenPacket = {
  /** The parameters as they were encrypted. */
  plain: Buffer
  /** Encrypts the whole envelope. */
  answer(envelope: Buffer): SealedAnswer
}

export type SealedAnswer = { headers: Record<string, string>; body: string }

/** Whether a call may go on. `headers` belong on its answer, whatever that is. */
export type Admission = { headers: Record<string, string>; refusal: ApiError | undefined }

/** What the group of a call follows from; `group` decides where a declaration has one. */
export type GroupedCall = {
  group?: CallGroup
  methods: readonly string[]
  access: { by: 'developer'; scope: string | undefined } | { by: 'anyone' }
}

/** What the request log needs to know of a call's declaration. */
export type LoggedCall = { path: string; logged?: readonly string[]; input: Fields }

/** How a call ended. `given` is what the caller sent, as far as it was read. */
export type Outcome<D extends Caller> = {
  developer?: D | undefined
  given?: RawInputs | undefined
  /** Why it failed; undefined when it succeeded. */
  failure?: ApiError | undefined
  /** The names among the inputs that the call does not know. */
  unknown?: readonly UnknownName[] | undefined
  /** How much of what a successful call was asked for was refused. */
  refused?: number | undefined
  /** Whose personal data the answer holds. */
  people?: PersonalData | undefined
  /** What a vendor said to a call that was passed on to it. */
  upstream?: UpstreamCode | undefined
  ms: number
}

/** What the gate looks at of a page call's declaration. */
export type PageUse = {
  method: 'GET' | 'POST'
  path: string
  access: PageAccess
  point?: Point | undefined
  range?: CallRange | undefined
  whileSuspended?: true
}

/** The corp that a page call is about, and its visitor with what their roles allow in this call. */
export type Authorisation = { corpId: string | undefined; visitor: Visitor | undefined }

/** A page call that failed. `corpId` and `visitor` are missing when it failed before they were known. */
export type RefusedCall = {
  path: string
  request: FastifyRequest
  visitor: Visitor | undefined
  corpId: string | undefined
  error: ApiError
}

/** Finds who has a page open. A request that is not `attended` was made by a page on its own and does not count as use. */
export type Visitors = {
  /** Looks in memory only; undefined also when somebody else must be asked. */
  visitorOf(request: FastifyRequest, attended?: boolean): Visitor | undefined
  findVisitor(request: FastifyRequest, attended?: boolean): Promise<Visitor | undefined>
}

/** Who makes the calls of our own pages, and whether they may (callers/gate/page-gate.ts). */
export type PageGate = Visitors & {
  /** Keeps what somebody was refused, for whom they ask about it; nobody waits for that. */
  noteRefusal(refused: RefusedCall): void
  /** An act must come from our own page. Throws 403. */
  checkOrigin(request: FastifyRequest, visitor: Visitor | undefined): void
  /** Checks the access. The visitor that it returns is the one whom the handler restricts. Throws 401, 403. */
  authorise(
    declared: PageUse,
    visitor: Visitor | undefined,
    given: RawInputs,
    request: FastifyRequest,
  ): Authorisation
  /** Throws 1009 (403) for a call of the console from an address from which this person may not use it. */
  checkAddress(access: PageAccess, visitor: Visitor | undefined, request: FastifyRequest): void
  /** Throws 1009 (403) for a corp that is suspended or being deleted, where this visitor may not do this even so. */
  checkOpen(corpId: string, declared: PageUse, visitor: Visitor | undefined): void
  /** Throws 1009 for an act of a feature that the corp has switched off. */
  checkOn(corpId: string, path: string): void
  /** As for calls of the API. */
  during: Gate<Caller>['during']
  /** Does the work with the visitor as the one whom the audit log names. */
  acting<T>(visitor: Visitor, request: FastifyRequest, work: () => T): T
  /** Counts a click that makes wisp call others at once. Throws 1010. */
  goOut(visitor: Visitor | undefined, given: RawInputs, corpId: string | undefined): Promise<void>
}
