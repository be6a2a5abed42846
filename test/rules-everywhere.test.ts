import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDeveloper, rotateSecret } from '../server/callers/developers/developer-admin.ts'
import { setUpCallback } from '../server/features/agents/callbacks/set-callback.ts'
import { addApp } from '../server/features/apps/apps.ts'
import { setChannel } from '../server/features/channels/settings/settings.ts'
import { putTemplate } from '../server/features/channels/sms/templates.ts'
import { bindAccount } from '../server/features/official/accounts/bind.ts'
import { connectMerchant, merchantForm } from '../server/features/payments/merchants/merchant.fixture.ts'
import { putAgent } from '../server/organisation/corps/corps.ts'
import { requestRun } from '../server/organisation/sync/runs/run-store.ts'
import { managerBy } from './admin-token.ts'
import { startWorld, type World } from './harness.ts'
import { talking } from './rules-everywhere/followers.table.ts'
import { largeIcon } from './rules-everywhere/official.table.ts'
import { agent, app, corp, developer, role } from './rules-everywhere/settings.table.ts'
import { type Attempt, here, type Rule } from './rules-everywhere/ways.ts'
import { signInAs } from './sign-in.ts'

type Table = { everywhere?: [of: string, rules: Rule[]][] }

/** A table that another takes in has none of its own. */
const tables = await Promise.all(
  globSync('rules-everywhere/*.table.ts', { cwd: import.meta.dirname })
    .sort()
    .map(path => import(join(import.meta.dirname, path)) as Promise<Table>),
)

beforeAll(async () => {
  const world = await startWorld({ members: 12, departments: 4, tags: 2 })
  const { ctx, corpId, sandbox, env } = world
  const file = (name: string, bytes: string | Buffer) => {
    const path = join(env['WISP_DATA_DIR'] ?? '', name)
    writeFileSync(path, bytes)
    return path
  }
  await world.admin('user/update', { userid: 'wangwu', enable: 0 })
  await world.sync()
  const { devId } = await addDeveloper(ctx, 'test', corpId, { name: '两个密钥' })
  await rotateSecret(ctx, 'test', devId, false)
  const api = await world.addDeveloper({
    scopes: ['ticket:issue', 'message:send', 'sms:send', 'tag:write', 'official:write', 'pay:write'],
  })
  await api.token()
  const owned = { name: '应用', devId: api.devId }
  const { id: appId } = await addApp(ctx, 'test', corpId, owned)
  const { id: disabledAppId } = await addApp(ctx, 'test', corpId, { ...owned, enabled: false })
  const [known] = sandbox.agents
  if (known) {
    await putAgent(ctx, 'test', corpId, { ...known, uses: ['messages'] })
    await setUpCallback(ctx, 'test', corpId, known.agentId)
  }
  const vendor = { vendor: 'aliyun', accessKeyId: 'a', accessKeySecret: 'b', signName: '华宇' }
  await setChannel(ctx, 'test', corpId, 'sms', vendor)
  await putTemplate(ctx, 'test', corpId, {
    id: 'needs',
    vendorId: '1',
    params: ['code'],
    signName: '',
    text: '',
  })
  await bindAccount(ctx, 'test', corpId, {
    originalId: 'gh_bound',
    name: '公众号',
    appId: 'wx1',
    secret: 'made up',
  })
  await connectMerchant(world)
  await bindTalking(world)
  // Nobody works on it, as it is not in the queue.
  await requestRun(ctx.db, { corpId, kind: 'dry-run', requestedBy: 'test' }, new Date(ctx.now()))
  Object.assign(here, {
    world,
    system: await signInAs(world, 'system'),
    api,
    manager: await managerBy(world),
    devId,
    appId,
    disabledAppId,
    agentId: known?.agentId ?? 0,
    files: {
      text: file('text.svg', '<svg/>'),
      empty: file('empty.png', ''),
      large: file('large.png', Buffer.alloc(200_001)),
      largePng: file('large-png.png', largeIcon),
      privateKey: file('apiclient_key.pem', merchantForm(world).privateKey),
    },
  })
  digests = await digestsOfTables()
})
afterAll(() => here.world.close())

/** An account that may do everything, and knows a follower and two templates. */
async function bindTalking({ ctx, corpId }: World): Promise<void> {
  const { originalId, openid, template, notice } = talking
  const identity = { originalId, name: '服务号', appId: 'wx2', secret: 'made up' }
  await bindAccount(ctx, 'test', corpId, { ...identity, kind: 'service', verified: true })
  const of = { corp_id: corpId, original_id: originalId }
  const content = '主题：{{thing1.DATA}}\n时间：{{time2.DATA}}'
  const rest = { ...of, title: '会议通知', content, example: '', is_long_term: false, choices: '{}' }
  await ctx.db
    .insertInto('official_template')
    .values([
      { ...rest, template_id: template, kind: 'template' },
      { ...rest, template_id: notice, kind: 'subscribe' },
    ])
    .execute()
  await ctx.db
    .insertInto('official_follower')
    .values({ ...of, openid, subscribed: true })
    .execute()
}

/** What nodes write down on their own. */
const restless = [
  ...['queue', 'attempt_counter', 'upstream_credential', 'node_address', 'node_batch'],
  // Entries that were written before enter their trees.
  ...['audit_pending', 'audit_leaf', 'audit_node', 'audit_tree', 'audit_repetition', 'audit_checkpoint'],
  ...['developer_usage', 'corp_call_day', 'call_log', 'call_gap', 'call_use'],
]
const isRestless = (table: string) => restless.includes(table.replace(/_\d{4}_\d{2}$/, ''))
let digests: RawBuilder<{ table: string; rows: string }>

async function digestsOfTables(): Promise<typeof digests> {
  const tables = await here.world.ctx.db.introspection.getTables()
  const watched = tables.filter(({ schema, name }) => schema === 'public' && !isRestless(name))
  const parts = watched.map(
    ({ name }) => sql`
      select ${name} as table, md5(string_agg(row, '' order by row)) as rows
      from (select (to_jsonb(t) - 'last_used_at' - 'seen_at' - 'ahead_ms')::text as row from ${sql.table(name)} t) as texts`,
  )
  // PostgreSQL may read the tables beside each other, and then answers in any order.
  return sql`${sql.join(parts, sql` union all `)} order by 1`
}

const stored = async () => (await digests.execute(here.world.ctx.db)).rows
const nameOf = ({ way, what }: Attempt) => `${way}: ${what}`

describe.each(tables.flatMap(one => one.everywhere ?? []))('%s', (_of, rules) => {
  it.each(rules)('%s is refused with %s on every way in, and nothing is written', async (...rule) => {
    const [_rule, code, why, attempts] = rule
    const before = await stored()
    for (const attempt of attempts)
      expect(await attempt.run(), nameOf(attempt)).toEqual({ code, message: expect.stringMatching(why) })
    expect(await stored()).toEqual(before)
  })
})

describe('the ways in', () => {
  it.each([
    ['a developer', developer({ name: '新名' }, '--name', '新名')],
    ['an app', app({ name: '新名' }, ['--name', '新名'])],
    ['an agent', agent({ name: '新名' }, '--name', '新名')],
    ['an administrator', role('lisi', 3, [{ departmentId: 1, manage: true }])],
    ['a corp', corp({ name: '新名' }, ['--name', '新名'], 'set')],
  ])('are open for %s that is well described', async (_of, attempts) => {
    for (const attempt of attempts) expect(await attempt.run(), nameOf(attempt)).toMatchObject({ code: '0' })
  })
})
