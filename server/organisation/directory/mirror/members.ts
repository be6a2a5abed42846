/** The part of every member that stays in memory, so that lists and permissions need no database. */
export type MemberCore = {
  readonly ordinal: number
  /** Identifies the person; it stays the same when the userid changes. */
  readonly id: number
  readonly userId: string
  readonly key: string
  readonly name: string
  readonly status: number
  readonly departments: readonly number[]
  readonly orders: readonly number[]
  readonly hash: number
}

/** `external` is wisp's own: somebody whom WeCom does not know (write/external.ts). */
export const memberStatus = { active: 1, disabled: 2, notActivated: 4, quit: 5, external: 6 } as const

/** userids are compared case-insensitively, as in WeCom. */
export function userKey(userId: string): string {
  return userId.toLowerCase()
}

/**
 * Whether somebody is in the lists of members, `@all` and counts included. Quit members and people from outside WeCom stay in the
 * mirror and are never listed.
 */
export function isListed({ status }: Pick<MemberCore, 'status'>): boolean {
  return status !== memberStatus.quit && status !== memberStatus.external
}

/** The feature that a corp switches on to have people from outside WeCom (features/external-people). */
export const externalFeature = 'external-people'

/** From outside WeCom. */
export function isExternal({ status }: Pick<MemberCore, 'status'>): boolean {
  return status === memberStatus.external
}

/** Departments of people from outside WeCom have ids from here on, which WeCom gives to none of its own. */
export const externalFrom = 2 ** 33

/** Whether somebody belongs to the corp at all: for what a person does, and not for lists of people. */
export function isHere(core: Pick<MemberCore, 'status'>): boolean {
  return isListed(core) || isExternal(core)
}

/** Listed and not disabled; may not have signed in to WeCom yet. */
export function isThere(core: Pick<MemberCore, 'status'>): boolean {
  return isListed(core) && core.status !== memberStatus.disabled
}

let revisions = 0

/** What is derived from an address book is kept per revision, and not with the address book, which may have gone from memory. */
export function nextRevision(): number {
  return ++revisions
}
