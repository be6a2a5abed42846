import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Words } from '../../../platform/words.ts'
import type { S3Address } from '../../../upstream/s3/s3-address.ts'
import type { TreeName } from '../tree/source.ts'
import { aheadOf, putTreeOnce, type StoredCheckpoint } from './checkpoint-store.ts'

/** A bucket of S3, without its secret key. */
export type Bucket = S3Address & { prefix: string; accessKey: string }

/** Ways by which checkpoints leave. Members and mail addresses get one a day, the other ways each. */
export const ways = ['url', 'members', 'mails', 'receiver', 'bucket'] as const
export type Way = (typeof ways)[number]
export const dailyWays: readonly Way[] = ['members', 'mails']

export type DestinationSettings = {
  /** '' for none. */
  url: string
  /** Userids of the corp. */
  members: string[]
  mails: string[]
  /** A receiver of the audit log (SIEM), by its id; '' for none. */
  receiver: string
  bucket: Bucket | null
}

export type Destination = DestinationSettings & {
  tree: TreeName
  /** Sealed. */
  bucketSecret: string | null
  /** The last checkpoint that each way took, and when; 0 and null before the first. */
  sent: Record<Way, { number: number; at: Date | null }>
  problem: Words | null
}

const columns = [
  ...['d.tree', 'd.url', 'd.members', 'd.mails', 'd.receiver', 'd.bucket'],
  'd.bucket_secret as "bucketSecret"',
  'd.problem',
  `jsonb_build_object(${ways.map(way => `'${way}', jsonb_build_object('number', d.${way}_number, 'at', d.${way}_at)`).join()}) as sent`,
].join()

type Row = Omit<Destination, 'sent'> & { sent: Record<Way, { number: number; at: string | null }> }

const destinationIn = ({ sent, ...row }: Row): Destination => ({
  ...row,
  sent: Object.fromEntries(
    ways.map(way => {
      const { number, at } = sent[way]
      return [way, { number, at: at === null ? null : new Date(at) }]
    }),
  ) as Destination['sent'],
})

export async function destinationOf(db: Db, tree: TreeName): Promise<Destination | undefined> {
  const { rows } = await sql<Row>`
    select ${sql.raw(columns)} from audit_destination d where d.tree = ${tree}`.execute(db)
  return rows[0] && destinationIn(rows[0])
}

export const hasWay = ({ url, members, mails, receiver, bucket }: DestinationSettings): boolean =>
  url !== '' || members.length > 0 || mails.length > 0 || receiver !== '' || bucket !== null

/** Whether a way is set: an SQL condition on `audit_destination as d`. */
const isSet = (way: Way): string =>
  ({
    url: "d.url <> ''",
    members: "d.members <> '{}'",
    mails: "d.mails <> '{}'",
    receiver: "d.receiver <> ''",
    bucket: 'd.bucket is not null',
  })[way]

/** Destinations that lack the last checkpoint by some way. */
export async function unsentDestinations(
  db: Db,
  now: Date,
): Promise<(Destination & { last: StoredCheckpoint })[]> {
  const lacks = ways.map(way => {
    const isDue = dailyWays.includes(way)
      ? ` and (d.${way}_at is null or d.${way}_at not between $day and $ahead or c.cause <> 'hour')`
      : ''
    return `${isSet(way)} and d.${way}_number < c.number${isDue}`
  })
  const times = {
    $day: sql`${new Date(now.getTime() - 86_400_000)}::timestamptz`,
    $ahead: sql`${aheadOf(now)}::timestamptz`,
  }
  const condition = lacks
    .join(' or ')
    .split(/(\$day|\$ahead)/)
    .map(part => times[part as keyof typeof times] ?? sql.raw(part))
  const { rows } = await sql<Row & { last: StoredCheckpoint & { madeAt: string } }>`
    select ${sql.raw(columns)}, jsonb_build_object('tree', c.tree, 'number', c.number, 'size', c.size, 'note', c.note, 'cause', c.cause,
      'madeAt', c.made_at) as last
    from audit_destination d join audit_checkpoint c on c.tree = d.tree
    where c.number = (select max(number) from audit_checkpoint where audit_checkpoint.tree = d.tree)
      and (${sql.join(condition, sql``)})
    order by d.tree`.execute(db)
  return rows.map(({ last, ...row }) => ({
    ...destinationIn(row),
    last: { ...last, madeAt: new Date(last.madeAt) },
  }))
}

/** What another way than before is sent begins anew; `bucketSecret` is sealed. */
export async function putDestination(
  tx: Db,
  tree: TreeName,
  {
    url,
    members,
    mails,
    receiver,
    bucket,
    bucketSecret,
  }: DestinationSettings & { bucketSecret: string | null },
  by: { at: Date; actor: string },
): Promise<void> {
  await putTreeOnce(tx, tree)
  const forgotten = ways.map(
    way => `${way}_number = case when audit_destination.${way} is not distinct from excluded.${way} then audit_destination.${way}_number else 0 end,
      ${way}_at = case when audit_destination.${way} is not distinct from excluded.${way} then audit_destination.${way}_at end`,
  )
  await sql`
    insert into audit_destination (tree, url, members, mails, receiver, bucket, bucket_secret, set_at, set_by)
    values (${tree}, ${url}, ${[...members]}::text[], ${[...mails]}::text[], ${receiver},
      ${bucket === null ? null : JSON.stringify(bucket)}::jsonb, ${bucketSecret}, ${by.at}, ${by.actor})
    on conflict (tree) do update set url = excluded.url, members = excluded.members, mails = excluded.mails,
      receiver = excluded.receiver, bucket = excluded.bucket, bucket_secret = excluded.bucket_secret,
      set_at = excluded.set_at, set_by = excluded.set_by, problem = null, ${sql.raw(forgotten.join())}`.execute(
    tx,
  )
}

/** What has gone by which ways; nothing of a way that was set to something else meanwhile. */
export async function noteSent(
  db: Db,
  to: Destination,
  {
    number,
    at,
    byWays,
    problem,
  }: { number: number; at: Date; byWays: readonly Way[]; problem: Words | null },
): Promise<void> {
  const is = (way: Way) => byWays.includes(way)
  const parts = ways.map(
    way => sql`${sql.ref(`${way}_number`)} = case when ${is(way)} then greatest(${sql.ref(`${way}_number`)}, ${number}) else ${sql.ref(`${way}_number`)} end,
      ${sql.ref(`${way}_at`)} = case when ${is(way)} then ${at} else ${sql.ref(`${way}_at`)} end`,
  )
  const bucket = to.bucket === null ? null : JSON.stringify(to.bucket)
  await sql`
    update audit_destination set ${sql.join(parts)}, problem = ${problem === null ? null : JSON.stringify(problem)}::jsonb
    where tree = ${to.tree} and url = ${to.url} and members = ${to.members}::text[] and mails = ${to.mails}::text[]
      and receiver = ${to.receiver} and bucket is not distinct from ${bucket}::jsonb`.execute(db)
}

export type LateDestination = { tree: TreeName; since: Date; problem: Words | null }

/** Destinations that lack a checkpoint which was made before this time: `since` is when the first of them was. */
export async function lateDestinations(db: Db, before: Date): Promise<LateDestination[]> {
  const lacks = ways
    .filter(way => !dailyWays.includes(way))
    .map(way => `${isSet(way)} and d.${way}_number < c.number`)
  const daily = dailyWays.map(
    way =>
      `${isSet(way)} and d.${way}_number < c.number and (d.${way}_at is null or d.${way}_at <= c.made_at - interval '1 day')`,
  )
  const { rows } = await sql<LateDestination>`
    select d.tree, min(greatest(c.made_at, d.set_at)) as since, d.problem from audit_destination d join audit_checkpoint c on c.tree = d.tree
    where c.made_at > ${new Date(before.getTime() - 7 * 86_400_000)} and (${sql.raw([...lacks, ...daily].join(' or '))})
    group by d.tree, d.problem having min(greatest(c.made_at, d.set_at)) < ${before} order by d.tree`.execute(
    db,
  )
  return rows
}
