import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../test/sign-in.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { toEveryone } from '../apps/visibility.ts'
import { sendText, useAgents } from '../messages/messages.fixture.ts'
import { type AnnouncementSettings, addAnnouncement } from './announcements.ts'

const hourMs = 3_600_000

describe('announcements', () => {
  let world: World
  let me: SignedInClient
  let other: SignedInClient
  let system: SignedInClient
  beforeAll(async () => {
    world = await startWorld({ members: 12, departments: 6, tags: 2 })
    await pass(0)
  })
  afterAll(() => world.close())

  /** Everybody signs in again, because sessions end in the meantime. */
  async function pass(hours: number) {
    world.clock.offsetMs += hours * hourMs
    me = await signIn(world, { userId: 'zhangsan' })
    other = await signIn(world, { userId: 'lisi' })
    system = await signInAs(world, 'system')
  }
  const at = (hours: number) => new Date(world.ctx.now() + hours * hourMs)
  const add = (title: string, more: Partial<AnnouncementSettings> = {}) =>
    addAnnouncement(world.ctx, 'test', world.corpId, {
      title,
      content: '',
      isImportant: false,
      visibility: toEveryone,
      from: undefined,
      until: at(24),
      ...more,
    })
  type Row = { id: number; title: string; isPutAway: boolean }
  const shown = async (as = me) => (await as.get('/web/portal/announcements')).body.list as Row[]
  const titles = async (as = me) => (await shown(as)).map(one => one.title)
  const form = (more: object = {}) => ({
    title: '公告',
    content: '',
    important: '0',
    visibility: { everyone: true, departments: [], userIds: [], tags: [] },
    until: at(24).toISOString(),
    ...more,
  })
  const acts = async () => {
    const rows = await world.ctx.db
      .selectFrom('audit')
      .select(['act', 'target_name as name', 'detail'])
      .where('act', 'like', 'announcement.%')
      .orderBy('id')
      .execute()
    return rows
  }

  it('are shown from their time until their end, important ones first', async () => {
    await add('停水通知', { until: at(2) })
    await add('放假安排', { isImportant: true, until: at(3) })
    await add('明天的讲座', { from: at(1), until: at(2) })
    expect(await titles()).toEqual(['放假安排', '停水通知'])
    await pass(1.5)
    expect((await titles()).sort()).toEqual(['停水通知', '放假安排', '明天的讲座'].sort())
    await pass(1)
    expect(await titles()).toEqual(['放假安排'])
    await pass(1)
    expect(await titles()).toEqual([])
  })

  it('are shown to whom they are meant for, and to nobody else when the department is gone', async () => {
    const mirror = () => world.ctx.mirrors.of(world.corpId)
    const member = mirror().members.byKey('zhangsan')!
    await add('只给张三', { visibility: { ...toEveryone, everyone: false, memberIds: [member.id] } })
    expect([await titles(), await titles(other)]).toEqual([['只给张三'], []])
    await world.admin('department/create', { id: 900, name: '临时', parentid: 1 })
    await world.admin('user/update', { userid: 'zhangsan', department: [900] })
    await world.sync()
    await add('给临时部门', { visibility: { ...toEveryone, everyone: false, departments: [900] } })
    expect([await titles(), await titles(other)]).toEqual([['给临时部门', '只给张三'], []])
    await world.admin('user/update', { userid: 'zhangsan', department: [1] })
    await world.admin('department/delete', { id: 900 })
    await world.sync()
    expect(mirror().tree.get(900)).toBeUndefined()
    expect([await titles(), await titles(other)]).toEqual([['只给张三'], []])
    const { list } = (await system.get('/web/announcements/list', { state: 'current' })).body
    expect(list.map((one: Row) => one.title)).toEqual(['给临时部门', '只给张三'])
  })

  it('are put away by each person alone, once and on every device', async () => {
    const one = await add('可以收起')
    await me.post('/web/portal/announcements/put-away', { id: one.id })
    await me.post('/web/portal/announcements/put-away', { id: one.id })
    const away = async (as: SignedInClient) => (await shown(as)).find(({ id }) => id === one.id)?.isPutAway
    expect([await away(me), await away(other)]).toEqual([true, false])
    const hidden = await add('不给李四', {
      visibility: {
        ...toEveryone,
        everyone: false,
        memberIds: [world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!.id],
      },
    })
    const refused = await other.post('/web/portal/announcements/put-away', { id: hidden.id })
    expect([refused.retCode, refused.retMessage]).toEqual(['1000', `参数错误: 没有公告 ${hidden.id}`])
    // What has ended does not stay in the row of the person for ever.
    await pass(25)
    const next = await add('下一条')
    await me.post('/web/portal/announcements/put-away', { id: next.id })
    const rows = await world.ctx.db.selectFrom('announcement_reader').select('put_away').execute()
    expect(rows).toEqual([{ put_away: [next.id] }])
  })

  it('are made, changed and withdrawn in the console, which the audit log tells', async () => {
    const made = (await system.post('/web/announcements/add', form({ title: '  年会 <script>🎉 ' }))).body
    expect(made).toMatchObject({ title: '年会 <script>🎉', state: 'current' })
    const read = (await system.get('/web/announcements/announcement', { id: made.id })).body
    const save = { id: made.id, version: read.version, ...form({ title: '年会改期', from: read.from }) }
    expect((await system.post('/web/announcements/save', save)).retCode).toBe('0')
    expect(await system.post('/web/announcements/save', save)).toMatchObject({
      status: 409,
      retMessage: /刚刚保存过/,
    })
    expect(await titles()).toContain('年会改期')
    const ended = (await system.post('/web/announcements/end', { id: made.id })).body
    expect(ended).toMatchObject({ state: 'past', withdrawnBy: 'admin' })
    expect(await titles()).not.toContain('年会改期')
    for (const [path, body] of [
      ['/web/announcements/end', { id: made.id }],
      ['/web/announcements/save', { ...save, version: read.version + 2 }],
    ] as const)
      expect((await system.post(path, body)).retMessage).toContain('已经结束')
    expect((await acts()).slice(-3)).toMatchObject([
      { act: 'announcement.add', name: '年会 <script>🎉' },
      { act: 'announcement.set', name: '年会改期', detail: { changes: [{ field: 'title' }, {}] } },
      { act: 'announcement.end', name: '年会改期' },
    ])
  })

  it('are listed, published and withdrawn on the command line', async () => {
    const wisp = (...words: string[]) => runCommand(world.ctx, words)
    const until = at(5).toISOString()
    const added = await wisp(
      'announcement',
      'add',
      '--title',
      '值班',
      '--text',
      '电话 8000',
      '--until',
      until,
    )
    const { id } = added.data as { id: number }
    expect(await titles()).toContain('值班')
    expect((await wisp('announcement', 'list', '--state', 'current')).text).toMatch(/正在显示.*值班/)
    await wisp('announcement', 'end', String(id))
    expect(await titles()).not.toContain('值班')
    await expect(wisp('announcement', 'add', '--title', 'x', '--until', 'soon')).rejects.toThrow('ISO 8601')
    await expect(wisp('announcement', 'add', '--title', 'x')).rejects.toThrow('--until')
  })

  it('are fifty at most at a time', async () => {
    const { list } = (await system.get('/web/announcements/list', { pageSize: 200 })).body
    const open = list.filter((one: { state: string }) => one.state !== 'past').length
    for (let n = open; n < 50; n++) await add(`第 ${n} 条`)
    await expect(add('第 51 条')).rejects.toThrow('最多 50 条')
    expect(await titles()).not.toContain('第 51 条')
  })

  it('stand beside what waits for a person', async () => {
    await useAgents(world)
    const waiting = async (as = me) => (await as.get('/web/portal/waiting')).body
    expect(await waiting()).toEqual({ list: [], due: [], isPartial: false })
    await sendText(world, '请交周报')
    const row = { icon: 'message', title: '未读消息', count: 1, to: 'messages', appId: '' }
    // Nodes hear of an arrival a moment later.
    await expect.poll(() => waiting()).toEqual({ list: [row], due: [], isPartial: false })
    expect(await waiting(other)).toEqual({ list: [], due: [], isPartial: false })
  })

  it('tell the console who saw and opened them, and who did not', async () => {
    await pass(25)
    const { id } = await add('消防演习', { content: '下午三点' })
    const hidden = await add('只给李四', {
      visibility: {
        ...toEveryone,
        everyone: false,
        memberIds: [world.ctx.mirrors.of(world.corpId).members.byKey('lisi')!.id],
      },
    })
    const seen = (as: SignedInClient, body: object) => as.post('/web/portal/announcements/seen', body)
    expect((await seen(me, { id: hidden.id })).retCode).toBe('1000')
    for (let at = 0; at < 2; at++) expect((await seen(me, { id })).retCode).toBe('0')
    await seen(other, { id })
    await seen(other, { id, opened: '1' })
    expect((await shown()).find(one => one.id === id)).toMatchObject({ wasShown: true })
    const marks = async (query = {}) => (await system.get('/web/announcements/marks', { id, ...query })).body
    const { counts, list, total } = await marks({ pageSize: 100 })
    const people = world.ctx.mirrors.of(world.corpId).members.listed
    expect([counts, total]).toEqual([{ people, shown: 2, read: 1 }, people])
    const of = (userId: string) => list.find((one: { userId: string }) => one.userId === userId)
    expect(of('lisi').readAt).not.toBe('')
    expect(of('zhangsan')).toMatchObject({ readAt: '', shownAt: expect.stringMatching(/Z$/) })
    expect((await marks({ lack: 'shown' })).total).toBe(people - 2)
    await me.post('/web/portal/announcements/put-away', { id })
    expect((await marks({ lack: 'read' })).total).toBe(people - 2)
    const file = await fetch(`${world.server.url}/web/announcements/marks/export?id=${id}&lack=read`, {
      headers: { cookie: system.cookie },
    })
    expect((await file.text()).trim().split('\r\n')).toHaveLength(people - 1)
    expect((await system.get('/web/announcements/marks', { id: hidden.id })).body.counts.people).toBe(1)
  })
})
