import type { Generated } from 'kysely'

/** Receivers of audit entries and alerts; migrations/0175-siem-receivers.sql explains the columns. */
export type SiemTables = {
  siem_receiver: {
    id: string
    corp_id: string | null
    name: string
    transport: 'tls' | 'tcp' | 'https'
    address: string
    format: 'text' | 'cef' | 'ocsf'
    framing: Generated<'octets' | 'lf'>
    language: Generated<'zh' | 'en'>
    pen: Generated<number>
    ca: string | null
    certificate: string | null
    private_key: string | null
    authorization_header: string | null
    is_on: Generated<boolean>
    made_at: Date
    since: Date
    next_index: Generated<number>
    last_from: number | null
    sent_at: Date | null
    tries: Generated<number>
    failing_since: Date | null
    failure: string | null
    next_at: Date
    lease: string | null
    lease_until: Date | null
  }
  siem_told: {
    receiver_id: string
    alert_id: number
    is_ended: boolean
    told_at: Date
  }
}
