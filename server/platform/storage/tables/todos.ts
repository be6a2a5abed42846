import type { Generated } from 'kysely'

export type TodoTables = {
  todo: {
    corp_id: string
    id: Generated<number>
    app_id: string
    todo_no: string
    member_id: number
    kind: 'todo' | 'read'
    state: 'open' | 'done' | 'withdrawn'
    title: string
    pc_url: string
    mobile_url: string
    sender: string
    process: string
    step: string
    content: string
    priority: 0 | 1 | 2
    due_at: Date | null
    finish_by: 'app' | 'person'
    version: number | null
    created_at: Date
    changed_at: Date
    read_at: Date | null
    ended_at: Date | null
  }
  app_badge: { corp_id: string; app_id: string; member_id: number; count: number; set_at: Date }
}
