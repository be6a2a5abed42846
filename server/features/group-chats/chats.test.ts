import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { begins, ends } from '../alerts/open-alerts.fixture.ts'
import type { NewPart } from '../channels/part.ts'
import { chat } from '../channels/wecom/chat/chat.ts'
import { holdAtLimits } from '../channels/wecom/chat/pace-store.ts'
import { storeMedia } from '../message-media/media.ts'
import { useAgents } from '../messages/messages.fixture.ts'
import { enqueueChat } from './creation.ts'
import { findChat, putSeen } from './store.ts'

let world: World
let dev: Caller
let other: Caller
let admin: SignedInClient
const team = 900
beforeAll(async () => {
  world = await startWorld({ members: 20, isOneClock: true })
  await useAgents(world)
  await world.connectCallback()
  dev = await world.addDeveloper({ name: '项目系统', scopes: ['message:send', 'chat:write'] })
  other = await world.addDeveloper({ name: '别的系统', scopes: ['message:send', 'chat:write'] })
  admin = await signInAs(world, 'super')
  await world.admin('department/create', { id: team, name: '项目组', parentid: 1 })
  for (const userid of ['pa', 'pb', 'pc']) await join(userid)
  await world.settle()
})
afterAll(() => world.close())

const join = (userid: string) =>
  world.admin('user/create', {
    userid,
    name: `组员${userid}`,
    department: [team],
    mobile: `1380000${String(userid.charCodeAt(1)).padStart(4, '0')}`,
  })

type SandboxChat = { chatid: string; name: string; owner: string; members: string[] }
const made = async () => (await world.control('chats'))['chats'] as SandboxChat[]
const chatAt = async (id: string) => (await made()).find(one => one.chatid === id)
const rowOf = async (id: string) => (await findChat(world.ctx.db, { corpId: world.corpId, id }))!
const fault = (match: string, mode: string, times = 1) => world.control('faults', { match, mode, times })
const pass = (ms: number) => {
  world.clock.offsetMs += ms
  world.ctx.queue.kick(world.corpId)
}
const create = async (body: object, by = dev) => {
  const answer = await by.post('/api/chat/create', { name: '项目群', ...body })
  return { ...answer, id: answer.body?.chatId as string }
}
const text = { sendType: '4', msgType: '03', agentName: '项目系统', content: '今天十点上线' }
const send = (body: object, by = dev) => by.post('/api/message/send', { ...text, ...body })
const arrived = async (id: string) => {
  const { messages } = (await world.control('messages?limit=1000')) as {
    messages: { chat?: { chatId: string }; to: string[]; msgtype: string; content: Record<string, unknown> }[]
  }
  return messages.filter(one => one.chat?.chatId === id)
}
const refused = async (answer: Promise<{ retCode: string; retMessage: string }>) => {
  const { retCode, retMessage } = await answer
  return `${retCode} ${retMessage}`
}

describe('a group chat', () => {
  it('is made, written to, changed and listed by its developer alone', async () => {
    const { id, body, retMessage } = await create({ toUser: ['pa', 'pb', 'stranger'], owner: 'pb' })
    expect(body, retMessage).toMatchObject({ status: 'ready', members: 2, invaliduser: 'stranger' })
    expect(await chatAt(id)).toMatchObject({ name: '项目群', owner: 'pb', members: ['pa', 'pb'] })
    const sent = await send({ toChat: [id, 'wispStrange'], mention: ['pa'] })
    expect(sent.body, sent.retMessage).toMatchObject({ status: 'sent', invalidchat: 'wispStrange' })
    const [message] = await arrived(id)
    expect(message).toMatchObject({ to: ['pa', 'pb'], msgtype: 'text', content: { mentioned_list: ['pa'] } })
    const changed = await dev.post('/api/chat/update', {
      chatId: id,
      name: '上线群',
      owner: 'pa',
      addUser: ['pc'],
    })
    expect(changed.body, changed.retMessage).toMatchObject({ name: '上线群', members: 3 })
    const got = await dev.get('/api/chat/get', { chatId: id })
    expect(got.body).toMatchObject({ name: '上线群', owner: 'pa', userIds: ['pa', 'pb', 'pc'] })
    expect((await dev.get('/api/chat/list')).body).toMatchObject({ total: 1, list: [{ chatId: id }] })
    expect((await other.get('/api/chat/list')).body.total).toBe(0)
    expect(await refused(other.get('/api/chat/get', { chatId: id }))).toMatch(/^1000 .*没有群聊/)
    expect(await refused(send({ toChat: [id] }, other))).toMatch(/^1000 .*没有可用的群聊/)
    const [row] = (await admin.get('/web/messages/list')).body.list
    expect(row).toMatchObject({ channel: 'chat', to: '上线群' })
  })

  it('takes what WeCom takes of messages, and nothing that would be lost', async () => {
    const { id } = await create({ toUser: ['pa', 'pb'] })
    const to = { toChat: [id] }
    const kinds = [
      { msgType: '01', title: '标题', url: 'https://oa.example.com' },
      { msgType: '02', title: '标题', url: 'https://oa.example.com', picUrl: 'https://oa.example.com/a.png' },
      { msgType: '05', content: '**上线** <@pa>' },
    ]
    for (const kind of kinds) expect((await send({ ...to, ...kind })).body?.status, kind.msgType).toBe('sent')
    expect((await arrived(id)).map(one => one.msgtype)).toEqual(['textcard', 'news', 'markdown'])
    expect(await refused(send({ ...to, msgType: '04' }))).toMatch(/^1000 .*不支持 msgType 04/)
    expect(await refused(send({ ...to, msgType: '05', mention: ['pa'] }))).toMatch(/^1000 .*只用于文本/)
    expect(await refused(send({ ...to, mention: ['nobody'] }))).toMatch(/^1007 .*mention nobody/)
    expect(await refused(send({ ...to, toUser: ['pa'] }))).toMatch(/^1000 .*只填 toChat/)
    expect(await refused(send({}))).toMatch(/^1001 .*toChat/)
    expect(await refused(send({ ...to, msgType: '09' }))).toMatch(/^1001 .*mediaId/)
    const toPeople = { sendType: '0', msgType: '09', toUser: ['pa'], mediaId: 'x' }
    expect(await refused(send(toPeople))).toMatch(/^100[02] /)
    expect(await refused(send({ sendType: '0', toUser: ['pa'], ...to }))).toMatch(
      /toChat 只在 sendType 为 4 时/,
    )
  })

  it('takes files, voice and articles', async () => {
    const { id } = await create({ toUser: ['pa', 'pb'] })
    const owner = { corpId: world.corpId, devId: dev.devId }
    const upload = async (name: string, bytes: Buffer) =>
      (await storeMedia(world.ctx, owner, { name, bytes })).mediaId
    const picture = await upload('封面.png', Buffer.from('89504e470d0a1a0a00', 'hex'))
    const voice = await upload('语音.amr', Buffer.from('#!AMR\nvoice'))
    const article = {
      msgType: '11',
      title: '周报',
      content: '<p>本周 3 项</p>',
      url: 'https://oa.example.com/1',
    }
    for (const kind of [
      { msgType: '06', mediaId: picture, content: '' },
      { msgType: '07', mediaId: voice, content: '' },
      { msgType: '09', mediaId: voice, content: '' },
      { ...article, mediaId: picture },
    ]) {
      const answer = await send({ toChat: [id], ...kind })
      expect(answer.body?.status, `${kind.msgType} ${answer.retMessage}`).toBe('sent')
    }
    const got = await arrived(id)
    expect(got.map(one => one.msgtype)).toEqual(['image', 'file', 'voice', 'mpnews'])
    expect(got.at(-1)?.content).toMatchObject({
      articles: [{ title: '周报', author: '项目系统', content: '<p>本周 3 项</p>' }],
    })
    expect(await refused(send({ toChat: [id], msgType: '09', mediaId: picture }))).toMatch(/^1000 .*mediaId/)
  })

  it('is not made twice when the answer was lost, nor is a message', async () => {
    await fault('appchat/create', 'truncated')
    const { id, body } = await create({ toUser: ['pa', 'pb'], requestId: 'once' })
    expect(body.status).toBe('ready')
    const again = await create({ toUser: ['pa', 'pb'], requestId: 'once' })
    expect(again.id).toBe(id)
    expect(await refused(create({ toUser: ['pa', 'pc'], requestId: 'once' }))).toMatch(/^1000 .*requestId/)
    expect((await made()).filter(one => one.chatid === id)).toHaveLength(1)
    await fault('appchat/send', 'truncated')
    const sent = await send({ toChat: [id] })
    expect(sent.body.status).toBe('unknown')
    expect(await arrived(id)).toHaveLength(1)
    // WeCom says nothing at all: the task that was enqueued with the row finds out.
    await fault('appchat/create', 'truncated')
    await fault('appchat/get', 'truncated')
    const open = await create({ toUser: ['pa', 'pb'] })
    expect(open.body.status).toBe('creating')
    expect(await refused(send({ toChat: [open.id] }))).toMatch(/^1000 /)
    pass(61_000)
    await until('it is known', async () => {
      return (await dev.get('/api/chat/get', { chatId: open.id })).body.status === 'ready'
    })
    expect((await made()).filter(one => one.chatid === open.id)).toHaveLength(1)
  })

  it('is not lost where WeCom refuses to say whether it made it', async () => {
    await fault('appchat/create', 'truncated')
    await fault('appchat/get', 'code:60020')
    const open = await create({ toUser: ['pa', 'pb'] })
    expect(open.body?.status, open.retMessage).toBe('creating')
    await fault('appchat/get', 'code:60020')
    pass(61_000)
    await until('it was asked for', async () =>
      ((await world.control('faults'))['faults'] as { times: number | null }[]).every(one => one.times === 0),
    )
    pass(60_000)
    await until('it is known', async () => {
      return (await dev.get('/api/chat/get', { chatId: open.id })).body.status === 'ready'
    })
  })

  it('is written to by administrators too, who test it like every channel', async () => {
    const { id } = await create({ name: '值班群', toUser: ['pa', 'pb'] })
    const { channels } = (await admin.get('/web/messages/choices')).body
    const { places } = channels.find((one: { name: string }) => one.name === 'chat')
    expect(places).toMatchObject({ input: 'toChat' })
    expect(places.all).toContainEqual({ id, name: '值班群' })
    const composed = { ...text, toUser: [], toChat: [id], mention: ['pa'] }
    const foreseen = await admin.post('/web/messages/preview', { ...composed, forecast: '1' })
    expect(foreseen.body, foreseen.retMessage).toMatchObject({
      preview: { channel: 'chat', text: expect.stringContaining('今天十点上线') },
      forecast: { persons: 1, calls: 1, missing: '' },
    })
    const sent = await admin.post('/web/messages/send', { ...composed, requestId: 'composed-1' })
    expect(sent.body, sent.retMessage).toMatchObject({ status: 'sent' })
    const tested = await admin.post('/web/messages/test', { channel: 'chat', placeId: id })
    expect(tested.body, tested.retMessage).toMatchObject({ ok: true })
    expect(await arrived(id)).toHaveLength(2)
  })

  it('shows an article at once, whatever its developer wrote', () => {
    const files = [{ mediaId: 'm', name: '封面.png', type: 'image', size: 1 }] as never
    const message = { kind: 'mpnews' as const, files, title: '周报', author: '', url: '' }
    const shown = (content: string) =>
      chat.read({ chats: [], mention: [], files, message: { ...message, content } }).text
    expect(shown('<p>本周 <b>3</b> 项</p>')).toBe('本周  3  项')
    const startedAt = performance.now()
    shown('<'.repeat(600_000))
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })

  it('is refused in plain words before anything is stored', async () => {
    const before = (await dev.get('/api/chat/list')).body.total
    expect(await refused(create({ toUser: ['pa'] }))).toMatch(/^1000 .*2 到 2000 名成员，收到的有 1 名/)
    expect(await refused(create({ toUser: ['@all'] }))).toMatch(/^1000 .*不支持 @all/)
    expect(await refused(create({ toUser: ['nobody'] }))).toMatch(/^1007 /)
    expect(await refused(create({ toUser: ['pa', 'pb'], follow: '1' }))).toMatch(/^1000 .*toParty 或 toTag/)
    expect(await refused(create({ name: '名'.repeat(51), toUser: ['pa', 'pb'] }))).toMatch(/^1000 .*name/)
    const narrow = String(world.sandbox.agents[1]?.agentId)
    expect(await refused(create({ toUser: ['pa', 'pb'], agentId: narrow }))).toMatch(/^1008 .*60011/)
    expect((await dev.get('/api/chat/list')).body.total).toBe(before)
    const bare = await world.addDeveloper({ scopes: ['message:send'] })
    expect((await create({ toUser: ['pa', 'pb'] }, bare)).retCode).toBe('1009')
  })
})

describe('a chat that follows', () => {
  it('has the members of its departments, and another owner when the owner leaves', async () => {
    const { id, body } = await create({ toParty: [String(team)], follow: '1' })
    expect(body).toMatchObject({ follow: true, members: 3 })
    const owner = (await chatAt(id))?.owner ?? ''
    await join('pd')
    await world.settle()
    pass(4000)
    await until('who joined is in it', async () => (await chatAt(id))?.members.includes('pd') ?? false)
    expect(await refused(dev.post('/api/chat/update', { chatId: id, addUser: ['zhangsan'] }))).toMatch(
      /^1000 .*不跟随通讯录/,
    )
    await world.admin('user/update', { userid: owner, department: [1] })
    await world.settle()
    pass(4000)
    await until('the owner is gone', async () => !(await chatAt(id))?.members.includes(owner))
    expect((await chatAt(id))?.owner).not.toBe(owner)
    await world.admin('user/update', { userid: owner, department: [team] })
    await world.admin('user/delete', { userid: 'pd' })
    await world.settle()
    pass(4000)
    await until('who left is not', async () => !(await chatAt(id))?.members.includes('pd'))
  })

  it('keeps its last members when fewer than two would be left, and says so', async () => {
    await world.admin('department/create', { id: 901, name: '小组', parentid: team })
    for (const userid of ['qa', 'qb', 'qc']) {
      await world.admin('user/create', {
        userid,
        name: userid,
        department: [901],
        mobile: `1390000${String(userid.charCodeAt(1)).padStart(4, '0')}`,
      })
    }
    await world.settle()
    const { id } = await create({ toParty: ['901'], follow: '1' })
    for (const userid of ['qa', 'qb']) await world.admin('user/update', { userid, department: [1] })
    await world.settle()
    pass(4000)
    await begins(world.ctx, 'group-chat-not-following')
    expect((await chatAt(id))?.members.sort()).toEqual(['qa', 'qb', 'qc'])
    const shown = (await dev.get('/api/chat/get', { chatId: id })).body
    expect(shown.problem).toContain('应有的成员只剩 1 人')
    const renamed = await dev.post('/api/chat/update', { chatId: id, name: '小组群' })
    expect(renamed.body, renamed.retMessage).toMatchObject({ name: '小组群', members: 3 })
    await world.admin('user/update', { userid: 'qa', department: [901] })
    await world.settle()
    pass(4000)
    await ends(world.ctx, 'group-chat-not-following')
    expect((await chatAt(id))?.members.sort()).toEqual(['qa', 'qc'])
  })
})

describe('a node that has not heard yet of a change', () => {
  it('reads it before it compares', async () => {
    const { ctx, corpId } = world
    const { id } = await create({ toParty: [String(team)], follow: '1' })
    const [leaver] = (await chatAt(id))!.members
    await until('it was compared', async () => (await rowOf(id)).matched !== null)
    // As another node writes it, of which the news is on its way.
    const { rows } = await sql<{ seq: number }>`
      with moved as (update member set departments = '{1}', main_department = 1, orders = '{0}', leader_in = '{0}'
          where corp_id = ${corpId} and user_id = ${leaver} returning id),
        feed as (update directory_feed set seq = seq + 1, changed_seq = seq + 1 where corp_id = ${corpId} returning seq)
      insert into directory_change (corp_id, seq, kind, op, entity_id, member_id, departments_before, at)
      select ${corpId}, feed.seq, 'member', 'put', ${leaver}, moved.id, ${[team]}::bigint[], now() from moved, feed
      returning seq::float8 as seq`.execute(ctx.db)
    await ctx.db.transaction().execute(async tx => {
      await putSeen(tx, corpId, rows[0]!.seq)
      await enqueueChat(tx, { corpId, id }, new Date(ctx.now()))
    })
    ctx.queue.kick(corpId)
    await until('who moved is not in it', async () => !(await chatAt(id))?.members.includes(leaver!))
  })
})

describe('limits', () => {
  it('hold over all nodes: what is over an agent’s messages or the corp’s person-times waits', async () => {
    const { id } = await create({ toUser: ['pa', 'pb'] })
    const part = (): NewPart =>
      ({
        corpId: world.corpId,
        userIds: [id],
        state: 'sending',
        attempts: 1,
        hold: null,
      }) as unknown as NewPart
    const { ctx } = world
    const hold = (parts: NewPart[]) => ctx.db.transaction().execute(tx => holdAtLimits(ctx, tx, parts))
    pass(200_000)
    const parts = Array.from({ length: 200 }, part)
    await hold(parts.slice(0, 100))
    await hold(parts.slice(100))
    expect(parts.filter(one => one.state === 'sending')).toHaveLength(190)
    expect(parts.at(-1)?.nextAttemptAt.getTime()).toBeGreaterThan(ctx.now() + 60_000)
    pass(80_000)
    await sql`update group_chat set members = 2000 where id = ${id}`.execute(ctx.db)
    const large = Array.from({ length: 12 }, part)
    await hold(large)
    expect(large.filter(one => one.state === 'sending')).toHaveLength(9)
    pass(80_000)
    await sql`update group_chat set members = 2 where id = ${id}`.execute(ctx.db)
  })
})

describe('administrators', () => {
  it('see who is in a chat and what it follows, test it, and remove it from wisp', async () => {
    const { id } = await create({ toParty: [String(team)], follow: '1' })
    const { list } = (await admin.get('/web/messages/chats')).body
    expect(list[0]).toMatchObject({ chatId: id, developer: '项目系统', follow: true, problem: '' })
    const shown = (await admin.get('/web/messages/chats/show', { id })).body
    expect(shown.follow).toMatchObject({ departments: ['项目组'] })
    expect(shown.members.map((one: { userId: string }) => one.userId)).toContain('pb')
    expect((await admin.post('/web/messages/chats/test', { id })).body.isSent).toBe(true)
    const run = (...words: string[]) =>
      runCommand(world.ctx, ['message', 'chat', ...words, '--corp', world.corpId])
    expect((await run('list')).text).toContain(id)
    expect((await run('test', id)).text).toBe('已发出')
    const manager = await managerBy(world)
    expect(JSON.stringify((await manager.get('/api/admin/groupChats')).body)).toContain(id)
    expect((await admin.post('/web/messages/chats/remove', { id })).retCode).toBe('0')
    expect(await refused(send({ toChat: [id] }))).toMatch(/^1000 /)
    expect(await chatAt(id)).toBeDefined()
    const second = (await create({ toUser: ['pa', 'pb'] })).id
    expect((await manager.post('/api/admin/groupChat/remove', { id: second })).body).toEqual({
      chatId: second,
    })
    const third = (await create({ toUser: ['pa', 'pb'] })).id
    expect((await run('remove', third)).text).toBe('已移除')
  })
})
