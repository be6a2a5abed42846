import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { Webhook } from './webhook-store.ts'

type Owner = Pick<Webhook, 'corpId' | 'id'>

export const deliveryStates = ['waiting', 'done', 'failed', 'skipped'] as const
export type DeliveryState = (typeof deliveryStates)[number]

export type DeliveryRow = {
  seq: number
  type: string
  entity: string
  state: DeliveryState
  attempts: number
  createdAt: Date
  nextAt: Date
  endedAt: Date | null
  /** HTTP status of the last answer. */
  status: number | null
  /** Why the last attempt failed, as `wordsToStore` gives it. */
  error: string | null
}

/** Deliveries with smaller numbers than `before`, the newest first. `type`: a type, or what it begins with up to a dot. */
export async function listDeliveries(
  db: Db,
  { corpId, id }: Owner,
  filter: { state: DeliveryState | undefined; type: string | undefined; before: number | undefined },
  limit: number,
): Promise<DeliveryRow[]> {
  const { state, type, before } = filter
  const conditions: RawBuilder<unknown>[] = [sql`corp_id = ${corpId} and webhook_id = ${id}`]
  if (state) conditions.push(sql`state = ${state}`)
  if (type) conditions.push(sql`(type = ${type} or starts_with(type, ${`${type}.`}))`)
  if (before) conditions.push(sql`seq < ${before}`)
  const { rows } = await sql<DeliveryRow>`
    select ${columns} from webhook_delivery where ${sql.join(conditions, sql` and `)}
    order by seq desc limit ${limit}`.execute(db)
  return rows
}

const columns = sql`seq, type, entity, state, attempts, created_at as "createdAt", next_at as "nextAt",
  ended_at as "endedAt", status, error`

export async function findDelivery(
  db: Db,
  { corpId, id }: Owner,
  seq: number,
): Promise<DeliveryRow | undefined> {
  const { rows } = await sql<DeliveryRow>`
    select ${columns} from webhook_delivery
    where corp_id = ${corpId} and webhook_id = ${id} and seq = ${seq}`.execute(db)
  return rows[0]
}

export type AttemptRow = {
  n: number
  at: Date
  ms: number
  status: number | null
  error: string | null
  content: string
}

/** The latest attempts of a delivery, the newest first. */
export async function attemptsOf(
  db: Db,
  { corpId, id }: Owner,
  seq: number,
  limit: number,
): Promise<AttemptRow[]> {
  return db
    .selectFrom('webhook_attempt')
    .select(['n', 'at', 'ms', 'status', 'error', 'content'])
    .where('corp_id', '=', corpId)
    .where('webhook_id', '=', id)
    .where('seq', '=', seq)
    .orderBy('n', 'desc')
    .limit(limit)
    .execute()
}

/** How many deliveries of each webhook of a developer wait and failed. */
export async function countDeliveries(
  db: Db,
  devId: string,
): Promise<Map<string, { waiting: number; failed: number }>> {
  const { rows } = await sql<{ id: string; waiting: number; failed: number }>`
    select w.id, count(*) filter (where d.state = 'waiting')::int as waiting,
      count(*) filter (where d.state = 'failed')::int as failed
    from webhook w join webhook_delivery d on d.corp_id = w.corp_id and d.webhook_id = w.id
    where w.dev_id = ${devId} and d.state in ('waiting', 'failed') group by w.id`.execute(db)
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}
