import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { newSource, type TestSource } from '../source.fixture.ts'
import { setSource } from '../sources.ts'

let world: World
let oa: TestSource
let count = 0

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 4 })
  oa = await newSource(world, { kind: 'seeyon' })
})
afterAll(() => world.close())

/** As a sender of such to-dos makes them. */
const pending = (change: object = {}) => ({
  registerCode: '3006',
  taskId: `PMS2#969_${++count}`,
  title: '【PMS2】验收材料审批',
  senderName: 'w02611',
  state: '0',
  thirdReceiverId: '969',
  noneBindingReceiver: 'zhangsan',
  noneBindingSender: 'lisi',
  creationDate: 1665463846251,
  url: 'http://pms.example.com/workflow/200.html',
  h5url: 'http://pms.example.com/m/200',
  // What no page mentions is nothing to stumble over.
  assignee: '969',
  procInstId: 788097,
  ...change,
})
const rest = (path: string, body: unknown, headers?: Record<string, string>) =>
  oa.send(`seeyon/rest/${path}`, body, headers)
const receive = (body: unknown) => rest('thirdpartyPending/receive', body)
const update = (taskId: string, state: unknown, subState?: unknown) =>
  rest('thirdpartyPending/updatePendingState', { registerCode: '3006', taskId, state, subState })
const of = async (taskId: string) => (await oa.todos()).filter(one => one.todoNo === `3006:${taskId}`)
const stateOf = async (taskId: string) => (await of(taskId)).map(one => one.state)
const good = { success: true, errorMsgs: [] }

describe('致远', () => {
  it('takes a to-do field for field, finishes it and withdraws it', async () => {
    const given = pending({ classify: '验收' })
    expect((await receive(given)).json).toEqual(good)
    expect(await of(given.taskId)).toMatchObject([
      {
        userId: 'zhangsan',
        state: 'open',
        title: '【PMS2】验收材料审批',
        sender: '李四',
        pcUrl: given.url,
        mobileUrl: given.h5url,
        createdAt: new Date(1665463846251),
      },
    ])
    for (const [state, subState, became] of [
      ['1', '0', 'done'],
      ['0', undefined, 'open'],
      [1, 1, 'done'],
      ['0', '', 'open'],
      ['1', '3', 'done'],
      [0, null, 'open'],
      ['1', '2', 'withdrawn'],
    ]) {
      expect((await update(given.taskId, state, subState)).json).toEqual(good)
      expect(await stateOf(given.taskId)).toEqual([became])
    }
  })

  it('reads three forms of creationDate, and lists', async () => {
    const some = [
      pending({ creationDate: '2022-10-11 12:50' }),
      pending({ creationDate: '2022-10-11 12:50:46', state: 1 }),
      pending({ creationDate: '1665463846251', taskId: 'a:b%c' }),
    ]
    expect((await rest('thirdpartyPending/receive/pendings', { pendingList: some })).json).toEqual(good)
    expect((await of(some[0]!.taskId))[0]?.createdAt).toEqual(new Date('2022-10-11T04:50:00Z'))
    expect(await of(some[1]!.taskId)).toMatchObject([
      { state: 'done', createdAt: new Date('2022-10-11T04:50:46Z') },
    ])
    expect((await oa.todos()).map(one => one.todoNo)).toContain('3006:a%3Ab%25c')
    const mixed = await rest('thirdpartyPending/receive/pendings', {
      pendingList: [pending({ noneBindingReceiver: 'nobody' }), pending(), pending({ title: '' })],
    })
    expect(mixed.json).toMatchObject({
      success: false,
      errorMsgs: [expect.stringContaining('nobody'), expect.stringContaining('title')],
    })
  })

  it('takes fields without a value as absent, and lists without anything as nothing', async () => {
    const empty = {
      classify: null,
      contentType: null,
      content1: null,
      content2: null,
      importantLevel: null,
      subState: null,
      thirdSenderId: null,
      noneBindingSender: null,
      h5url: null,
      attachments: [],
    }
    const given = pending(empty)
    expect((await receive(given)).json).toEqual(good)
    expect(await of(given.taskId)).toMatchObject([{ userId: 'zhangsan', state: 'open', sender: 'w02611' }])
    for (const pendingList of [[], null])
      expect((await rest('thirdpartyPending/receive/pendings', { pendingList })).json).toEqual(good)
    for (const userlist of [[], null])
      expect((await rest('thirdpartyUserMapper/binding', { userlist })).json).toEqual(good)
    const unread = await oa.unrecognised()
    expect(unread.filter(one => /contentType|pendingList|userlist|subState/.test(one.about))).toEqual([])
  })

  it('takes a repeated push once, and a done that comes first', async () => {
    const given = pending()
    await receive(given)
    await update(given.taskId, '1', '0')
    await receive(given)
    expect(await stateOf(given.taskId)).toEqual(['done'])
    // Another push of the same number is how a task comes back.
    await receive({ ...given, title: '再次审批' })
    expect(await stateOf(given.taskId)).toEqual(['open'])
    const early = pending({ creationDate: Date.now() - 1000 })
    expect((await update(early.taskId, '1', '0')).json).toMatchObject({ success: false })
    await receive(early)
    expect(await stateOf(early.taskId)).toEqual(['done'])
  })

  it('finds people by what was bound beforehand, and shows messages as something to read', async () => {
    const bound = await newSource(world, { kind: 'seeyon', match: 'mobile' })
    const binding = { registerCode: '3006', thirdUserId: 'u-77', thirdLoginName: 'x', thirdMobile: '' }
    const { mobile } = (await world.ctx.db
      .selectFrom('member')
      .select('mobile')
      .where('corp_id', '=', world.corpId)
      .where('user_key', '=', 'lisi')
      .executeTakeFirst()) as { mobile: string }
    const send = (path: string, body: unknown) => bound.send(`seeyon/rest/${path}`, body)
    expect(
      (await send('thirdpartyUserMapper/binding/singleUser', { ...binding, thirdMobile: mobile })).json,
    ).toEqual(good)
    await send('thirdpartyUserMapper/binding', {
      userlist: [{ ...binding, thirdUserId: 'u-78', thirdMobile: `+86${mobile}` }],
    })
    for (const thirdReceiverId of ['u-77', 'u-78'])
      expect(
        (await send('thirdpartyPending/receive', pending({ thirdReceiverId, noneBindingReceiver: '' }))).json,
      ).toEqual(good)
    const message = {
      thirdpartyRegisterCode: '3006',
      thirdpartyMessageId: 'm1',
      messageContent: '您的报销已付款',
      thirdpartyReceiverId: 'u-77',
      messageURL: 'http://pms.example.com/m1',
      messageH5URL: '',
    }
    expect((await send('thirdpartyMessage/receive/singleMessage', message)).json).toEqual(good)
    expect((await bound.todos()).map(one => [one.userId, one.kind])).toEqual([
      ['lisi', 'todo'],
      ['lisi', 'todo'],
      ['lisi', 'read'],
    ])
  })

  it('gives tokens by path and by body, which end with the time and with another password', async () => {
    const own = await newSource(world, { kind: 'seeyon', userName: 'rest', password: 'secret/1' })
    const send = (headers: Record<string, string>, query = '') =>
      own.send(`seeyon/rest/thirdpartyPending/receive${query}`, pending(), headers)
    expect(await send({})).toMatchObject({ status: 401, json: { success: false } })
    const plain = await own.get(`seeyon/rest/token/rest/${encodeURIComponent('secret/1')}`)
    expect(plain.type).toContain('text/plain')
    const asJson = await own.get('seeyon/rest/token/rest/secret%2F1', { accept: 'application/json' })
    const posted = await own.send('seeyon/rest/token', { userName: 'rest', password: 'secret/1' })
    for (const token of [plain.text, asJson.json.id, posted.json.id])
      expect((await send({ token })).json).toEqual(good)
    expect((await send({}, `?token=${plain.text}`)).json).toEqual(good)
    expect(await own.get('seeyon/rest/token/rest/wrong')).toMatchObject({ status: 401 })
    world.clock.offsetMs += 16 * 60_000
    expect(await send({ token: plain.text })).toMatchObject({ status: 401 })
    const later = await own.send('seeyon/rest/token', { userName: 'rest', password: 'secret/1' })
    await setSource(world.ctx, 'test', world.corpId, own.id, { password: 'another' })
    expect(await send({ token: later.json.id })).toMatchObject({ status: 401 })
    for (let time = 0; time < 20; time++) await own.get('seeyon/rest/token/rest/wrong')
    expect(await own.get('seeyon/rest/token/rest/another')).toMatchObject({ status: 429 })
  })

  it('says in errorMsgs what is wrong, and keeps it', async () => {
    const own = await newSource(world, { kind: 'seeyon', systems: ['3006'] }, {})
    const cases: [object | string, string][] = [
      [pending({ registerCode: '9' }), '9'],
      [pending({ taskId: '' }), 'taskId'],
      [pending({ state: '2' }), 'state'],
      [pending({ subState: '9' }), 'subState'],
      [pending({ creationDate: 'gestern' }), 'creationDate'],
      [pending({ noneBindingReceiver: '', thirdReceiverId: '' }), 'thirdReceiverId'],
      [pending({ url: '', h5url: '' }), '没有可以打开的地址'],
      [pending({ url: '/relative' }), '/relative'],
      ['not json', 'JSON'],
    ]
    for (const [body, words] of cases)
      expect((await own.send('seeyon/rest/thirdpartyPending/receive', body)).json).toEqual({
        success: false,
        errorMsgs: [expect.stringContaining(words)],
      })
    expect(await own.send('seeyon/rest/thirdpartyPending/deleteAll', {})).toMatchObject({ status: 404 })
    expect((await own.unrecognised()).map(one => one.reason)).toEqual([
      ...[
        'unknownSystem',
        'missing',
        'badField',
        'badField',
        'badField',
        'missing',
        'noAddress',
        'badAddress',
      ],
      ...['badBody', 'unknownCall'],
    ])
  })
})
