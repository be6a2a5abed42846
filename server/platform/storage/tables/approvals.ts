import type { Generated } from 'kysely'

export type ApprovalTables = {
  approval_setting: { corp_id: string; agent_id: number; app_id: string | null; changed_at: Date }
  approval_template: {
    corp_id: string
    id: string
    flow: 'wecom' | 'own'
    name: string
    fields: Generated<unknown>
    read_at: Date
  }
  approval_grant: {
    corp_id: string
    template_id: string
    dev_id: string
    applies: boolean
    reads: boolean
  }
  approval: {
    corp_id: string
    id: Generated<number>
    flow: 'wecom' | 'own'
    no: string | null
    template_id: string
    name: string
    dev_id: string | null
    request_id: string | null
    request_hash: string | null
    applicant: string
    state: 'applying' | 'unknown' | 'known'
    status: string | null
    step: number | null
    holders: Generated<string[]>
    steps: Generated<unknown>
    contents: Generated<unknown>
    told: Generated<unknown>
    open_todos: Generated<number[]>
    todo_app: string | null
    created_at: Date
    since: Date
    changed_at: Date
  }
}
