import type { Generated } from 'kysely'

/** Sources of people that are written into WeCom. */
export type PeopleSourceTables = {
  people_source: {
    corp_id: string
    id: Generated<number>
    name: string
    kind: string
    settings: unknown
    secret: string | null
    version: Generated<number>
    asked_at: Date | null
    next_at: Date | null
    read_at: Date | null
    columns: Generated<string[]>
    failing_since: Date | null
    failure: string | null
    changed_at: Date
    changed_by: string
  }
  people_source_department: {
    corp_id: string
    source_id: number
    code: string
    department_id: number
    is_own: boolean
  }
  people_source_person: {
    corp_id: string
    source_id: number
    key: string
    member_id: number | null
    user_id: string
    written: unknown
    disabled_at: Date | null
  }
  people_source_put: {
    corp_id: string
    source_id: number
    kind: string
    key: string
    cells: unknown
    put_at: Date
  }
  people_source_run: {
    corp_id: string
    id: Generated<number>
    source_id: number
    kind: string
    state: string
    version: number
    counts: unknown
    progress: unknown
    undo_of: number | null
    made_at: Date
    made_by: string
    approved_at: Date | null
    approved_by: string | null
    ended_at: Date | null
    failing_since: Date | null
    failure: string | null
  }
  people_source_row: {
    corp_id: string
    run_id: number
    n: number
    phase: number
    kind: string
    line: number
    key: string
    user_id: string
    member_id: number | null
    department_id: number | null
    name: string
    fields: unknown
    notes: string[]
    state: string
    result: string | null
    at: Date | null
  }
}
