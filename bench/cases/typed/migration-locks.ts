import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { listMigrations, migrate } from '../../../server/platform/storage/migrate.ts'
import type { Tables } from '../../../server/platform/storage/tables.ts'
import { createDatabaseAt, dropDatabaseAt } from '../../../test/postgres.ts'
import type { Tools } from '../../bed.ts'
import { type Figure, median, short } from '../../report.ts'

/** From that with which messages of a type came to the newest. */
const first = '0140'
const everyMs = 5

/** How long a send of the version before waits while they run beside many messages: all of them are one transaction, which keeps its locks. */
export async function measureMigrationLocks(tools: Tools): Promise<Figure[]> {
  const messages = tools.options.quick ? 200_000 : 10_000_000
  const url = await createDatabaseAt(tools.postgres.adminUrl)
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const names = listMigrations()
  try {
    await db.transaction().execute(tx =>
      migrate(
        tx,
        names.filter(name => name < first),
      ),
    )
    await fill(pool, messages)
    const sending = send(url)
    await new Promise(resolve => setTimeout(resolve, 500))
    const startedAt = performance.now()
    await db.transaction().execute(tx =>
      migrate(
        tx,
        names.filter(name => name >= first),
      ),
    )
    const seconds = (performance.now() - startedAt) / 1000
    const waits = await sending.stop()
    return [
      {
        name: `migrations beside ${messages} messages`,
        measured: Math.max(...waits) / 1000,
        unit: 's',
        target: { atMost: 2 },
        detail: `the longest wait of ${waits.length} sends, p50 ${short(median(waits))} ms; the migrations took ${short(seconds)} s`,
      },
    ]
  } finally {
    await db.destroy()
    await dropDatabaseAt(tools.postgres.adminUrl, url)
  }
}

const columns = `id, corp_id, dev_id, channel, agent_id, agent_name, content, truncated, receivers, answer, created_at`
const values = `'wwbench', 'dev', 'wecom', 1, '基准', repeat('c', 200), '{}', 1, '{}', now()`

async function fill(pool: pg.Pool, messages: number): Promise<void> {
  await pool.query(`insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, created_at)
    values ('wwbench', '基准', '', '', '', now())`)
  await pool.query(
    `insert into message (${columns}) select 's-' || n, ${values} from generate_series(1, ${messages}) as n`,
  )
  await pool.query(
    `insert into message_part (message_id, corp_id, channel, n, user_ids, member_ids, state, next_attempt_at, finished_at)
      select 's-' || n, 'wwbench', 'wecom', 0, '{u}', '{1}', 'sent', now(), now() from generate_series(1, ${messages}) as n`,
  )
  await pool.query('vacuum analyze message, message_part')
}

/** Writes what the version before writes for a send, one after the other. */
function send(url: string): { stop(): Promise<number[]> } {
  let isOver = false
  const waits: number[] = []
  const run = async () => {
    const client = new pg.Client(url)
    await client.connect()
    for (let n = 0; !isOver; n++) {
      const startedAt = performance.now()
      await client.query(`insert into message (${columns}) values ('m-${n}', ${values})`)
      await client.query(`insert into message_part (message_id, corp_id, channel, n, user_ids, member_ids, state, next_attempt_at)
        values ('m-${n}', 'wwbench', 'wecom', 0, '{u}', '{1}', 'waiting', now())`)
      await client.query(
        `update message_part set state = 'sent', finished_at = now() where corp_id = 'wwbench' and message_id = 'm-${n}'`,
      )
      waits.push(performance.now() - startedAt)
      await new Promise(resolve => setTimeout(resolve, everyMs))
    }
    await client.end()
  }
  const running = run()
  return {
    async stop() {
      isOver = true
      await running
      return waits
    },
  }
}
