import type { Generated } from 'kysely'

export type ExternalPeopleTables = {
  external_department: {
    corp_id: string
    id: number
    name: string
    parent_id: number
    created_at: Date
  }
  external_person: {
    corp_id: string
    member_id: number
    organisation: string
    department_id: number
    sponsor_id: number | null
    sponsor_department: number | null
    ends_at: Date
    reminded_days: number | null
    created_by: string
    created_at: Date
    ended_at: Date | null
    ended_by: Generated<string>
  }
  external_becoming: {
    corp_id: string
    external_id: number
    member_id: number
    proposed_at: Date
    proved_at: Date | null
    decided_at: Date | null
    decided_by: Generated<string>
    accepted: boolean | null
  }
}
