import type { Generated } from 'kysely'

/** Types of messages; migrations/0140-message-types.sql explains the columns. */
export type MessageTypeTables = {
  message_type: {
    corp_id: string
    key: string
    dev_id: string | null
    state: Generated<string>
    version: number | null
    created_at: Date
  }
  message_type_version: {
    corp_id: string
    key: string
    version: number
    content: unknown
    made_by: string
    made_at: Date
    approved_by: string | null
    approved_at: Date | null
    superseded_at: Date | null
  }
}
