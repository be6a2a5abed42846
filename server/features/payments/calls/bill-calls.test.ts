import { strToU8, zipSync } from 'fflate'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { readTable } from '../../../platform/http/tables/read-table.ts'
import { markPaid } from '../bills/state-store.ts'
import { lookedAtMost } from '../bills/store.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'

const calls = '/web/payments/bills'

let world: World
let dev: Caller
let system: SignedInClient
let graded: SignedInClient
/** Somebody in the graded administrator's department, and somebody who is in none of theirs. */
let inside: string
let viewed: string
beforeAll(async () => {
  world = await startWorld({ members: 40 })
  await connectMerchant(world)
  dev = await world.addDeveloper({ name: '食堂', scopes: ['pay:read', 'pay:write'] })
  system = await signInAs(world, 'system')
  const { tree, members } = world.ctx.mirrors.of(world.corpId)
  const own = members.byKey('zhangsan')?.departments ?? []
  const away = tree.order.filter(
    node => node.children.length === 0 && !own.includes(node.department.id) && activeIn(node.department.id),
  )
  const [managed, seen] = away.map(node => node.department.id)
  inside = activeIn(managed ?? 0)
  viewed = activeIn(seen ?? 0)
  graded = await signInAs(world, 'graded', 'lisi', [
    { departmentId: managed ?? 0, manage: true },
    { departmentId: seen ?? 0, manage: false },
  ])
})
afterAll(() => world.close())

function activeIn(departmentId: number): string {
  const { members } = world.ctx.mirrors.of(world.corpId)
  const alone = (userId: string) => members.byKey(userId.toLowerCase())?.departments.length === 1
  return members.direct(departmentId).find(one => one.status === 1 && alone(one.userId))?.userId ?? ''
}

let count = 0
const bill = (change: object = {}) => ({
  billNo: `C-${++count}`,
  userId: 'zhangsan',
  title: '餐费',
  amount: 1280,
  ...change,
})
const list = async (query: Record<string, string | number> = {}, as = system) =>
  (await as.get(calls, query)).body

describe('the list of bills', () => {
  it('is searched, filtered, sorted and divided into pages', async () => {
    const made = [
      bill({ title: '一月房租', amount: 300_000, dueAt: '2020-01-10T00:00:00Z' }),
      bill({ title: '二月房租', amount: 310_000, userId: inside }),
      bill({ title: '押金', amount: 100 }),
    ]
    await dev.post('/api/pay/bill/create', { list: made })
    const numbers = async (query: Record<string, string | number>) =>
      (await list(query)).list.map((one: { billNo: string }) =>
        made.findIndex(({ billNo }) => billNo === one.billNo),
      )
    expect(await numbers({ text: '房租' })).toEqual([1, 0])
    expect(await numbers({ text: made[2]?.billNo ?? '' })).toEqual([2])
    expect(await numbers({ text: '张三', sort: 'amount' })).toEqual([2, 0])
    expect(await numbers({ userId: inside })).toEqual([1])
    expect(await numbers({ state: 'overdue' })).toEqual([0])
    expect(await numbers({ developer: dev.devId, sort: '-amount', pageSize: 2, pageNo: 2 })).toEqual([2])
    expect(await numbers({ mchId: '1900000001' })).toEqual([])
    expect(await numbers({ to: '2020-01-01T00:00:00Z' })).toEqual([])
    expect((await list({ text: '房租' })).total).toBe(2)
    expect((await list({ text: '一月' })).list[0]).toMatchObject({
      developer: '食堂',
      userName: '张三',
      isOverdue: true,
      state: 'open',
      hasLeft: false,
    })
  })

  it('is searched by a whole number beyond the newest bills, and by parts in these alone', async () => {
    const { db } = world.ctx
    const [oldest, newest] = [bill({ billNo: 'OLD-2019-1' }), 'NEW-']
    await dev.post('/api/pay/bill/create', { list: [oldest] })
    await sql`insert into pay_bill (corp_id, dev_id, bill_no, content_hash, payer_user_id, payer_name, title, amount, created_at)
      select ${world.corpId}, ${dev.devId}, ${newest} || n, '', '', '', '', 1, now() from generate_series(1, ${lookedAtMost}) n`.execute(
      db,
    )
    expect(await list({ text: 'OLD-2019-1' })).toMatchObject({ total: 1, list: [{ billNo: 'OLD-2019-1' }] })
    expect(await list({ text: 'OLD-2019-1', state: 'paid' })).toMatchObject({ total: 0 })
    expect(await list({ text: 'OLD-2019' })).toMatchObject({ total: 0 })
    expect(await list({ text: 'new-' })).toMatchObject({ total: lookedAtMost })
    await sql`delete from pay_bill where starts_with(bill_no, ${newest}) or bill_no = ${oldest.billNo}`.execute(
      db,
    )
  })

  it('comes as a file, in yuan', async () => {
    const response = await fetch(
      `${world.server.url}${calls}/export?text=${encodeURIComponent('一月房租')}`,
      {
        headers: { cookie: system.cookie },
      },
    )
    const [, line] = (await response.text()).split('\r\n')
    expect(line).toMatch(/^C-\d+,zhangsan,张三,一月房租,3000\.00,待付款,0\.00,食堂,/)
  })

  it('is added up by state, day, payer and developer', async () => {
    const { body } = await system.post(`${calls}/create`, bill({ title: '已付', amount: 500 }))
    await markPaid(world.ctx.db, world.corpId, [body.id], { orderId: 0, paidAt: new Date() })
    const totals = async (by: string, more = {}) =>
      (await system.get(`${calls}/totals`, { by, ...more })).body.list
    expect(await totals('state')).toMatchObject([
      { key: 'open', bills: 3, amount: 610_100, open: 610_100, paid: 0 },
      { key: 'paid', bills: 1, amount: 500, open: 0, paid: 500, refunded: 0 },
    ])
    expect(await totals('day')).toMatchObject([{ key: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), bills: 4 }])
    expect(await totals('payer')).toMatchObject([
      { amount: 310_000 },
      { name: '张三', userId: 'zhangsan', amount: 300_600, paid: 500 },
    ])
    expect(await totals('developer')).toMatchObject([
      { name: '食堂', bills: 3 },
      { key: '', bills: 1 },
    ])
    expect(await totals('merchant', { state: 'paid' })).toMatchObject([{ key: '', bills: 1, paid: 500 }])
  })
})

describe('a bill in the console', () => {
  it('is made, shown with its timeline, and closed', async () => {
    const given = bill({ items: [{ name: '午餐', amount: 640, quantity: 2 }], notify: '1', remark: '备注' })
    const { body } = await system.post(`${calls}/create`, given)
    expect((await system.post(`${calls}/create`, given)).body.id).toBe(body.id)
    const shown = () => system.get('/web/payments/bill', { id: body.id })
    expect((await shown()).body).toMatchObject({
      billNo: given.billNo,
      createdBy: 'admin',
      mayClose: true,
      remark: '备注',
      transactionId: '',
      items: [{ name: '午餐', amount: 640, quantity: 2 }],
    })
    expect((await system.post(`${calls}/close`, { id: body.id })).body.state).toBe('closed')
    const { timeline, mayClose } = (await shown()).body
    expect(mayClose).toBe(false)
    const acts = timeline.filter((one: { kind: string }) => one.kind !== 'told')
    expect(acts).toMatchObject([
      { kind: 'created', who: 'admin' },
      { kind: 'closed', who: 'admin' },
    ])
    expect((await system.post(`${calls}/close`, { id: 999_999 })).retMessage).toContain('没有账单 999999')
    const acted = await world.ctx.db
      .selectFrom('audit')
      .select(['act', 'target'])
      .where('target', '=', given.billNo)
      .execute()
    expect(acted.map(one => one.act)).toEqual(['pay.bill.create', 'pay.bill.close'])
  })
})

it('is made and filtered by what there is', async () => {
  const { body } = await graded.get(`${calls}/choices`)
  expect(body.developers).toContainEqual({ devId: dev.devId, name: '食堂' })
  expect(body.channels).toContainEqual({ name: 'wecom', label: '企业微信' })
  expect(body.merchants).toHaveLength(1)
})

describe('a graded administrator', () => {
  it('sees the bills of their members, and bills and closes those of members whom they manage', async () => {
    const [own, other, foreign] = [bill({ userId: inside }), bill({ userId: viewed }), bill()]
    const made = await dev.post('/api/pay/bill/create', { list: [own, other, foreign] })
    const [ownId, otherId, foreignId] = made.body.list.map((one: { billId: string }) => Number(one.billId))
    const seen = (await list({}, graded)).list.map((one: { userId: string }) => one.userId)
    expect(new Set(seen)).toEqual(new Set([inside, viewed]))
    expect((await graded.get('/web/payments/bill', { id: ownId })).body.mayClose).toBe(true)
    expect((await graded.get('/web/payments/bill', { id: otherId })).body.mayClose).toBe(false)
    expect((await graded.get('/web/payments/bill', { id: foreignId })).retMessage).toContain('没有账单')
    expect((await graded.post(`${calls}/create`, bill())).retCode).toBe('1007')
    expect((await graded.post(`${calls}/create`, bill({ userId: viewed }))).retCode).toBe('1007')
    expect((await graded.post(`${calls}/create`, bill({ userId: inside }))).retCode).toBe('0')
    expect((await graded.post(`${calls}/close`, { id: otherId })).status).toBe(403)
    expect((await graded.post(`${calls}/close`, { id: foreignId })).retMessage).toContain('没有账单')
    expect((await graded.post(`${calls}/close`, { id: ownId })).body.state).toBe('closed')
    const totals = (await graded.get(`${calls}/totals`, { by: 'payer' })).body.list
    expect(totals).toHaveLength(2)
    expect((await graded.get(calls, { userId: 'zhangsan' })).retCode).toBe('1007')
  })
})

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')
const preview = (content: string, as = system) => as.post(`${calls}/import-preview`, { content })
const apply = async (content: string, as = system) => {
  const { token } = (await preview(content, as)).body
  return as.post(`${calls}/import-apply`, { content, token, fileName: '账单.csv' })
}

describe('an import', () => {
  it('makes 1,000 bills once, and says of a repetition that they are there', async () => {
    const lines = Array.from(
      { length: 1000 },
      (_one, at) => `I-${at},zhangsan,学费 ${at},${at + 1}.5,2027-01-31`,
    )
    const content = base64(`账单号,账号,名称,金额（元）,到期日\n${lines.join('\n')}`)
    const counts = { rows: 1000, known: 0, wrong: 0, created: 1000, amount: 50_100_000 }
    expect((await preview(content)).body).toMatchObject({
      counts,
      file: { format: 'UTF-8', ignoredColumns: [] },
      first: expect.arrayContaining([
        expect.objectContaining({ billNo: 'I-0', amount: 150, outcome: 'new' }),
      ]),
    })
    expect((await list({ text: '学费' })).total).toBe(0)
    const applied = await apply(content)
    expect(applied.body.counts).toEqual(counts)
    expect(applied.body.report.split('\r\n')[1]).toBe('2,I-0,zhangsan,张三,学费 0,1.50,已创建,')
    expect((await list({ text: '学费' })).total).toBe(1000)
    expect((await list({ text: 'I-7', sort: 'amount', pageSize: 1 })).list[0]).toMatchObject({
      dueAt: '2027-01-31T15:59:59.000Z',
    })
    expect((await apply(content)).body.counts).toMatchObject({ created: 0, known: 1000, amount: 0 })
    expect((await list({ text: '学费' })).total).toBe(1000)
  })

  it('makes the good lines, and says what is wrong with each of the others', async () => {
    const rows = [
      'J-1,zhangsan,书费,"1,280.50"',
      'J-2,nobody,书费,1',
      'J-3,zhangsan,书费,1.234',
      'J-4,zhangsan,书费,0',
      'J-5,zhangsan,书费,1e3',
      'J-6,zhangsan,,1',
      'J-1,zhangsan,书费,2',
      'I-0,zhangsan,别的,1',
      'J-7,zhangsan,书费,¥ 12',
      ',zhangsan,书费,1',
      'J-8,zhangsan,书费📚,1',
    ]
    const content = base64(`账单号,账号,名称,金额\n${rows.join('\n')}`)
    const { body } = await preview(content)
    expect(body.counts).toMatchObject({ rows: 11, created: 2, wrong: 9, amount: 129_250 })
    expect(body.problems.map((one: { line: number; why: string }) => `${one.line} ${one.why}`)).toEqual([
      '3 无效的用户 id: 账号 nobody',
      '4 金额 应为金额（元），最多两位小数，收到 1.234',
      '5 金额 应为 1 到 2147483647 的整数，单位为分',
      '6 金额 应为金额（元），最多两位小数，收到 1e3',
      '7 没有填写 名称',
      '8 账单号 J-1 已用于内容不同的账单，没有创建；新账单请换一个编号',
      '9 账单号 I-0 已用于内容不同的账单，没有创建；新账单请换一个编号',
      '11 没有填写 账单号',
      '12 名称 不能含有表情符号，微信支付不接受',
    ])
    expect((await apply(content)).body.counts).toMatchObject({ created: 2, wrong: 9 })
    expect((await list({ text: '书费' })).list.map((one: { amount: number }) => one.amount)).toEqual([
      1200, 128_050,
    ])
  })

  it('reads the first sheet of an Excel workbook', async () => {
    const { body } = await preview(base64(workbook()))
    expect(body.file.format).toBe('Excel')
    expect(body.problems).toEqual([])
    expect(body.first).toEqual([
      {
        line: 2,
        billNo: 'X-1',
        userId: 'zhangsan',
        userName: '张三',
        title: '水电 & 网',
        amount: 30,
        dueAt: '2027-01-31',
        outcome: 'new',
      },
      {
        line: 4,
        billNo: '1002',
        userId: 'zhangsan',
        userName: '张三',
        title: '物业',
        amount: 128_050,
        dueAt: '2027-01-31 18:30:00',
        outcome: 'new',
      },
    ])
    expect((await apply(base64(workbook()))).body.counts).toMatchObject({ created: 2 })
    expect((await list({ text: '物业' })).list[0]).toMatchObject({ dueAt: '2027-01-31T10:30:00.000Z' })
  })

  it('holds up nobody while it reads a workbook', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const { rows } = await readTable(Buffer.from(workbook()), { names: {}, key: '', recordsAtMost: 10 })
    clearInterval(timer)
    expect(rows).toHaveLength(3)
    expect(turns).toBeGreaterThan(0)
  })

  it.each([
    ['amounts in fen', base64('账单号,账号,名称,金额（分）\n1,zhangsan,a,3'), '应以元为单位'],
    ['nothing below', base64('账单号,账号,名称,金额'), '表头下面没有数据'],
    ['a damaged workbook', base64(Buffer.from('PK\x03\x04 nothing')), '无法读取这个 Excel 工作簿'],
    ['what unpacks to too much', base64(bomb()), '工作簿太大'],
    ['no base64', '!', 'content 应为 base64'],
  ])('refuses %s', async (_what, content, why) => {
    expect((await preview(content)).retMessage).toContain(why)
  })

  it.each([
    ['no header', 'a,b\n1,2', '没有找到表头'],
    ['a column that is missing', '账单号,账号,金额\n1,2,3', '表头中没有“名称”一列'],
  ])('says that there is %s, and applies no such file', async (_what, text, why) => {
    const { file, token } = (await preview(base64(text))).body
    expect(file.lacking).toContain(why)
    const applied = await system.post(`${calls}/import-apply`, { content: base64(text), token })
    expect(applied.retMessage).toContain(why)
  })

  it('takes the columns that were chosen', async () => {
    const content = base64(`流水,学号,事由说明,价钱,价钱（分）\nM-1,${inside},学费,12.5,1250`)
    const read = (amount: number) =>
      system.post(`${calls}/import-preview`, {
        content,
        columns: { billNo: 0, userId: 1, title: 2, amount },
      })
    const { body } = await read(3)
    expect(body.first).toMatchObject([{ billNo: 'M-1', userId: inside, title: '学费', amount: 1250 }])
    expect((await read(4)).retMessage).toContain('应以元为单位')
  })

  it('takes no other file than the one that was previewed, nor from somebody else', async () => {
    const [one, other] = ['K-1', 'K-2'].map(no => base64(`账单号,账号,名称,金额\n${no},${inside},a,1`))
    const { token } = (await preview(one ?? '')).body
    for (const [content, as] of [
      [other, system],
      [one, graded],
    ] as const)
      expect((await as.post(`${calls}/import-apply`, { content, token })).retMessage).toContain(
        '文件与预览的不同',
      )
  })

  it('is for a graded administrator limited to members whom they manage', async () => {
    const content = base64(`账单号,账号,名称,金额\nL-1,${inside},a,1\nL-2,zhangsan,a,1`)
    expect((await apply(content, graded)).body.counts).toMatchObject({ created: 1, wrong: 1 })
  })

  it('has a template that can be imported', async () => {
    const response = await fetch(`${world.server.url}${calls}/import-template`, {
      headers: { cookie: system.cookie },
    })
    const { body } = await preview(base64(new Uint8Array(await response.arrayBuffer())))
    expect(body.counts).toMatchObject({ rows: 1, created: 1, amount: 12_850 })
  })
})

/** As Excel writes it: shared and inline texts, numbers from a calculation, dates by style, an empty line. */
function workbook(): Uint8Array {
  const part = (xml: string) => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${xml}`)
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
  const texts = ['账单号', '账号', '名称', '金额（元）', '到期日', 'X-1', 'zhangsan', '水电 &amp; 网']
  const cell = (at: string, n: number) => `<c r="${at}" t="s"><v>${n}</v></c>`
  return zipSync({
    'xl/workbook.xml': part(
      `<workbook ${main} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="账单" sheetId="1" r:id="rId7"/><sheet name="其他" sheetId="2" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': part(
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId7" Target="worksheets/sheet2.xml"/></Relationships>',
    ),
    'xl/sharedStrings.xml': part(
      `<sst ${main}>${texts.map(text => `<si><t xml:space="preserve">${text}</t></si>`).join('')}</sst>`,
    ),
    'xl/styles.xml': part(
      `<styleSheet ${main}><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot; hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/></cellXfs></styleSheet>`,
    ),
    'xl/worksheets/sheet1.xml': part(`<worksheet ${main}><sheetData/></worksheet>`),
    'xl/worksheets/sheet2.xml': part(
      `<worksheet ${main}><sheetData>` +
        `<row r="1">${['A1', 'B1', 'C1', 'D1', 'E1'].map(cell).join('')}</row>` +
        `<row r="2">${cell('A2', 5)}${cell('B2', 6)}${cell('C2', 7)}<c r="D2"><v>0.30000000000000004</v></c><c r="E2" s="1"><v>46418</v></c></row>` +
        '<row r="3"><c r="A3" s="1"/></row>' +
        `<row r="4"><c r="A4"><v>1002</v></c>${cell('B4', 6)}<c r="C4" t="inlineStr"><is><r><t>物</t></r><r><t>业</t></r></is></c><c r="D4"><v>1280.5</v></c><c r="E4" s="2"><v>46418.770833333336</v></c></row>` +
        '</sheetData></worksheet>',
    ),
  })
}

/** Small as a file, and huge when it is unpacked. */
function bomb(): Uint8Array {
  return zipSync({ 'xl/workbook.xml': new Uint8Array(20_000_000) })
}
