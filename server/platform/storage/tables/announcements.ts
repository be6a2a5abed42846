import type { Generated } from 'kysely'

export type AnnouncementTables = {
  announcement: {
    corp_id: string
    id: Generated<number>
    title: string
    content: string
    is_important: boolean
    visible_to_all: boolean
    visible_departments: number[]
    visible_members: number[]
    visible_tags: number[]
    visible_groups: Generated<number[]>
    from_at: Date
    until_at: Date
    withdrawn_by: string | null
    version: Generated<number>
    created_at: Date
    updated_at: Date
    updated_by: string
    message_id: string | null
  }
  announcement_mark: {
    corp_id: string
    announcement_id: number
    member_id: number
    shown_at: Date
    read_at: Date | null
  }
  announcement_reader: { corp_id: string; owner: string; put_away: number[] }
}
