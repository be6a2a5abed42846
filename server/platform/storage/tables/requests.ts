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
