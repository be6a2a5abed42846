import type { Generated } from 'kysely'

type Words = { zh: string; en: string }

export type BackupTables = {
  backup_plan: {
    single: Generated<boolean>
    enabled: boolean
    cron: string
    place: 'folder' | 's3'
    keep_daily: number
    keep_weekly: number
    keep_monthly: number
    test_days: number
    alert_days: number
    endpoint: string
    region: string
    bucket: string
    prefix: string
    addressing: 'virtual-host' | 'path' | 'own-domain'
    through_proxy: boolean
    access_key: string
    secret_key: string
    next_at: Date | null
    since: Date
    off_by_restore: Generated<boolean>
  }
  backup_run: {
    id: Generated<number>
    place: 'folder' | 's3'
    address: string
    name: Generated<string>
    mark: Generated<string>
    reason: 'plan' | 'asked'
    asked_by: string
    state: 'waiting' | 'running' | 'good' | 'failed' | 'removed' | 'missing'
    attempt: Generated<number>
    due_at: Date
    started_at: Date | null
    ended_at: Date | null
    node: string | null
    lease_until: Date | null
    bytes: number | null
    rows: number | null
    sha256: string | null
    key_fingerprint: Generated<string>
    problem: Words | null
    rotation_problem: Words | null
  }
  backup_trial: {
    id: Generated<number>
    run_id: number | null
    place: 'folder' | 's3' | null
    file: string
    asked_by: string
    state: 'waiting' | 'running' | 'good' | 'failed'
    asked_at: Date
    started_at: Date | null
    ended_at: Date | null
    node: string | null
    lease_until: Date | null
    scratch: 'embedded' | 'server' | null
    tables: number | null
    rows: number | null
    secrets: number | null
    signed: boolean | null
    problem: Words | null
  }
  break_glass: {
    id: Generated<number>
    corp_id: string | null
    reason: string
    opened_at: Date
    ends_at: Date
    ended_at: Date | null
    reset_of: Generated<string>
    closed_at: Date | null
    closed_by: Generated<string>
  }
  restored_lock: {
    scope: string
    corp_id: string | null
    restored_at: Date
    first_role: Generated<string>
    first_by: Generated<string>
    first_at: Date | null
  }
}
