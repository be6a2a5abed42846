import { sql } from 'kysely'
import { appendWaiting } from '../../../server/features/audit-tree/tree/append.ts'
import { verifyTree } from '../../../server/features/audit-tree/verify/verify.ts'
import { record } from '../../../server/platform/audit/audit.ts'
import { readConfig } from '../../../server/platform/config.ts'
import { createLog } from '../../../server/platform/operation/log.ts'
import { createSeal } from '../../../server/platform/security/seal.ts'
import { openDatabase } from '../../../server/platform/storage/database.ts'
import type { Db } from '../../../server/platform/storage/db.ts'
import { createDatabaseAt, dropDatabaseAt } from '../../../test/postgres.ts'
import type { Tools } from '../../bed.ts'
import { type Figure, median, short } from '../../report.ts'

const acts = 300
const rounds = 6
const secret = 'x'.repeat(40)

/** What an act takes longer because it enters a tree, by turns with and without the trigger, and how long a verification of all takes. */
export async function measureAuditTree(tools: Tools): Promise<Figure[]> {
  const entries = tools.options.quick ? 100_000 : 1_000_000
  const url = await createDatabaseAt(tools.postgres.adminUrl)
  const database = await openDatabase(
    readConfig({ WISP_DATABASE_URL: url, WISP_SECRET_KEY: secret }),
    createLog('silent'),
  )
  const { db } = database
  const now = () => Date.now()
  const ctx = { db, now, stopping: new AbortController().signal, seal: createSeal(secret) }
  try {
    const cost = await measureActs(db)
    await sql`insert into audit (actor, actor_name, act, target, at, detail)
      select 'li', '李', 'app.set', 't' || n, now() - interval '2 minutes', jsonb_build_object('n', n)
      from generate_series(1, ${entries}::int) as n`.execute(db)
    const appendedAt = performance.now()
    const added = await appendWaiting(ctx)
    const appendMs = performance.now() - appendedAt
    await sql`analyze`.execute(db)
    const startedAt = performance.now()
    const { findings, checked } = await verifyTree(ctx, '')
    const seconds = (performance.now() - startedAt) / 1000
    if (findings.length > 0 || checked < entries)
      throw new Error(`${checked} checked, ${findings.length} wrong`)
    return [
      cost,
      {
        name: `audit tree: verify ${entries} entries`,
        measured: seconds,
        unit: 's',
        target: { atMost: (60 * entries) / 1_000_000 },
        detail: `${added} entries were added in ${short(appendMs / 1000)} s`,
      },
    ]
  } finally {
    await database.close()
    await dropDatabaseAt(tools.postgres.adminUrl, url)
  }
}

async function measureActs(db: Db): Promise<Figure> {
  const [within, without]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++)
    for (const isOn of round % 2 === 0 ? [true, false] : [false, true]) {
      await sql`alter table audit ${sql.raw(isOn ? 'enable' : 'disable')} trigger user`.execute(db)
      const startedAt = performance.now()
      for (let n = 0; n < acts; n++)
        await record(
          db,
          { now: Date.now },
          { corpId: null, actor: 'li', act: 'app.set', target: `${n}`, detail: { n } },
        )
      ;(isOn ? within : without).push((performance.now() - startedAt) / acts)
    }
  await sql`alter table audit enable trigger user`.execute(db)
  const [on, off] = [median(within), median(without)]
  return {
    name: 'audit tree: cost of an act',
    measured: Math.max(0, (on / off - 1) * 100),
    unit: '%',
    target: { atMost: 5 },
    detail: `one act ${short(on)} ms with the tree, ${short(off)} ms without, medians of ${rounds} rounds of ${acts} by turns`,
  }
}
