import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Bed } from '../../bed.ts'
import { type Child, cpuSeconds } from '../../processes.ts'

export const idleMs = 20_000
const settleMs = 10_000

/**
 * What nodes and PostgreSQL do while nobody asks for anything, once the nodes have done what they do at their start:
 * transactions a second, and the part of a core that each node takes, in percent.
 */
export async function atRest(
  bed: Bed,
  nodes: Child[],
): Promise<{ transactions: number; percents: number[] }> {
  const client = new pg.Client(bed.databaseUrl)
  await client.connect()
  const usage = () => nodes.map(node => cpuSeconds(node.pid))
  await delay(settleMs)
  const [before, usedBefore, startedAt] = [await committed(client), usage(), performance.now()]
  await delay(idleMs)
  const seconds = (performance.now() - startedAt) / 1000
  const transactions = ((await committed(client)) - before) / seconds
  const percents = usage().map((used, n) => ((used - usedBefore[n]!) / seconds) * 100)
  await client.end()
  return { transactions, percents }
}

/** The transactions of the database so far, as its sessions have told them: each about once a second. */
export async function committed(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    'select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()',
  )
  return Number(rows[0]?.n)
}
