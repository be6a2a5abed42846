// What an address book consists of, as it is stored.

export type Department = { id: number; name: string; parentId: number; sortNo: number; leaders: string[] }

/** `userKeys` are lower-case userids; some may name members that the mirror does not have (yet). */
export type Tag = { id: number; name: string; userKeys: string[]; departments: number[] }

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

type WithheldField =
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
export type UpstreamMember = Omit<Member, WithheldField> &
  Partial<Pick<Member, WithheldField>> & {
    /** In the database alone (profile-store.ts), because nobody is listed or searched by them. */
    attributes?: Attribute[]
    /** The corp's own mail address, in the database alone as well. */
    bizMail?: string
  }
