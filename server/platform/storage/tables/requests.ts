import type { ColumnType, Generated } from 'kysely'

export type RequestTables = {
  call_log: {
    corp_id: string
    request_id: string
    at: Date
    dev_id: string
    path: string
    method: string
    code: string
    ms: number
    address: string
    params: ColumnType<Record<string, string>, string, string>
    reason: string
    mend: string
    upstream: Generated<string>
    refused: Generated<number>
    unknown: ColumnType<
      { name?: string; length: number; nearest?: string; inside?: string }[],
      string,
      string
    >
  }
  call_gap: {
    corp_id: string
    dev_id: string
    minute: Date
    reason: 'pace' | 'memory'
    succeeded: number
    failed: number
  }
  data_read: {
    corp_id: string
    id: Generated<number>
    at: Date
    dev_id: string
    path: string
    fields: string[]
    member_ids: number[]
    unlisted: Generated<number>
  }
  people_read: {
    corp_id: string
    dev_id: string
    day: string
    path: string
    answers: number
    people: number
  }
  call_use: {
    corp_id: string
    dev_id: string
    day: string
    call_group: string
    used: number
    refused: number
  }
}

export type AuditTreeTables = {
  audit_tree: {
    tree: string
    corp_id: string | null
    size: Generated<number>
    edge: Generated<Buffer[]>
    existing: unknown
    created_at: Generated<Date>
  }
  audit_pending: {
    id: Generated<number>
    tree: string
    source: string
    row_id: string
    statement: unknown
    at: Generated<Date>
  }
  audit_leaf: {
    tree: string
    index: number
    source: string
    row_id: string
    hash: Buffer
    salt: Buffer | null
    hidden: Buffer | null
    statement: unknown
    entered_at: Generated<Date>
  }
  audit_node: { tree: string; level: number; index: number; hash: Buffer }
  audit_key: {
    number: Generated<number>
    name: string
    private_key: string
    public_key: Buffer
    made_at: Generated<Date>
  }
  audit_checkpoint: {
    tree: string
    number: number
    size: number
    note: string
    cause: string
    made_at: Date
  }
  audit_destination: {
    tree: string
    url: string
    members: string[]
    set_at: Date
    set_by: string
    url_number: Generated<number>
    url_at: Date | null
    members_number: Generated<number>
    members_at: Date | null
    problem: unknown
    mails: Generated<string[]>
    mails_number: Generated<number>
    mails_at: Date | null
    receiver: Generated<string>
    receiver_number: Generated<number>
    receiver_at: Date | null
    bucket: unknown
    bucket_secret: string | null
    bucket_number: Generated<number>
    bucket_at: Date | null
  }
  audit_grants: {
    tree: string
    checked_at: Date
    held: Generated<number>
    findings: Generated<unknown>
    listed: Generated<number>
    listed_at: Date | null
    confirmed_at: Date | null
    confirmed_by: Generated<string>
  }
  audit_verification: {
    id: Generated<number>
    tree: string
    asked_at: Date
    asked_by: string
    lease_until: Date | null
    ended_at: Date | null
    checked: Generated<number>
    size: Generated<number>
    findings: unknown
    problem: Generated<string>
  }
  audit_repetition: { entry_id: number; times: number; due_at: Date }
}
