import { sql } from 'kysely'
import type { Run } from '../../../server/organisation/sync/runs/run-store.ts'
import { readConfig } from '../../../server/platform/config.ts'
import { createLog } from '../../../server/platform/operation/log.ts'
import { openDatabase } from '../../../server/platform/storage/database.ts'
import type { Db } from '../../../server/platform/storage/db.ts'
import { type Bed, connectCorp, openBed, type Tools } from '../../bed.ts'
import { type Child, cpuSeconds } from '../../processes.ts'
import { type Figure, median, short } from '../../report.ts'
import { sampleCorp } from '../../requests.ts'
import { addRules, rules } from './member-groups.ts'

type SyncTimes = { ms: number; cpuMs: number; settledMs: number }

const changedEach = 100

/** A full sync that finds every hundredth member changed, by turns in a corp with 200 rules and in one without. */
export async function measureGroupSync(tools: Tools, members: number): Promise<Figure[]> {
  const bed = await openBed(tools, members)
  const departments = sampleCorp(members).departments.map(one => one.id)
  const corps = [
    { bed: await bed.again(), ruledBy: departments, rounds: [] as SyncTimes[] },
    { bed: await bed.again(), ruledBy: [], rounds: [] as SyncTimes[] },
  ] as const
  try {
    for (const one of corps)
      await withCorp(one.bed, (server, db) => firstSync(one.bed, server, db, one.ruledBy))
    for (let round = 0; round < (tools.options.quick ? 4 : 10); round++)
      for (const one of round % 2 === 0 ? corps : corps.toReversed())
        one.rounds.push(await withCorp(one.bed, (server, db) => laterSync(one.bed, server, db, round)))
    const [within, without] = corps
    const middle = (key: keyof SyncTimes) =>
      [within, without].map(one => median(one.rounds.map(each => each[key]))) as [number, number]
    const [on, off] = middle('ms')
    const told = (key: keyof SyncTimes) => middle(key).map(short).join(' and ')
    return [
      {
        name: `groups: a full sync of ${members} members with ${rules} rules`,
        measured: Math.max(0, (on / off - 1) * 100),
        unit: '% more',
        target: { atMost: 10 },
        detail: `median of ${within.rounds.length} with and without: ${told('ms')} ms, CPU ${told('cpuMs')} ms, with every ${changedEach}th member changed; the rules have their answers ${short(middle('settledMs')[0])} ms after it`,
      },
    ]
  } finally {
    for (const one of corps) await one.bed.remove()
    await bed.close()
  }
}

/** A server that has just started, and its database. */
async function withCorp<T>(bed: Bed, work: (server: Child, db: Db) => Promise<T>): Promise<T> {
  const settings = { WISP_DATABASE_URL: bed.databaseUrl, WISP_SECRET_KEY: 'x'.repeat(40) }
  const { db, close } = await openDatabase(readConfig(settings), createLog('silent'))
  const server = await bed.serve('bench/serve.ts', 'groups')
  try {
    return await work(server, db)
  } finally {
    await server.stop()
    await close()
  }
}

async function firstSync(bed: Bed, server: Child, db: Db, ruledBy: readonly number[]): Promise<void> {
  const { corpId } = bed.upstreamReady
  await connectCorp(server, bed)
  await server.ask<Run>('sync', { corpId })
  if (ruledBy.length > 0) await addRules(db, corpId, ruledBy)
}

/** The rows are changed before the server has read them, so that the sync finds WeCom different. */
async function laterSync(bed: Bed, server: Child, db: Db, round: number): Promise<SyncTimes> {
  const { corpId } = bed.upstreamReady
  await sql`
    update member set position = 'p' || id % 50, hash = 0
    where corp_id = ${corpId} and id % ${changedEach}::int = ${round}::int`.execute(db)
  const before = cpuSeconds(server.pid)
  const run = await server.ask<Run>('sync', { corpId })
  const cpuMs = (cpuSeconds(server.pid) - before) * 1000
  if (run.state !== 'done') throw new Error(`full sync ${run.state}`)
  const settledMs = await timed(() => settled(db))
  return { ms: (run.finishedAt?.getTime() ?? 0) - (run.startedAt?.getTime() ?? 0), cpuMs, settledMs }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

async function settled(db: Db): Promise<void> {
  const until = Date.now() + 300_000
  for (;;) {
    const { rows } = await sql`
      select from queue where stream = 'member-groups'
      union all select from member_group where scan_after is not null`.execute(db)
    if (rows.length === 0) return
    if (Date.now() > until) throw new Error('rules are without an answer for five minutes')
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}
