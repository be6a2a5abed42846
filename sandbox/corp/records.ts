/** A department with WeCom's field names (docs/upstream/wecom-directory.md#departments). */
export interface Department {
  id: number
  name: string
  name_en: string
  parentid: number
  order: number
}

export type ExtendedAttribute =
  | { type: 0; name: string; text: { value: string } }
  | { type: 1; name: string; web: { url: string; title: string } }

/**
 * A member with WeCom's field names (docs/upstream/wecom-directory.md#members). `slot` identifies the person: it does not change
 * when the userid does and is never used again, so somebody else who gets an old userid has another slot. Superiors are given as
 * slots for the same reason.
 */
export interface Member {
  slot: number
  userid: string
  name: string
  department: number[]
  order: number[]
  is_leader_in_dept: (0 | 1)[]
  direct_leader: number[]
  main_department: number
  position: string
  mobile: string
  gender: '0' | '1' | '2'
  email: string
  biz_mail: string
  hasAvatar: boolean
  telephone: string
  alias: string
  address: string
  extattr: ExtendedAttribute[]
  status: 1 | 2 | 4 | 5
  english_name?: string
  external_position?: string
  external_profile?: unknown
}

export interface Tag {
  tagid: number
  tagname: string
  users: Set<number>
  parties: Set<number>
  /** The agent that made the tag, which alone may edit it through the API. */
  agentId?: number
}
