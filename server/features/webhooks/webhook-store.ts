import { sql } from 'kysely'
import type { Slowness } from '../../platform/queue/queue-store.ts'
import type { Db } from '../../platform/storage/db.ts'

export type Webhook = {
  corpId: string
  id: string
  devId: string
  url: string
  /** As in `isWanted` (events/types.ts). */
  types: string[]
  description: string
  /** Sealed. */
  secret: string
  /** Sealed; it signs beside `secret` until `oldEndsAt`. */
  oldSecret: string | null
  oldEndsAt: Date | null
  isOn: boolean
  /** Since when its receiver keeps calls waiting; null for one that answers. */
  silentSince: Date | null
  /** Why wisp switched it off; null while it is on, and when its developer switched it off. */
  offReason: 'failing' | 'gone' | null
  offAt: Date | null
  /** The number up to which the feed has become deliveries. */
  seq: number
  failingSince: Date | null
  failures: number
  pausedUntil: Date | null
  succeededAt: Date | null
  createdAt: Date
}

const columns = [
  'corp_id as corpId',
  'id',
  'dev_id as devId',
  'url',
  'types',
  'description',
  'secret',
  'old_secret as oldSecret',
  'old_ends_at as oldEndsAt',
  'is_on as isOn',
  'silent_since as silentSince',
  'off_reason as offReason',
  'off_at as offAt',
  'seq',
  'failing_since as failingSince',
  'failures',
  'paused_until as pausedUntil',
  'succeeded_at as succeededAt',
  'created_at as createdAt',
] as const

export async function webhooksOf(db: Db, devId: string): Promise<Webhook[]> {
  return db
    .selectFrom('webhook')
    .select(columns)
    .where('dev_id', '=', devId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function findWebhook(db: Db, corpId: string, id: string): Promise<Webhook | undefined> {
  return db
    .selectFrom('webhook')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** One at a time adds webhooks to a developer, until the transaction ends. */
export async function lockOwner(tx: Db, devId: string): Promise<void> {
  await tx.selectFrom('developer').select('dev_id').where('dev_id', '=', devId).forNoKeyUpdate().execute()
}

/** Locks the row until the transaction ends. */
export async function lockWebhook(tx: Db, corpId: string, id: string): Promise<Webhook | undefined> {
  return tx
    .selectFrom('webhook')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** The corp's webhooks that are on and have not seen all numbers. */
export async function webhooksBehind(db: Db, corpId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('webhook as w')
    .innerJoin('directory_feed as f', 'f.corp_id', 'w.corp_id')
    .select('w.id')
    .where('w.corp_id', '=', corpId)
    .where('w.is_on', '=', true)
    .whereRef('w.seq', '<', 'f.seq')
    .execute()
  return rows.map(row => row.id)
}

export async function insertWebhook(
  tx: Db,
  row: Pick<Webhook, 'corpId' | 'id' | 'devId' | 'url' | 'types' | 'description' | 'secret' | 'seq'>,
  at: Date,
): Promise<void> {
  const { corpId, id, devId, url, types, description, secret, seq } = row
  await tx
    .insertInto('webhook')
    .values({
      corp_id: corpId,
      id,
      dev_id: devId,
      url,
      types,
      description,
      secret,
      seq,
      created_at: at,
    })
    .execute()
}

export type WebhookChange = Partial<
  Pick<
    Webhook,
    'url' | 'types' | 'description' | 'seq' | 'secret' | 'oldSecret' | 'oldEndsAt' | 'isOn' | 'offAt'
  >
>

/** Whatever is changed ends a pause, and what is switched on begins without failures. */
export async function updateWebhook(
  tx: Db,
  corpId: string,
  id: string,
  change: WebhookChange,
): Promise<void> {
  await tx
    .updateTable('webhook')
    .set({
      url: change.url,
      types: change.types,
      description: change.description,
      seq: change.seq,
      secret: change.secret,
      old_secret: change.oldSecret,
      old_ends_at: change.oldEndsAt,
      is_on: change.isOn,
      off_at: change.offAt,
      paused_until: null,
      ...(change.url === undefined ? {} : { silent_since: null }),
      ...(change.isOn === undefined ? {} : { off_reason: null, failing_since: null, failures: 0 }),
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export async function deleteWebhook(tx: Db, corpId: string, id: string): Promise<void> {
  await tx.deleteFrom('webhook').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

/** Returns the webhooks that wisp itself switched off, of all corps, with the names of their developers. */
export async function switchedOffWebhooks(
  db: Db,
): Promise<{ corpId: string; id: string; url: string; devId: string; developer: string; reason: string }[]> {
  const rows = await db
    .selectFrom('webhook as w')
    .innerJoin('developer as d', 'd.dev_id', 'w.dev_id')
    .select([
      'w.corp_id as corpId',
      'w.id',
      'w.url',
      'w.dev_id as devId',
      'd.name as developer',
      'w.off_reason as reason',
    ])
    .where('w.is_on', '=', false)
    .where('w.off_reason', 'is not', null)
    .execute()
  return rows.map(row => ({ ...row, reason: row.reason ?? '' }))
}

const webhookOfTask = sql`webhook w where w.corp_id = q.corp_id and w.id = q.key`

/** Which of the queue's tasks are of silent receivers, and of which developer each is. */
export const silence: Slowness = {
  isSlow: sql`exists (select from ${webhookOfTask} and w.silent_since is not null)`,
  whose: sql`coalesce((select w.dev_id from ${webhookOfTask}), '')`,
}
