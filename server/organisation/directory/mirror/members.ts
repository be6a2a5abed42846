/** A member as stored in the mirror. */
export type Member = {
  userId: string
  name: string
  alias: string
  mobile: string
  email: string
  sex: number
  avatar: string
  address: string
  position: string
  status: number
  mainDepartment: number
  departments: number[]
  /** Aligned by index with `departments`, as is `leaderIn`. Larger numbers come first. */
  orders: number[]
  leaderIn: number[]
  directLeaders: string[]
}

/** An extended attribute of WeCom; `url` is empty unless it is a link. */
export type Attribute = { name: string; value: string; url: string }

/** A mirrored member with the fields that only the database adds. */
export type StoredMember = Member & { id: number; hash: number }

type KeptBack =
  | 'name'
  | 'alias'
  | 'mobile'
  | 'email'
  | 'sex'
  | 'avatar'
  | 'address'
  | 'position'
  | 'status'
  | 'directLeaders'
/**
 * A member as WeCom returns it. Fields that WeCom withholds (docs/upstream/wecom-directory.md#the-restrictions-of-2022) are
 * absent and keep their stored value, so that a sync does not erase what came from consent or an import.
 */
export type UpstreamMember = Omit<Member, KeptBack> &
  Partial<Pick<Member, KeptBack>> & {
    /** In the database alone (profile-store.ts), because nobody is listed or searched by them. */
    attributes?: Attribute[]
    /** The corp's own mail address, in the database alone as well. */
    bizMail?: string
  }

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
