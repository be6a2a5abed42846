import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { putSetting, readSetting } from '../../platform/storage/settings.ts'
import {
  type CorpProtection,
  type InstallationProtection,
  memberIdleMinutes,
  standardOfInstallation,
} from './settings.ts'

/** In the order of the settings, of which the version of a form is made. */
const columns = [
  'corp_id as corpId',
  'console_networks as consoleNetworks',
  'sessions_at_most as sessionsAtMost',
  'sessions_full as sessionsFull',
  'watermark',
  'idle_minutes as idleMinutes',
  'admin_idle_minutes as adminIdleMinutes',
  'new_device as newDevice',
] as const

/** Returns the protection of one corp or of all; corps with the default are absent. */
export async function protectionOfCorps(
  db: Db,
  corpId: string | undefined,
): Promise<[string, CorpProtection][]> {
  const query = db.selectFrom('corp_protection').select(columns)
  const rows = await (corpId === undefined ? query : query.where('corp_id', '=', corpId)).execute()
  return rows.map(({ corpId: id, ...settings }) => [id, settings])
}

/** Locks the corp's row, which it makes of `initial` where there is none. */
export async function lockCorpProtection(
  tx: Db,
  corpId: string,
  initial: CorpProtection,
): Promise<CorpProtection> {
  await tx
    .insertInto('corp_protection')
    .values({ corp_id: corpId, ...rowOf(initial) })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  const { corpId: _, ...settings } = await tx
    .selectFrom('corp_protection')
    .select(columns)
    .where('corp_id', '=', corpId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return settings
}

export async function putCorpProtection(tx: Db, corpId: string, settings: CorpProtection): Promise<void> {
  await tx.updateTable('corp_protection').set(rowOf(settings)).where('corp_id', '=', corpId).execute()
}

function rowOf(settings: CorpProtection) {
  return {
    console_networks: [...settings.consoleNetworks],
    sessions_at_most: settings.sessionsAtMost,
    sessions_full: settings.sessionsFull,
    idle_minutes: settings.idleMinutes,
    admin_idle_minutes: settings.adminIdleMinutes,
    new_device: settings.newDevice,
    watermark: settings.watermark,
  }
}

/** The time before which the last use of a session of a corp's member means that it has ended; `corpId` is a column. */
export function idleCutoff(corpId: string, now: Date): RawBuilder<Date> {
  return sql<Date>`(${now}::timestamptz - make_interval(mins => coalesce(
    (select nullif(p.idle_minutes, 0) from corp_protection p where p.corp_id = ${sql.ref(corpId)}), ${memberIdleMinutes}::int)))`
}

const installationKey = 'protection'

/** What an older version has not stored is the standard. */
export async function installationProtection(db: Db): Promise<InstallationProtection> {
  const stored = (await readSetting(db, installationKey)) as Partial<InstallationProtection> | undefined
  return { ...standardOfInstallation, ...stored }
}

/** Two who save at once come one after the other. */
export async function lockInstallationProtection(tx: Db): Promise<InstallationProtection> {
  await sql`select pg_advisory_xact_lock(hashtext('wisp protection'))`.execute(tx)
  return installationProtection(tx)
}

export async function putInstallationProtection(tx: Db, settings: InstallationProtection): Promise<void> {
  await putSetting(tx, installationKey, settings)
}
