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
} & ({ member: Identity } | { member: undefined; adminName: string })

/** A caller with a live session. */
export type Visitor = Person & {
  sessionId: string
  /** Token that every act must send back; other sites cannot read it. */
  csrf: string
  mustChangePassword: boolean
  /** The second factor is required and has to be set up before anything else. */
  mustEnrol: boolean
  /** The name in the audit log. */
  actor: string
}

/** Whom a jessionId stands for, as the app's developer may see them. */
export type Tickets = {
  /** Throws 1012 for an invalid one, which must not widen what is shown. */
  requirePerson(developer: Caller, jessionId: string): Promise<Person>
}
