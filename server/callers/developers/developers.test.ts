import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, callerOf, startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { readConfig } from '../../platform/config.ts'
import { checkAnswer, refusal } from '../../platform/http/checked.fixture.ts'
import { createLog } from '../../platform/operation/log.ts'
import { startServer } from '../../server.ts'
import { revokeOldSecret, rotateSecret, setDeveloper } from './developer-admin.ts'
import { developerUsage } from './overview.ts'
import { createTokens } from './tokens.ts'

const path = '/api/token/getDevToken'

describe('getDevToken (3.1)', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4, tags: 1 })
  })
  afterAll(() => world.close())

  const ask = async (query: Record<string, string>) =>
    checkAnswer(path, await call(`${world.server.url}${path}?${new URLSearchParams(query)}`))
  const post = async (body: unknown) =>
    checkAnswer(
      path,
      await call(`${world.server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
  const isAlive = async (devToken: string) => {
    const answer = await call(`${world.server.url}/api/org/tagList?devToken=${devToken}`)
    return answer.retCode
  }

  it('answers a token and its seconds, by GET and by POST', async () => {
    const { devId, devSecret } = world.dev
    for (const answer of [await ask({ devId, devSecret }), await post({ devId, devSecret })]) {
      expect(answer.body).toEqual({ devToken: expect.any(String), expiresIn: 7200 })
      expect(await isAlive(answer.body.devToken)).toBe('0')
    }
  })

  it.each([
    [{}, '1001 参数为空: devId'],
    [{ devId: '' }, '1001 参数为空: devId'],
    [{ devSecret: 'x' }, '1001 参数为空: devId'],
    [{ devId: 'DEV' }, '1001 参数为空: devSecret'],
    [{ devId: 'DEV', devSecret: '' }, '1001 参数为空: devSecret'],
    [{ devId: 'nobody', devSecret: 'x' }, '1002 无效的应用 ID'],
    [{ devId: 'DEV', devSecret: 'wrong' }, '1003 无效的应用秘钥'],
    [{ devId: 'x'.repeat(65), devSecret: 'x' }, '1000 参数错误: devId 最长 64 个字符，现有 65 个'],
    [{ devId: 'DEV', devSecret: 'a\u0000b' }, '1000 参数错误: devSecret 含有控制字符，请去掉'],
  ])('refuses %j with %s', async (given, wanted) => {
    const filled = JSON.parse(JSON.stringify(given).replace('DEV', world.dev.devId))
    expect(refusal(await ask(filled))).toBe(wanted)
    expect(refusal(await post(filled))).toBe(wanted)
  })

  it('answers 1010 after ten wrong secrets a minute, and lets the right one pass', async () => {
    const { devId, devSecret } = await world.addDeveloper()
    const guess = () => ask({ devId, devSecret: 'guess' })
    for (let n = 0; n < 10; n++) expect((await guess()).retCode).toBe('1003')
    const refused = await guess()
    expect([refused.status, refused.retCode]).toEqual([429, '1010'])
    expect(refused.retMessage).toContain('的密钥一分钟内错误超过 10 次')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await ask({ devId, devSecret })).retCode).toBe('0')
    const other = await world.addDeveloper()
    expect((await ask({ devId: other.devId, devSecret: 'guess' })).retCode).toBe('1003')
    world.clock.offsetMs += 61_000
    expect((await guess()).retCode).toBe('1003')
    world.clock.offsetMs -= 61_000
  })

  it('keeps earlier tokens when a new one is asked for', async () => {
    const { devId, devSecret } = world.dev
    const tokens = [await ask({ devId, devSecret }), await ask({ devId, devSecret })].map(
      answer => answer.body.devToken as string,
    )
    expect(tokens[0]).not.toBe(tokens[1])
    expect(await Promise.all(tokens.map(isAlive))).toEqual(['0', '0'])
  })

  it('lets a token live 7200 s', async () => {
    const token = (await ask(world.dev as never)).body.devToken as string
    world.clock.offsetMs += 7_195_000
    expect(await isAlive(token)).toBe('0')
    world.clock.offsetMs += 6_000
    expect(await isAlive(token)).toBe('1004')
    world.clock.offsetMs = 0
  })

  it('has two live secrets; revoking one kills its tokens only', async () => {
    const dev = await world.addDeveloper()
    const oldToken = await dev.token()
    const { devSecret } = await rotateSecret(world.ctx, 'test', dev.devId, false)
    const next = callerOf(world.server.url, { devId: dev.devId, devSecret })
    const newToken = await next.token()
    expect(await Promise.all([oldToken, newToken].map(isAlive))).toEqual(['0', '0'])
    await expect(rotateSecret(world.ctx, 'test', dev.devId, false)).rejects.toThrow('已有 2 个有效密钥')
    await revokeOldSecret(world.ctx, 'test', dev.devId)
    expect(await Promise.all([oldToken, newToken].map(isAlive))).toEqual(['1004', '0'])
    expect((await ask({ devId: dev.devId, devSecret: dev.devSecret })).retCode).toBe('1003')
    await rotateSecret(world.ctx, 'test', dev.devId, true)
    expect(await isAlive(newToken)).toBe('1004')
  })

  it('kills all tokens of a disabled developer, and revives them with it', async () => {
    const dev = await world.addDeveloper()
    const token = await dev.token()
    await setDeveloper(world.ctx, 'test', dev.devId, { enabled: false })
    expect(await isAlive(token)).toBe('1004')
    expect(refusal(await ask(dev as never))).toMatch(/^1002 无效的应用 ID: 开发者已停用/)
    expect(refusal(await ask({ ...dev, devSecret: 'x' } as never))).toMatch(/^1003/)
    await setDeveloper(world.ctx, 'test', dev.devId, { enabled: true })
    expect(await isAlive(token)).toBe('0')
  })

  it('stores secrets as hashes and notes their use and the calls of the day', async () => {
    const dev = await world.addDeveloper()
    await dev.get('/api/org/tagList')
    await dev.get('/api/user/get', { userId: 'nobody' })
    await world.ctx.developers.flush()
    const rows = await world.ctx.db
      .selectFrom('developer_secret')
      .selectAll()
      .where('dev_id', '=', dev.devId)
      .execute()
    expect(rows).toHaveLength(1)
    expect(rows[0]?.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(rows[0]?.last_used_at).toBeInstanceOf(Date)
    const usage = await developerUsage(world.ctx, dev.devId, 1)
    expect(usage.map(({ endpoint, calls, failures }) => [endpoint, calls, failures]).sort()).toEqual([
      ['/api/org/tagList', 1, 0],
      ['/api/token/getDevToken', 1, 0],
      ['/api/user/get', 1, 1],
    ])
  })
})

it('two nodes on one PostgreSQL: what one revokes, the other refuses within a second', async () => {
  const world = await startWorld({ members: 5, departments: 2, tags: 1 })
  const other = await startServer(readConfig(world.env), { log: createLog('silent') })
  const code = async (devToken: string) =>
    (await call(`${other.url}/api/org/tagList?devToken=${devToken}`)).retCode
  const refusedWithin = (devToken: string, ms: number) =>
    until('refused', async () => (await code(devToken)) === '1004', ms)
  const [first, second] = [await world.addDeveloper(), await world.addDeveloper()]
  const tokens = [await first.token(), await second.token()] as const
  for (const token of tokens) {
    const deadline = Date.now() + 1000
    while ((await code(token)) !== '0' && Date.now() < deadline);
    expect(await code(token)).toBe('0')
  }
  await setDeveloper(world.ctx, 'test', first.devId, { enabled: false })
  expect(await refusedWithin(tokens[0], 1000)).toBe(true)
  await rotateSecret(world.ctx, 'test', second.devId, true)
  expect(await refusedWithin(tokens[1], 1000)).toBe(true)
  await other.close()
  await world.close()
})

describe('devTokens', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4, tags: 1 })
  })
  afterAll(() => world.close())

  const tags = async (query: string, init?: RequestInit) =>
    checkAnswer('/api/org/tagList', await call(`${world.server.url}/api/org/tagList${query}`, init))

  it('are taken from the query, a Bearer header or the JSON body', async () => {
    const token = await world.dev.token()
    expect((await tags(`?devToken=${token}`)).retCode).toBe('0')
    expect((await tags('', { headers: { authorization: `Bearer ${token}` } })).retCode).toBe('0')
    expect((await tags('', { headers: { authorization: `bearer ${token}` } })).retCode).toBe('0')
    const inBody = await call(`${world.server.url}/api/user/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ devToken: token, searchName: '张' }),
    })
    expect(inBody.retCode).toBe('0')
  })

  it.each([
    ['', '1001 参数为空: devToken'],
    ['?devToken=', '1001 参数为空: devToken'],
    ['?devToken=a&devToken=b', '1000 参数错误: devToken 只能有一个，且应为字符串；收到多个或其他类型的值'],
    ['?devToken=abc', '1004 devToken 已失效'],
    ['?devToken=%00', '1004 devToken 已失效'],
    [`?devToken=${'x'.repeat(5000)}`, '1004 devToken 已失效'],
    ['?devToken=..........', '1004 devToken 已失效'],
    ['?devToken=__proto__', '1004 devToken 已失效'],
  ])('are refused: %s', async (query, wanted) => {
    expect(refusal(await tags(query))).toBe(wanted)
  })

  it('are refused when any character is another one', async () => {
    const token = await world.dev.token()
    const tokens = createTokens(world.ctx.seal)
    expect(tokens.check(token, Date.now())).toBeDefined()
    for (let at = 0; at < token.length; at++) {
      for (const letter of ['A', 'B', 'b', '9', '.', '-', '=']) {
        if (token[at] === letter) continue
        const altered = token.slice(0, at) + letter + token.slice(at + 1)
        expect(tokens.check(altered, Date.now()), altered).toBeUndefined()
      }
    }
    for (const altered of [`${token}A`, `${token}=`, `${token} `, token.slice(0, -1), token.toUpperCase()])
      expect(tokens.check(altered, Date.now()), altered).toBeUndefined()
  })

  it('carry the scopes of their developer', async () => {
    const reader = await world.addDeveloper({ scopes: ['directory:read'] })
    expect((await reader.get('/api/org/tagList')).retCode).toBe('0')
    const answer = await reader.post('/api/org/addTagUsers', { tagId: '1', userIdList: ['zhangsan'] })
    expect(refusal(answer)).toBe('1009 无权限: 开发者没有 tag:write 权限')
    await setDeveloper(world.ctx, 'test', reader.devId, { scopes: [] })
    expect((await reader.get('/api/org/tagList')).retMessage).toContain('directory:read')
  })
})
