import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db.ts'
import { deleteSome } from '../prune.ts'
import { clockWrongMs } from './clock.ts'

export type Node = {
  id: string
  /** What the balancer calls it. */
  name: string
  place: string
  version: string
  migrations: readonly string[]
  /** Names the address by which upstreams see it. */
  egress: string
}

/** A node that was not heard of for this long is taken for dead: it missed three beats. */
export const aliveForSeconds = 15

/** What a node says of itself with each beat. `aheadMs` is by how much its machine's clock is ahead of the database's. */
export type Condition = { isAtWork: boolean; isCalling: boolean; aheadMs: number }

/** Stores a node, by the database's clock, which is the same for all nodes. */
export async function putNode(db: Db, node: Node, condition: Partial<Condition> = {}): Promise<void> {
  await sql`${putRow(node, { isAtWork: false, isCalling: false, aheadMs: 0, ...condition })}`.execute(db)
}

const aheadAtMost = 2 ** 31 - 1

function putRow(
  { id, name, place, version, migrations, egress }: Node,
  { isAtWork, isCalling, aheadMs }: Condition,
): RawBuilder<unknown> {
  const ahead = Math.round(Math.min(Math.max(aheadMs, -aheadAtMost), aheadAtMost))
  return sql`
    insert into node (id, name, place, version, migrations, seen_at, at_work, egress, calling, ahead_ms)
    values (${id}, ${name}, ${place}, ${version}, ${[...migrations]}::text[], clock_timestamp(), ${isAtWork}, ${egress},
      ${isCalling}, ${ahead})
    on conflict (id) do update
      set seen_at = excluded.seen_at, at_work = excluded.at_work, egress = excluded.egress, calling = excluded.calling,
        ahead_ms = excluded.ahead_ms`
}

/** What a node learns of the others and of the database with each beat. */
export type Beat = {
  isStuck: boolean
  names: { name: string; nodes: number }[]
  migrations: string[]
  /** Living nodes that are seen by the same address, and how many of them make many calls. */
  others: number
  calling: number
  /** Whether another living node is at work whose clock is right. */
  isRelieved: boolean
  /** Since when a node has not been heard of that did not say that it stops; null when there is none. */
  silentSince: Date | null
  /** Whether it is this node that was not heard of for long: it stood still. */
  stoodStill: boolean
}

/** Says that the node lives and asks all that it has to know, in one statement: it is done all the time. */
export async function beatOf(db: Db, node: Node, condition: Condition): Promise<Beat> {
  const { rows } = await sql<Beat>`
    with put as (${putRow(node, condition)}),
    alive as (
      select id, name, at_work, egress, calling, ahead_ms from node
      where seen_at > clock_timestamp() - make_interval(secs => ${aliveForSeconds})
    ), neighbour as (select calling from alive where egress = ${node.egress} and id <> ${node.id})
    select ${sql.raw(stuckCommits)} as "isStuck",
      coalesce((select jsonb_agg(one) from (
        select name, count(*)::int as nodes from alive where at_work and name is not null group by name) as one), '[]') as names,
      coalesce((select jsonb_agg(name) from migration), '[]') as migrations,
      (select count(*) from neighbour)::int as others,
      (select count(*) from neighbour where calling)::int as calling,
      exists (select from alive where at_work and id <> ${node.id} and abs(ahead_ms) < ${clockWrongMs}) as "isRelieved",
      (select min(seen_at) from node where ${isSilent}) as "silentSince",
      exists (select from node where ${isSilent} and id = ${node.id}) as "stoodStill"`.execute(db)
  return rows[0]!
}

/** The nodes among which corps have their homes, and how many living ones have each name. */
export async function nodesAtWork(db: Db): Promise<{ name: string; nodes: number }[]> {
  const { rows } = await sql<{ name: string; nodes: number }>`
    select name, count(*)::int as nodes from node
    where at_work and name is not null and seen_at > clock_timestamp() - make_interval(secs => ${aliveForSeconds})
    group by name`.execute(db)
  return rows
}

/** A beat sees the rows as they were before it, so that a node that stood still finds its own old one. */
const isSilent = sql<boolean>`(seen_at <= clock_timestamp() - make_interval(secs => ${aliveForSeconds}))`

/** Takes the nodes off the list that are silent, and returns since when the first of them is; undefined when there is none. */
export async function takeSilentNodes(tx: Db): Promise<Date | undefined> {
  const { rows } = await sql<{ since: Date }>`
    delete from node where ${isSilent} returning seen_at as since`.execute(tx)
  return rows.map(row => row.since).sort((a, b) => a.getTime() - b.getTime())[0]
}

/** Whether any node is alive. */
export async function anyAlive(db: Db): Promise<boolean> {
  const { rows } = await sql`select from node where not ${isSilent} limit 1`.execute(db)
  return rows.length > 0
}

/** Living nodes whose machines' clocks are off by so much, and by how much they are ahead. */
export async function nodesOff(db: Db, byMs: number): Promise<{ place: string; aheadMs: number }[]> {
  const { rows } = await sql<{ place: string; aheadMs: number }>`
    select coalesce(name, place) as place, ahead_ms as "aheadMs" from node
    where not ${isSilent} and abs(ahead_ms) >= ${byMs} order by 1`.execute(db)
  return rows
}

export async function dropNode(db: Db, id: string): Promise<void> {
  await db.deleteFrom('node').where('id', '=', id).execute()
}

/**
 * Whether commits have been waiting for a standby for ten seconds. The row of a node waits for none: its table is not logged.
 * PostgreSQL waits so only where `synchronous_standby_names` names standbys.
 */
const stuckCommits = `exists (
  select from pg_stat_activity where datname = current_database() and wait_event = 'SyncRep'
    and query_start < clock_timestamp() - interval '10 s')`

/** The same for a connection that no commit holds up. */
export const areCommitsStuck = `select ${stuckCommits} as "isStuck"`

/** To a role without pg_monitor PostgreSQL tells that somebody reads, and not how far: a base backup that is under way counts too. */
export async function standbysReading(db: Db): Promise<number> {
  const { rows } = await sql<{ standbys: number }>`
    select count(*)::int as standbys from pg_stat_replication where state is null or state = 'streaming'`.execute(
    db,
  )
  return rows[0]?.standbys ?? 0
}

/**
 * How many standbys the server is set up for: those that it names in `synchronous_standby_names`, or its slots, whichever are more. A
 * standby that is taken away on purpose leaves both, and one that fails leaves neither.
 */
export async function standbysWanted(db: Db): Promise<number> {
  const { rows } = await sql<{ names: string; slots: number }>`
    select current_setting('synchronous_standby_names') as names,
      (select count(*) from pg_replication_slots where slot_type = 'physical' and not temporary)::int as slots`.execute(
    db,
  )
  const { names = '', slots = 0 } = rows[0] ?? {}
  const list = names.replace(/^.*\(|\)$/g, '').split(',')
  return Math.max(slots, list.filter(name => !/^[\s*"]*$/.test(name)).length)
}

export type LivingNode = Omit<Node, 'name' | 'egress'> & { silentSeconds: number }

/** None in a database of a release before the table. */
export async function livingNodes(db: Db): Promise<LivingNode[]> {
  const found = await sql<{ name: string | null }>`select to_regclass('node')::text as name`.execute(db)
  if (!found.rows[0]?.name) return []
  const { rows } = await sql<LivingNode>`
    select id, place, version, migrations,
      extract(epoch from clock_timestamp() - seen_at)::float8 as "silentSeconds"
    from node where seen_at > clock_timestamp() - make_interval(secs => ${aliveForSeconds}) order by place`.execute(
    db,
  )
  return rows
}

/**
 * The addresses of nodes that are too old to have a row. The pools of 0.2.0 and later are named by their size and a UUID, where
 * those of nodes with a row have its id, and those of 0.1.0 by `wisp` alone. A pool of one is a command's.
 */
export async function unrecordedNodes(db: Db): Promise<string[]> {
  const { rows } = await sql<{ address: string }>`
    select distinct coalesce(host(client_addr), 'local') as address from pg_stat_activity
    where datname = current_database()
      and (application_name ~ '^wisp ([2-9]|[1-9][0-9]+) [0-9a-f]{8}-[0-9a-f]{4}-' or application_name in ('wisp', 'wisp jobs'))
    order by 1`.execute(db)
  return rows.map(row => row.address)
}

export async function pruneDeadNodes(
  db: Db,
  { before, atMost }: { before: Date; atMost: number },
): Promise<number> {
  return deleteSome(db, 'node', sql`seen_at < ${before}`, atMost)
}
