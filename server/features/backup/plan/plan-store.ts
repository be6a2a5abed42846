import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

/** When backups are written by themselves, where, and how many are kept. `secretKey` is sealed. */
export type Plan = {
  enabled: boolean
  cron: string
  place: 'folder' | 's3'
  keepDaily: number
  keepWeekly: number
  keepMonthly: number
  testDays: number
  alertDays: number
  endpoint: string
  region: string
  bucket: string
  prefix: string
  addressing: 'virtual-host' | 'path' | 'own-domain'
  throughProxy: boolean
  accessKey: string
  secretKey: string
  nextAt: Date | null
  since: Date
  offByRestore: boolean
}

const columns = [
  ...(['enabled', 'cron', 'place', 'endpoint', 'region', 'bucket', 'prefix', 'addressing', 'since'] as const),
  ...(['keep_daily as keepDaily', 'keep_weekly as keepWeekly', 'keep_monthly as keepMonthly'] as const),
  ...(['test_days as testDays', 'alert_days as alertDays', 'through_proxy as throughProxy'] as const),
  ...(['access_key as accessKey', 'secret_key as secretKey', 'next_at as nextAt'] as const),
  'off_by_restore as offByRestore',
] as const

export async function readPlan(db: Db): Promise<Plan | undefined> {
  return db.selectFrom('backup_plan').select(columns).executeTakeFirst()
}

/** For the rest of the transaction nobody else changes the plan, also when there is none yet. */
export async function lockPlan(tx: Db): Promise<Plan | undefined> {
  await tx.selectFrom('backup_plan').select('single').forUpdate().execute()
  return readPlan(tx)
}

export async function putPlan(tx: Db, plan: Plan): Promise<void> {
  const row = {
    enabled: plan.enabled,
    cron: plan.cron,
    place: plan.place,
    keep_daily: plan.keepDaily,
    keep_weekly: plan.keepWeekly,
    keep_monthly: plan.keepMonthly,
    test_days: plan.testDays,
    alert_days: plan.alertDays,
    endpoint: plan.endpoint,
    region: plan.region,
    bucket: plan.bucket,
    prefix: plan.prefix,
    addressing: plan.addressing,
    through_proxy: plan.throughProxy,
    access_key: plan.accessKey,
    secret_key: plan.secretKey,
    next_at: plan.nextAt,
    since: plan.since,
    off_by_restore: plan.offByRestore,
  }
  await tx
    .insertInto('backup_plan')
    .values({ single: true, ...row })
    .onConflict(one => one.column('single').doUpdateSet(row))
    .execute()
}

export async function putNextAt(tx: Db, nextAt: Date): Promise<void> {
  await tx.updateTable('backup_plan').set({ next_at: nextAt }).execute()
}

export async function hasPlans(tx: Db): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`select to_regclass('backup_plan') is not null as has`.execute(
    tx,
  )
  return rows[0]?.has ?? false
}

/** A restored copy of an installation must not write into the place of the original, and delete what is there. */
export async function switchOffRestored(tx: Db): Promise<void> {
  await tx
    .updateTable('backup_plan')
    .set({ enabled: false, next_at: null, off_by_restore: true })
    .where('enabled', '=', true)
    .execute()
}
