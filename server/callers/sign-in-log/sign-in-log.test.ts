import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import type { NotedSignIn } from './sign-in-log.ts'

let world: World
let admin: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  admin = await signInAs(world, 'super', 'lisi')
  const zhangsan = memberNamed('zhangsan')
  note({
    id: 'r-1',
    way: 'oidc',
    app: { id: 'lib', name: '图书馆' },
    member: zhangsan,
    acr: 1,
    released: ['profile'],
  })
  note({ id: 'r-2', way: 'cas', app: { id: 'jw', name: '教务' }, member: zhangsan, reason: 'not-visible' })
  note({ id: 'r-3', way: 'sms', reason: 'code', detail: { zh: '码不对', en: 'a wrong code' } })
  note({ id: 'r-4', way: 'oidc', app: { id: 'lib', name: '=图书馆' }, reason: 'invalid_grant' })
  await world.ctx.signInLog.settled()
})
afterAll(() => world.close())

function memberNamed(userId: string) {
  const { id, name } = world.ctx.mirrors.of(world.corpId).members.byKey(userId)!
  return { id, userId, name }
}

function note({ id, ...signIn }: Omit<NotedSignIn, 'request' | 'corpId'> & { id: string }): void {
  const request = { id, ip: '192.0.2.7', headers: { 'user-agent': 'Mozilla/5.0' } }
  world.ctx.signInLog.note({ request, corpId: world.corpId, ...signIn })
}

const numbers = async (query: Record<string, string>) => {
  const { body } = await admin.get('/web/sign-ins', query)
  return (body as { list: { number: string }[] }).list.map(one => one.number).sort()
}

describe('the list of sign-ins', () => {
  it.each([
    [{}, ['r-1', 'r-2', 'r-3', 'r-4']],
    [{ appId: 'lib' }, ['r-1', 'r-4']],
    [{ appId: 'wisp' }, ['r-3']],
    [{ person: 'ZhangSan' }, ['r-1', 'r-2']],
    [{ person: '张三' }, ['r-1', 'r-2']],
    [{ person: 'nobody-at-all' }, []],
    [{ way: 'cas' }, ['r-2']],
    [{ result: 'succeeded' }, ['r-1']],
    [{ result: 'refused', person: 'zhangsan' }, ['r-2']],
    [{ number: 'r-3' }, ['r-3']],
    [{ from: '2100-01-01T00:00:00Z' }, []],
    [{ to: '2001-01-01T00:00:00Z' }, []],
  ])('filters by %j', async (query, expected) => {
    expect(await numbers(query as Record<string, string>)).toEqual(expected)
  })

  it('says why in the reader’s language, and a protocol’s own reason as it is', async () => {
    const { body } = await admin.get('/web/sign-ins', { number: 'r-2' })
    expect(body).toMatchObject({ list: [{ why: '应用没有对此人开放', wayName: 'CAS', userName: '张三' }] })
    const { body: other } = await admin.get('/web/sign-ins', { number: 'r-4' })
    expect(other).toMatchObject({ list: [{ why: 'invalid_grant' }] })
    const { body: third } = await admin.get('/web/sign-ins', { number: 'r-3' })
    expect(third).toMatchObject({ list: [{ detail: '码不对', userId: '' }] })
  })

  it('is nobody else’s', async () => {
    const { list } = (await admin.get('/web/sign-ins')).body as { list: { id: number }[] }
    expect((await admin.get('/web/sign-ins/one', { id: list[0]!.id })).retCode).toBe('0')
    expect((await admin.get('/web/sign-ins/one', { id: 999_999 })).retCode).toBe('1000')
    const { list: ways } = (await admin.get('/web/sign-ins/ways')).body as { list: { way: string }[] }
    expect(ways.map(one => one.way)).toContain('passkey')
  })
})

describe('exports', () => {
  const file = async (query: string) => {
    const answer = await fetch(`${world.server.url}/web/sign-ins/export?${query}`, {
      headers: { cookie: admin.cookie },
    })
    return { type: answer.headers.get('content-type') ?? '', text: await answer.text() }
  }

  it('are CSV that no spreadsheet runs', async () => {
    const { type, text } = await file('appId=lib')
    expect(type).toContain('text/csv')
    expect(text.split('\r\n')).toHaveLength(4)
    expect(text).toContain("'=图书馆")
  })

  it('are JSON lines for programs', async () => {
    const { type, text } = await file('format=jsonl&result=refused')
    expect(type).toContain('application/jsonl')
    const lines = text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toHaveLength(3)
    expect(lines.find(one => one['number'] === 'r-2')).toMatchObject({
      reason: 'not-visible',
      why: { en: 'the app is not open to this person' },
      result: 'refused',
    })
  })

  it('are noted as acts', async () => {
    const { body } = await admin.get('/web/audit', { act: 'export' })
    expect(body).toMatchObject({ list: [{ targetName: '登录' }, { target: 'sign-ins' }] })
  })
})

describe('wisp sign-in log', () => {
  it('tells the same', async () => {
    const { data, text } = (await runCommand(world.ctx, ['sign-in', 'log', '--since', '2020-01-01'])) as {
      data: unknown[]
      text: string
    }
    expect(data).toHaveLength(4)
    expect(text).toContain('应用没有对此人开放')
    const one = (await runCommand(world.ctx, ['sign-in', 'log', '--number', 'r-1', '--limit', '1'])) as {
      data: unknown[]
    }
    expect(one.data).toMatchObject([{ number: 'r-1', result: 'succeeded', released: ['profile'] }])
  })
})
