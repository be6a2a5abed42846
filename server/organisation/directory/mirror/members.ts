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

export const memberStatus = { active: 1, disabled: 2, notActivated: 4, quit: 5 } as const

/** userids are compared case-insensitively, as in WeCom. */
export function userKey(userId: string): string {
  return userId.toLowerCase()
}

/** Quit members stay in the mirror and are never listed. */
export function isListed(core: Pick<MemberCore, 'status'>): boolean {
  return core.status !== memberStatus.quit
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
