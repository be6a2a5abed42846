import type { Generated, GeneratedAlways } from 'kysely'

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
    passed_to: Generated<number | null>
    held_by: Generated<number | null>
    holder_id: GeneratedAlways<number>
    care_at: Generated<Date | null>
    notify: Generated<boolean>
  }
  app_badge: { corp_id: string; app_id: string; member_id: number; count: number; set_at: Date }
  todo_app_setting: {
    corp_id: string
    app_id: string
    remind_minutes: number[]
    escalate_minutes: number | null
    may_pass_on: boolean
    in_wecom: boolean
    notify: Generated<boolean>
    updated_at: Date
    updated_by: string
  }
  todo_corp_setting: {
    corp_id: string
    quiet_days: Generated<number[]>
    quiet_from: number | null
    quiet_to: number | null
    time_zone: string
    in_wechat: Generated<boolean>
    updated_at: Date
    updated_by: string
  }
  todo_delegation: {
    corp_id: string
    id: Generated<number>
    from_id: number
    to_id: number
    starts_at: Date
    ends_at: Date
    created_at: Date
    created_by: string
    ended_by: string | null
  }
  todo_card: {
    corp_id: string
    todo_id: number
    to_id: number
    change_no: number
    due_at: Date | null
    sends: Generated<number>
    message_id: string | null
    shows: 'open' | 'done' | 'withdrawn' | 'moved' | null
    sent_at: Date | null
  }
  todo_notice: {
    corp_id: string
    id: Generated<number>
    todo_id: number
    to_id: number
    kind: 'remind' | 'escalate'
    at: Date
    created_at: Date
    batch: string | null
    ended_at: Date | null
    outcome: 'told' | 'moot' | 'unreached' | null
  }
  todo_workbench_app: {
    corp_id: string
    app_id: string
    agent_id: number | null
    template_at: Date | null
    failure: string | null
    tried_at: Date | null
  }
  todo_workbench: {
    corp_id: string
    app_id: string
    member_id: number
    change_no: number
    changed_at: Date
    due_at: Date | null
    sent_at: Date | null
    sent_count: number | null
  }
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
