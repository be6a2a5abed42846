import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'

/** What a developer got of people: by day for 30 days, by field as long as answers are kept. */
export type DeveloperReads = {
  devId: string
  answers: number
  people: number
  firstDay: string | null
  lastDay: string | null
  fields: string[]
}

export async function readsOfDevelopers(
  db: Db,
  corpId: string,
  { from, fieldsFrom }: { from: Date; fieldsFrom: Date },
): Promise<DeveloperReads[]> {
  const { rows } = await sql<DeveloperReads>`
    with days as (
      select dev_id, min(day)::text as first, max(day)::text as last,
        coalesce(sum(answers) filter (where day >= ${from}::date), 0)::float8 as answers,
        coalesce(sum(people) filter (where day >= ${from}::date), 0)::float8 as people
      from people_read where corp_id = ${corpId} group by dev_id),
    named as (
      select dev_id, array_agg(distinct field order by field) as fields
      from data_read cross join lateral unnest(fields) as field
      where corp_id = ${corpId} and at >= ${fieldsFrom} group by dev_id)
    select coalesce(days.dev_id, named.dev_id) as "devId", coalesce(answers, 0) as answers, coalesce(people, 0) as people,
      first as "firstDay", last as "lastDay", coalesce(fields, '{}') as fields
    from days full join named on named.dev_id = days.dev_id`.execute(db)
  return rows
}

/** People who agreed, and who entered within 30 days, by app. */
export type AppUse = { appId: string; consents: number; people: number; lastAt: Date | string | null }

export async function useOfApps(db: Db, corpId: string, from: Date): Promise<AppUse[]> {
  const { rows } = await sql<AppUse>`
    with agreed as (
      select subject as id, count(*)::int as consents from person_consent
      where corp_id = ${corpId} and purpose = 'app' and withdrawn_at is null group by 1),
    entered as (
      select app_id as id, count(distinct member_id)::int as people, max(at) as last from sign_in_log
      where corp_id = ${corpId} and app_id is not null and at >= ${from} group by 1)
    select coalesce(agreed.id, entered.id) as "appId", coalesce(consents, 0) as consents, coalesce(people, 0) as people,
      last as "lastAt"
    from agreed full join entered on entered.id = agreed.id`.execute(db)
  return rows
}

export type RegisterCounts = { reads: DeveloperReads[]; uses: AppUse[]; countedAt: Date | null }

/** What was counted last; undefined before anybody asked. */
export async function registerCounts(db: Db, corpId: string): Promise<RegisterCounts | undefined> {
  const row = await db
    .selectFrom('person_register')
    .select(['reads', 'uses', 'counted_at as countedAt'])
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row as RegisterCounts | undefined
}

/** Asks for a count; false when one was asked for already, and is not older than `again`. */
export async function askForCounts(tx: Db, corpId: string, at: Date, again: Date): Promise<boolean> {
  const row = await tx
    .insertInto('person_register')
    .values({ corp_id: corpId, reads: '[]', uses: '[]', counted_at: null, asked_at: at })
    .onConflict(conflict =>
      conflict
        .column('corp_id')
        .doUpdateSet({ asked_at: at })
        .where(either =>
          either.or([
            either('person_register.asked_at', 'is', null),
            either('person_register.asked_at', '<', again),
          ]),
        ),
    )
    .returning('corp_id')
    .executeTakeFirst()
  return row !== undefined
}

/** When a count was asked for that is not there yet. */
export async function countsAskedAt(db: Db, corpId: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('person_register')
    .select('asked_at')
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row?.asked_at ?? undefined
}

export async function putCounts(
  tx: Db,
  corpId: string,
  { reads, uses, countedAt }: RegisterCounts,
): Promise<void> {
  const counts = {
    reads: JSON.stringify(reads),
    uses: JSON.stringify(uses),
    counted_at: countedAt,
    asked_at: null,
  }
  await tx
    .insertInto('person_register')
    .values({ corp_id: corpId, ...counts })
    .onConflict(conflict => conflict.column('corp_id').doUpdateSet(counts))
    .execute()
}
