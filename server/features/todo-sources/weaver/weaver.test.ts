import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { encodeGbk } from '../../../upstream/sms/gbk.ts'
import { replayAll } from '../replay.ts'
import { newSource, type TestSource } from '../source.fixture.ts'

let world: World
let oa: TestSource
let count = 0

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 4 })
  oa = await newSource(world, {
    kind: 'weaver',
    pcPrefix: 'https://oa.example.com',
    appPrefix: 'https://m.oa.example.com',
  })
})
afterAll(() => world.close())

/** As e-cology's page of the interface has it. */
const todo = (change: object = {}) => ({
  syscode: 'tes',
  flowid: `tes${++count}`,
  requestname: '差旅报销-张三-2023-09-01',
  workflowname: '差旅报销',
  nodename: '直属领导',
  pcurl: '/workflow/request/ViewRequest.jsp?fromofs=1&requestid=7',
  appurl: '/verifyLogin.do?url=7',
  isremark: '0',
  viewtype: '0',
  creator: 'lisi',
  createdatetime: '2023-09-01 15:44:00',
  receiver: 'zhangsan',
  receivedatetime: '2023-09-01 15:45:00',
  receivets: '1693554308000',
  ...change,
})
const send = (call: string, body: unknown, headers?: Record<string, string>) =>
  oa.send(`rest/ofs/${call}`, body, headers)
const results = async (call: string, body: unknown) => {
  const { status, json } = await send(call, body)
  expect(status).toBe(200)
  return [json.operType, json.operResult, json.message]
}
const of = async (flowid: string) => (await oa.todos()).filter(one => one.todoNo.includes(`:${flowid}`))
const stateOf = async (flowid: string) => (await of(flowid)).map(one => one.state)

describe('泛微 by JSON', () => {
  it('takes fields without a value as absent', async () => {
    const given = todo({
      requestlevel: null,
      nodename: null,
      creator: null,
      createdatetime: null,
      remark: null,
      attachments: [],
      receivedatetime: null,
    })
    expect(await results('ReceiveRequestInfoByJson', given)).toMatchObject([
      'AutoNew',
      '1',
      expect.anything(),
    ])
    expect(await of(given.flowid)).toMatchObject([{ userId: 'zhangsan', state: 'open' }])
  })

  it('takes a to-do field for field, updates it and finishes it, in the vendor’s own words', async () => {
    const given = todo({ requestlevel: '2' })
    const first = await send('ReceiveRequestInfoByJson', given)
    expect(first.json).toEqual({
      syscode: 'tes',
      dataType: 'WfData',
      operType: 'AutoNew',
      operResult: '1',
      message: '流程数据【差旅报销-张三-2023-09-01】自动创建成功',
    })
    expect(await of(given.flowid)).toMatchObject([
      {
        todoNo: `tes:差旅报销:${given.flowid}`,
        userId: 'zhangsan',
        state: 'open',
        kind: 'todo',
        priority: 2,
        step: '直属领导',
        readAt: null,
        pcUrl: 'https://oa.example.com/workflow/request/ViewRequest.jsp?fromofs=1&requestid=7',
        mobileUrl: 'https://m.oa.example.com/verifyLogin.do?url=7',
        createdAt: new Date('2023-09-01T07:45:00Z'),
        sender: '李四',
      },
    ])
    expect(await results('receiverequestinfobyjson', { ...given, viewtype: '1' })).toEqual([
      'AutoEdit',
      '1',
      '流程数据【差旅报销-张三-2023-09-01】自动更新成功',
    ])
    expect((await of(given.flowid))[0]?.readAt).not.toBeNull()
    const done = {
      syscode: 'tes',
      flowid: given.flowid,
      requestname: '差旅',
      workflowname: '差旅报销',
      nodename: '财务',
    }
    expect(
      await results('ProcessDoneRequestByJson', {
        ...done,
        receiver: 'zhangsan',
        receivets: '1693554308001',
      }),
    ).toEqual(['AutoEdit', '1', '流程数据【差旅】流程状态变更为已办成功'])
    expect(await of(given.flowid)).toMatchObject([{ state: 'done', step: '财务' }])
  })

  it('refuses as the vendor does: what exists, what does not, unknown people and systems, empty fields', async () => {
    const given = todo()
    expect((await results('ReceiveTodoRequestByJson', given)).slice(0, 2)).toEqual(['AutoNew', '1'])
    expect(await results('ReceiveTodoRequestByJson', given)).toEqual([
      'AutoNew',
      '0',
      '流程数据【差旅报销-张三-2023-09-01】已存在',
    ])
    const cases: [string, object, string, string][] = [
      ['ProcessDoneRequestByJson', todo(), 'AutoEdit', '不存在'],
      ['ReceiveTodoRequestByJson', todo({ receiver: 'nobody' }), 'Check', '检测接收人不存在'],
      ['ReceiveTodoRequestByJson', todo({ creator: 'sysadmin' }), 'Check', '检测创建人不存在'],
      ['ReceiveTodoRequestByJson', todo({ requestname: '' }), 'Check', '流程标题未填写'],
      ['ReceiveTodoRequestByJson', todo({ workflowname: ' ' }), 'Check', '流程类型未填写'],
      ['ReceiveTodoRequestByJson', todo({ syscode: '' }), 'Check', '异构系统标识【】未注册'],
      ['ReceiveRequestInfoByJson', todo({ isremark: '1' }), 'Check', '检测isremark不合法'],
      ['ReceiveRequestInfoByJson', todo({ viewtype: '-2' }), 'Check', '检测viewtype不合法'],
      [
        'ReceiveRequestInfoByJson',
        todo({ receivedatetime: '2023-02-30 00:00:00' }),
        'Check',
        '检测receivedatetime不合法',
      ],
      ['ReceiveRequestInfoByJson', todo({ pcurl: 'javascript:alert(1)' }), 'Check', '检测pcurl不合法'],
      ['deleteUserRequestInfoByJson', { syscode: 'tes', flowid: '1' }, 'Del', '流程数据删除失败,userid为空'],
      [
        'deleteRequestInfoByJson',
        { syscode: 'tes', flowid: 'none' },
        'Del',
        '流程数据删除失败,流程数据不存在',
      ],
    ]
    for (const [call, body, operType, words] of cases) {
      const [type, result, message] = await results(call, body)
      expect([type, result, message]).toEqual([operType, '0', expect.stringContaining(words)])
    }
    const limited = await newSource(world, { kind: 'weaver', systems: ['HR'] })
    const other = await limited.send('rest/ofs/ReceiveTodoRequestByJson', todo())
    expect(other.json).toMatchObject({ dataType: 'OtherSys', message: '异构系统标识【tes】未注册' })
  })

  it('knows to read from to do, finished from over, and takes what senders leave out', async () => {
    const cc = todo({ isremark: '8' })
    await send('ReceiveRequestInfoByJson', cc)
    const cc2 = todo()
    expect((await results('ReceiveCCRequestByJson', cc2))[2]).toContain('自动新增待阅成功')
    const over = todo({ isremark: '4' })
    await send('ReceiveRequestInfoByJson', over)
    const { isremark: _1, viewtype: _2, receivets: _3, ...bare } = todo({ pcurl: '', appurl: '' })
    await send('ReceiveRequestInfoByJson', bare)
    const found = [cc, cc2, over, bare].map(async one => (await of(one.flowid))[0])
    expect(await Promise.all(found)).toMatchObject([
      { kind: 'read', state: 'open' },
      { kind: 'read', state: 'open' },
      { kind: 'todo', state: 'done' },
      { kind: 'todo', state: 'open', pcUrl: 'https://oa.example.com' },
    ])
    await send('ReceiveRequestInfoByJson', { ...cc, viewtype: '1', receivets: '1693554308009' })
    expect(await stateOf(cc.flowid)).toEqual(['done'])
  })

  it('is deleted for one person or for all, and other types of the same flow are other to-dos', async () => {
    const flow = todo()
    for (const receiver of ['zhangsan', 'lisi', 'wangwu'])
      await send('ReceiveRequestInfoByJson', { ...flow, receiver })
    await send('ReceiveRequestInfoByJson', { ...flow, workflowname: '请假' })
    expect(await of(flow.flowid)).toHaveLength(4)
    const which = { syscode: 'tes', flowid: flow.flowid }
    expect(await results('deleteUserRequestInfoByJson', { ...which, userid: 'lisi' })).toEqual([
      'Del',
      '1',
      '流程数据删除成功',
    ])
    expect(await stateOf(flow.flowid)).toEqual(['open', 'withdrawn', 'open', 'open'])
    expect((await results('deleteRequestInfoByJson', which))[1]).toBe('1')
    expect(await stateOf(flow.flowid)).toEqual(['withdrawn', 'withdrawn', 'withdrawn', 'withdrawn'])
    expect((await results('deleteRequestInfoByJson', which))[1]).toBe('0')
    // What was deleted may come again later.
    await send('ReceiveTodoRequestByJson', { ...flow, receiver: 'lisi', receivets: '1693554309999' })
    expect((await stateOf(flow.flowid))[1]).toBe('open')
  })

  it('takes batches, also an empty one, as the vendor’s own sender makes them', async () => {
    const [one, two] = [todo(), todo({ receiver: 'nobody' })]
    expect((await send('batchReceiveRequestInfoByJson', [one, two])).json).toMatchObject([
      { operResult: '1' },
      { operResult: '0' },
    ])
    expect((await send('batchReceiveRequestInfoByJson', [])).json).toEqual([])
    const gone = [{ syscode: 'tes', flowid: one.flowid, userid: 'zhangsan' }]
    expect((await send('batchDeleteUserRequestInfoByJson', gone)).json).toMatchObject([{ operResult: '1' }])
    expect(await stateOf(one.flowid)).toEqual(['withdrawn'])
  })
})

describe('the order of 泛微', () => {
  it('is that of receivets, whatever comes late or twice', async () => {
    const given = todo()
    const at = (receivets: number, change: object = {}) => ({
      ...given,
      receivets: String(receivets),
      ...change,
    })
    await send('ReceiveRequestInfoByJson', at(3000, { isremark: '2' }))
    expect((await results('ReceiveRequestInfoByJson', at(1000)))[1]).toBe('1')
    expect(await stateOf(given.flowid)).toEqual(['done'])
    await send('ReceiveRequestInfoByJson', at(4000))
    expect((await results('ProcessDoneRequestByJson', at(3500)))[1]).toBe('1')
    expect(await stateOf(given.flowid)).toEqual(['open'])
    await send('deleteRequestInfoByJson', { syscode: 'tes', flowid: given.flowid })
    await send('ReceiveRequestInfoByJson', at(4000))
    expect(await stateOf(given.flowid)).toEqual(['withdrawn'])
  })

  it('applies what came before its to-do when that comes', async () => {
    const early = todo()
    expect((await results('ProcessDoneRequestByJson', { ...early, receivets: '1693554308005' }))[1]).toBe('0')
    expect((await results('ReceiveTodoRequestByJson', early))[1]).toBe('1')
    expect(await stateOf(early.flowid)).toEqual(['done'])
    const again = todo()
    await send('ProcessDoneRequestByJson', { ...again, receivets: '1' })
    await send('ReceiveTodoRequestByJson', again)
    expect(await stateOf(again.flowid)).toEqual(['open'])
  })
})

describe('other bodies of 泛微', () => {
  it('reads XML, and no DTD', async () => {
    const given = todo({ requestname: '报销 <1> & 2' })
    const fields = Object.entries(given).map(
      ([name, value]) =>
        `<${name}>${String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`,
    )
    const xml = `<?xml version="1.0" encoding="UTF-8"?><RequestInfo>${fields.join('')}</RequestInfo>`
    const answer = await send('ReceiveRequestInfoByXml', xml, { 'content-type': 'text/xml' })
    expect(answer.type).toContain('xml')
    expect(answer.text).toContain('<ResultInfo><syscode>tes</syscode>')
    expect(answer.text).toContain('<operResult>1</operResult>')
    expect(await of(given.flowid)).toMatchObject([{ title: '报销 <1> & 2' }])
    const hostile = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><syscode>tes</syscode><requestname>&x;</requestname></a>`
    const refused = await send('ReceiveTodoRequestByXml', hostile, { 'content-type': 'text/xml' })
    expect([refused.status, refused.text]).toEqual([
      200,
      expect.stringContaining('<operResult>0</operResult>'),
    ])
    expect(refused.text).not.toContain('root:')
  })

  it('reads GBK, said or not, and what some senders take for JSON', async () => {
    const gbk = (text: string) => encodeGbk(text)
    const given = todo({ requestname: '请假' })
    await send('ReceiveRequestInfoByJson', gbk(JSON.stringify(given)), {
      'content-type': 'application/json; charset=GBK',
    })
    const silent = todo({ requestname: '请假' })
    await send('ReceiveRequestInfoByJson', gbk(JSON.stringify(silent)), { 'content-type': 'text/plain' })
    const quoted = todo({ requestname: '请假' })
    const pseudo = JSON.stringify(quoted).replaceAll('"', "'")
    await send('ReceiveRequestInfoByJson', pseudo)
    for (const one of [given, silent, quoted]) expect(await of(one.flowid)).toMatchObject([{ title: '请假' }])
    for (const body of ['{', '', '[1]', Buffer.from([0xff, 0xfe, 0x81]), '"x"'])
      expect((await send('ReceiveTodoRequestByJson', body)).json).toMatchObject({
        operResult: '0',
        operType: 'Check',
      })
  })

  it('speaks SOAP: JSON, XML and maps, and tells its WSDL', async () => {
    const soap = (operation: string, inner: string) =>
      oa.send(
        'services/OfsTodoDataWebService',
        `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:web="webservices.ofs.weaver.com.cn"><soapenv:Header/><soapenv:Body><web:${operation}>${inner}</web:${operation}></soapenv:Body></soapenv:Envelope>`,
        { 'content-type': 'text/xml;charset=UTF-8', soapaction: '""' },
      )
    const [one, two, three] = [todo(), todo(), todo()]
    const answer = await soap(
      'receiveRequestInfoByJson',
      `<web:in0>${JSON.stringify(one).replaceAll('&', '&amp;')}</web:in0>`,
    )
    expect(answer.text).toMatch(
      /<ns1:receiveRequestInfoByJsonResponse xmlns:ns1="webservices\.ofs\.weaver\.com\.cn"><ns1:out>\{.*&#34;operResult&#34;:&#34;1&#34;/,
    )
    const xml = `<a>${Object.entries(two)
      .map(([name, value]) => `<${name}>${String(value).replaceAll('&', '&amp;')}</${name}>`)
      .join('')}</a>`
    await soap('receiveTodoRequestByXml', `<in0><![CDATA[${xml}]]></in0>`)
    const entries = Object.entries(three).map(
      ([name, value]) =>
        `<entry><key>${name}</key><value>${String(value).replaceAll('&', '&amp;')}</value></entry>`,
    )
    expect(
      (await soap('receiveTodoRequestByMap', `<web:requestJson>${entries.join('')}</web:requestJson>`)).text,
    ).toContain('<ns1:key>operResult</ns1:key><ns1:value>1</ns1:value>')
    for (const given of [one, two, three]) expect(await stateOf(given.flowid)).toEqual(['open'])
    const gone = await soap(
      'deleteRequestInfoByXML',
      `<in0>&lt;a&gt;&lt;syscode&gt;tes&lt;/syscode&gt;&lt;flowid&gt;${one.flowid}&lt;/flowid&gt;&lt;/a&gt;</in0>`,
    )
    expect(gone.text).toContain('operResult&#62;1')
    const unknown = await soap('createUser', '<in0>x</in0>')
    expect([unknown.status, unknown.text]).toEqual([500, expect.stringContaining('faultstring')])
    const wsdl = await oa.get('services/OfsTodoDataWebService?wsdl')
    expect(wsdl.text).toContain('name="deleteUserRequestInfoByXML"')
    expect(wsdl.text).toContain('/services/OfsTodoDataWebService"')
  })

  it('finds the to-do of EAS, whose done-call has the node where the system belongs', async () => {
    const given = todo({ syscode: 'EAS' })
    await send('ReceiveRequestInfoByJson', given)
    const { flowid, requestname, workflowname } = given
    const done = { syscode: '部门经理审批', flowid, requestname, workflowname, receiver: 'zhangsan' }
    expect((await results('ProcessDoneRequestByJson', done))[1]).toBe('1')
    expect(await stateOf(flowid)).toEqual(['done'])
  })
})

describe('what is not understood', () => {
  it('is kept with why, counted when it comes again, and replayed when the address book has the person', async () => {
    const own = await newSource(world, { kind: 'weaver', match: 'email' })
    const given = todo({ receiver: 'new.person@example.com', creator: '', pcurl: 'https://oa.example.com/7' })
    for (let time = 0; time < 3; time++) await own.send('rest/ofs/ReceiveTodoRequestByJson', given)
    const done = { ...given, receivets: '1693554309000' }
    await own.send('rest/ofs/ProcessDoneRequestByJson', done)
    expect(await own.unrecognised()).toMatchObject([
      { reason: 'unknownReceiver', about: 'new.person@example.com', times: 3, call: 'ReceiveTodoRequest' },
      { reason: 'unknownReceiver', times: 1, call: 'ProcessDoneRequest' },
    ])
    const all = { sourceId: own.id, reason: undefined, words: '', isWithoutWaiting: false }
    expect(await replayAll(world.ctx, 'test', world.corpId, all)).toEqual({ applied: 0, left: 2 })
    await world.ctx.db
      .updateTable('member')
      .set({ email: 'New.Person@example.com' })
      .where('corp_id', '=', world.corpId)
      .where('user_key', '=', 'zhangsan')
      .execute()
    expect(await replayAll(world.ctx, 'test', world.corpId, all)).toEqual({ applied: 2, left: 0 })
    expect(await own.todos()).toMatchObject([{ userId: 'zhangsan', state: 'done' }])
    expect(await own.unrecognised()).toEqual([])
  })
})

it('who has left still ends what they had, and gets nothing new', async () => {
  const given = todo({ receiver: 'wangwu' })
  await send('ReceiveRequestInfoByJson', given)
  await world.admin('user/delete', { userid: 'wangwu' })
  await world.sync()
  expect((await results('ReceiveTodoRequestByJson', todo({ receiver: 'wangwu' })))[2]).toContain(
    '检测接收人不存在',
  )
  expect((await results('ProcessDoneRequestByJson', { ...given, receivets: '1693554309000' }))[1]).toBe('1')
  expect(await stateOf(given.flowid)).toEqual(['done'])
})
