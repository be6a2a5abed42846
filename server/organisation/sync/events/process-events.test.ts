import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { storedPicture } from '../../../../test/journeys/mirror-check.ts'
import { nextSecond, until } from '../../../../test/until.ts'
import { recentEvents } from '../../../platform/inbox/event-store.ts'
import { replayRange } from '../../../platform/inbox/replay.ts'
import { livingPerson } from '../../directory/store.ts'
import { setRole } from '../../people/administrators.ts'
import { roleOf } from '../../people/store.ts'
import {
  connectScripted,
  type ScriptedWecom,
  scriptedCorpId,
  startScripted,
} from '../runs/scripted-wecom.fixture.ts'
import { eventXml, push } from './push.fixture.ts'
import { directoryReplay } from './replay.ts'

const seconds = () => Math.floor(Date.now() / 1000)

describe('contact events', () => {
  let world: World
  let serial = 0
  beforeAll(async () => {
    world = await startWorld({ overrides: { wecomOptions: { timeoutMs: 500, retries: 0 } } })
    await world.connectCallback()
  })
  afterAll(() => world.close())
  afterEach(() => world.control('faults', undefined, 'DELETE'))

  async function create(userid: string): Promise<void> {
    const answer = await world.admin('user/create', {
      userid,
      name: `人${userid}`,
      department: [1],
      mobile: `+86137${String(++serial).padStart(8, '0')}`,
    })
    expect(answer).toMatchObject({ errcode: 0 })
  }
  const personId = async (userid: string) =>
    (await livingPerson(world.ctx.db, world.corpId, userid.toLowerCase()))?.id
  const told = (changeType: string, fields: string, at?: number) =>
    push(world, eventXml(world, changeType, fields, at))
  const rename = (userid: string, to: string) => world.admin('user/rename', { userid, new_userid: to })
  const renameXml = (from: string, to: string) =>
    `<UserID><![CDATA[${from}]]></UserID><NewUserID><![CDATA[${to}]]></NewUserID>`
  const get = (userId: string) => world.dev.get('/api/user/get', { userId })
  const replay = (from: number, to: number) =>
    replayRange(world.ctx, directoryReplay(world.ctx, 'test', world.corpId), from, to)
  /** Suppresses WeCom's own pushes, so that the test can deliver events in its own order. */
  const unheard = () => world.control('faults', { match: 'callback/', mode: 'dropCallback' })

  it('follows every kind of change', async () => {
    await world.admin('department/create', { id: 800, name: '事件部', parentid: 1, order: 5 })
    await create('kinds')
    await world.admin('user/update', { userid: 'kinds', department: [800], alias: '别名' })
    await world.admin('tag/addtagusers', { tagid: 1, userlist: ['kinds'], partylist: [800] })
    await world.settle()
    expect((await get('kinds')).body).toMatchObject({ orgId: '800', alias: '别名' })
    const tag = await world.dev.get('/api/org/tagUserList', { tagId: '1' })
    expect(tag.body.userList).toContainEqual({ userId: 'kinds', userName: '人kinds' })
    await world.admin('department/update', { id: 800, name: '新事件部', parentid: 2 })
    await world.admin('tag/deltagusers', { tagid: 1, userlist: ['kinds'], partylist: [800] })
    await world.admin('user/delete', { userid: 'kinds' })
    await world.admin('department/delete', { id: 800 })
    await world.settle()
    expect((await get('kinds')).retCode).toBe('1007')
    expect((await world.dev.get('/api/org/list', { orgId: '800' })).retCode).toBe('1005')
  })

  it('keeps the person, the role and for 30 days the old userid when a userid changes', async () => {
    await create('before')
    await world.settle()
    const id = (await personId('before')) ?? 0
    await setRole(world.ctx, 'test', world.corpId, 'before', { level: 2, departments: [] })
    await rename('before', 'After')
    await world.settle()
    expect(await personId('after')).toBe(id)
    expect(await roleOf(world.ctx.db, world.corpId, id)).toMatchObject({ level: 2, departments: [] })
    expect((await get('before')).body).toMatchObject({ userId: 'After' })
    const dayMs = 86_400_000
    world.clock.offsetMs += 29.9 * dayMs
    const dev = await world.addDeveloper()
    expect((await dev.get('/api/user/get', { userId: 'BEFORE' })).body.userId).toBe('After')
    world.clock.offsetMs += 0.2 * dayMs
    expect((await (await world.addDeveloper()).get('/api/user/get', { userId: 'before' })).retCode).toBe(
      '1007',
    )
    world.clock.offsetMs = 0
    // A living member with this userid takes precedence over a former userid.
    await create('before')
    await world.settle()
    expect((await get('before')).body.userId).toBe('before')
    expect(await personId('before')).not.toBe(id)
    expect(await roleOf(world.ctx.db, world.corpId, (await personId('before')) ?? 0)).toBeUndefined()
  })

  it('takes a userid that is deleted and created again for a new person', async () => {
    await create('again')
    await world.settle()
    const id = (await personId('again')) ?? 0
    await setRole(world.ctx, 'test', world.corpId, 'again', { level: 2, departments: [] })
    await world.admin('user/delete', { userid: 'again' })
    await create('again')
    await world.settle()
    const second = (await personId('again')) ?? 0
    expect(second).not.toBe(0)
    expect(second).not.toBe(id)
    expect(await roleOf(world.ctx.db, world.corpId, second)).toBeUndefined()
  })

  it('puts a person together again when the news of a rename comes after a full sync', async () => {
    await create('late.old')
    await world.settle()
    const id = await personId('late.old')
    await unheard()
    await rename('late.old', 'late.new')
    const at = seconds()
    await world.sync('full')
    expect(await personId('late.old')).toBeUndefined()
    expect(await personId('late.new')).not.toBe(id)
    await told('update_user', renameXml('late.old', 'late.new'), at)
    await world.settle()
    expect(await personId('late.new')).toBe(id)
    expect((await get('late.old')).body.userId).toBe('late.new')
  })

  it('does not give a person back to somebody else who had the userid', async () => {
    await create('shared')
    await world.settle()
    const first = await personId('shared')
    await unheard()
    await world.admin('user/delete', { userid: 'shared' })
    await told('delete_user', '<UserID>shared</UserID>')
    await world.settle()
    // A new member takes the userid and is renamed, both without a push; the push of the rename comes a day later.
    await create('shared')
    await rename('shared', 'shared.new')
    await told('update_user', renameXml('shared', 'shared.new'), seconds() + 60)
    await world.settle()
    expect(await personId('shared.new')).not.toBe(first)
    expect(await personId('shared.new')).toBeDefined()
  })

  it.each([
    ['in order', [0, 1]],
    ['the second first', [1, 0]],
  ])('follows a chain of renames told %s', async (_, order) => {
    const name = `chain${++serial}`
    await create(`${name}.a`)
    await world.settle()
    const id = await personId(`${name}.a`)
    await unheard()
    await rename(`${name}.a`, `${name}.b`)
    await rename(`${name}.b`, `${name}.c`)
    const at = seconds()
    const steps = [renameXml(`${name}.a`, `${name}.b`), renameXml(`${name}.b`, `${name}.c`)]
    for (const step of order) {
      await told('update_user', steps[step] ?? '', at)
      await world.settle()
    }
    expect(await personId(`${name}.c`)).toBe(id)
    expect(await personId(`${name}.a`)).toBeUndefined()
    expect(await personId(`${name}.b`)).toBeUndefined()
    for (const old of ['a', 'b']) expect((await get(`${name}.${old}`)).body.userId).toBe(`${name}.c`)
  })

  it('gives a freed userid to the one who is renamed to it, in either order of the events', async () => {
    await create('seat')
    await create('mover')
    await world.settle()
    const [seat, mover] = [await personId('seat'), await personId('mover')]
    await nextSecond()
    await unheard()
    await world.admin('user/delete', { userid: 'seat' })
    await rename('mover', 'seat')
    const at = seconds()
    await told('update_user', renameXml('mover', 'seat'), at)
    await world.settle()
    expect(await personId('seat')).toBe(mover)
    await told('delete_user', '<UserID>seat</UserID>', at)
    await world.settle()
    expect(await personId('seat')).toBe(mover)
    expect(mover).not.toBe(seat)
  })

  it('does not let a replayed event undo what came after it', async () => {
    await create('re.a')
    await world.settle()
    const id = await personId('re.a')
    await rename('re.a', 're.b')
    await world.settle()
    await nextSecond()
    await rename('re.b', 're.a')
    await world.settle()
    expect(await personId('re.a')).toBe(id)
    const before = await storedPicture(world.ctx.db, world.corpId)
    const all = await recentEvents(world.ctx.db, world.corpId, 'directory', undefined, 500)
    for (const event of all.reverse()) await replay(event.id, event.id)
    await world.settle()
    for (let turn = 0; turn < 2; turn++) {
      expect(await replay(1, 10_000)).toBe(all.length)
      await world.settle()
    }
    expect(await personId('re.a')).toBe(id)
    expect(await storedPicture(world.ctx.db, world.corpId)).toEqual(before)
  })

  it('waits out an outage of WeCom, however long, and parks nothing', async () => {
    await world.control('faults', { match: 'user/get', mode: 'http500' })
    await world.admin('user/update', { userid: 'zhangsan', alias: '停机后' })
    const attempts = async () =>
      (await recentEvents(world.ctx.db, world.corpId, 'directory', 'pending', 1))[0]?.attempts ?? 0
    await until('twelve attempts', async () => {
      world.clock.offsetMs += 60_000
      world.ctx.queue.kick(world.corpId)
      return (await attempts()) >= 12
    })
    await world.control('faults', undefined, 'DELETE')
    world.clock.offsetMs += 600_000
    await world.ctx.sync.drain(world.corpId)
    world.clock.offsetMs = 0
    expect(await recentEvents(world.ctx.db, world.corpId, 'directory', 'parked', 1)).toEqual([])
    expect((await get('zhangsan')).body.alias).toBe('停机后')
  })
})

describe('a poisonous event', () => {
  let script: ScriptedWecom
  let world: World
  beforeAll(async () => {
    script = await startScripted()
    world = await startWorld({
      synced: false,
      env: { WISP_WECOM_URL: script.url },
      overrides: { wecomOptions: { timeoutMs: 500, retries: 0 } },
    })
    world.corpId = scriptedCorpId
    await connectScripted(world)
  })
  afterAll(async () => {
    await world.close()
    await script.close()
  })
  const update = (userid: string) => push(world, eventXml(world, 'update_user', `<UserID>${userid}</UserID>`))
  const events = (state?: string) => recentEvents(world.ctx.db, scriptedCorpId, 'directory', state, 50)
  const members = async () => (await storedPicture(world.ctx.db, scriptedCorpId)).members

  it('is parked after its attempts, holds nobody up, and can be replayed, twice', async () => {
    // This status does not fit into any column.
    Object.assign(script.members[0]!, { status: 70_000, name: '有毒' })
    script.members[1]!['name'] = '无辜'
    await update('a')
    await update('b')
    await update('a')
    await until('one is done', async () => (await events('done')).length > 0)
    expect((await members())['b']).toMatchObject({ name: '无辜' })
    // Two deliveries with an equal payload are two events, and the later one may be an attempt behind.
    await until('both are parked', async () => {
      world.clock.offsetMs += 60_000
      world.ctx.queue.kick(scriptedCorpId)
      return (await events('parked')).length === 2
    })
    const parked = await events('parked')
    expect(parked[0]).toMatchObject({
      entity: 'user:a',
      attempts: 8,
      error: { zh: expect.stringContaining('range') },
    })
    expect((await members())['a']).toMatchObject({ name: '人a', status: 1 })
    Object.assign(script.members[0]!, { status: 2, name: '痊愈' })
    for (let turn = 0; turn < 2; turn++) {
      for (const { id } of parked)
        expect(await replayRange(world.ctx, directoryReplay(world.ctx, 'test', scriptedCorpId), id, id)).toBe(
          1,
        )
      await world.ctx.sync.drain(scriptedCorpId)
    }
    expect(await events('parked')).toEqual([])
    expect((await members())['a']).toMatchObject({ name: '痊愈', status: 2 })
  })
})
