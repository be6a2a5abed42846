/** Upstreams that do not answer: one corp, or anybody. */
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
}
