import { sql } from 'kysely'
import { readConfig } from '../server/config.ts'
import { addCorp, callbackSettings } from '../server/corps/corps.ts'
import { addDeveloper } from '../server/developers/admin.ts'
import { type Server, startServer } from '../server/server.ts'
import { findRun, type Run } from '../server/sync/runs.ts'
import { requestSync } from '../server/sync/sync.ts'
import { answerParent } from './processes.ts'

/**
 * The server of server/main.ts, with a door for what has no HTTP call: connecting a corp, asking for a sync, counting
 * rows of an embedded database that only its owner can read.
 */
export type Connected = {
  developers: { devId: string; devSecret: string }[]
  callback: { url: string; token: string; encodingAesKey: string }
}

const pollMs = 100

async function connect(
  { ctx }: Server,
  corp: { corpId: string; contactSecret: string; developers: number },
): Promise<Connected> {
  const { corpId, contactSecret } = corp
  const added = await addCorp(ctx, 'bench', { corpId, contactSecret, name: '基准企业' })
  const developers = []
  for (let n = 0; n < corp.developers; n++)
    developers.push(await addDeveloper(ctx, 'bench', corpId, { name: `基准 ${n}` }))
  return { developers, callback: callbackSettings(ctx, added) }
}

async function sync({ ctx }: Server, corpId: string): Promise<Run> {
  const id = await requestSync(ctx, 'bench', corpId, 'full')
  for (;;) {
    const run = await findRun(ctx.db, corpId, id)
    if (run && run.state !== 'waiting' && run.state !== 'running') return run
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
}

/** Any write of a member row gives it another xmin. */
export type MemberRows = { rows: number; xmins: string }

async function memberRows({ ctx }: Server): Promise<MemberRows> {
  const found = await sql<MemberRows>`
    select count(*)::int as rows, sum(xmin::text::bigint)::text as xmins from member`.execute(ctx.db)
  return found.rows[0] ?? { rows: 0, xmins: '' }
}

async function callbackRows({ ctx }: Server): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*)::int as n from contact_event where source = 'callback'`.execute(ctx.db)
  return found.rows[0]?.n ?? 0
}

const server = await startServer(readConfig(process.env))
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)))
answerParent(
  { ready: server.url },
  {
    connect: (corp: { corpId: string; contactSecret: string; developers: number }) => connect(server, corp),
    sync: ({ corpId }: { corpId: string }) => sync(server, corpId),
    memberRows: () => memberRows(server),
    callbackRows: () => callbackRows(server),
  },
)
