import type { FastifyRequest } from 'fastify'
import type { PageGate, RawInputs } from '../gate.ts'
import type { Person } from '../visitor.ts'
import type { AdminScope } from './admin-scope.ts'
import type { CallRange } from './grant.ts'
import type { Point } from './points.ts'

/** A program that acts in the place of the administrator who made its token. */
export type AdminCaller = {
  readonly tokenId: number
  /** What its maker called the token. */
  readonly tokenName: string
  /** The only corp that it may be used for; undefined: every corp, and the installation. */
  readonly corpId: string | undefined
  readonly scopes: ReadonlySet<AdminScope>
  /** Its maker, as they are at this moment. */
  readonly person: Person
  /** The maker's name in the audit log. */
  readonly actor: string
}

/**
 * What a call is about. `corp`: one corp, that of the token or the one that `corpId` names. `installation`: no corp, and only for tokens
 * of the whole installation. `own`: the corp that `corpId` names, or else whatever the token reaches.
 */
export type AdminReach = 'corp' | 'installation' | 'own'

/** What the gate looks at of a declaration. */
export type AdminUse = { scope: AdminScope; point: Point; reach: AdminReach; range?: CallRange | undefined }

/** Who makes calls by admin tokens, and whether they may (callers/gate/admin-gate.ts). */
export type AdminGate = {
  /** The caller of a live token, which is taken from the Authorization header alone. Throws 1001, 1004, 1009, 1010. */
  identify(request: FastifyRequest): Promise<AdminCaller>
  /**
   * Returns the corp that the call is about, if any, and the caller with what its maker's roles allow in this call. Throws 1009 for what
   * the token does not reach, and 1000, 1001.
   */
  authorise(
    caller: AdminCaller,
    declared: AdminUse,
    given: RawInputs,
  ): { corpId: string | undefined; caller: AdminCaller }
  /** Throws 1009 for a corp that is suspended or being deleted, but where a token of the installation reads. */
  checkOpen(corpId: string, caller: AdminCaller, method: string): void
  /** As for page calls. */
  checkOn: PageGate['checkOn']
  during: PageGate['during']
  /** Does the work with the token's maker as the one whom the audit log names. */
  acting<T>(caller: AdminCaller, request: FastifyRequest, work: () => T): T
  /** Counts a call with which the program makes wisp call others at once. Throws 1010. */
  goOut(caller: AdminCaller, corpId: string | undefined): Promise<void>
}
