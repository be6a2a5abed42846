import type { Generated } from 'kysely'

/** Roles of the corp's own, and who has them. */
export type OwnRoleTables = {
  own_role: {
    corp_id: string
    id: Generated<number>
    name: string
    points: string[]
    range: 'corp' | 'departments' | 'apps'
    departments: number[]
    app_ids: string[]
    dev_ids: string[]
    until: Date | null
    changed_at: Date
  }
  own_role_holder: {
    corp_id: string
    role_id: number
    member_id: number
    until: Date | null
    given_by: string
    given_at: Date
  }
}
