import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../../test/harness.ts'
import { callerWith, signIn } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { memberPerson } from '../../organisation/directory/permissions/person.ts'
import { findGroup } from '../../organisation/groups/group-store.ts'
import { addGroup } from '../../organisation/groups/groups.ts'
import { idsInGroup } from '../../organisation/groups/membership-store.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { startServer } from '../../server.ts'
import { mayUse } from '../app-sign-in/who-may.ts'
import { addApp, setApp } from '../apps/apps.ts'
import { toEveryone } from '../apps/visibility.ts'
import { shownMail, shownWecom } from '../messages/messages.fixture.ts'
import { dayMs, type OutsideWorld, sessionOf, startOutside } from './outside.fixture.ts'

let { world, admin, dev, inDays, form, added, coreOf, signInBySms } = {} as OutsideWorld
beforeAll(async () => {
  ;({ world, admin, dev, inDays, form, added, coreOf, signInBySms } = await startOutside())
})
afterAll(() => world.close())
beforeEach(async () => {
  world.clock.offsetMs = 0
  await world.ctx.db.deleteFrom('attempt_counter').execute()
})

const save = (more: object = {}) => admin.post('/web/external/people/save', form(more))
const mirror = () => world.ctx.mirrors.of(world.corpId)

describe('people from outside WeCom', () => {
  it('are in no list of members, no @all, no search and no chapter 4, whoever asks', async () => {
    const before = [mirror().members.listed, (await dev.get('/api/org/list')).body.list.length]
    const { userId, name, mobile } = await added()
    expect(userId).toMatch(/^ext_[a-z0-9]{16}$/)
    expect(coreOf(userId)).toMatchObject({ name, status: 6, departments: [2 ** 33] })
    expect([mirror().members.listed, (await dev.get('/api/org/list')).body.list.length]).toEqual(before)
    for (const [path, query] of [
      ['/api/user/get', { userId }],
      ['/api/org/authList', { userId }],
      ['/api/user/orgUserList', { orgId: 2 ** 33 }],
    ] as const)
      expect((await dev.get(path, query)).retCode).toMatch(/^100[57]$/)
    expect((await dev.post('/api/user/find', { mobile })).retCode).toBe('1007')
    const all = (await dev.get('/api/user/orgUserList', { orgId: 1, fetchChild: 1 })).body.list
    expect(JSON.stringify(all)).not.toContain('ext_')
    expect(JSON.stringify((await admin.get('/web/directory/search', { text: name })).body)).not.toContain(
      'ext_',
    )
    expect((await admin.get('/web/directory/member', { userId })).retCode).toBe('1007')
    const changes = (await dev.get('/api/directory/changes', { since: 0, limit: 1000 })).body
    expect(JSON.stringify(changes)).not.toContain('ext_')
    const sent = await dev.post('/api/message/send', {
      sendType: '2',
      toUser: '@all',
      agentName: '门禁',
      title: '全员',
      content: '全员',
    })
    expect(sent.retCode).toBe('0')
    await until('the mails', async () => (await shownMail(world)).some(one => one.subject.includes('全员')))
    expect(
      (await shownMail(world))
        .filter(one => one.subject.includes('全员'))
        .map(one => one.to)
        .join(),
    ).not.toContain('outside')
    const visible = await admin.post('/web/apps/count-visible', {
      visibility: { everyone: true, departments: [], userIds: [], tags: [] },
    })
    expect(visible.body.members).toBe(before[0])
  })

  it('are shown to developers who have the scope and ask for them', async () => {
    const { userId, name } = await added()
    const other = await world.addDeveloper({ scopes: ['directory:read'] })
    const scoped = await world.addDeveloper({
      scopes: ['directory:read', 'directory:external'],
      dataScope: { departments: [2], tags: [] },
    })
    const ask = (by: Caller) => by.get('/api/user/get', { userId, external: 1 })
    expect((await ask(dev)).body).toMatchObject({ userId, userName: name, status: 6, orgList: [] })
    for (const by of [other, scoped]) expect((await ask(by)).retCode).toBe('1009')
    const made = await admin.post('/web/external/department/save', { name: '承包商' })
    const inside = await added({ department: made.body.id })
    const orgs = (await dev.get('/api/org/list', { external: 1 })).body.list
    expect(orgs.map((one: { orgId: string; parentId: string }) => [one.orgId, one.parentId])).toEqual([
      [String(2 ** 33), '0'],
      [String(made.body.id), String(2 ** 33)],
    ])
    const listOf = async (query: object) => {
      const { body } = await dev.get('/api/user/orgUserList', { external: 1, pageSize: 1000, ...query })
      return body.list.map((one: { userId: string }) => one.userId)
    }
    expect(await listOf({ orgId: made.body.id })).toEqual([inside.userId])
    expect(await listOf({ orgId: 2 ** 33 })).not.toContain(inside.userId)
    expect(await listOf({ orgId: 2 ** 33, fetchChild: 1 })).toEqual(
      expect.arrayContaining([userId, inside.userId]),
    )
    expect((await admin.post('/web/external/department/remove', { id: made.body.id })).retCode).toBe('1000')
  })

  it('get mail and SMS, and WeCom is never told their userids', async () => {
    const { userId, name } = await added()
    const send = (more: object) =>
      dev.post('/api/message/send', { agentName: '门禁', title: '通知', content: `正文 ${name}`, ...more })
    const mail = await send({ sendType: '2', toUser: userId })
    expect(mail.body).toMatchObject({ status: 'sent', invaliduser: '' })
    const wecom = await send({ sendType: '0', msgType: '03', toUser: `${userId}|zhangsan` })
    expect(wecom.body).toMatchObject({ status: 'sent', invaliduser: userId })
    expect((await shownWecom(world)).flatMap(one => JSON.stringify(one)).join()).not.toContain('ext_')
    const own = await signIn(world, { userId })
    const messages = (await own.get('/web/portal/messages')).body
    expect(JSON.stringify(messages)).toContain(`正文 ${name}`)
  })

  it.each([
    [{ endsAt: new Date(Date.now() - 1000).toISOString() }, '1000', /已过/],
    [{ endsAt: new Date(Date.now() + 367 * dayMs).toISOString() }, '1000', /超过一年/],
    [{ mobile: '', email: '' }, '1001', /至少填一个/],
    [{ mobile: '12345' }, '1000', /mobile：12345 不是完整的手机号/],
    [{ email: 'nobody' }, '1000', /email：nobody 不是邮箱地址，应如 name@example.com/],
    [{ sponsorUserId: 'nobody' }, '1007', /sponsor nobody/],
    [{ sponsorUserId: '' }, '1001', /担保/],
    [{ sponsorUserId: '', sponsorDepartment: 987_654 }, '1005', /sponsor 987654/],
    [{ department: 2 }, '1005', /2/],
  ])('are refused with %j', async (more, code, why) => {
    const answer = await save(more)
    expect([answer.retCode, answer.retMessage]).toEqual([code, expect.stringMatching(why)])
  })

  it('have one mobile and one mail address each, which no member has', async () => {
    const first = await added()
    for (const more of [{ mobile: first.mobile }, { email: first.email.toUpperCase() }])
      expect((await save(more)).retMessage).toContain(first.userId)
    const { mobile } = await world.ctx.db
      .selectFrom('member')
      .select('mobile')
      .where('user_id', '=', 'zhangsan')
      .executeTakeFirstOrThrow()
    expect((await save({ mobile })).retMessage).toContain('zhangsan')
    const [one, other] = await Promise.all([save({ mobile: '13977777777' }), save({ mobile: '13977777777' })])
    expect([one.retCode, other.retCode].sort()).toEqual(['0', '1000'])
  })

  it('see the apps that name them or their department, and getInfo answers for them', async () => {
    const person = await added()
    const all = await addApp(world.ctx, 'test', world.corpId, {
      name: '全员',
      homeUrl: 'https://a.example.com/',
    })
    const named = await addApp(world.ctx, 'test', world.corpId, {
      name: '门禁',
      devId: dev.devId,
      homeUrl: 'https://b.example.com/',
    })
    await setApp(world.ctx, 'test', world.corpId, named.id, {
      visibility: { ...toEveryone, everyone: false, departments: [2 ** 33] },
    })
    const me = await signInBySms(person.mobile)
    expect((await sessionOf(me!)).person).toMatchObject({ userName: person.name })
    const tiles = (await me!.get('/web/portal/workbench')).body.apps as { id: string }[]
    expect(tiles.map(one => one.id)).toEqual([named.id])
    expect(tiles.map(one => one.id)).not.toContain(all.id)
    const { csrf } = await sessionOf(me!)
    const own = callerWith(world.server.url, me!.cookie, '', String(csrf))
    const opened = await own.post('/web/portal/open', { appId: named.id })
    const jessionId = new URL(opened.body.url).searchParams.get('jessionId') ?? ''
    expect((await dev.get('/api/user/getInfo', { jessionId })).body).toEqual({
      corpId: world.corpId,
      userId: person.userId,
      userName: person.name,
      roleLevel: 0,
      orgList: [],
    })
    expect((await own.get('/web/console/sign-in-ways')).status).toBe(403)
    // LDAP knows members of WeCom only, an app that names the person or not.
    expect(await mayUse(world.ctx, world.corpId, named.id, coreOf(person.userId)!.id)).toMatchObject({
      whyNot: 'not-visible',
    })
    expect((await own.get('/web/portal/picker/search', { text: '张' })).body?.members ?? []).toEqual([])
  })

  it('are in a group only where its rule or its list names them, and see what is for the group', async () => {
    const person = await added()
    const { id } = coreOf(person.userId)!
    const make = (name: string, rule: unknown, userIds: string[] = []) =>
      addGroup(world.ctx, { actor: 'test' }, world.corpId, { name, note: '', rule, userIds })
    const hasMobile = { not: { field: 'mobile', op: 'empty' } }
    const outside = { field: 'status', op: 'is', values: ['external'] }
    const silent = [await make('有手机', hasMobile), await make('不是外部', { not: outside })]
    const naming = [
      await make('外部', { all: [outside, hasMobile] }),
      await make('名单', null, [person.userId]),
    ]
    const isIn = async (groupId: number) =>
      (await idsInGroup(world.ctx.db, world.corpId, groupId, { limit: 1000 })).includes(id)
    await until('the rules', async () => {
      const rows = await Promise.all(
        [...silent, ...naming].map(one => findGroup(world.ctx.db, world.corpId, one)),
      )
      return rows.every(one => one?.scanAfter === null)
    })
    expect(await Promise.all([...silent, ...naming].map(isIn))).toEqual([false, false, true, true])
    const later = await added()
    const [byRule = 0] = naming
    const group = { ...toEveryone, everyone: false, groups: [byRule] }
    const app = { name: '人群应用', homeUrl: 'https://c.example.com/', visibility: group }
    const { id: appId } = await addApp(world.ctx, 'test', world.corpId, app)
    const me = await signIn(world, { userId: later.userId })
    await until('the app of the group', async () =>
      JSON.stringify((await me.get('/web/portal/workbench')).body.apps).includes(appId),
    )
    // A role that a group gives is for members.
    const none = () => undefined
    const giving = { of: none, separationOf: none, installationRoleOf: none, threeOf: none }
    const roles = { ...giving, grantsOf: () => [{}] as never }
    expect(memberPerson({ roles }, world.corpId, coreOf(later.userId)!).grants).toBeUndefined()
    // The group's members in chapter 4 are those of WeCom; a message to it reaches both.
    const { list } = (await dev.get('/api/group/members', { groupId: String(byRule) })).body
    expect(list).toEqual([])
    const text = { agentName: '门禁', title: '通知', content: '给人群', sendType: '2' }
    expect((await dev.post('/api/message/send', { ...text, toGroup: String(byRule) })).retMessage).toBe(
      '成功',
    )
    expect((await shownMail(world)).at(-1)?.to.join()).toContain('outside')
    await admin.post('/web/external/people/end', { userId: person.userId })
    await until('the end in the groups', async () => !(await isIn(naming[0]!)) && !(await isIn(naming[1]!)))
  })

  it('are reminded two weeks before their end, and so is their sponsor', async () => {
    const person = await added({ endsAt: inDays(20) })
    world.clock.offsetMs = 6 * dayMs + 60_000
    world.ctx.queue.kick(world.corpId)
    await until('the reminder', async () =>
      (await shownMail(world)).some(one => one.to.includes(person.email) && one.subject.includes('即将到期')),
    )
    await until('what the sponsor is told', async () =>
      (await shownWecom(world)).some(
        one => one.to.includes('lisi') && JSON.stringify(one.content).includes(person.name),
      ),
    )
  })

  it('end at once on all nodes with all that they had, and are then strangers', async () => {
    const person = await added()
    const me = await signIn(world, { userId: person.userId })
    expect((await sessionOf(me)).signedIn).toBe(true)
    const second = await startServer(readConfig(world.env), { log: createLog('silent'), now: world.ctx.now })
    const there = callerWith(second.url, me.cookie, '', '')
    expect((await sessionOf(there)).signedIn).toBe(true)
    expect((await admin.post('/web/external/people/end', { userId: person.userId })).retCode).toBe('0')
    expect((await sessionOf(me)).signedIn).toBe(false)
    await until('the end on the other node', async () => !(await sessionOf(there)).signedIn, 1000)
    await second.close()
    expect(coreOf(person.userId)).toBeUndefined()
    expect(await signInBySms(person.mobile)).toBeUndefined()
    const again = await added({ mobile: person.mobile, email: person.email })
    expect(again.userId).not.toBe(person.userId)
  })

  it('end by the clock, unless they were renewed', async () => {
    const person = await added({ endsAt: inDays(1) })
    const renewed = await added({ endsAt: inDays(1) })
    const me = await signIn(world, { userId: person.userId })
    const set = { ...renewed, endsAt: inDays(30) }
    expect((await admin.post('/web/external/people/save', set)).retMessage).toBe('成功')
    world.clock.offsetMs = dayMs + 1000
    world.ctx.queue.kick(world.corpId)
    await until('the end', () => coreOf(person.userId) === undefined)
    expect((await sessionOf(me)).signedIn).toBe(false)
    expect(coreOf(renewed.userId)).toBeDefined()
  })

  it('lose their sessions when their mobile changes, since a code proves the number only', async () => {
    const person = await added()
    const me = await signIn(world, { userId: person.userId })
    const save = (more: object) => admin.post('/web/external/people/save', { ...person, ...more })
    expect((await save({ organisation: '乙公司' })).retCode).toBe('0')
    expect((await sessionOf(me)).signedIn).toBe(true)
    expect((await save({ mobile: '13955555555' })).retCode).toBe('0')
    await until('the end of the session', async () => !(await sessionOf(me)).signedIn, 1000)
    expect(await signInBySms(person.mobile)).toBeUndefined()
    expect(await signInBySms('13955555555')).toBeDefined()
  })

  it('stay through a full sync, and give way to a member of WeCom with their userid', async () => {
    const person = await added()
    const { id } = coreOf(person.userId)!
    await world.sync()
    expect(coreOf(person.userId)?.id).toBe(id)
    await world.admin('user/create', {
      userid: person.userId,
      name: '正式',
      department: [1],
      mobile: '13644444444',
    })
    await world.sync()
    expect(coreOf(person.userId)).toMatchObject({ name: '正式', status: expect.not.stringMatching(/6/) })
    const renamed = mirror().members.byId(id)!
    expect(renamed).toMatchObject({ name: person.name, status: 6 })
    expect(renamed.userId).toMatch(/^ext_/)
    expect(renamed.userId).not.toBe(person.userId)
    await world.admin('user/delete', { userid: person.userId })
    await world.sync()
    expect(mirror().members.byId(id)?.userId).toBe(renamed.userId)
  })

  it('are kept when their sponsor leaves, and administrators are told', async () => {
    const sponsor = 'sponsor1'
    await world.admin('user/create', {
      userid: sponsor,
      name: '担保',
      department: [1],
      mobile: '13633333333',
    })
    await world.sync()
    const person = await added({ sponsorUserId: sponsor })
    await world.admin('user/delete', { userid: sponsor })
    await world.sync()
    const rows = (await world.ctx.offered.attention([world.corpId])).get(world.corpId) ?? []
    expect(rows.find(one => one.kind === 'sponsorLeft')?.what.zh).toContain(person.name)
    const listed = await admin.get('/web/external/people', { text: person.userId })
    expect(listed.body.list).toMatchObject([{ isSponsorGone: true, endedAt: '' }])
    const { sponsorUserId: _gone, ...rest } = person
    expect((await admin.post('/web/external/people/save', { ...rest, sponsorUserId: 'lisi' })).retCode).toBe(
      '0',
    )
  })

  it('cannot be added or sign in while the corp has them switched off', async () => {
    const person = await added()
    await switchFeatures(world.ctx, 'test', world.corpId, { 'external-people': false })
    expect((await save()).retCode).toBe('1009')
    expect(await signInBySms(person.mobile)).toBeUndefined()
    await switchFeatures(world.ctx, 'test', world.corpId, { 'external-people': true })
    expect(await signInBySms('13900000000')).toBeUndefined()
  })
})
