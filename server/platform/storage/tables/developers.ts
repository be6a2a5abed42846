import type { ColumnType, Generated } from 'kysely'

/** The tables of developers, their owners, and admin tokens; migrations/ explains the columns. */
export type DeveloperTables = {
  developer: {
    dev_id: string
    corp_id: string
    name: string
    enabled: Generated<boolean>
    scopes: string[]
    scope_departments: number[] | null
    scope_tags: number[] | null
    scope_groups: Generated<number[] | null>
    allowed_ips: Generated<string[]>
    scope_seq: Generated<number>
    accounts: Generated<string[] | null>
    list_style: Generated<'object' | 'array'>
    created_at: Date
    packets: Generated<'off' | 'allowed' | 'required'>
    strict_inputs: Generated<boolean>
    own_agents: Generated<boolean>
    whole_inbox: Generated<boolean>
    sms_budget: Generated<number>
    upstream_paths: Generated<string[]>
    new_devices: Generated<boolean>
    call_limits: Generated<unknown>
    refund_limits: Generated<unknown>
    scope_ends: ColumnType<Record<string, string>, string | undefined, string | undefined>
  }
  developer_secret: {
    id: Generated<number>
    dev_id: string
    hash: string
    created_at: Date
    last_used_at: Date | null
    revoked_at: Date | null
    created_by: Generated<number | null>
  }
  compat_secret: {
    corp_id: string
    id: string
    dev_id: string
    hash: string
    created_at: Date
    created_by: number | null
    last_used_at: Date | null
    token_until: Date | null
    revoked_at: Date | null
  }
  developer_usage: {
    dev_id: string
    day: string
    endpoint: string
    calls: number
    failures: number
    last_at: Date | null
  }
  corp_call_day: { corp_id: string; day: string; calls: number; failures: number }
  developer_owner: { corp_id: string; dev_id: string; member_id: number; created_at: Date }
  scope_request: {
    corp_id: string
    id: Generated<number>
    dev_id: string
    member_id: number
    scopes: string[]
    upstream_paths: Generated<string[]>
    reason: string
    asked_at: Date
    state: Generated<'asked' | 'granted' | 'refused'>
    decided_at: Date | null
    decided_by: string | null
    why: Generated<string>
    until: Date | null
    untold: Generated<boolean>
  }
  admin_token: {
    id: Generated<number>
    corp_id: string | null
    admin_name: string | null
    member_id: number | null
    name: string
    hash: string
    scopes: string[]
    addresses: string[]
    created_at: Date
    expires_at: Date
    last_used_at: Date | null
    revoked_at: Date | null
  }
}
