import pg from 'pg'
import { answerParent } from './processes.ts'

/**
 * The rate at which the database itself commits single rows over one connection. The rows have the size of a
 * stored callback, the table the same columns and indexes.
 */
type Row = { rawBytes: number; plainBytes: number }
type Insert = (values: unknown[]) => Promise<unknown>

const table =
  'create table if not exists bench_event (like inbox_event including defaults including identity including indexes)'
const insert = `insert into bench_event (corp_id, stream, source, kind, entity, dedupe_key, payload_hash, raw, plain,
  received_at, next_attempt_at)
  values ($1, 'directory', 'callback', 'update_user', $2, $3, $4, $5, $6, now(), now())`

async function commitRows(write: Insert, { rawBytes, plainBytes, ms }: Row & { ms: number }) {
  const raw = 'r'.repeat(rawBytes)
  const plain = 'p'.repeat(plainBytes)
  const startedAt = performance.now()
  let rows = 0
  while (performance.now() - startedAt < ms) {
    const unique = `${process.pid}.${startedAt}.${rows++}`
    await write(['ww0000000000000000', `user:${unique}`, unique, unique.padEnd(44, '='), raw, plain])
  }
  return rows / ((performance.now() - startedAt) / 1000)
}

async function openPostgres(url: string): Promise<Insert> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(table)
  return values => client.query({ name: 'insert', text: insert, values })
}

let write: Insert | undefined
answerParent(
  { ready: true },
  {
    async open({ url }: { url: string }) {
      write = await openPostgres(url)
    },
    rate(row: Row & { ms: number }) {
      if (!write) throw new Error('not open')
      return commitRows(write, row)
    },
  },
)
