import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { setDeveloper } from '../../../callers/developers/developer-admin.ts'
import { checked } from '../../../platform/http/checked.fixture.ts'
import { pruneChanges } from '../feed-store.ts'
import { naiveView } from '../naive.fixture.ts'

type Row = { seq: number; kind: string; op: string; id: string; oldId?: string; value?: Body }
type Page = { list: Row[]; next: number; more: boolean; resync: boolean }

/** An application that follows the feed and keeps its own copy of the directory. */
type Follower = { since: number; copy: Map<string, Body | undefined>; read(limit?: number): Promise<Page> }

describe('directory/changes', () => {
  let world: World
  let dev: Caller
  let scoped: Caller
  beforeAll(async () => {
    world = await startWorld({ members: 30 })
    await world.connectCallback()
    dev = checked(world.dev)
    scoped = checked(await world.addDeveloper({ dataScope: { departments: [5], tags: [] } }))
  })
  afterAll(() => world.close())

  function follow(as: Caller, since = 0): Follower {
    const follower: Follower = {
      since,
      copy: new Map(),
      async read(limit = 1000) {
        const query = { since: follower.since, limit }
        const page: Page = (await as.get('/api/directory/changes', query)).body
        follower.since = page.next
        for (const { kind, op, id, oldId, value } of page.list) {
          if (oldId !== undefined) follower.copy.delete(`${kind} ${oldId}`)
          if (op === 'drop') follower.copy.delete(`${kind} ${id}`)
          else follower.copy.set(`${kind} ${id}`, value)
        }
        return page
      },
    }
    return follower
  }
  const now = async () => {
    const follower = follow(dev)
    while ((await follower.read()).more);
    return follower
  }
  const edit = async (operation: string, body: Body) => {
    const answer = await world.admin(operation, body)
    expect(answer, operation).toMatchObject({ errcode: 0 })
    await world.settle()
  }
  const rows = (page: Page) => page.list.map(({ kind, op, id }) => `${kind} ${op} ${id}`)
  const withoutLinks = (copy: Map<string, Body | undefined>) =>
    new Map([...copy].map(([key, value]) => [key, value && { ...value, avatarUrl: '' }]))

  async function expectEqualsState(
    copy: Map<string, Body | undefined>,
    scope?: { departments: number[]; tags: number[] },
  ) {
    const view = await naiveView(world, scope)
    const wanted = [
      ...view.departments.map(one => `department ${one.id}`),
      ...view.members.map(one => `member ${one.userid}`),
      ...view.tags.map(tag => `tag ${tag.tagid}`),
    ]
    expect([...copy.keys()].sort()).toEqual(wanted.sort())
    for (const one of view.departments)
      expect(copy.get(`department ${one.id}`)).toMatchObject({
        orgName: one.name,
        parentId: String(one.parentid),
      })
    for (const one of view.members) {
      const value = copy.get(`member ${one.userid}`) as { userName: string; orgList: { orgId: string }[] }
      expect(value.userName).toBe(one.name)
      expect(value.orgList.map(org => Number(org.orgId))).toEqual(one.department.filter(view.sees))
    }
    for (const tag of view.tags) {
      const value = copy.get(`tag ${tag.tagid}`) as { tagName: string; userIds: string[]; orgIds: string[] }
      const listed = tag.userlist
        .map(one => one.userid)
        .filter(id => view.members.some(one => one.userid === id))
      expect([value.tagName, value.userIds.sort(), value.orgIds]).toEqual([
        tag.tagname,
        listed.sort(),
        tag.partylist.map(String),
      ])
    }
  }

  it('replayed from 0 equals the address book; every change is numbered once, in order', async () => {
    const follower = follow(dev)
    const seqs: number[] = []
    for (let page = await follower.read(7); ; page = await follower.read(7)) {
      expect(page.list.length).toBeLessThanOrEqual(7)
      seqs.push(...page.list.map(row => row.seq))
      if (!page.more) break
    }
    expect(seqs).toEqual(Array.from(seqs, (_, n) => n + 1))
    expect(follower.since).toBe(seqs.length)
    await expectEqualsState(follower.copy)
    const again = await follower.read()
    expect(again).toEqual({ list: [], next: follower.since, more: false, resync: false })
  })

  it('tells each kind of change, in order', async () => {
    const follower = await now()
    await edit('department/create', { id: 50, name: '新部门', parentid: 5 })
    await edit('user/create', { userid: 'xinren', name: '新人', mobile: '13900000050', department: [50] })
    await edit('tag/addtagusers', { tagid: 2, userlist: ['xinren'] })
    await edit('user/update', { userid: 'xinren', name: '老人' })
    await edit('user/rename', { userid: 'xinren', new_userid: 'laoren' })
    const page = await follower.read()
    expect(
      rows(page)
        .filter(row => !row.startsWith('tag'))
        .slice(0, 4),
    ).toEqual([
      'department put 50',
      // Values are current ones, and the person who had this userid now has another.
      'member drop xinren',
      'member drop xinren',
      'member rename laoren',
    ])
    expect(page.list.find(row => row.op === 'rename')).toMatchObject({
      oldId: 'xinren',
      value: { userId: 'laoren', userName: '老人' },
    })
    expect(rows(page)).toContain('tag put 2')
    await expectEqualsState(follower.copy)
    await edit('user/delete', { userid: 'laoren' })
    await edit('department/delete', { id: 50 })
    expect(rows(await follower.read())).toEqual(
      expect.arrayContaining(['member drop laoren', 'department drop 50']),
    )
    await expectEqualsState(follower.copy)
  })

  it('follows a person who was renamed and left between two readings', async () => {
    await edit('user/create', { userid: 'brief', name: '短暂', mobile: '13900000051', department: [4] })
    const follower = await now()
    await edit('user/rename', { userid: 'brief', new_userid: 'brief2' })
    await edit('user/delete', { userid: 'brief2' })
    await follower.read()
    await expectEqualsState(follower.copy)
  })

  it('shows who quits as gone, and who comes back', async () => {
    const follower = await now()
    await edit('user/update', { userid: 'wangwu', status: 5 })
    expect(rows(await follower.read())).toContain('member drop wangwu')
    await expectEqualsState(follower.copy)
    await edit('user/update', { userid: 'wangwu', status: 1 })
    await follower.read()
    await expectEqualsState(follower.copy)
  })

  it('reads what was just written, while it is being written', async () => {
    const follower = await now()
    const edits = Array.from({ length: 20 }, (_, n) =>
      world.admin('user/update', { userid: 'lisi', name: `李四${n}` }).then(() => follower.read()),
    )
    await Promise.all(edits)
    await world.settle()
    while ((await follower.read()).more);
    await expectEqualsState(follower.copy)
  })

  describe('within a data scope', () => {
    const scope = { departments: [5], tags: [] }
    const start = async () => {
      const follower = follow(scoped)
      for (let page = await follower.read(); page.more || page.resync; page = await follower.read()) {
        if (page.resync) follower.copy.clear()
      }
      return follower
    }
    const mirror = async (follower: Follower) => {
      // Read everything, as after a resync.
      const { since } = follower
      const all = new Map<string, Body | undefined>()
      for (const one of (await scoped.get('/api/org/list')).body.list) all.set(`department ${one.orgId}`, one)
      const { body } = await scoped.get('/api/user/orgUserList', { orgId: 5, fetchChild: 1 })
      for (const { userId } of body.list)
        all.set(`member ${userId}`, (await scoped.get('/api/user/get', { userId })).body)
      follower.copy = all
      follower.since = since
    }

    it('tells who enters, changes and leaves, and nothing from outside', async () => {
      const follower = await start()
      await mirror(follower)
      await edit('user/update', { userid: 'lisi', department: [3, 11] })
      expect(rows(await follower.read())).toEqual(['member put lisi'])
      await expectEqualsState(follower.copy, scope)
      await edit('user/update', { userid: 'wangwu', name: '王五五' })
      await edit('user/update', { userid: 'zhangsan', department: [3] })
      await edit('department/update', { id: 9, name: '外面' })
      await edit('tag/addtagusers', { tagid: 2, userlist: ['lisi'] })
      expect(rows(await follower.read())).toEqual([])
      await edit('user/update', { userid: 'lisi', department: [3] })
      expect(rows(await follower.read())).toEqual(['member drop lisi'])
      await edit('user/update', { userid: 'lisi', name: '李四' })
      expect(rows(await follower.read())).toEqual([])
      await edit('user/update', { userid: 'zhaomin', status: 5 })
      expect(rows(await follower.read())).toEqual(['member drop zhaomin'])
      await expectEqualsState(follower.copy, scope)
    })

    it('tells that a department below and its members are gone, when both went between two readings', async () => {
      const follower = await start()
      await edit('department/create', { id: 60, name: '临时', parentid: 11 })
      await edit('user/create', { userid: 'linshi', name: '临时工', mobile: '13900000060', department: [60] })
      await follower.read()
      await mirror(follower)
      await expectEqualsState(follower.copy, scope)
      await edit('user/delete', { userid: 'linshi' })
      await edit('department/delete', { id: 60 })
      const page = await follower.read()
      expect(page.resync || rows(page).join()).toBe('member drop linshi,department drop 60')
      await expectEqualsState(follower.copy, scope)
    })

    it('tells that a renamed person is gone under the userid that it knew', async () => {
      await edit('user/create', { userid: 'guoke', name: '过客', mobile: '13900000061', department: [12] })
      const follower = await start()
      await mirror(follower)
      await edit('user/rename', { userid: 'guoke', new_userid: 'guoke2' })
      await edit('user/update', { userid: 'guoke2', department: [3] })
      await follower.read()
      await expectEqualsState(follower.copy, scope)
    })

    it('asks for a full read when departments move, when the scope changes, or its tags', async () => {
      const follower = await start()
      await edit('department/update', { id: 12, parentid: 3 })
      expect(await follower.read()).toMatchObject({ list: [], resync: true, more: false })
      expect(await follower.read()).toMatchObject({ list: [], resync: false })
      await edit('department/update', { id: 12, parentid: 5 })
      expect((await follower.read()).resync).toBe(true)
      await setDeveloper(world.ctx, 'test', scoped.devId, { dataScope: { departments: [], tags: [4] } })
      await edit('user/update', { userid: 'wangwu', name: '王五' })
      expect((await follower.read()).resync).toBe(true)
      await edit('tag/deltagusers', { tagid: 4, userlist: ['wangwu'] })
      await edit('tag/addtagusers', { tagid: 4, userlist: ['wangwu'] })
      expect((await follower.read()).resync).toBe(true)
      await setDeveloper(world.ctx, 'test', scoped.devId, { dataScope: scope })
    })
  })

  it.each([
    [{ since: -1 }, '1000'],
    [{ since: 'abc' }, '1000'],
    [{ limit: 0 }, '1000'],
    [{ limit: 1001 }, '1000'],
    [{ since: '9007199254740993' }, '1000'],
  ])('refuses %j', async (query: Record<string, string | number>, code) => {
    expect((await dev.get('/api/directory/changes', query)).retCode).toBe(code)
  })

  it('answers resync for what is older than is kept, and for what never was', async () => {
    const { since } = await now()
    const never = await follow(dev, since + 100).read()
    expect(never).toEqual({ list: [], next: since, more: false, resync: true })
    const copy = withoutLinks((await now()).copy)
    const soon = new Date(Date.now() + 60_000)
    await pruneChanges(world.ctx.db, { now: soon, before: soon, atMost: 10_000 })
    expect(await follow(dev, 0).read()).toEqual({ list: [], next: since, more: false, resync: true })
    expect(await follow(dev, since).read()).toMatchObject({ list: [], resync: false })
    expect(copy.size).toBeGreaterThan(30)
  })
})
