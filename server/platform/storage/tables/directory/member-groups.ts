import type { Generated } from 'kysely'

/** Groups of members that are kept by a rule, a list, or both. */
export type MemberGroupTables = {
  member_group: {
    corp_id: string
    id: Generated<number>
    name: string
    note: Generated<string>
    rule: unknown
    has_dates: Generated<boolean>
    version: Generated<number>
    is_held: Generated<boolean>
    size: Generated<number>
    seq: Generated<number>
    scan_after: number | null
    scanned: Generated<number>
    untold_joined: Generated<number>
    untold_left: Generated<number>
    changed_at: Date
    changed_by: string
  }
  member_group_member: {
    corp_id: string
    group_id: number
    member_id: number
    is_in: boolean
    is_listed: Generated<boolean>
    seq: number
    at: Date
  }
  member_group_feed: { corp_id: string; seq: number; day: Generated<string> }
  member_group_tag: { corp_id: string; tag_id: number; user_keys: string[]; departments: number[] }
}
