import type { Generated } from 'kysely'

/** Upstreams that do not answer, of one corp or of anybody, and what administrators are told. */
export type OutageTables = {
  wecom_outage: { corp_id: string; since: Date; attempts: number; next_at: Date; reason: string }
  upstream_outage: {
    upstream: string
    node_id: string
    since: Date
    attempts: number
    next_at: Date
    reason: string
    seen_at: Date
  }
  alert: {
    id: Generated<number>
    corp_id: string | null
    cause: string
    subject: string
    detail: unknown
    since: Date
    tried_at: Date | null
    told_at: Date | null
    acknowledged_at: Date | null
    acknowledged_by: string | null
    ended_at: Date | null
    shared_at: Date | null
  }
}
