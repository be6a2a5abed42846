import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db.ts'
import { deleteSome } from '../prune.ts'

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

/** By the database's clock, which is the same for all nodes. */
export async function putNode(db: Db, node: Node, isAtWork = false): Promise<void> {
  await sql`${putRow(node, isAtWork, false)}`.execute(db)
}

function putRow(
  { id, name, place, version, migrations, egress }: Node,
  isAtWork: boolean,
  isCalling: boolean,
): RawBuilder<unknown> {
  return sql`
    insert into node (id, name, place, version, migrations, seen_at, at_work, egress, calling)
    values (${id}, ${name}, ${place}, ${version}, ${[...migrations]}::text[], clock_timestamp(), ${isAtWork}, ${egress},
      ${isCalling})
    on conflict (id) do update
      set seen_at = excluded.seen_at, at_work = excluded.at_work, egress = excluded.egress, calling = excluded.calling`
}

/** What a node learns of the others and of the database with each beat. */
export type Beat = {
  isStuck: boolean
  names: { name: string; nodes: number }[]
  migrations: string[]
  /** Living nodes that are seen by the same address, and how many of them make many calls. */
  others: number
  calling: number
}

/** Says that the node lives and asks all that it has to know, in one statement: it is done all the time. */
export async function beatOf(
  db: Db,
  node: Node,
  { isAtWork, isCalling }: { isAtWork: boolean; isCalling: boolean },
): Promise<Beat> {
  const { rows } = await sql<Beat>`
    with put as (${putRow(node, isAtWork, isCalling)}),
    alive as (
      select id, name, at_work, egress, calling from node
      where seen_at > clock_timestamp() - make_interval(secs => ${aliveForSeconds})
    ), neighbour as (select calling from alive where egress = ${node.egress} and id <> ${node.id})
    select ${stuckCommits} as "isStuck",
      coalesce((select jsonb_agg(one) from (
        select name, count(*)::int as nodes from alive where at_work and name is not null group by name) as one), '[]') as names,
      coalesce((select jsonb_agg(name) from migration), '[]') as migrations,
      (select count(*) from neighbour)::int as others,
      (select count(*) from neighbour where calling)::int as calling`.execute(db)
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

export async function dropNode(db: Db, id: string): Promise<void> {
  await db.deleteFrom('node').where('id', '=', id).execute()
}

/** Whether commits have been waiting for a standby for ten seconds. The row of a node waits for none: its table is not logged. */
const stuckCommits = sql<boolean>`exists (
  select from pg_stat_activity where datname = current_database() and wait_event = 'SyncRep'
    and query_start < clock_timestamp() - interval '10 s')`

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
