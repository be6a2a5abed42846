import pg from 'pg'
import { hashSecret } from '../../../server/callers/developers/developers.ts'
import { type Context, createContext } from '../../../server/context.ts'
import { purposes } from '../../../server/organisation/corps/sealed.ts'
import { readConfig } from '../../../server/platform/config.ts'
import { createLog } from '../../../server/platform/operation/log.ts'
import { type Bed, openBed, type Tools } from '../../bed.ts'
import { type Child, memoryOf } from '../../processes.ts'
import { type Figure, short } from '../../report.ts'
import { atRest, idleMs } from './at-rest.ts'
import { measureTwoNodes } from './two-nodes.ts'

const corpCount = 1000
const corpMembers = 1000
const largeCorps = 30
const largeMembers = 10_000
const departmentSize = 50
const devSecret = 'a secret of the benchmark'

/** What an installation costs by the number of its corps: its start, at rest, a corp's first call, two nodes. */
export async function measureManyCorps(tools: Tools): Promise<Figure[]> {
  const bed = await openBed(tools, 100)
  await fill(bed)
  const startedAt = performance.now()
  const server = await bed.serve('server/main.ts', 'many-corps')
  const startSeconds = (performance.now() - startedAt) / 1000
  const started = memoryOf(server.pid)
  const idle = await atRest(bed, [server])
  const small = await firstCalls(server, 'corp', 100)
  const large = await firstCalls(server, 'large', largeCorps)
  const used = memoryOf(server.pid)
  const twoNodes = await measureTwoNodes(bed, server, corpCount)
  await server.stop()
  await bed.close()
  const corps = `${corpCount} corps of ${corpMembers}`
  return [
    {
      name: `start with ${corpCount} corps`,
      measured: startSeconds,
      unit: 's',
      target: { atMost: 5 },
      detail: `${corps} and ${largeCorps} of ${largeMembers}, until it is ready`,
    },
    {
      name: `memory with ${corpCount} corps`,
      measured: started.nowMb,
      unit: 'MB',
      detail: `RSS after the start; ${short(used.nowMb)} MB after the first calls of ${100 + largeCorps}`,
    },
    {
      name: 'transactions at rest',
      measured: idle.transactions,
      unit: '/s',
      target: { atMost: 5 },
      detail: `one node, ${corps}, pg_stat_database over ${idleMs / 1000} s`,
    },
    {
      name: 'CPU at rest',
      measured: idle.percents[0] ?? 0,
      unit: '%',
      target: { atMost: 1 },
      detail: `of a core, the node over ${idleMs / 1000} s`,
    },
    {
      name: `first call, ${largeMembers} members, p99`,
      measured: percentile(large, 99),
      unit: 'ms',
      target: { atMost: 1000 },
      detail: `p50 ${short(percentile(large, 50))} ms; of ${corpMembers} members p50 ${short(percentile(small, 50))} p99 ${short(percentile(small, 99))} ms`,
    },
    ...twoNodes,
  ]
}

async function fill(bed: Bed): Promise<void> {
  const ctx = await createContext(readConfig(bed.env), { log: createLog('error') })
  const client = new pg.Client(bed.databaseUrl)
  try {
    await client.connect()
    await insertCorps(ctx, client, 'corp', corpCount, corpMembers)
    await insertCorps(ctx, client, 'large', largeCorps, largeMembers)
    await client.query('vacuum analyze')
  } finally {
    await client.end()
    await ctx.close()
  }
}

/** Corps named `prefix`1, `prefix`2 and so on, each with a developer of the same devId. */
async function insertCorps(
  { seal }: Context,
  client: pg.Client,
  prefix: string,
  corps: number,
  members: number,
): Promise<void> {
  const departments = members / departmentSize
  await client.query(
    `insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, regime, created_at)
      select $1 || n, '企业 ' || n, $3, $4, $5, 'full', now() from generate_series(1, $2::int) n`,
    [
      prefix,
      corps,
      seal.seal('secret', purposes.contactSecret),
      seal.seal('token', purposes.callbackToken),
      seal.seal('k'.repeat(43), purposes.callbackAesKey),
    ],
  )
  await client.query(
    `insert into department (corp_id, id, name, parent_id, sort_no)
      select $1 || n, d, '部门 ' || d, case when d = 1 then 0 else 1 end, d
      from generate_series(1, $2::int) n, generate_series(1, $3::int) d`,
    [prefix, corps, departments],
  )
  await client.query(
    `insert into member (id, corp_id, user_id, user_key, name, alias, mobile, email, sex, avatar, address, position,
        status, main_department, departments, orders, leader_in, direct_leaders, hash, created_at)
      overriding system value
      select (n + $4::bigint) * 1000000 + m, $1 || n, 'User' || m, 'user' || m,
        substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许', 1 + m % 20, 1) || substr('伟芳娜敏静丽强磊军洋', 1 + m % 10, 1) ||
          substr('勇艳杰涛明超秀霞平刚', 1 + m / 10 % 10, 1),
        '', '138' || lpad(m::text, 8, '0'), 'user' || m || '@example.com', 1,
        'https://wework.qpic.cn/bizmail/' || md5(m::text) || '/0', '', '工程师',
        1, 1 + m % $3::int, array[1 + m % $3::int], array[0], array[0], '{}', m, now()
      from generate_series(1, $2::int) n, generate_series(1, $5::int) m`,
    [prefix, corps, departments, prefix === 'corp' ? 0 : corpCount, members],
  )
  await client.query(
    `insert into directory_feed (corp_id, departments, members, listed, tags)
      select $1 || n, $3::int, $4::int, $4::int, 0 from generate_series(1, $2::int) n`,
    [prefix, corps, departments, members],
  )
  await client.query(
    `insert into developer (dev_id, corp_id, name, scopes, created_at)
      select $1 || n, $1 || n, '基准', '{directory:read}', now() from generate_series(1, $2::int) n`,
    [prefix, corps],
  )
  await client.query(
    `insert into developer_secret (dev_id, hash, created_at)
      select $1 || n, $3, now() from generate_series(1, $2::int) n`,
    [prefix, corps, hashSecret(devSecret).toString('hex')],
  )
}

/** How long a corp's first call takes, for which its address book is read; in ms, ascending. */
async function firstCalls(server: Child, prefix: string, corps: number): Promise<number[]> {
  const url = String(server.ready['ready'])
  const times: number[] = []
  for (let n = 1; n <= corps; n++) {
    const who = new URLSearchParams({ devId: `${prefix}${n}`, devSecret })
    const { body } = (await (await fetch(`${url}/api/token/getDevToken?${who}`)).json()) as {
      body: { devToken: string }
    }
    const query = new URLSearchParams({ devToken: body.devToken, orgId: '1', fetchChild: '1', pageNo: '1' })
    const startedAt = performance.now()
    const answer = (await (await fetch(`${url}/api/user/orgUserList?${query}`)).json()) as { retCode: string }
    times.push(performance.now() - startedAt)
    if (answer.retCode !== '0') throw new Error(`${prefix}${n} answered ${JSON.stringify(answer)}`)
  }
  return times.sort((a, b) => a - b)
}

function percentile(ascending: number[], percent: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor((ascending.length * percent) / 100))] ?? 0
}
