import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { SourceKind, SourceSettings } from './settings.ts'

/** A source of people as it is stored; its secret is sealed. */
export type SourceRow = {
  corpId: string
  id: number
  name: string
  kind: SourceKind
  settings: SourceSettings
  secret: string | null
  version: number
  askedAt: Date | null
  nextAt: Date | null
  readAt: Date | null
  columns: string[]
  failingSince: Date | null
  failure: string | null
  changedAt: Date
  changedBy: string
}

const columns = [
  'corp_id as corpId',
  'id',
  'name',
  'kind',
  'settings',
  'secret',
  'version',
  'asked_at as askedAt',
  'next_at as nextAt',
  'read_at as readAt',
  'columns',
  'failing_since as failingSince',
  'failure',
  'changed_at as changedAt',
  'changed_by as changedBy',
] as const

export async function sourcesOf(db: Db, corpId: string): Promise<SourceRow[]> {
  const rows = await db
    .selectFrom('people_source')
    .select(columns)
    .where('corp_id', '=', corpId)
    .orderBy('id')
    .execute()
  return rows as SourceRow[]
}

export async function findSource(db: Db, corpId: string, id: number): Promise<SourceRow | undefined> {
  const row = await db
    .selectFrom('people_source')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row as SourceRow | undefined
}

/** Locked until the transaction ends. */
export async function lockSource(tx: Db, corpId: string, id: number): Promise<SourceRow | undefined> {
  const row = await tx
    .selectFrom('people_source')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row as SourceRow | undefined
}

/** Makes those who add and change sources of a corp wait for each other, until the transaction ends. */
export async function lockSources(tx: Db, corpId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('people_source'), hashtext(${corpId}))`.execute(tx)
}

export type SourceValues = Pick<
  SourceRow,
  'name' | 'settings' | 'secret' | 'nextAt' | 'changedAt' | 'changedBy'
>

function valuesOf({ name, settings, secret, nextAt, changedAt, changedBy }: SourceValues) {
  return {
    name,
    settings: JSON.stringify(settings),
    secret,
    next_at: nextAt,
    changed_at: changedAt,
    changed_by: changedBy,
  }
}

export async function insertSource(
  tx: Db,
  corpId: string,
  kind: SourceKind,
  values: SourceValues,
): Promise<number> {
  const { id } = await tx
    .insertInto('people_source')
    .values({ ...valuesOf(values), corp_id: corpId, kind })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** It may be read in another way, so that the columns of before say nothing any more. */
export async function updateSource(tx: Db, corpId: string, id: number, values: SourceValues): Promise<void> {
  await tx
    .updateTable('people_source')
    .set({
      ...valuesOf(values),
      version: sql<number>`version + 1`,
      failing_since: null,
      failure: null,
      columns: [],
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export async function deleteSource(tx: Db, corpId: string, id: number): Promise<void> {
  await tx.deleteFrom('people_source').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

/** Has it read at the next look. */
export async function askForPreview(tx: Db, corpId: string, id: number, at: Date): Promise<void> {
  await sql`
    update people_source set asked_at = least(coalesce(asked_at, ${at}), ${at})
    where corp_id = ${corpId} and id = ${id}`.execute(tx)
}

/** What became of a reading: which columns it had, or why there was none. `nextAt`: by its plan. */
export async function putRead(
  tx: Db,
  { corpId, id }: Pick<SourceRow, 'corpId' | 'id'>,
  {
    at,
    nextAt,
    ...result
  }: { at: Date; nextAt: Date | null } & ({ columns: readonly string[] } | { failure: string }),
): Promise<void> {
  await tx
    .updateTable('people_source')
    .set({
      asked_at: null,
      next_at: nextAt,
      ...('columns' in result
        ? { read_at: at, columns: [...result.columns], failing_since: null, failure: null }
        : { failing_since: sql<Date>`coalesce(failing_since, ${at})`, failure: result.failure }),
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** Sources that cannot be read, in all corps. */
export async function failingSources(
  db: Db,
): Promise<{ corpId: string; id: number; name: string; since: Date; failure: string }[]> {
  const { rows } = await sql<{ corpId: string; id: number; name: string; since: Date; failure: string }>`
    select corp_id as "corpId", id, name, failing_since as since, coalesce(failure, '') as failure
    from people_source where failing_since is not null`.execute(db)
  return rows
}

/** Sources of which somebody was disabled by wisp before this time and is still known, and whose last deletion has ended. */
export async function corpsWithDisabled(
  db: Db,
  before: Date,
): Promise<{ corpId: string; sourceId: number }[]> {
  const { rows } = await sql<{ corpId: string; sourceId: number }>`
    select distinct corp_id as "corpId", source_id as "sourceId" from people_source_person p
    where disabled_at is not null and disabled_at <= ${before} and not exists (select from people_source_run r
      where r.corp_id = p.corp_id and r.source_id = p.source_id and r.state = 'writing' and r.kind = 'delete')`.execute(
    db,
  )
  return rows
}
