import type { Generated } from 'kysely'

export type TodoSourceTables = {
  todo_source: {
    corp_id: string
    id: string
    app_id: string
    kind: 'weaver' | 'seeyon' | 'landray'
    name: string
    match: 'userid' | 'employeeNo' | 'mobile' | 'email'
    key: string
    enabled: boolean
    addresses: string[]
    systems: string[]
    pc_prefix: string
    app_prefix: string
    takes_unknown_sender: boolean
    user_name: string
    password: string
    version: Generated<number>
    pushed_at: Date | null
    created_at: Date
    updated_at: Date
    updated_by: string
  }
  todo_source_person: {
    corp_id: string
    source_id: string
    their_id: string
    value: string
    bound_at: Date
  }
  todo_pushed: {
    corp_id: string
    todo_id: number
    source_id: string
    flow: string
    names: Record<string, string>
    receiver: string
    print: string
    pushed_at: Date
  }
  todo_unrecognised: {
    corp_id: string
    id: Generated<number>
    source_id: string
    call: string
    item: Record<string, unknown> | null
    body: string
    reason: string
    about: string
    flow: string
    print: string
    times: Generated<number>
    first_at: Date
    last_at: Date
  }
}
