import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { nextSecond } from '../../../test/until.ts'
import { endpoints } from '../../features.ts'
import { setDeveloper } from '../developers/developer-admin.ts'

describe('why calls fail', () => {
  let world: World
  let as: SignedInClient
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4 })
    as = await signInAs(world, 'super')
  })
  afterAll(() => world.close())

  const logged = async (devId: string) => {
    const answer = await as.get('/web/developers/requests', { devId, outcome: 'failed' })
    return answer.body.list
  }

  it('is in the log with what mends it', async () => {
    const dev = await world.addDeveloper({ scopes: ['directory:read'] })
    await dev.get('/api/user/get', { userid: 'zhangsan' })
    await dev.post('/api/user/search', { searchName: 'x', pageNo: 'abc' })
    await dev.post('/api/message/send', { toUser: 'a', title: '机密', content: '你好' })
    await dev.get('/api/usr/get', { userId: 'x' })
    expect(await logged(dev.devId)).toMatchObject([
      { path: '/api/…', reason: '没有接口 …，是不是 /api/user/get？', mend: '' },
      { reason: '开发者没有 message:send 权限', mend: 'scope message:send' },
      { reason: expect.stringMatching(/^pageNo 应为 1 到 \d+ 的整数$/) },
      { reason: 'userId（收到 userid，应为 userId）', unknown: ['userid，应为 userId'] },
    ])
    await world.ctx.developers.flush()
    const { rows } = await sql<{ counted: number; kept: number }>`
      select (select sum(calls) from developer_usage where dev_id = ${dev.devId})::int as counted,
        (select count(*) from call_log where dev_id = ${dev.devId})::int as kept`.execute(world.ctx.db)
    expect(rows[0]?.counted).toBe(rows[0]?.kept)
  })

  it('is told to the caller, who may have unknown names refused', async () => {
    const dev = await world.addDeveloper()
    const warned = await dev.get('/api/org/tagList', { pagesize: '1', '<b>': '2' })
    expect(warned.retCode).toBe('0')
    expect(warned.headers.get('x-wisp-warning')).toBe('unknown pagesize, unknown name of 3 characters')
    const right = await dev.post('/api/user/search', { searchName: 'x' })
    expect(right.headers.get('x-wisp-warning')).toBeNull()
    const missing = await dev.get('/api/user/get', { userid: 'zhangsan' })
    expect(missing.retMessage).toBe('参数为空: userId（收到 userid，应为 userId）')
    await setDeveloper(world.ctx, 'test', dev.devId, { strictInputs: true })
    const strict = await dev.post('/api/user/search', { searchName: 'x', pagesize: '1' })
    expect(strict.retMessage).toBe('参数错误: 没有参数 pagesize（是不是 pageSize？）；此开发者不接受未知参数')
    expect((await dev.post('/api/user/search', { searchName: 'x', pageSize: '1' })).retCode).toBe('0')
  })

  it('never holds what a caller sent, whatever the call', async () => {
    const dev = await world.addDeveloper({ scopes: [...new Set(endpoints.flatMap(scopeOf))] as never })
    const marked = 'zqXsecretXqz'
    const forms = [`${marked} 张三`, 91_234_567, [marked], [{ [marked]: marked }]]
    for (const form of forms) {
      // Of one second, the log keeps a hundred failures of a developer.
      await nextSecond()
      for (const { path, methods, input, access } of endpoints) {
        if (access.by !== 'developer') continue
        const given = Object.fromEntries(Object.keys(input).map(name => [name, form]))
        if (methods.includes('POST')) await dev.post(path, given)
        else if (typeof form !== 'object') await dev.get(path, given as Record<string, string>)
      }
    }
    await world.ctx.requests.flush()
    const { rows } = await sql<{ reason: string; mend: string }>`
      select reason, mend from call_log where dev_id = ${dev.devId} and code <> '0'`.execute(world.ctx.db)
    expect(rows.filter(row => row.reason !== '').length).toBeGreaterThan(50)
    for (const row of rows)
      expect(`${row.reason} ${row.mend}`).not.toMatch(/zqX|Xqz|91234567|张三|[\uFDD0\uFDD1]/)
    const alerts = await sql`select alert::text from alert`.execute(world.ctx.db)
    expect(JSON.stringify(alerts.rows)).not.toContain('zqX')
  }, 120_000)

  it('comes with whose data was read: people by developer, call and day', async () => {
    const dev = await world.addDeveloper({ name: '读取者' })
    const { list } = (
      await dev.get('/api/user/orgUserList', { orgId: '1', fetchChild: '1', pageNo: '1', pageSize: '7' })
    ).body
    const again = await dev.get('/api/user/orgUserList', {
      orgId: '1',
      fetchChild: '1',
      pageNo: '1',
      pageSize: '7',
    })
    expect(again.body.list).toHaveLength(7)
    await dev.get('/api/user/get', { userId: list[0].userId })
    await dev.get('/api/user/get', { userId: 'nobody' })
    await dev.get('/api/org/tagList')
    const read = (await as.get('/web/developers/people-read', { devId: dev.devId })).body
    expect(read).toMatchObject({
      total: 2,
      people: 15,
      list: [
        { path: '/api/user/orgUserList', developer: '读取者', answers: 2, people: 14 },
        { path: '/api/user/get', answers: 1, people: 1 },
      ],
    })
    const file = await fetch(`${world.server.url}/web/developers/people-read/export?devId=${dev.devId}`, {
      headers: { cookie: as.cookie },
    })
    expect(await file.text()).toContain(`${dev.devId},读取者,/api/user/orgUserList,2,14`)
  })
})

function scopeOf({ access }: (typeof endpoints)[number]): string[] {
  return access.by === 'developer' && access.scope ? [access.scope] : []
}
