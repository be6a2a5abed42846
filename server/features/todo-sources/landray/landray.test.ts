import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { replayAll } from '../replay.ts'
import { newSource, type TestSource } from '../source.fixture.ts'

let world: World
let ekp: TestSource
let count = 0

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 4 })
  ekp = await newSource(world, { kind: 'landray' })
})
afterAll(() => world.close())

/** As 金蝶苍穹 sends them. */
const todo = (change: object = {}) => ({
  appName: '苍穹',
  modelName: '费用报销',
  modelId: `task-${++count}`,
  subject: '[金蝶]差旅费报销单',
  link: 'https://erp.example.com/?formId=1&userNumber=001',
  mobileLink: 'https://erp.example.com/m/1',
  type: 1,
  targets: '{"PersonNo":"zhangsan"}',
  createTime: '2023-05-07 10:00:00',
  ...change,
})
const rest = (call: string, body: unknown, headers?: Record<string, string>) =>
  ekp.send(`api/sys-notify/sysNotifyTodoRestService/${call}`, body, headers)
const answerOf = async (call: string, body: unknown) => (await rest(call, body)).json
const of = async (modelId: string) => (await ekp.todos()).filter(one => one.todoNo.includes(`:${modelId}`))
const states = async (modelId: string) => (await of(modelId)).map(one => `${one.userId} ${one.state}`)
const good = { returnState: 2, message: '' }
const both = '[{"LoginName":"zhangsan"},{"PersonNo":"lisi"}]'

describe('蓝凌 by REST', () => {
  it('takes a to-do field for field', async () => {
    const given = todo({
      level: 1,
      docCreator: '{"LoginName":"lisi"}',
      others: '{"MD5":"x"}',
      language: 'zh-CN',
      extendContent: '[{"key":"lbpmCurrNode","titleMsgKey":"x","type":"string","value":"部门经理"}]',
    })
    expect(await answerOf('sendTodo', given)).toEqual(good)
    expect(await of(given.modelId)).toMatchObject([
      {
        todoNo: `苍穹:费用报销:${given.modelId}`,
        userId: 'zhangsan',
        title: given.subject,
        pcUrl: given.link,
        mobileUrl: given.mobileLink,
        priority: 2,
        sender: '李四',
        step: '部门经理',
        createdAt: new Date('2023-05-07T02:00:00Z'),
      },
    ])
  })

  it('reads targets in all their forms', async () => {
    const forms: unknown[] = [
      '{"Id":"zhangsan"}',
      { LoginName: 'zhangsan' },
      [{ KeyWord: 'zhangsan' }],
      "[{'LoginName':'zhangsan'}]",
      '{"LoginName":["zhangsan"]}',
      '{"LdapDN":"cn=zhangsan,ou=people,dc=example"}',
    ]
    for (const targets of forms) {
      const given = todo({ targets })
      expect(await answerOf('sendTodo', given)).toEqual(good)
      expect(await states(given.modelId)).toEqual(['zhangsan open'])
    }
    const mixed = todo({ targets: '[{"LoginName":"lisi"},{"DeptNo":"12"},{"LoginName":"nobody"}]' })
    const answer = await answerOf('sendTodo', mixed)
    expect([answer.returnState, answer.message]).toEqual([1, expect.stringContaining('nobody')])
    expect(await states(mixed.modelId)).toEqual(['lisi open'])
    expect((await ekp.unrecognised()).map(one => [one.reason, one.about])).toEqual([
      ['notAPerson', 'DeptNo=12'],
      ['unknownReceiver', 'nobody'],
    ])
  })

  it('finishes some or all, and deletes for some by finishing', async () => {
    const given = todo({ targets: both })
    await answerOf('sendTodo', given)
    const which = { appName: '苍穹', modelName: given.modelName, modelId: given.modelId }
    const end = (call: string, rest: object) => answerOf(call, { ...which, ...rest })
    expect(await end('setTodoDone', { optType: 2, targets: '{"PersonNo":"lisi"}' })).toEqual(good)
    expect(await states(given.modelId)).toEqual(['zhangsan open', 'lisi done'])
    expect(await end('deleteTodo', { optType: 1, targets: both })).toEqual(good)
    expect(await states(given.modelId)).toEqual(['zhangsan withdrawn', 'lisi done'])
    const other = todo({ targets: both })
    await answerOf('sendTodo', other)
    expect(
      await answerOf('deleteTodo', { ...other, optType: '2', targets: '{"LoginName":"zhangsan"}' }),
    ).toEqual(good)
    expect(await answerOf('setTodoDone', { ...other, optType: 1, targets: '' })).toEqual(good)
    expect(await states(other.modelId)).toEqual(['zhangsan done', 'lisi done'])
    expect(await answerOf('setTodoDone', { ...todo(), optType: 1 })).toMatchObject({ returnState: 0 })
    for (const [wrong, words] of [
      [{ optType: 3 }, 'optType'],
      [{ optType: 2, targets: '' }, 'targets'],
      [{}, 'optType'],
    ] as const)
      expect(await answerOf('setTodoDone', { ...which, ...wrong })).toMatchObject({
        returnState: 1,
        message: expect.stringContaining(words),
      })
  })

  it('tells to-dos of one document apart by key, parameters and kind', async () => {
    const given = todo({ key: 'a', param1: '1' })
    const { modelId } = given
    await answerOf('sendTodo', given)
    await answerOf('sendTodo', { ...given, key: 'b' })
    await answerOf('sendTodo', { ...given, type: 2 })
    expect((await of(modelId)).map(one => one.kind)).toEqual(['todo', 'todo', 'read'])
    await answerOf('updateTodo', { ...given, type: 3, subject: '暂挂', level: 2, targets: undefined })
    expect((await of(modelId)).map(one => [one.title, one.priority])).toEqual([
      ['暂挂', 1],
      [given.subject, 0],
      [given.subject, 0],
    ])
    await answerOf('setTodoDone', { ...given, optType: 1, type: undefined })
    expect((await of(modelId)).map(one => one.state)).toEqual(['done', 'open', 'done'])
  })

  it('is sent twice once, comes back as another, and waits for what comes late', async () => {
    const given = todo()
    await answerOf('sendTodo', given)
    await answerOf('setTodoDone', { ...given, optType: 1 })
    expect(await answerOf('sendTodo', given)).toEqual(good)
    expect(await states(given.modelId)).toEqual(['zhangsan done'])
    await answerOf('sendTodo', { ...given, createTime: '2023-05-08 10:00:00' })
    expect(await states(given.modelId)).toEqual(['zhangsan open'])
    const early = todo()
    await answerOf('setTodoDone', { ...early, optType: 2 })
    await answerOf('sendTodo', early)
    expect(await states(early.modelId)).toEqual(['zhangsan done'])
    // One that was created after the done had come is another round.
    const round = todo({ createTime: '2099-05-07 10:00:00' })
    await answerOf('setTodoDone', { ...round, optType: 2 })
    await answerOf('sendTodo', round)
    expect(await states(round.modelId)).toEqual(['zhangsan open'])
  })

  it('answers what people have', async () => {
    const own = await newSource(world, { kind: 'landray' })
    const call = async (name: string, body: unknown) => {
      const { json } = await own.send(`api/sys-notify/sysNotifyTodoRestService/${name}`, body)
      return json.returnState === 2 ? JSON.parse(json.message || '""') : json
    }
    const first = todo({ key: 'k', targets: both })
    await call('sendTodo', first)
    await call('sendTodo', todo({ type: 3 }))
    await call('sendTodo', todo({ type: 2 }))
    const done = todo({ createTime: '2024-01-01 00:00:00' })
    await call('sendTodo', done)
    await call('setTodoDone', { ...done, optType: 1 })
    const target = '{"LoginName":"zhangsan"}'
    const types = [-1, 0, 1, 2, 3, 4, 5, 13].map(type => ({ type }))
    expect(await call('getTodoCount', { target, types: JSON.stringify(types) })).toEqual([
      ...[{ '-1': 1 }, { '0': 3 }, { '1': 1 }, { '2': 1 }, { '3': 1 }, { '4': 1 }, { '5': 0 }, { '13': 2 }],
    ])
    const page = await call('getTodo', { targets: target, type: 0, rowSize: 2, pageNo: 1 })
    expect(page).toMatchObject({ pageCount: 2, pageno: 1, count: 3 })
    const keyed = await call('getTodo', {
      targets: target,
      type: '0',
      otherCond: '[{"key":"k"},{"modelName":"费用报销"}]',
    })
    expect(keyed.docs).toEqual([
      {
        id: expect.any(String),
        subject: first.subject,
        type: 1,
        key: 'k',
        param1: '',
        param2: '',
        appName: '苍穹',
        modelName: '费用报销',
        moduleName: '费用报销',
        modelId: first.modelId,
        createTime: '2023-05-07 10:00:00',
        creator: '',
        creatorName: '',
        level: 3,
        link: first.link,
        mobileLink: first.mobileLink,
        padLink: first.mobileLink,
      },
    ])
    expect(await call('getTodoTargets', { fdId: keyed.docs[0].id })).toEqual([
      { LoginName: 'zhangsan' },
      { LoginName: 'lisi' },
    ])
    expect(await call('getTodo', { targets: target, type: 5 })).toMatchObject({ errorPage: 'true' })
    expect(await call('getTodo', { targets: '{"LoginName":"nobody"}' })).toMatchObject({ returnState: 1 })
    expect(await call('getTodo', { targets: target, type: 9 })).toMatchObject({ returnState: 1 })
  })

  it('takes Basic where it is set, plain or as EKP hashes it, and replays for the person who came', async () => {
    const own = await newSource(world, {
      kind: 'landray',
      match: 'email',
      userName: 'notify',
      password: 'geheim',
    })
    const send = (password: string | undefined) =>
      own.send(
        'api/sys-notify/sysNotifyTodoRestService/sendTodo',
        todo({ targets: '[{"LoginName":"late@example.com"}]' }),
        {
          ...(password && { authorization: `Basic ${Buffer.from(`notify:${password}`).toString('base64')}` }),
        },
      )
    expect((await send(undefined)).status).toBe(401)
    expect((await send('wrong')).status).toBe(401)
    expect((await send(createHash('md5').update('geheim').digest('hex'))).json.returnState).toBe(1)
    expect((await send('geheim')).json.message).toContain('late@example.com')
    await world.ctx.db
      .updateTable('member')
      .set({ biz_mail: 'late@example.com' })
      .where('corp_id', '=', world.corpId)
      .where('user_key', '=', 'wangwu')
      .execute()
    const all = { sourceId: own.id, reason: undefined, words: '', isWithoutWaiting: true }
    expect(await replayAll(world.ctx, 'test', world.corpId, all)).toEqual({ applied: 2, left: 0 })
    expect((await own.todos()).map(one => one.userId)).toEqual(['wangwu', 'wangwu'])
  })
})

describe('蓝凌 by SOAP', () => {
  const soap = (to: TestSource, operation: string, fields: object, header = '') =>
    to.send(
      'sys/webservice/sysNotifyTodoWebService',
      `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:web="http://webservice.notify.sys.kmss.landray.com/"><soapenv:Header>${header}</soapenv:Header><soapenv:Body><web:${operation}><arg0>${Object.entries(
        fields,
      )
        .map(([name, value]) => `<${name}>${String(value).replaceAll('&', '&amp;')}</${name}>`)
        .join('')}</arg0></web:${operation}></soapenv:Body></soapenv:Envelope>`,
      { 'content-type': 'text/xml; charset=utf-8' },
    )

  it('has the same calls, with a header for who it is', async () => {
    const own = await newSource(world, { kind: 'landray', userName: 'notify', password: 'geheim' })
    const given = todo()
    const header = (password: string) =>
      `<tns:RequestSOAPHeader xmlns:tns="http://sys.webservice.client"><tns:user>notify</tns:user><tns:password>${password}</tns:password></tns:RequestSOAPHeader>`
    expect(await soap(own, 'sendTodo', given)).toMatchObject({
      status: 500,
      text: expect.stringContaining('faultstring'),
    })
    const answer = await soap(own, 'sendTodo', given, header('geheim'))
    expect(answer.text).toContain('<return><message></message><returnState>2</returnState></return>')
    expect(await own.todos()).toMatchObject([{ userId: 'zhangsan', state: 'open' }])
    const counted = await soap(
      own,
      'getTodoCount',
      { target: '{"LoginName":"zhangsan"}', types: '[{"type":1}]' },
      header('geheim'),
    )
    expect(counted.text).toContain('<message>[{&#34;1&#34;:1}]</message>')
    await soap(
      own,
      'setTodoDone',
      { ...given, optType: 1 },
      header(createHash('md5').update('geheim').digest('hex')),
    )
    expect(await own.todos()).toMatchObject([{ state: 'done' }])
    const broken = await own.send('sys/webservice/sysNotifyTodoWebService', `${header('geheim')}<oops`, {
      'content-type': 'text/xml',
    })
    expect(broken.status).toBe(500)
    const kept = await world.ctx.db
      .selectFrom('todo_unrecognised')
      .select('body')
      .where('source_id', '=', own.id)
      .execute()
    expect(kept.map(one => one.body).join('')).not.toContain('geheim')
    const wsdl = await own.get('sys/webservice/sysNotifyTodoWebService?wsdl')
    expect(wsdl.text).toContain('elementFormDefault="unqualified"')
    // Clients are generated of it: their classes bear these names.
    for (const type of ['Send', 'Remove', 'Update', 'Get', 'GetCount'])
      expect(wsdl.text).toContain(`<xsd:complexType name="notifyTodo${type}Context">`)
    expect(wsdl.text.match(/type="tns:notifyTodo\w+Context"/g)).toHaveLength(6)
  })
})
