import type { Generated } from 'kysely'

export type DeletedTables = {
  deleted_object: {
    corp_id: string
    kind: 'app' | 'developer'
    id: string
    name: string
    deleted_at: Date
    deleted_by: string
    rows: string
  }
}

/** Consents, copies, erasures and holds. */
export type PersonalDataTables = {
  person_consent: {
    corp_id: string
    id: Generated<number>
    member_id: number
    purpose: 'app'
    subject: string
    text_hash: string
    said: unknown
    how: 'page' | 'portal'
    given_at: Date
    withdrawn_at: Date | null
    withdrawn_how: string | null
  }
  person_register: {
    corp_id: string
    reads: unknown
    uses: unknown
    counted_at: Date | null
    asked_at: Date | null
  }
  person_setting: { corp_id: string; erase_days: number | null }
  person_request: {
    corp_id: string
    id: Generated<number>
    kind: 'copy' | 'erase'
    member_id: number
    user_id: string
    name: string
    state: 'asked' | 'done' | 'refused' | 'failed'
    cause: 'own' | 'asked' | 'leaver' | 'again'
    reason: string
    asked_by: string
    asked_at: Date
    ended_at: Date | null
    report: Generated<unknown>
  }
  person_copy_piece: { corp_id: string; request_id: number; n: number; content: string }
  person_hold: {
    corp_id: string
    id: Generated<number>
    member_id: number
    user_id: string
    name: string
    reason: string
    held_by: string
    held_at: Date
    until: Date
    kept_at: Date | null
    ended_at: Date | null
    ended_by: string | null
  }
  person_hold_row: {
    corp_id: string
    hold_id: number
    hash: string
    table_name: string
    content: string
    kept_at: Date
  }
  person_tombstone: { corp_id: string; member_id: number; key_hash: string; erased_at: Date }
}
