import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { setDeveloper } from '../../callers/developers/developer-admin.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { addApp } from '../../features/apps/apps.ts'
import { countVisible } from '../../features/apps/visibility.ts'
import { useAgents } from '../../features/messages/messages.fixture.ts'
import { switchFeatures } from '../corps/features/switch.ts'
import { membersBelow } from '../directory/mirror/members-below.ts'
import { roleLevel } from '../directory/permissions/person.ts'
import { memberPut, type Operation } from '../directory/write/plan.ts'
import { writeDirectory } from '../directory/write/writer.ts'
import { mayAlso } from '../rights/reached.ts'
import { findGroup } from './group-store.ts'
import { addGroup, removeGroup, setGroup } from './groups.ts'
import { groupsOfMember, idsInGroup } from './membership-store.ts'
import { lookAtDays } from './work.ts'

let world: World
let dev: Caller
let admin: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 40, isOneClock: true })
  await useAgents(world)
  dev = await world.addDeveloper({
    name: '人群系统',
    scopes: ['directory:read', 'message:send', 'webhook:manage'],
  })
  admin = await signInAs(world, 'super')
})
afterAll(() => world.close())

const book = () => world.ctx.mirrors.of(world.corpId)
const put = (userId: string, more: object = {}): Operation =>
  memberPut({
    userId,
    name: userId,
    departments: [1],
    mainDepartment: 1,
    orders: [0],
    leaderIn: [0],
    status: 1,
    ...more,
  })
const write = (...operations: Operation[]) => writeDirectory(world.ctx, world.corpId, operations)
const make = (name: string, rule: unknown, userIds: string[] = []) =>
  addGroup(world.ctx, { actor: 'test' }, world.corpId, { name, note: '', rule, userIds })
const rowOf = (id: number) => findGroup(world.ctx.db, world.corpId, id)
const inGroup = async (id: number) => {
  const ids = await idsInGroup(world.ctx.db, world.corpId, id, { limit: 1000 })
  return ids.map(one => book().members.byId(one)?.userId ?? String(one)).sort()
}
/** The rule is worked through, and these are in the group; its count says the same. */
const becomes = (id: number, userIds: string[]) =>
  until(`group ${id} is ${userIds.join()}`, async () => {
    const now = await inGroup(id)
    const row = await rowOf(id)
    return row?.scanAfter === null && row.members === now.length && now.join() === [...userIds].sort().join()
  })
const refused = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: Error) => error.message,
  )
const inDepartment = (id: string) => ({ field: 'department', op: 'below', values: [id] })
const onDuty = { field: 'position', op: 'is', values: ['值班'] }

describe('a group', () => {
  it('follows members, moved departments, tags and who leaves', async () => {
    const top = { id: 900, name: '一部', parentId: 1, sortNo: 0, leaders: [] }
    const team = { id: 901, name: '一组', parentId: 1, sortNo: 0, leaders: [] }
    await write(
      { kind: 'department', op: 'put', department: top },
      { kind: 'department', op: 'put', department: team },
      put('ga', { departments: [900], mainDepartment: 900 }),
      put('gb', { departments: [901], mainDepartment: 901, position: '值班' }),
      { kind: 'tag', op: 'put', tag: { id: 90, name: '值班', userKeys: ['gb'], departments: [] } },
    )
    const byPlace = await make('一部的人', inDepartment('900'))
    const byTag = await make('不值班的一部', {
      all: [inDepartment('900'), { not: { field: 'tag', op: 'in', values: ['90'] } }],
    })
    await becomes(byPlace, ['ga'])
    await write({ kind: 'department', op: 'put', department: { ...team, parentId: 900 } })
    await becomes(byPlace, ['ga', 'gb'])
    await becomes(byTag, ['ga'])
    await write({ kind: 'tag', op: 'put', tag: { id: 90, name: '值班', userKeys: ['ga'], departments: [] } })
    await becomes(byTag, ['gb'])
    await write({ kind: 'member', op: 'drop', userId: 'gb' })
    await becomes(byPlace, ['ga'])
    await becomes(byTag, [])
    await write({ kind: 'tag', op: 'drop', id: 90 })
    await becomes(byTag, ['ga'])
  })

  it('is the list beside the rule, and follows both when they are changed', async () => {
    const id = await make('名单', null, ['zhangsan'])
    await becomes(id, ['zhangsan'])
    await write(put('ld', { position: '值班' }))
    await setGroup(world.ctx, { actor: 'test' }, world.corpId, id, {
      rule: onDuty,
      userIds: ['zhangsan', 'LISI'],
    })
    await becomes(id, ['ld', 'lisi', 'zhangsan'])
    await setGroup(world.ctx, { actor: 'test' }, world.corpId, id, { userIds: ['ld', 'lisi'] })
    await becomes(id, ['ld', 'lisi'])
    await setGroup(world.ctx, { actor: 'test' }, world.corpId, id, { userIds: [], rule: null })
    await becomes(id, [])
  })

  it('comes true at midnight in the zone of the corp', async () => {
    const id = await make('入职满 2 天', { field: 'joined', op: 'daysAgo', values: ['2'] })
    await until('worked through', async () => (await rowOf(id))?.scanAfter === null)
    expect(await inGroup(id)).toEqual([])
    world.clock.offsetMs += 2 * 86_400_000
    await lookAtDays(world.ctx)
    await until('two days', async () => (await inGroup(id)).includes('lisi'))
    world.clock.offsetMs -= 2 * 86_400_000
    await lookAtDays(world.ctx)
    await becomes(id, [])
  })

  it('may be everybody or nobody, and keeps a rule whose field goes', async () => {
    const anybody = { field: 'status', op: 'is', values: ['active', 'disabled', 'notActivated'] }
    const everybody = await make('所有人', anybody)
    const nobody = await make('没有人', { all: [anybody, { not: anybody }] })
    const { count } = await world.ctx.db
      .selectFrom('member')
      .select(row => row.fn.countAll<number>().as('count'))
      .where('corp_id', '=', world.corpId)
      .where('left_at', 'is', null)
      .executeTakeFirstOrThrow()
    await until('everybody', async () => (await rowOf(everybody))?.members === Number(count))
    await becomes(nobody, [])
    await write(put('bl', { attributes: [{ name: '工种', value: '电工', url: '' }] }))
    const byField = await make('电工', { field: 'attribute:工种', op: 'is', values: ['电工'] })
    await becomes(byField, ['bl'])
    await write(put('bl', { attributes: [] }))
    await becomes(byField, [])
    const shown = await admin.get('/web/directory/groups/group', { id: byField })
    expect(shown.body.gone.attributes).toEqual(['工种'])
    await setGroup(world.ctx, { actor: 'test' }, world.corpId, byField, { note: '仍可修改' })
    expect(await refused(make('新的', { field: 'attribute:工种', op: 'is', values: ['电工'] }))).toContain(
      '工种',
    )
  })

  it('refuses what it cannot be, and says where it is used before it goes', async () => {
    const id = await make('用在各处', inDepartment('900'))
    expect(await refused(make('用在各处', null))).toContain('已有名为“用在各处”的人群')
    expect(await refused(make('没有部门', inDepartment('4242')))).toMatch(/^无效的部门 id.*4242/)
    expect(await refused(make('没有字段', { field: 'attribute:血型', op: 'is', values: ['A'] }))).toContain(
      '没有成员有扩展属性“血型”',
    )
    expect(await refused(make('陌生人', null, ['stranger']))).toMatch(/^无效的用户 id.*stranger/)
    const { id: appId } = await addApp(world.ctx, 'test', world.corpId, {
      name: '值班表',
      homeUrl: 'https://duty.example.com/',
      visibility: { everyone: false, departments: [], memberIds: [], tags: [], groups: [id] },
    })
    expect(await refused(removeGroup(world.ctx, { actor: 'test' }, world.corpId, id))).toContain(
      '用在：应用“值班表”',
    )
    await becomes(id, ['ga'])
    const { visibility } = world.ctx.apps.get(world.corpId, appId)
    await until('seen', () => countVisible(book(), visibility).members === 1)
    await write(put('gc', { departments: [900], mainDepartment: 900 }))
    await until('seen', () => countVisible(book(), visibility).members === 2)
    const saved = await admin.get('/web/apps/app', { id: appId })
    expect(saved.body.visibility.groups).toEqual([{ id, name: '用在各处', isGone: false }])
  })
})

describe('a group that developers use', () => {
  it('is listed, read, written to and told of', async () => {
    const id = await make('接收人', null, ['lisi', 'zhangsan'])
    await becomes(id, ['lisi', 'zhangsan'])
    const { list } = (await dev.get('/api/group/list')).body
    expect(list).toContainEqual({ groupId: String(id), groupName: '接收人', members: 2, isSettled: true })
    const members = await dev.get('/api/group/members', { groupId: id })
    expect(members.body.list.map((one: { userId: string }) => one.userId).sort()).toEqual([
      'lisi',
      'zhangsan',
    ])
    expect((await dev.get('/api/group/members', { groupId: 99_999 })).retCode).toBe('1006')
    const text = { sendType: '0', msgType: '03', agentName: '人群系统', content: '今天十点' }
    const sent = await dev.post('/api/message/send', { ...text, toGroup: `${id}|99999` })
    expect(sent.body, sent.retMessage).toMatchObject({ invaliduser: '', invalidgroup: '99999' })
    const { messages } = (await world.control('messages?limit=10')) as { messages: { to: string[] }[] }
    expect(messages.flatMap(one => one.to).sort()).toEqual(['lisi', 'zhangsan'])
    const none = await dev.post('/api/message/send', { ...text, toGroup: '99999' })
    expect(`${none.retCode} ${none.retMessage}`).toMatch(/^1006 .*99999/)
    await until('told', async () => {
      const rows = await world.ctx.db
        .selectFrom('event')
        .selectAll()
        .where('type', '=', 'group.changed')
        .execute()
      return rows.some(row => row.dev_id === dev.devId && row.entity === `group:${id}`)
    })
  })

  it('is a data scope, whose members are all that the developer sees', async () => {
    const id = await make('数据范围', null, ['lisi'])
    await becomes(id, ['lisi'])
    const scoped = await world.addDeveloper({
      name: '受限',
      dataScope: { departments: [], tags: [], groups: [id] },
    })
    expect((await scoped.get('/api/user/get', { userId: 'lisi' })).body.userId).toBe('lisi')
    expect((await scoped.get('/api/user/get', { userId: 'zhangsan' })).retCode).toBe('1007')
    expect((await scoped.get('/api/group/list')).body.list).toMatchObject([{ groupId: String(id) }])
    const { next } = (await scoped.get('/api/directory/changes', { since: 0 })).body
    await setGroup(world.ctx, { actor: 'test' }, world.corpId, id, { userIds: ['lisi', 'zhangsan'] })
    await until(
      'in scope',
      async () => (await scoped.get('/api/user/get', { userId: 'zhangsan' })).retCode === '0',
    )
    await until(
      'in scope',
      async () => (await scoped.get('/api/directory/changes', { since: next })).body.resync === true,
    )
    expect(
      await refused(
        setDeveloper(world.ctx, 'test', scoped.devId, {
          dataScope: { departments: [], tags: [], groups: [77_777] },
        }),
      ),
    ).toContain('没有人群 77777')
    expect(await refused(removeGroup(world.ctx, { actor: 'test' }, world.corpId, id))).toContain(
      '开发者“受限”',
    )
  })

  it('is previewed, saved and removed on its page, and refused while groups are off', async () => {
    const rule = { all: [inDepartment('900')] }
    const found = await admin.post('/web/directory/groups/foresee', { rule, userIds: ['lisi'] })
    expect(found.body, found.retMessage).toMatchObject({ members: 3, comes: 3, goes: 0, isWhole: true })
    const all = await admin.post('/web/directory/groups/foresee', {
      rule: { not: { field: 'sex', op: 'is', values: ['0', '1', '2'] } },
      userIds: [],
    })
    expect(all.body.members).toBe(0)
    const { id } = (await admin.post('/web/directory/groups/save', { name: '页面', rule, userIds: [] })).body
    const detail = await admin.get('/web/directory/groups/group', { id })
    expect(detail.body).toMatchObject({
      name: '页面',
      rule,
      gone: { departments: [], tags: [], attributes: [] },
    })
    const stale = await admin.post('/web/directory/groups/save', {
      id,
      version: 'x',
      name: '别的',
      rule,
      userIds: [],
    })
    expect(stale.status).toBe(409)
    expect((await admin.get('/web/directory/groups/members', { id })).retCode).toBe('0')
    expect((await admin.get('/web/directory/groups/fields')).body.fields.length).toBeGreaterThan(5)
    const { list } = (await admin.get('/web/directory/groups', { text: '页面' })).body
    expect(list).toMatchObject([{ id, name: '页面' }])
    expect((await runCommand(world.ctx, ['group', 'show', String(id)])).text).toContain('页面')
    await switchFeatures(world.ctx, 'test', world.corpId, { groups: false })
    expect((await dev.get('/api/group/list')).retCode).toBe('1009')
    expect((await admin.post('/web/directory/groups/foresee', { rule, userIds: [] })).retCode).toBe('1009')
    expect((await admin.post('/web/directory/groups/remove', { id })).retCode).toBe('0')
    await switchFeatures(world.ctx, 'test', world.corpId, { groups: true })
  })

  it('is managed by programs', async () => {
    const manager = await managerBy(world, { scopes: ['admin:directory'] })
    const group = { name: '由程序', rule: inDepartment('900') }
    const { id } = (await manager.post('/api/admin/memberGroup/add', { group })).body
    await manager.post('/api/admin/memberGroup/set', { id, group: { note: '每月核对' } })
    expect((await manager.get('/api/admin/memberGroup', { id })).body).toMatchObject({ id, note: '每月核对' })
    expect((await manager.get('/api/admin/memberGroups')).body.list.length).toBeGreaterThan(1)
    expect((await manager.post('/api/admin/memberGroup/remove', { id })).body).toEqual({ id })
  })

  it('is changed only by who could give what it gives', async () => {
    const id = await make('给出', null, ['lisi'])
    await world.addDeveloper({ name: '给出的', dataScope: { departments: [], tags: [], groups: [id] } })
    const set = (manager: { post: typeof admin.post }, group: object) =>
      manager.post('/api/admin/memberGroup/set', { id, group })
    const narrow = await managerBy(world, { scopes: ['admin:directory'] })
    const beyond = await set(narrow, { userIds: ['lisi', 'zhangsan'] })
    expect(`${beyond.retCode} ${beyond.retMessage}`).toMatch(/^1009 .*开发者“给出的”/)
    expect((await set(narrow, { note: '只改备注', userIds: ['lisi'] })).retCode).toBe('0')
    const wide = await managerBy(world, { scopes: ['admin:directory', 'admin:developers'] })
    expect((await set(wide, { userIds: ['lisi', 'zhangsan'] })).retCode).toBe('0')
  })

  it('keeps what an own role gave for one call from counting for another', () => {
    const grant = (point: 'directory:group' | 'app:edit') => ({
      points: new Set([point]),
      range: { kind: 'corp' as const },
    })
    const person = {
      corpId: world.corpId,
      roleLevel: roleLevel.superAdministrator,
      assigned: [],
      member: undefined,
      adminName: 'x',
      spares: () => false,
    }
    const grants = [grant('directory:group')] as never
    expect(mayAlso({ ...person, grants }, { point: 'app:edit' })).toBe(false)
    const more = [grant('directory:group'), grant('app:edit')] as never
    expect(mayAlso({ ...person, grants: more }, { point: 'app:edit' })).toBe(true)
  })

  it('equals what its rule says of every member, after many changes at once', async () => {
    const places = ['900', '901', '1']
    const rules = places.map(id => ({ any: [inDepartment(id), { not: onDuty }] }))
    const ids = await Promise.all(rules.map((rule, n) => make(`任意 ${n}`, rule)))
    for (let round = 0; round < 4; round++) {
      const changed = Array.from({ length: 20 }, (_, n) =>
        put(`many${n}`, { departments: [n % 2 ? 900 : 1], position: (n + round) % 3 ? '值班' : '休息' }),
      )
      await write(...changed)
    }
    const { tree, members } = book()
    for (const [n, id] of ids.entries()) {
      await until('as the rule', async () => {
        const node = tree.get(Number(places[n]))!
        const below = membersBelow(tree, members, node, { offset: 0, limit: 1000 }).page.map(
          one => one.userId,
        )
        const now = await inGroup(id)
        return (await rowOf(id))?.scanAfter === null && below.every(one => now.includes(one))
      })
    }
    const member = members.byKey('many1')!
    expect((await groupsOfMember(world.ctx.db, world.corpId, member.id)).length).toBeGreaterThan(2)
  })
})
