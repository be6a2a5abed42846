import { sql } from 'kysely'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callsWith, type Manager, managerBy } from '../../../test/admin-token.ts'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { administratorPassword, type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { addCorp } from '../../organisation/corps/corps.ts'
import { removeRole, setRole } from '../../organisation/people/administrators.ts'
import { resetAdministratorPassword } from '../sign-in/administrator.ts'
import { resetMemberFactor } from '../sign-in/factor/member-factor.ts'
import { requireSecondFactor } from '../sign-in/factor/second-factor.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, tags: 1 })
  await world.connectCallback()
  const { ctx, sandbox } = world
  await addCorp(ctx, 'test', { corpId: 'ww0000', name: '别家', contactSecret: sandbox.contactSecret })
})
afterAll(() => world.close())
beforeEach(async () => {
  world.clock.offsetMs = 0
  await world.ctx.db.deleteFrom('attempt_counter').execute()
})

const path = '/api/admin/corp'
const query = () => ({ corpId: world.corpId })
const said = async (manager: Pick<Manager, 'get'>, given: Record<string, string> = query()) => {
  const { retCode, retMessage } = await manager.get(path, given)
  return `${retCode} ${retMessage}`
}

describe('an admin token', () => {
  it('opens its calls, and is taken from the Authorization header alone', async () => {
    const manager = await managerBy(world)
    expect(await said(manager)).toBe('0 成功')
    const { token } = manager
    const url = `${world.server.url}${path}`
    const answers = await Promise.all([
      call(`${url}?devToken=${token}`),
      call(`${url}?token=${token}`),
      call(`${url}/set`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, settings: { name: 'x' } }),
      }),
      call(url, { headers: { authorization: token } }),
    ])
    for (const { retCode, retMessage } of answers)
      expect(`${retCode} ${retMessage}`).toContain('1001 参数为空: Authorization')
  })

  it('opens nothing else, and nothing else opens its calls', async () => {
    const { token } = await managerBy(world)
    const authorization = `Bearer ${token}`
    const api = await call(`${world.server.url}/api/org/tagList`, { headers: { authorization } })
    expect(api.retCode).toBe('1004')
    const page = await call(`${world.server.url}/web/corps/one`, { headers: { authorization } })
    expect(page.status).toBe(401)
    expect(await said(callsWith(world.server.url, await world.dev.token()))).toMatch(/^1004 /)
  })

  it('dies with its time, with its end, and with whatever it was never', async () => {
    const manager = await managerBy(world, { days: 2 })
    world.clock.offsetMs = 2 * 86_400_000 - 1000
    expect(await said(manager)).toBe('0 成功')
    world.clock.offsetMs = 2 * 86_400_000
    expect(await said(manager)).toMatch(/^1004 .*已到期或已停用/)
    world.clock.offsetMs = 0
    const system = await signInAs(world, 'system')
    await system.post('/web/admin-tokens/end', { id: manager.id })
    expect(await said(manager)).toMatch(/^1004 /)
    expect(await said(callsWith(world.server.url, manager.token.replace(/.$/, '*')))).toMatch(/^1004 /)
  })

  it('is refused from other addresses', async () => {
    const manager = await managerBy(world, { addresses: ['192.0.2.0/24', '2001:db8::/32'] })
    expect(await said(manager)).toBe(
      '1009 无权限: 地址 127.0.0.1 不在管理令牌的地址范围内，请从这些地址调用，或另建令牌',
    )
  })

  it('does what its scopes say, and nothing more', async () => {
    const reader = await managerBy(world, { scopes: ['admin:read'], corpId: world.corpId })
    expect(await said(reader)).toBe('0 成功')
    for (const [to, scope] of [
      ['corp/set', 'admin:sync'],
      ['sync/start', 'admin:sync'],
      ['developer/add', 'admin:developers'],
      ['app/add', 'admin:apps'],
      ['agent/set', 'admin:apps'],
      ['directory/supplement', 'admin:directory'],
    ]) {
      const { retCode, retMessage } = await reader.post(`/api/admin/${to}`)
      expect(`${retCode} ${retMessage}`).toBe(`1009 无权限: 管理令牌没有 ${scope} 权限；请另建有此权限的令牌`)
    }
  })

  it('of a corp reaches no other corp, nor the installation', async () => {
    const own = await managerBy(world, { corpId: world.corpId })
    expect(await said(own, {})).toBe('0 成功')
    expect(await said(own, { corpId: 'ww0000' })).toMatch(/^1009 .*只用于企业/)
    const added = await own.post('/api/admin/corp/add', { newCorpId: 'ww1', name: 'x', contactSecret: 's' })
    expect(added.retMessage).toContain('涉及整个平台')
    expect((await own.get('/api/admin/corps')).body.list).toHaveLength(1)
    const other = await managerBy(world, { corpId: 'ww0000' })
    const { devId } = world.dev
    expect((await other.get('/api/admin/developer', { devId })).retCode).toBe('1002')
    const set = await other.post('/api/admin/developer/set', { devId, settings: { enabled: false } })
    expect(set.retCode).toBe('1002')
    const all = await managerBy(world)
    expect(await said(all, {})).toBe('1001 参数为空: corpId')
    expect(await said(all, { corpId: 'wwnone' })).toMatch(/^1000 .*没有企业 wwnone/)
  })

  it('is as good as its maker is now: no leaver, nobody disabled, nobody whose role was taken', async () => {
    const { ctx, corpId } = world
    for (const member of ['zhangsan', 'lisi', 'wangwu'])
      await setRole(ctx, 'test', corpId, member, { level: 2 })
    const [byZhangsan, byLisi, byWangwu] = await Promise.all(
      ['zhangsan', 'lisi', 'wangwu'].map(member => managerBy(world, { corpId, member })),
    )
    for (const one of [byZhangsan!, byLisi!, byWangwu!]) expect(await said(one)).toBe('0 成功')
    await removeRole(ctx, 'test', corpId, 'zhangsan')
    expect(await said(byZhangsan!)).toMatch(/^1004 .*不再有创建管理令牌的权限/)
    await setRole(ctx, 'test', corpId, 'zhangsan', {
      level: 3,
      departments: [{ departmentId: 1, manage: true }],
    })
    expect(await said(byZhangsan!)).toMatch(/^1004 /)
    await world.admin('user/update', { userid: 'lisi', enable: 0 })
    await world.admin('user/delete', { userid: 'wangwu' })
    await world.settle()
    await until('both dead', async () => (await said(byLisi!)).startsWith('1004'))
    await until('both dead', async () => (await said(byWangwu!)).startsWith('1004'))
  })

  it('waits for what its account has yet to do', async () => {
    const manager = await managerBy(world)
    await requireSecondFactor(world.ctx, 'test', true)
    expect(await said(manager)).toMatch(/^1009 .*须先登录控制台修改密码或设置两步验证/)
    await requireSecondFactor(world.ctx, 'test', false)
    await resetAdministratorPassword(world.ctx, 'test')
    expect(await said(manager)).toMatch(/^1009 /)
    await resetAdministratorPassword(world.ctx, 'test', administratorPassword)
    expect(await said(manager)).toBe('0 成功')
    await world.ctx.db.deleteFrom('admin_account').execute()
    expect(await said(manager)).toMatch(/^1004 /)
  })

  it('is not guessed, and leaves those with a right one alone', async () => {
    const manager = await managerBy(world)
    const guess = (n: number) => callsWith(world.server.url, `wisp_admin_${String(n).padStart(43, 'x')}`)
    for (let n = 0; n < 10; n++) expect(await said(guess(n))).toMatch(/^1004 /)
    const over = await guess(11).get(path)
    expect([over.retCode, over.status, over.headers.get('retry-after')]).toEqual([
      '1010',
      429,
      expect.any(String),
    ])
    expect(await said(manager)).toBe('0 成功')
  })

  it('makes so many calls a minute', async () => {
    const manager = await managerBy(world)
    const answers = await Promise.all(Array.from({ length: 305 }, () => manager.get('/api/admin/corps')))
    const refused = answers.filter(one => one.retCode === '1010')
    expect(refused).toHaveLength(5)
    expect(refused[0]?.retMessage).toContain('每分钟最多调用 300 次')
    world.clock.offsetMs = 61_000
    expect(await said(manager)).toBe('0 成功')
  })

  it('notes its use once a minute, and refuses mistyped names', async () => {
    const manager = await managerBy(world)
    const usedAt = async () => {
      const rows = await world.ctx.db
        .selectFrom('admin_token')
        .select('last_used_at')
        .where('id', '=', manager.id)
        .execute()
      return rows[0]?.last_used_at?.getTime()
    }
    await said(manager)
    await until('the use', async () => (await usedAt()) !== undefined)
    const first = await usedAt()
    world.clock.offsetMs = 30_000
    await said(manager)
    expect(await usedAt()).toBe(first)
    expect(await said(manager, { corpid: world.corpId })).toMatch(/^1001 /)
    expect(await said(manager, { ...query(), nme: 'x' })).toBe('1000 参数错误: 没有参数 nme')
  })
})

describe('making an admin token', () => {
  let system: SignedInClient
  let secret: string
  const wish = { name: '流水线', scopes: 'admin:read', addresses: '127.0.0.1', days: 30, reach: 'corp' }
  /** A code is taken once, so that each test has a time step of its own. */
  const code = () => {
    world.clock.offsetMs += 31_000
    return new TOTP({ secret }).generate({ timestamp: world.ctx.now() })
  }
  const add = (given: object, as = system) => as.post('/web/admin-tokens/add', { ...wish, ...given })

  it('takes a second factor, which the account must have', async () => {
    system = await signInAs(world, 'system')
    expect((await system.get('/web/admin-tokens')).body.mayMake).toBe(false)
    expect((await add({ code: '123456' })).retMessage).toContain('请先为您的账号设置两步验证')
    const begun = await system.post('/web/second-factor/begin', { proof: administratorPassword })
    secret = begun.body.secret
    await system.post('/web/second-factor/finish', { setup: begun.body.setup, code: code() })
    expect((await system.get('/web/admin-tokens')).body).toMatchObject({ mayMake: true })
    expect((await add({ code: '000000' })).retCode).toBe('1009')
    const { body } = await add({ code: code() })
    expect(body.token).toMatch(/^wisp_admin_[\w-]{43}$/)
    expect(await said(callsWith(world.server.url, body.token))).toBe('0 成功')
    const shown = JSON.stringify(await system.get('/web/admin-tokens'))
    const stored = JSON.stringify(await world.ctx.db.selectFrom('admin_token').selectAll().execute())
    const audit = JSON.stringify(await world.ctx.db.selectFrom('audit').selectAll().execute())
    for (const text of [shown, stored, audit]) expect(text).not.toContain(body.token)
    expect(audit).toContain('admin-token.add')
  })

  it.each([
    [{ days: 91 }, '1000'],
    [{ days: 0 }, '1000'],
    [{ scopes: 'admin:everything' }, '1000'],
    [{ scopes: 'directory:read' }, '1000'],
    [{ scopes: '' }, '1001'],
    [{ addresses: '' }, '1001'],
    [{ addresses: 'localhost' }, '1000'],
    [{ name: ' ' }, '1001'],
    [{ reach: 'some' }, '1000'],
    [{ code: '' }, '1001'],
  ])('refuses %j, and takes no code for it', async (given, expected) => {
    const mine = code()
    expect((await add({ code: mine, ...given })).retCode).toBe(expected)
  })

  it('is for members of their own corp alone, after their second factor; they see and end those of it', async () => {
    await managerBy(world, { corpId: 'ww0000' })
    const own = await managerBy(world, { corpId: world.corpId })
    const foreign = await managerBy(world)
    const zhangsan = await signInAs(world, 'super', 'zhangsan')
    expect((await add({ code: '123456' }, zhangsan)).retMessage).toContain('请先为您的账号设置两步验证')
    const begun = await zhangsan.post('/web/second-factor/begin')
    secret = begun.body.secret
    const finished = await zhangsan.post('/web/second-factor/finish', {
      setup: begun.body.setup,
      code: code(),
    })
    expect(finished.retCode).toBe('0')
    expect((await zhangsan.get('/web/admin-tokens')).body).toMatchObject({ mayMake: true })
    expect((await add({ code: code(), reach: 'all' }, zhangsan)).retCode).toBe('1009')
    const { body } = await add({ code: code() }, zhangsan)
    const mine = callsWith(world.server.url, body.token)
    expect(await said(mine)).toBe('0 成功')
    expect(await said(mine, { corpId: 'ww0000' })).toMatch(/^1009 /)
    await removeRole(world.ctx, 'test', world.corpId, 'zhangsan')
    expect(await said(mine)).toMatch(/^1004 /)
    await setRole(world.ctx, 'test', world.corpId, 'zhangsan', { level: 2 })
    const { list } = (await zhangsan.get('/web/admin-tokens')).body
    expect(new Set(list.map((one: { corpId: string }) => one.corpId))).toEqual(new Set([world.corpId]))
    expect((await zhangsan.post('/web/admin-tokens/end', { id: foreign.id })).retCode).toBe('1000')
    expect((await zhangsan.post('/web/admin-tokens/end', { id: own.id })).retCode).toBe('0')
    expect((await zhangsan.post('/web/admin-tokens/end', { id: own.id })).retCode).toBe('1000')
    expect(await said(own)).toMatch(/^1004 /)
  })

  it('ends when the second factor of its maker is reset, and with no other', async () => {
    const [mine, others] = [
      await managerBy(world, { member: 'zhangsan', corpId: world.corpId }),
      await managerBy(world),
    ]
    expect(await said(mine)).toBe('0 成功')
    await resetMemberFactor(world.ctx, 'test', world.corpId, 'zhangsan')
    await setRole(world.ctx, 'test', world.corpId, 'zhangsan', { level: 2 }).catch(() => undefined)
    expect(await said(mine)).toMatch(/^1004 /)
    expect(await said(others)).toBe('0 成功')
    const { rows } = await sql<{ actor: string }>`
      select actor from audit where act = 'admin-token.end' and target = ${String(mine.id)}`.execute(
      world.ctx.db,
    )
    expect(rows).toEqual([{ actor: 'test' }])
  })
})

it('the command line lists tokens without what they are, and ends them', async () => {
  const manager = await managerBy(world, { corpId: world.corpId })
  const { text, data } = await runCommand(world.ctx, ['admin', 'token', 'list'])
  expect(text).toContain('admin:read')
  expect(JSON.stringify(data)).not.toContain(manager.token)
  expect((data as { id: number; state: string }[])[0]).toMatchObject({ id: manager.id, state: 'live' })
  const foreign = await runCommand(world.ctx, ['admin', 'token', 'list', '--corp', 'ww0000'])
  expect((foreign.data as { id: number }[]).map(one => one.id)).not.toContain(manager.id)
  await runCommand(world.ctx, ['admin', 'token', 'revoke', String(manager.id)])
  expect(await said(manager)).toMatch(/^1004 /)
  const again = runCommand(world.ctx, ['admin', 'token', 'revoke', String(manager.id)])
  await expect(again).rejects.toThrow('已停用')
})
