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

const deletionTable =
  'create table if not exists bench_ticket (corp_id text, id text, service text, primary key (corp_id, id))'

/** The rate at which the database itself deletes single rows and returns them, each in a transaction of its own. */
async function deleteRows(client: pg.Client, ms: number): Promise<number> {
  await client.query(deletionTable)
  await client.query('truncate bench_ticket')
  await client.query(
    "insert into bench_ticket select 'ww0000000000000000', md5(n::text), repeat('s', 64) from generate_series(1, $1::int) n",
    [ms * 20],
  )
  const { rows } = await client.query<{ id: string }>('select id from bench_ticket')
  const text = 'delete from bench_ticket where corp_id = $1 and id = $2 returning *'
  const startedAt = performance.now()
  let deleted = 0
  while (performance.now() - startedAt < ms && deleted < rows.length)
    await client.query({ name: 'delete', text, values: ['ww0000000000000000', rows[deleted++]?.id] })
  return deleted / ((performance.now() - startedAt) / 1000)
}

const todoTable =
  'create table if not exists bench_todo (like todo including defaults including identity including generated including indexes)'
const todoRows = `
  insert into bench_todo (corp_id, app_id, todo_no, member_id, kind, state, title, pc_url, mobile_url, sender, process, step, content,
    priority, due_at, finish_by, version, created_at, changed_at)
  select $1, 'app', no, 1 + n % 100000, 'todo', 'open', '第 ' || n || ' 份合同审批', 'https://oa.example.com/approve?id=' || n,
    'https://oa.example.com/approve?id=' || n, '张三', '合同审批', '部门负责人', '', 0, '2030-01-10T10:00:00+08:00', 'app', n, now(), now()
  from unnest($2::text[], $3::int[]) as row(no, n)`

/** The rate of transactions that insert so many to-dos each, with all indexes of their table, in one statement. */
async function insertTodos(
  client: pg.Client,
  { corpId, rows, ms }: { corpId: string; rows: number; ms: number },
): Promise<number> {
  await client.query(todoTable)
  const startedAt = performance.now()
  let done = 0
  while (performance.now() - startedAt < ms) {
    const ns = Array.from({ length: rows }, (_, n) => done * rows + n)
    const nos = ns.map(n => `${process.pid}.${startedAt}.${n}`)
    await client.query({ name: 'todos', text: todoRows, values: [corpId, nos, ns] })
    done++
  }
  return done / ((performance.now() - startedAt) / 1000)
}

/** What a message to one person leaves: its row, its part, which is sent, and the attempt; as many of each as wisp commits at once under load. */
const messageTables = ['message', 'message_part', 'message_attempt']
  .map(
    name =>
      `create table if not exists bench_${name} (like ${name} including defaults including identity including indexes)`,
  )
  .join(';\n')
const messageRows = `
  with n as (select unnest($2::text[]) as id), messages as (
    insert into bench_message (id, corp_id, dev_id, channel, agent_id, agent_name, content, truncated, receivers, answer, created_at)
    select id, $1, 'bench', 'wecom', 1000002, '审批', repeat('c', 300), '{}', 1, '{}', now() from n)
  insert into bench_message_part (message_id, corp_id, channel, n, user_ids, member_ids, state, attempts, next_attempt_at,
    payload_hash, unsure_since, is_checked)
  select id, $1, 'wecom', 1, '{zhangsan}', '{1}', 'sending', 1, now(), repeat('h', 44), now(), true from n returning id`
const messageEnds = `
  with attempts as (
    insert into bench_message_attempt (corp_id, part_id, n, at, ms, outcome, answer)
    select $1, id, 1, now(), 20, 'sent', '{"errcode":0,"errmsg":"ok"}' from unnest($2::bigint[]) as part(id))
  update bench_message_part set state = 'sent', vendor_id = repeat('v', 60), finished_at = now()
  where corp_id = $1 and id = any($2::bigint[])`

/** The rate at which the database itself writes the rows of messages, `atOnce` of them in each of two transactions. */
async function insertMessages(
  client: pg.Client,
  { corpId, atOnce, ms }: { corpId: string; atOnce: number; ms: number },
): Promise<number> {
  await client.query(messageTables)
  const startedAt = performance.now()
  let done = 0
  while (performance.now() - startedAt < ms) {
    const ids = Array.from({ length: atOnce }, (_, n) => `${process.pid}.${startedAt}.${done + n}`)
    const { rows } = await client.query<{ id: string }>({
      name: 'message rows',
      text: messageRows,
      values: [corpId, ids],
    })
    await client.query({ name: 'message ends', text: messageEnds, values: [corpId, rows.map(row => row.id)] })
    done += atOnce
  }
  return done / ((performance.now() - startedAt) / 1000)
}

async function openPostgres(url: string): Promise<Insert> {
  client = new pg.Client(url)
  await client.connect()
  await client.query(table)
  const opened = client
  return values => opened.query({ name: 'insert', text: insert, values })
}

let client: pg.Client | undefined
let write: Insert | undefined
answerParent(
  { ready: true },
  {
    async open({ url }: { url: string }) {
      write = await openPostgres(url)
    },
    deletions({ ms }: { ms: number }) {
      if (!client) throw new Error('not open')
      return deleteRows(client, ms)
    },
    todos(given: { corpId: string; rows: number; ms: number }) {
      if (!client) throw new Error('not open')
      return insertTodos(client, given)
    },
    messages(given: { corpId: string; atOnce: number; ms: number }) {
      if (!client) throw new Error('not open')
      return insertMessages(client, given)
    },
    rate(row: Row & { ms: number }) {
      if (!write) throw new Error('not open')
      return commitRows(write, row)
    },
  },
)
