import type { Generated } from 'kysely'

export type CorpLifecycleTables = {
  corp_export: {
    corp_id: string
    exported_at: Date
    exported_by: string
    sha256: string
    bytes: number
    rows: unknown
  }
  corp_removal: {
    corp_id: string
    begun_at: Date
    name: string
    begun_by: string
    suspended_at: Date
    suspended_reason: string
    exported_at: Date
    export_sha256: string
    rows: Generated<unknown>
    ended_at: Date | null
  }
}
