import type { Visibility } from '../../apps/app.ts'

/** What a client may read of people beside uid, cn, sn, displayName and entryUUID; `ad` and `posix` add the names of Active Directory and of Unix. */
export const ldapFields = ['mail', 'mobile', 'employeeNumber', 'title', 'groups', 'ad', 'posix'] as const
export type LdapField = (typeof ldapFields)[number]

/** Personal data: a program does not give it to clients. */
export const personalFields: readonly LdapField[] = ['mail', 'mobile', 'employeeNumber', 'title']

export const groupsAtMost = 100

/** A program that asks wisp by LDAP, as every node has it in memory: one for each app. */
export type LdapClient = {
  readonly appId: string
  readonly corpId: string
  /** In its bind DN and its base; unique in a corp. */
  readonly name: string
  /** Keyed SHA-256 of its bind password. */
  readonly secretHash: string
  /** Whether it finds everybody. */
  readonly everyone: boolean
  /** Otherwise departments whose people it finds, with those below. */
  readonly departments: readonly number[]
  readonly fields: readonly LdapField[]
  /** Groups of members (人群) that it finds beside departments and tags, where it has the field `groups`. */
  readonly memberGroups: readonly number[]
  /** Whether people also allow each sign-in on a card in WeCom. */
  readonly card: boolean
  readonly version: number
  readonly updatedAt: Date
  readonly updatedBy: string
}

/** Whom it finds. */
export function rangeOf({ everyone, departments }: Pick<LdapClient, 'everyone' | 'departments'>): Visibility {
  return { everyone, departments: [...departments], memberIds: [], tags: [] }
}
