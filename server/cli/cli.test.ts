import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { buildCommands } from '../../scripts/build-commands.ts'
import { callerOf, databaseEnv, embeddedEnv } from '../../test/harness.ts'
import { version } from '../platform/version.ts'
import {
  type Env,
  finished,
  type ServerProcess,
  startServerProcess,
  startWisp,
  temporaryDir,
  wisp,
  wispJson,
  wispProcess,
} from './cli.fixture.ts'

let sandbox: Sandbox
const temporary = temporaryDir()
beforeAll(async () => {
  await buildCommands()
  sandbox = await startSandbox({ members: 60, departments: 12, tags: 4, seed: 1 })
})
afterAll(async () => {
  await sandbox.close()
  temporary.remove()
})

const addCorp = (...more: string[]) => [
  ...['corp', 'add', '--corp-id', sandbox.corpId, '--name', '测试企业', '--contact-secret', '-', ...more],
]
const faults = async (body?: object) =>
  fetch(`${sandbox.url}/_sandbox/faults`, {
    method: body ? 'POST' : 'DELETE',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })

/**
 * Every place where commands run; `serve` says whether the real server runs at the same time. Where a command has to start
 * the embedded PostgreSQL, those that a person reads are processes of their own; all others run in this one.
 */
const places = [
  { name: 'the embedded PostgreSQL without a server', kind: 'embedded', serve: false },
  { name: 'the embedded PostgreSQL with a server', kind: 'embedded', serve: true },
  { name: 'a PostgreSQL of its own without a server', kind: 'own', serve: false },
] as const

describe.each(places)('on $name', ({ kind, serve }) => {
  const run = kind === 'embedded' && !serve ? wispProcess : wisp
  const json = (argv: string[]) => wispJson(env, argv)
  let env: Env
  let server: ServerProcess | undefined
  beforeAll(async () => {
    env = { ...(kind === 'own' ? await databaseEnv() : embeddedEnv()), WISP_WECOM_URL: sandbox.url }
    if (serve) server = await startServerProcess(env)
  })
  afterAll(async () => {
    await server?.stop('SIGTERM')
  })

  it('adds a corp, shows what goes into WeCom, and syncs', async () => {
    const added = await run(env, addCorp(...(serve ? [] : ['--here'])), `${sandbox.contactSecret}\n`)
    expect(added.code, added.stderr).toBe(0)
    expect(added.stdout).toContain('管理工具 → 通讯录同步 → 设置接收事件服务器')
    expect(added.stdout).toMatch(/URL: +http:\/\/\S+\/admin\/syncController\/addressBookChange/)
    expect(added.stdout).toMatch(/Token: +[A-Za-z0-9]{3,32}\n/)
    expect(added.stdout).toMatch(/EncodingAESKey: +[A-Za-z0-9]{43}\n/)
    expect(added.stdout).toMatch(/状态: +完成/)
    expect(added.stderr).toMatch(/全量同步 #1 /)
    expect(added.stdout + added.stderr).not.toContain(sandbox.contactSecret)
    const again = await run(env, addCorp(), `${sandbox.contactSecret}\n`)
    expect(again).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `wisp: 参数错误: 企业 ${sandbox.corpId} 已存在\n`,
    })
    const [corp] = await json(['corp', 'list'])
    expect(corp).toMatchObject({
      corpId: sandbox.corpId,
      regime: 'full',
      departments: 12,
      members: 60,
      tags: 4,
    })
  })

  it('says in one line what is wrong', async () => {
    const wrong = await run(env, ['admin', 'role', 'set', 'nobody', '--level', '2'])
    expect(wrong).toEqual({ code: 1, stdout: '', stderr: 'wisp: 无效的用户 id: nobody\n' })
    const usage = await run(env, ['admin', 'role', 'set', 'zhangsan', '--level', '5'])
    expect(usage).toMatchObject({ code: 2, stdout: '' })
    expect(usage.stderr.split('\n')[0]).toBe('wisp: --level <n> 应为 2 到 4 的整数，收到 "5"')
  })

  it('backs up into the folder where it was typed', async () => {
    const file = `${kind}-${serve}.gz`
    const done = await wispProcess(env, ['backup', file], '', temporary.path)
    expect(done.code, done.stderr).toBe(0)
    expect(statSync(join(temporary.path, file)).mode & 0o777).toBe(0o600)
    expect(done.stdout).toMatch(/member: +60/)
    const checked = await wispJson(env, ['backup', 'check', join(temporary.path, file)])
    expect(checked.rows.member).toBe(60)
  })

  // What commands decide is the same wherever the database is; each start of it takes half a second of processor time.
  if (kind === 'embedded' && !serve) return

  it('saves no secret that WeCom refuses, unless it is told not to ask', async () => {
    const other = [
      'corp',
      'add',
      '--corp-id',
      'ww-other',
      '--name',
      '别家',
      '--contact-secret',
      'wrong',
      '--no-sync',
    ]
    const refused = await run(env, other)
    expect(refused.code).toBe(1)
    expect(refused.stdout + refused.stderr).toMatch(/40013[\s\S]*未保存；仍要保存请加 --no-check/)
    const agent = ['agent', 'add', '424242', '--secret', 'wrong']
    const refusedAgent = await run(env, agent)
    expect(refusedAgent.code).toBe(1)
    expect(refusedAgent.stdout + refusedAgent.stderr).toMatch(/✗ .*40001/)
    expect(await json(['corp', 'list'])).toHaveLength(1)
    expect(await json(['agent', 'list'])).toEqual([])
    expect((await run(env, [...agent, '--no-check'])).code).toBe(0)
    expect(await json(['agent', 'list'])).toMatchObject([{ agentId: 424242 }])
    await json(['agent', 'remove', '424242'])
  })

  it('makes a developer whose secret works, with a data scope that is counted', async () => {
    const made = await json(['developer', 'add', '--name', '小程序', '--departments', '2'])
    expect(made).toMatchObject({ dataScope: { departments: [2], tags: [] }, enabled: true })
    expect(made.membersVisible).toBeGreaterThan(0)
    expect(made.membersVisible).toBeLessThan(60)
    if (server) {
      const { body } = await callerOf(server.url, made).get('/api/user/orgUserList', {
        orgId: 2,
        fetchChild: 1,
      })
      expect(body.total).toBe(made.membersVisible)
    }
    const [listed] = await json(['developer', 'list'])
    expect(JSON.stringify(listed)).not.toContain(made.devSecret)
    expect(listed.devId).toBe(made.devId)
    // A server records every few seconds when secrets were used.
    const lastUsedAt = async () => (await json(['developer', 'list']))[0].secrets[0].lastUsedAt
    if (server) await expect.poll(lastUsedAt, { timeout: 20_000, interval: 1000 }).not.toBeNull()
  })
})

describe('a backup to standard output', () => {
  let env: Env
  beforeAll(async () => {
    env = await databaseEnv()
  })

  it('is the file alone; what the command says is on standard error', async () => {
    const child = startWisp(env, ['backup', '-'])
    const [bytes, stderr] = await Promise.all([buffer(child.stdout!), text(child.stderr!)])
    expect(stderr).toContain('已备份到 标准输出')
    const file = join(temporary.path, 'piped.gz')
    writeFileSync(file, bytes)
    expect(await wispJson(env, ['backup', 'check', file])).toMatchObject({ rows: { corp: 0 } })
    writeFileSync(file, bytes.subarray(0, bytes.length - 20))
    const cut = await wisp(env, ['backup', 'check', file])
    expect(cut).toMatchObject({ code: 1, stdout: '' })
    expect(cut.stderr).toContain('不完整')
    writeFileSync(file, bytes)
    const otherKey = { ...env, WISP_SECRET_KEY: 'another key, of as many characters as are wanted' }
    expect((await wisp(otherKey, ['backup', 'check', file])).stderr).toContain('指纹')
  })

  it('is refused where a person would see bytes', async () => {
    expect(await wisp(env, ['backup', '-'])).toMatchObject({ code: 2, stdout: '' })
  })
})

it('says its version', async () => {
  expect(await wispProcess({}, ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

describe('beside a running server', () => {
  let env: Env
  let server: ServerProcess
  const ok = (argv: string, stdin?: string) => wispJson(env, argv.split(' '), stdin)
  beforeAll(async () => {
    env = { ...(await databaseEnv()), WISP_WECOM_URL: sandbox.url }
    server = await startServerProcess(env)
    await wispJson(
      env,
      addCorp('--callback-token', '-', '--encoding-aes-key', 'x'.repeat(43)),
      [sandbox.contactSecret, 'TokenOfMine', ''].join('\n'),
    )
  })
  afterAll(async () => {
    await faults()
    await server.stop('SIGTERM')
  })

  it('told the password of the administrator at the first start, once', async () => {
    expect(server.stderr()).toMatch(/系统超级管理员 admin 的密码: \S{20}（/)
  })

  it('manages agents, apps, roles and tickets', async () => {
    const [agent] = sandbox.agents
    await ok(
      `agent add ${agent?.agentId} --name 小助手 --uses names,messages --secret -`,
      `${agent?.secret}\n`,
    )
    expect(await ok('agent list')).toMatchObject([{ agentId: agent?.agentId, uses: ['names', 'messages'] }])
    const dev = await ok('developer add --name d --scopes directory:read --ips 127.0.0.1 --list-style array')
    const app = await ok(`app add --name 报销 --developer ${dev.devId} --agent ${agent?.agentId}`)
    const { jessionId } = await ok(`ticket issue ZhangSan ${agent?.agentId}`)
    const caller = callerOf(server.url, dev)
    await ok('admin role set zhangsan --level 3 --manage 2 --view 3')
    const info = await caller.get('/api/user/getInfo', { jessionId })
    expect(info.body).toMatchObject({ userId: 'zhangsan', roleLevel: 3 })
    expect(await ok('admin role list')).toMatchObject([
      { userId: 'zhangsan', level: 3, departments: [{ departmentId: 2, manage: true }, { manage: false }] },
    ])
    await ok('admin role set zhangsan --level 4')
    expect((await caller.get('/api/user/getInfo', { jessionId })).body).toMatchObject({ roleLevel: 0 })
    expect(await ok('admin role list')).toMatchObject([{ userId: 'zhangsan', level: 4, departments: [] }])
    await ok(`app set ${app.id} --disable`)
    expect((await caller.get('/api/user/getInfo', { jessionId })).body).toBeNull()
    await ok(`app set ${app.id} --enable --agent none --developer none --name 报销二`)
    expect(await ok('app list')).toMatchObject([
      { name: '报销二', devId: null, agentId: null, enabled: true },
    ])
    await ok('admin role remove zhangsan')
    await ok(`agent remove ${agent?.agentId}`)
    expect(await ok('agent list')).toEqual([])
  })

  it('rotates secrets and switches developers', async () => {
    const dev = await ok('developer add --name r')
    const token = (devSecret: string) =>
      fetch(`${server.url}/api/token/getDevToken?devId=${dev.devId}&devSecret=${devSecret}`).then(answer =>
        answer.json().then(json => (json as { retCode: string }).retCode),
      )
    // The server hears of a command's change a moment after the command has ended.
    const become = (...secrets: string[]) => expect.poll(() => Promise.all(secrets.map(token)))
    const second = await ok(`developer rotate ${dev.devId}`)
    await become(dev.devSecret, second.devSecret).toEqual(['0', '0'])
    expect(await wisp(env, ['developer', 'rotate', dev.devId])).toMatchObject({ code: 1 })
    await ok(`developer revoke ${dev.devId}`)
    await become(dev.devSecret, second.devSecret).toEqual(['1003', '0'])
    const third = await ok(`developer rotate ${dev.devId} --revoke`)
    await become(second.devSecret, third.devSecret).toEqual(['1003', '0'])
    await ok(`developer disable ${dev.devId}`)
    await become(third.devSecret).toEqual(['1002'])
    await ok(`developer enable ${dev.devId}`)
    await become(third.devSecret).toEqual(['0'])
    expect(await ok(`developer set ${dev.devId} --tags 1 --name s`)).toMatchObject({
      name: 's',
      dataScope: { tags: [1] },
    })
    expect(await ok(`developer set ${dev.devId} --whole-corp`)).toMatchObject({
      dataScope: null,
      membersVisible: 60,
    })
    expect(await wisp(env, ['developer', 'set', dev.devId, '--departments', '99999'])).toMatchObject({
      code: 1,
      stderr: 'wisp: 无效的部门 id: 99999\n',
    })
    await callerOf(server.url, third).get('/api/org/tagList')
    const usageOf = () => ok(`developer usage ${dev.devId}`)
    // The server writes its counts down every few seconds.
    await expect
      .poll(async () => (await usageOf()).usage, { timeout: 20_000 })
      .toContainEqual(expect.objectContaining({ endpoint: expect.stringContaining('tagList'), calls: 1 }))
    expect((await usageOf()).secrets).toHaveLength(1)
  })

  it('shows what came from WeCom, and replays it', async () => {
    const { callback } = await ok('corp set --callback-token Another1')
    // With port 0 the system chooses the port, so only the server knows it.
    const url = callback.url.replace(/^http:\/\/[^/]+/, server.url)
    // The sandbox verifies the URL at once, which fails until the server has heard of the new token.
    const save = async () => {
      const saved = await fetch(`${sandbox.url}/_sandbox/callback`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...callback, url }),
      })
      return ((await saved.json()) as { error?: string }).error
    }
    await expect.poll(save, { timeout: 20_000 }).toBeUndefined()
    await fetch(`${sandbox.url}/_sandbox/admin/user/update`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userid: 'lisi', name: '李四光' }),
    })
    await expect.poll(async () => (await ok('sync events --state done')).length, { timeout: 20_000 }).toBe(1)
    const [{ id }] = await ok('sync events')
    const shown = await wisp(env, ['sync', 'event', String(id)])
    expect(shown.stdout).toMatch(/原文:\n[A-Za-z0-9+/=]{100,}\n/)
    expect(shown.stdout).toMatch(/解密:\n<xml>.*update_user.*李四光/)
    expect(await ok(`sync replay ${id}`)).toEqual({ count: 1 })
    expect(await wisp(env, ['sync', 'replay', '999999'])).toMatchObject({ code: 1 })
    await expect.poll(async () => (await ok('sync events --state done')).length, { timeout: 20_000 }).toBe(1)
    const status = await wisp(env, ['sync', 'status'])
    expect(status.stdout).toMatch(/通讯录: +部门 12，成员 60，标签 4/)
    const doctor = await wisp(env, ['corp', 'doctor'])
    expect(doctor.stdout).toMatch(/^[✓!✗] /)
  })

  it('dry-runs and shows the drift, field by field', async () => {
    const silently = await fetch(
      `${sandbox.url}/cgi-bin/gettoken?corpid=${sandbox.corpId}&corpsecret=${sandbox.contactSecret}`,
    )
    const { access_token } = (await silently.json()) as { access_token: string }
    await fetch(`${sandbox.url}/cgi-bin/user/update?access_token=${access_token}`, {
      method: 'POST',
      body: JSON.stringify({ userid: 'wangwu', name: '王五改' }),
    })
    const run = await ok('sync dry-run')
    expect(run).toMatchObject({ kind: 'dry-run', state: 'done', counts: { member: { put: 1, drop: 0 } } })
    expect(await ok('sync drift')).toMatchObject({
      drift: [{ kind: 'member', entityId: 'wangwu', fields: { name: [expect.any(String), '王五改'] } }],
    })
    expect((await wisp(env, ['sync', 'drift'])).stdout).toContain('→ "王五改"')
    await ok('sync run --kind reconcile')
    expect((await ok('sync dry-run')).counts.member).toEqual({ put: 0, drop: 0 })
  })

  it('says in Chinese why a sync failed', async () => {
    await faults({ match: '/cgi-bin/department/list', mode: 'code:60020' })
    const run = await wisp(env, ['sync', 'run'])
    expect(run).toMatchObject({ code: 1 })
    expect(run.stdout).toMatch(/^原因: 企业微信 60020 服务器 IP 不在企业可信 IP 中/m)
    const [last] = (await ok('sync status')).runs
    expect(last).toMatchObject({ phase: '', error: expect.stringMatching(/^企业微信 60020/) })
    await faults()
  })

  it('cancels a run under way', async () => {
    await faults({ match: '/cgi-bin/user/list', mode: 'slow', delayMs: 3000 })
    const { id } = await ok('sync run --no-wait')
    expect(await ok(`sync cancel ${id}`)).toMatchObject({ id, state: 'cancelled' })
    expect(await wisp(env, ['sync', 'cancel', String(id)])).toMatchObject({ code: 1, stdout: '' })
    await faults()
    expect(await ok('sync run')).toMatchObject({ state: 'done' })
  })

  it('goes on syncing when nobody waits any more', async () => {
    await faults({ match: '/cgi-bin/user/list', mode: 'slow', delayMs: 3000 })
    const child = startWisp(env, ['sync', 'run'])
    child.stdin!.end()
    const ending = finished(child)
    await new Promise<void>(resolve => child.stderr!.once('data', () => resolve()))
    child.kill('SIGTERM')
    expect(await ending).toMatchObject({ code: 130, stdout: '' })
    const { runs } = await ok('sync status')
    expect(runs[0]).toMatchObject({ kind: 'full', state: expect.stringMatching(/^(waiting|running)$/) })
    await faults()
    await expect
      .poll(async () => (await ok('sync status')).runs[0].state, { timeout: 30_000, interval: 100 })
      .toBe('done')
  })

  it('keeps what was done by the command line in the audit, and no secret', async () => {
    const { password } = await ok('admin reset-password')
    await ok('admin reset-password --password -', '我自己的 password\n')
    expect(await wisp(env, ['admin', 'reset-password', '--password', '-'], 'short\n')).toMatchObject({
      code: 1,
    })
    expect(await server.stop('SIGTERM')).toBe(0)
    const file = join(temporary.path, 'audit.gz')
    await ok(`backup ${file}`)
    const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n')
    const start = lines.findIndex(line => line.startsWith('{"table":"audit"'))
    const audit = lines.slice(
      start,
      lines.findIndex((line, index) => index > start && line.startsWith('{')),
    )
    const acts = new Set(audit.filter(line => line.includes('"cli"')).map(line => JSON.parse(line)[3]))
    for (const act of [
      ...['corp.add', 'corp.set', 'agent.put', 'agent.remove', 'developer.add', 'developer.rotate'],
      ...[
        'developer.revoke',
        'developer.set',
        'app.add',
        'app.set',
        'role.set',
        'role.remove',
        'ticket.issue',
      ],
      ...['sync.full', 'sync.dry-run', 'sync.reconcile', 'sync.replay', 'admin.reset-password'],
    ]) {
      expect(acts).toContain(act)
    }
    for (const secret of [password, '我自己的 password', sandbox.contactSecret, 'TokenOfMine'])
      expect(lines.join('\n')).not.toContain(secret)
    server = await startServerProcess(env)
    expect(server.stderr()).toBe('')
  })
})

describe('restore', () => {
  it('moves an embedded installation to a PostgreSQL of its own, and is refused where there is a corp', async () => {
    const from: Env = { ...embeddedEnv(), WISP_WECOM_URL: sandbox.url }
    const file = join(temporary.path, 'move.gz')
    const server = await startServerProcess(from)
    await wispJson(from, addCorp(), `${sandbox.contactSecret}\n`)
    const made = await wispJson(from, ['developer', 'add', '--name', '小程序'])
    await wispJson(from, ['backup', file])
    const refused = await wisp(from, ['restore', file])
    await server.stop('SIGTERM')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('已有企业')

    const postgres = { ...(await databaseEnv()), WISP_WECOM_URL: sandbox.url }
    expect((await wisp(postgres, ['restore', file])).stderr).toContain('WISP_SECRET_KEY')
    const key = readFileSync(join(from['WISP_DATA_DIR'] ?? '', 'secret.key'), 'utf8')
    const to = { ...postgres, WISP_SECRET_KEY: key }
    const restored = await wisp(to, ['restore', file])
    expect(restored.code, restored.stderr).toBe(0)
    expect(restored.stdout).toContain('内容核对无误')
    const moved = await startServerProcess(to)
    const answer = await callerOf(moved.url, made).get('/api/user/get', { userId: 'zhangsan' })
    await moved.stop('SIGTERM')
    expect(answer.body).toMatchObject({ userId: 'zhangsan' })
  })
})
