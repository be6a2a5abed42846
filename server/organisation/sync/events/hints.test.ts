import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callerOf } from '../../../../sandbox/test-caller.ts'
import { call, startWorld, type World } from '../../../../test/harness.ts'
import { storedPicture } from '../../../../test/journeys/mirror-check.ts'
import { setCorp } from '../../corps/corps.ts'
import { countEvents } from './push.fixture.ts'

describe('notices of third parties', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.close())

  const hint = (query: Record<string, string>) =>
    call(
      `${world.server.url}/admin/syncController/callback?${new URLSearchParams({ corpId: world.corpId, ...query })}`,
    )
  const hintUser = (userId: string, changeType = 'update_user') => hint({ changeType, userId })
  async function silently(path: string, body: Record<string, unknown>) {
    const caller = await callerOf(world.sandbox)
    const answer = path.endsWith('delete')
      ? await caller.get(path, body as Record<string, string>)
      : await caller.post(path, body)
    expect(answer).toMatchObject({ errcode: 0 })
  }
  async function readsOf(path: string): Promise<number> {
    const calls = (await world.control('calls')) as Record<string, Record<string, number>>
    const found = Object.entries(calls).find(([name]) => name.endsWith(path))?.[1] ?? {}
    return Object.values(found).reduce((sum, count) => sum + count, 0)
  }
  const nameOf = async (userId: string) => (await world.dev.get('/api/user/get', { userId })).body.userName

  it('answers as documented, and applies what WeCom says', async () => {
    await silently('user/update', { userid: 'zhangsan', name: '张新' })
    const answer = await hintUser('ZhangSan')
    expect(answer).toMatchObject({ status: 200, retCode: '0', body: {} })
    await world.settle()
    expect(await nameOf('zhangsan')).toBe('张新')
  })

  it('follows creation and deletion of members and departments', async () => {
    await silently('department/create', { id: 700, name: '通知部', parentid: 1 })
    await silently('user/create', {
      userid: 'Told',
      name: '被告知',
      department: [700],
      mobile: '13900001111',
    })
    await hint({ changeType: 'create_party', partyId: '700' })
    await hintUser('Told', 'create_user')
    await world.settle()
    expect(await nameOf('told')).toBe('被告知')
    await silently('user/delete', { userid: 'Told' })
    await silently('department/delete', { id: 700 })
    await hintUser('told', 'delete_user')
    await hint({ changeType: 'delete_party', partyId: '700' })
    await world.settle()
    expect((await world.dev.get('/api/user/get', { userId: 'told' })).retCode).toBe('1007')
    expect((await world.dev.get('/api/org/list', { orgId: '700' })).retCode).toBe('1005')
  })

  it('names what is wrong with a notice, and stores nothing', async () => {
    const before = await countEvents(world)
    expect((await hint({ changeType: 'update_user' })).retCode).toBe('1001')
    expect((await hint({ changeType: 'update_party', userId: 'zhangsan' })).retCode).toBe('1001')
    expect((await hint({ userId: 'zhangsan' })).retCode).toBe('1001')
    expect((await hint({ changeType: 'grow_wings', userId: 'zhangsan' })).retCode).toBe('1000')
    expect((await hint({ changeType: 'update_user', userId: 'zhangsan', corpId: 'wwnobody' })).retCode).toBe(
      '1000',
    )
    expect((await hint({ changeType: 'update_party', partyId: '-1' })).retCode).toBe('1000')
    expect((await hintUser('x'.repeat(65))).retCode).toBe('1000')
    expect((await hintUser('a\0b')).retCode).toBe('1000')
    expect(await countEvents(world)).toBe(before)
  })

  it('changes nothing when it is forged', async () => {
    const before = await storedPicture(world.ctx.db, world.corpId)
    await hintUser('zhangsan', 'delete_user')
    await hintUser('nobody.here', 'create_user')
    await hint({ changeType: 'delete_party', partyId: '2' })
    await hint({ changeType: 'delete_party', partyId: '1' })
    await hint({ changeType: 'create_party', partyId: '4000000000' })
    await world.settle()
    expect(await storedPicture(world.ctx.db, world.corpId)).toEqual(before)
  })

  it('deletes nobody because WeCom will not say (60011)', async () => {
    const before = await storedPicture(world.ctx.db, world.corpId)
    await world.control('faults', { match: '/(user|department)/get/', mode: 'code:60011' })
    await hintUser('zhangsan', 'delete_user')
    await hint({ changeType: 'delete_party', partyId: '2' })
    await world.settle()
    await world.control('faults', undefined, 'DELETE')
    expect(await storedPicture(world.ctx.db, world.corpId)).toEqual(before)
    const rows = await world.ctx.db
      .selectFrom('inbox_event')
      .select(['state', 'error'])
      .orderBy('id', 'desc')
      .limit(2)
      .execute()
    expect(rows).toMatchObject([
      { state: 'done', error: expect.stringContaining('60011') },
      { state: 'done', error: expect.stringContaining('60011') },
    ])
  })

  it('reads one entity from WeCom once a second, and loses no notice that comes while it waits', async () => {
    await world.settle()
    await world.control('calls', undefined, 'DELETE')
    await world.control('faults', { match: 'user/get', mode: 'slow', delayMs: 150 })
    const started = Date.now()
    let notices = 0
    while (Date.now() - started < 1000) {
      await silently('user/update', { userid: 'zhangsan', name: `第${++notices}次` })
      await hintUser(notices % 2 ? 'zhangsan' : 'ZHANGSAN')
    }
    await world.settle()
    const seconds = (Date.now() - started) / 1000
    await world.control('faults', undefined, 'DELETE')
    expect(await nameOf('zhangsan')).toBe(`第${notices}次`)
    const reads = await readsOf('/user/get')
    expect(reads).toBeGreaterThan(0)
    expect(reads).toBeLessThanOrEqual(Math.floor(seconds) + 1)
  })

  it('asks for a devToken of the corp when an administrator demands it', async () => {
    await setCorp(world.ctx, 'test', world.corpId, { hintTokenRequired: true })
    expect((await hintUser('zhangsan')).retCode).toMatch(/^(1001|1004)$/)
    expect((await hint({ changeType: 'update_user', userId: 'zhangsan', devToken: 'forged' })).retCode).toBe(
      '1004',
    )
    const devToken = await world.dev.token()
    expect((await hint({ changeType: 'update_user', userId: 'zhangsan', devToken })).retCode).toBe('0')
    await setCorp(world.ctx, 'test', world.corpId, { hintTokenRequired: false })
    await world.settle()
  })

  it('still applies notices after the clock was set back', async () => {
    await hintUser('lisi')
    await world.settle()
    world.clock.offsetMs -= 3_600_000
    await silently('user/update', { userid: 'lisi', name: '李新' })
    await hintUser('lisi')
    await world.settle()
    world.clock.offsetMs += 3_600_000
    expect(await nameOf('lisi')).toBe('李新')
  })

  it('ends a flood with 1010, with a queue that has an end', async () => {
    const answers: string[] = []
    const before = await countEvents(world)
    for (let at = 0; at < 700; at += 50) {
      const part = Array.from({ length: 50 }, (_, n) => hintUser(`flood${(at + n) % 300}`))
      for (const answer of await Promise.all(part)) answers.push(answer.retCode)
    }
    expect(answers.filter(one => one === '0').length).toBeLessThanOrEqual(600)
    expect(answers.filter(one => one === '1010').length).toBeGreaterThanOrEqual(100)
    expect(await hintUser('flood1')).toMatchObject({ status: 429, retCode: '1010' })
    expect((await countEvents(world)) - before).toBeLessThanOrEqual(600)
    // A minute later the address is accepted again, and the limit never held up WeCom's own pushes.
    world.clock.offsetMs += 61_000
    expect((await hintUser('zhangsan')).retCode).toBe('0')
  })
})
