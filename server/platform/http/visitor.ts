import type { Grant } from './admin/grant.ts'
import type { Separation, ThreeRole } from './admin/three-role.ts'
import type { Caller } from './caller.ts'

/** A member as far as it matters for who may do what. */
export type Identity = {
  /** Identifies the person; it stays the same when the userid changes. */
  readonly id: number
  readonly userId: string
  /** The userId in lower case, by which members are looked up. */
  readonly key: string
  readonly name: string
  readonly departments: readonly number[]
}

/** A person known to wisp: a member, or the local administrator. */
export type Person = {
  corpId: string
  roleLevel: number
  /** For level 3: the assigned departments. */
  assigned: { departmentId: number; manage: boolean }[]
  /** A member who may use the help desk, and is else like any member. */
  isHelpDesk?: true
  /** The corp's own roles that the person has now, beside the level; missing for none. */
  grants?: readonly Grant[]
  /**
   * Set where the three administrators are separated, for whom their roles then give less (`rights/shipped.ts`). Of the local account the
   * gate sets it, by what the call is about.
   */
  separated?: Separation
  /** Which of the installation's three administrators a member is. */
  ofInstallation?: ThreeRole
  /** Set by the gate where a role's range is single apps and developers: lists show no others. */
  only?: { appIds: ReadonlySet<string>; devIds: ReadonlySet<string> }
  /** Set by the gate for somebody who acts by a role of the corp's own: the members with roles, at whose sign-in they may not get. */
  spares?: (memberId: number) => boolean
} & ({ member: Identity } | { member: undefined; adminName: string })

/**
 * How surely somebody proved who they are: 1 is recognised without doing anything, as in WeCom; 2 did something for it; 3 gave a
 * second factor too.
 */
export type Acr = 1 | 2 | 3

/** How somebody proved themselves: the ways of signing in, then the second factors. */
export type Amr = 'wecom' | 'qr' | 'sms' | 'mail' | 'passkey' | 'pwd' | 'totp' | 'recovery'

/** `authAt`: when, in milliseconds. */
export type Proof = { acr: Acr; amr: readonly Amr[]; authAt: number }

/** A caller with a live session. */
export type Visitor = Person & {
  sessionId: string
  proof: Proof
  /** Token that every act must send back; other sites cannot read it. */
  csrf: string
  mustChangePassword: boolean
  /** Has set up a second factor, whether or not this session gave it. */
  hasFactor: boolean
  /** The second factor is required and has to be set up: by a local account before anything else, by members before they administrate. */
  mustEnrol: boolean
  /** An administrator among the members who has yet to give the second factor that is required. */
  mustProve: boolean
  /** The name in the audit log. */
  actor: string
}

/** Whom a jessionId stands for, as the app's developer may see them. */
export type Tickets = {
  /** Throws 1012 for an invalid one, which must not widen what is shown. */
  requirePerson(developer: Caller, jessionId: string): Promise<Person>
}
