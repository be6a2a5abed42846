import type { Generated } from 'kysely'

type EventRow = {
  corp_id: string
  dev_id: string
  account: string
  type: string
  entity: string
  data: unknown
  at: Date
}

/** The tables of events and webhooks; migrations/ explains the columns. */
export type EventTables = {
  event_outbox: EventRow & { id: Generated<number> }
  event_stream: { id: Generated<number>; node: string; dev_id: string; opened_at: Generated<Date> }
  event: EventRow & { seq: number }
  webhook: {
    corp_id: string
    id: string
    dev_id: string
    url: string
    types: string[]
    description: string
    secret: string
    old_secret: string | null
    old_ends_at: Date | null
    is_on: Generated<boolean>
    silent_since: Generated<Date | null>
    off_reason: 'failing' | 'gone' | null
    off_at: Date | null
    seq: number
    failing_since: Date | null
    failures: Generated<number>
    paused_until: Date | null
    succeeded_at: Date | null
    created_at: Date
  }
  webhook_delivery: {
    corp_id: string
    webhook_id: string
    seq: number
    type: string
    entity: string
    state: Generated<'waiting' | 'done' | 'failed' | 'skipped'>
    attempts: Generated<number>
    tries: Generated<number>
    created_at: Date
    first_at: Date | null
    next_at: Date
    ended_at: Date | null
    status: number | null
    error: string | null
  }
  webhook_attempt: {
    corp_id: string
    webhook_id: string
    seq: number
    n: number
    at: Date
    ms: number
    status: number | null
    error: string | null
    content: string
  }
}
