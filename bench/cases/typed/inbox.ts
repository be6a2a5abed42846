import pg from 'pg'
import type { BenchServer } from '../../bed.ts'
import type { Figure } from '../../report.ts'
import type { Request } from '../../requests.ts'
import { prepareMessages, reachable, sendRequest } from '../messages.ts'
import { measureCalls } from '../reads.ts'

const p95Ms = 30

/** A person's messages on the portal beside a million, of 500 who are signed in. */
export async function measureInbox(measured: BenchServer): Promise<Figure[]> {
  await prepareMessages(measured)
  const { server, bed, tools, population } = measured
  const { path, body = '' } = sendRequest(measured, reachable(population))
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${String(server.ready['ready'])}${path}`, { method: 'POST', headers, body })
  const sent = (await answer.json()) as { body: { msgId: string } }
  const rows = tools.options.quick ? 100_000 : 1_000_000
  await copyMessage(bed.databaseUrl, sent.body.msgId, rows)
  const requests = population.cookies.map(
    (cookie): Request => ({ method: 'GET', path: '/web/portal/messages?pageSize=20', cookie }),
  )
  const one = { name: 'inbox', target: 0.08, answers: 300, minBytes: 1000, byCpu: true }
  const rate = await measureCalls(measured, one, requests)
  const p95 = Number(/p95 ([\d.]+)/.exec(rate.detail)?.[1] ?? Number.NaN)
  const detail = `32 connections without a pause, beside ${rows} messages`
  return [rate, { name: 'inbox p95', measured: p95, unit: 'ms', target: { atMost: p95Ms }, detail }]
}

/** As often as that, to the people who are signed in, one second after the other. */
async function copyMessage(url: string, msgId: string, rows: number): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(
    `insert into message (id, corp_id, dev_id, channel, agent_id, agent_name, content, truncated, receivers, answer, created_at)
      select 'copy-' || n, corp_id, dev_id, channel, agent_id, agent_name, content, truncated, receivers, answer,
        created_at - n * interval '1 second'
      from message, generate_series(1, $2::int) as n where id = $1`,
    [msgId, rows],
  )
  await client.query(
    `with people as (select array_agg(m.id order by m.id) as ids, array_agg(m.user_id order by m.id) as names
      from member m where m.id in (select member_id from session))
    insert into message_part (message_id, corp_id, channel, n, user_ids, member_ids, state, attempts, next_attempt_at, finished_at)
      select 'copy-' || k, p.corp_id, p.channel, 0, array[people.names[1 + k % cardinality(people.ids)]],
        array[people.ids[1 + k % cardinality(people.ids)]], 'sent', 1, now(), now() - k * interval '1 second'
      from people, generate_series(1, $2::int) as k, (select * from message_part where message_id = $1 limit 1) as p`,
    [msgId, rows],
  )
  await client.query('vacuum analyze message, message_part')
  await client.end()
}
