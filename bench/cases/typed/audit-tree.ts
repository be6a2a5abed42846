import { sql } from 'kysely'
import { appendWaiting } from '../../../server/features/audit-tree/tree/append.ts'
import { type Finding, findingWords } from '../../../server/features/audit-tree/tree/finding.ts'
import { verifyTree } from '../../../server/features/audit-tree/verify/verify.ts'
import { readConfig } from '../../../server/platform/config.ts'
import { createLog } from '../../../server/platform/operation/log.ts'
import { createSeal } from '../../../server/platform/security/seal.ts'
import { openDatabase } from '../../../server/platform/storage/database.ts'
import { createDatabaseAt, dropDatabaseAt } from '../../../test/postgres.ts'
import type { Tools } from '../../bed.ts'
import { type Figure, short } from '../../report.ts'

const secret = 'x'.repeat(40)

/** How fast a backlog enters the audit tree, and how long a verification of all takes. */
export async function measureVerification(tools: Tools): Promise<Figure[]> {
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
    if (findings.length > 0 || checked < entries) throw new Error(wrongIn(checked, findings))
    return [
      {
        name: `audit tree: verify ${entries} entries`,
        measured: seconds,
        unit: 's',
        target: { atMost: (60 * entries) / 1_000_000 },
        detail: `${checked} entries, ${findings.length} findings`,
      },
      {
        name: `audit tree: a backlog of ${entries} entries`,
        measured: added / (appendMs / 1000),
        unit: '/s',
        target: { atLeast: 10_000 },
        detail: `entered in ${short(appendMs / 1000)} s`,
      },
    ]
  } finally {
    await database.close()
    await dropDatabaseAt(tools.postgres.adminUrl, url)
  }
}

const shownAtMost = 10

function wrongIn(checked: number, findings: readonly Finding[]): string {
  const shown = findings.slice(0, shownAtMost).map(one => `\n  ${findingWords(one).en}`)
  return `${checked} checked, ${findings.length} wrong:${shown.join('')}`
}
