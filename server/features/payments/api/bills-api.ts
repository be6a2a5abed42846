import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { listedMember, type View, viewOf } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  type Field,
  objectSchema,
  optionalChoice,
  optionalInteger,
  optionalText,
  readObject,
  text,
} from '../../../platform/http/input.ts'
import type { Words } from '../../../platform/http/words.ts'
import type { Offered } from '../../../platform/manifest/offered.ts'
import type { Apps } from '../../apps/catalog.ts'
import { billsAtMost, createBills, findBill } from '../bills/bills.ts'
import { billFields } from '../bills/content.ts'
import { developerAsCreator, reachOf } from '../bills/creator.ts'
import { type Bill, listBills, transactionIdsOf } from '../bills/store.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { closeBill } from '../orders/close-bill.ts'

type Needs = Core & { mirrors: Mirrors }

/** What a creator gets back, which never changes, so that a repetition is answered with the same. */
const createdSchema = Type.Object({
  billId: Type.String({ about: { zh: '账单 id', en: 'Id of the bill' } }),
  billNo: Type.String({ about: { zh: '账单号', en: 'Number of the bill' } }),
  userId: Type.String({
    about: { zh: '创建时付款成员的 userId', en: 'userId of the payer when the bill was made' },
  }),
  userName: Type.String({
    about: { zh: '创建时付款成员的姓名', en: 'Name of the payer when the bill was made' },
  }),
  title: Type.String({ about: { zh: '名称', en: 'Name' } }),
  amount: Type.Integer({ about: { zh: '金额，单位分', en: 'Amount in fen' } }),
  createdAt: Type.String({ about: { zh: '创建时间', en: 'Made at' } }),
})

function createdWire({ id, billNo, payerUserId, payerName, title, amount, createdAt }: Bill) {
  const payer = { userId: payerUserId, userName: payerName }
  return { billId: String(id), billNo, ...payer, title, amount, createdAt: createdAt.toISOString() }
}

type Unread = Field<unknown, unknown, false, Words>

/** Read by `createBills`, as everywhere. */
function unread({ about, schema }: Pick<Unread, 'about' | 'schema'>): Unread {
  return { about, schema, required: false, read: value => value, missing: () => undefined }
}

const severalBills = {
  zh: '多个账单，此时不填其余字段',
  en: 'Several bills; the other fields are empty then',
}

const sample: Static<typeof createdSchema> = {
  billId: '1024',
  billNo: '2026-11-0001',
  userId: 'zhangsan',
  userName: '张三',
  title: '11 月餐费',
  amount: 12_850,
  createdAt: '2026-11-25T02:00:00.000Z',
}

export const createBill = endpoint({
  methods: ['POST'],
  path: '/api/pay/bill/create',
  section: 'wisp',
  summary: { zh: '创建账单', en: 'Make a bill' },
  description: {
    zh: '一个账单，或用 list 一次创建最多 500 个，全部成功或全部不创建，出错时指出是第几个。金额为整数分。同一开发者的 billNo 相同、内容相同时返回原来的账单，不重复创建；内容不同返回 1000。',
    en: 'One bill, or up to 500 as list, all or none; an error says which one it is about. Amounts are whole fen. The same billNo of a developer with the same content gives the bill that is there; with another content 1000.',
  },
  access: { by: 'developer', scope: 'pay:write' },
  directory: true,
  input: {
    list: unread({
      about: severalBills,
      schema: Type.Array(objectSchema(billFields), { maxItems: billsAtMost, about: severalBills }),
    }),
    ...(Object.fromEntries(
      Object.entries(billFields).map(([name, field]) => [name, unread(field)]),
    ) as Record<keyof typeof billFields, Unread>),
  },
  logged: ['billNo', 'userId'],
  output: Type.Union([createdSchema, Type.Object({ list: Type.Array(createdSchema) })]),
  errors: ['unknownMember'],
  sample,
  sampleInput: { billNo: 'try-{unique}', userId: '{userId}', title: '试一试', amount: 1 },
  async handle(
    ctx: Needs & { apps: Apps; corps: Corps; merchants: Merchants; offered: Offered },
    { given, developer },
  ) {
    const creator = developerAsCreator(ctx, developer)
    const { list } = given
    if (list === undefined || list === null || list === '') {
      const [bill] = await createBills(ctx, creator, [given], [''])
      return createdWire(bill!)
    }
    if (!Array.isArray(list))
      throw new ApiError('badParameter', { zh: 'list 应为数组', en: 'list should be an array' })
    const bills = list.map((one, index) => readObject(one, `list[${index}]`))
    return { list: (await createBills(ctx, creator, bills)).map(createdWire) }
  },
})

const billSchema = Type.Object({
  ...createdSchema.properties,
  userId: Type.String({ about: { zh: '付款成员现在的 userId', en: 'userId of the payer now' } }),
  userName: Type.String({ about: { zh: '付款成员现在的姓名', en: 'Name of the payer now' } }),
  items: Type.Array(
    Type.Object({
      name: Type.String({ about: { zh: '名称', en: 'Name' } }),
      amount: Type.Integer({ about: { zh: '单价，单位分', en: 'Price of one in fen' } }),
      quantity: Type.Integer({ about: { zh: '数量', en: 'How many' } }),
    }),
    { about: { zh: '明细', en: 'Items' } },
  ),
  dueAt: Type.String({ about: { zh: '到期时间', en: 'Due at' } }),
  remark: Type.String({ about: { zh: '备注', en: 'Remark' } }),
  attachmentUrl: Type.String({ about: { zh: '附件链接', en: 'Link to the attachment' } }),
  mchId: Type.String({
    about: { zh: '指定的商户号；默认商户为空', en: 'Merchant; empty for the default one' },
  }),
  state: Type.Enum(['open', 'paid', 'closed'], {
    about: { zh: 'open 待付款；paid 已付款；closed 已关闭', en: 'open; paid; closed' },
  }),
  refunded: Type.Integer({ about: { zh: '已退款金额，单位分', en: 'Refunded, in fen' } }),
  transactionId: Type.String({
    about: { zh: '微信支付订单号，付款后才有', en: 'Transaction id of WeChat Pay, once paid' },
  }),
  toldAt: Type.String({ about: { zh: '通知付款人的时间', en: 'Payer told at' } }),
  seenAt: Type.String({ about: { zh: '付款人首次查看的时间', en: 'First seen by the payer at' } }),
  paidAt: Type.String({ about: { zh: '付款时间', en: 'Paid at' } }),
  closedAt: Type.String({ about: { zh: '关闭时间', en: 'Closed at' } }),
})
type BillView = Static<typeof billSchema>

/** The payer as they are called now, as long as they are in the address book. */
export function billWire(view: View, bill: Bill, transactionId: string): BillView {
  const { payerId, items, remark, attachmentUrl, mchId, state, refunded } = bill
  const payer = payerId === null ? undefined : view.mirror.members.byId(payerId)
  const when = (at: Date | null) => at?.toISOString() ?? ''
  return {
    ...createdWire(bill),
    ...(payer ? { userId: payer.userId, userName: payer.name } : {}),
    ...{ items, remark, attachmentUrl, mchId, state, refunded, transactionId },
    dueAt: when(bill.dueAt),
    toldAt: when(bill.toldAt),
    seenAt: when(bill.seenAt),
    paidAt: when(bill.paidAt),
    closedAt: when(bill.closedAt),
  }
}

const billSample: BillView = {
  ...sample,
  items: [{ name: '午餐', amount: 2570, quantity: 5 }],
  dueAt: '2026-12-10T16:00:00.000Z',
  remark: '',
  attachmentUrl: '',
  mchId: '',
  state: 'paid',
  refunded: 0,
  transactionId: '4200001234202611251234567890',
  toldAt: '2026-11-25T02:00:01.000Z',
  seenAt: '2026-11-25T02:10:00.000Z',
  paidAt: '2026-11-25T02:11:00.000Z',
  closedAt: '',
}

const billNo = text({ zh: '账单号', en: 'Number of the bill' }, { max: 64 })

export const closeBillCall = endpoint({
  methods: ['POST'],
  path: '/api/pay/bill/close',
  section: 'wisp',
  summary: { zh: '关闭账单', en: 'Close a bill' },
  description: {
    zh: '待付款的账单关闭后不能再付款。付款人正在付款时，先向微信支付查询并关闭其订单；已付款的账单返回 1000。已关闭的再次关闭仍返回成功。',
    en: 'A closed bill cannot be paid any more. When its payer is paying, WeChat Pay is asked and the order closed first; a paid bill gives 1000. To close a closed bill succeeds.',
  },
  access: { by: 'developer', scope: 'pay:write' },
  directory: true,
  input: { billNo },
  logged: ['billNo'],
  output: Type.Object({ billNo: Type.String(), state: Type.Enum(['closed']) }),
  errors: ['upstream'],
  sample: { billNo: sample.billNo, state: 'closed' },
  sampleInput: { billNo: '{billNo}' },
  async handle(ctx: Needs & { merchants: Merchants }, { input, developer }) {
    const { corpId, devId } = developer
    const reach = reachOf(viewOf(ctx, developer))
    const { id, billNo } = await findBill(ctx, corpId, { devId, billNo: input.billNo }, reach)
    await closeBill(ctx, { corpId, actor: `developer:${devId}` }, id)
    return { billNo, state: 'closed' as const }
  },
})

export const getBill = endpoint({
  methods: ['GET'],
  path: '/api/pay/bill/get',
  section: 'wisp',
  summary: { zh: '查询账单', en: 'Get a bill' },
  description: {
    zh: '只能查询自己创建的、付款人在数据范围内的账单。',
    en: 'Only bills that you made and whose payer is within your data scope.',
  },
  access: { by: 'developer', scope: 'pay:read' },
  directory: true,
  input: { billNo },
  logged: ['billNo'],
  output: billSchema,
  errors: [],
  sample: billSample,
  sampleInput: { billNo: '{billNo}' },
  async handle(ctx: Needs, { input, developer }) {
    const { corpId, devId } = developer
    const view = viewOf(ctx, developer)
    const bill = await findBill(ctx, corpId, { devId, billNo: input.billNo }, reachOf(view))
    const transactions = await transactionIdsOf(ctx.db, [bill])
    return billWire(view, bill, transactions.get(bill.id) ?? '')
  },
})

export const listBillsCall = endpoint({
  methods: ['GET'],
  path: '/api/pay/bill/list',
  section: 'wisp',
  summary: { zh: '账单列表', en: 'List bills' },
  description: {
    zh: '自己创建的、付款人在数据范围内的账单，新的在前。',
    en: 'Bills that you made and whose payer is within your data scope, new ones first.',
  },
  access: { by: 'developer', scope: 'pay:read' },
  directory: true,
  input: {
    userId: optionalText({ zh: '付款成员', en: 'Payer' }, { max: 64 }),
    state: optionalChoice({ zh: '状态', en: 'State' }, ['open', 'paid', 'closed']),
    pageNo: optionalInteger({ zh: '页码，从 1 起', en: 'Page, from 1' }, { min: 1, max: 1_000_000 }),
    pageSize: optionalInteger(
      { zh: '每页条数，默认 50', en: 'How many a page; 50 by default' },
      { min: 1, max: 1000 },
    ),
  },
  logged: ['userId', 'state', 'pageNo', 'pageSize'],
  output: Type.Object({
    list: Type.Array(billSchema),
    total: Type.Integer({ about: { zh: '总数', en: 'How many in all' } }),
  }),
  errors: ['unknownMember'],
  sample: { list: [billSample], total: 1 },
  sampleInput: { pageNo: 1, pageSize: 20 },
  async handle(ctx: Needs, { input, developer }) {
    const { userId, state, pageNo = 1, pageSize = 50 } = input
    const { corpId, devId } = developer
    const view = viewOf(ctx, developer)
    const payerId = userId === undefined ? undefined : (await listedMember(ctx, developer, userId)).id
    const { list, total } = await listBills(
      ctx.db,
      corpId,
      { devId, payerId, state, reach: reachOf(view) },
      { by: 'createdAt', descending: true },
      { limit: pageSize, offset: (pageNo - 1) * pageSize, now: new Date(ctx.now()) },
    )
    const transactions = await transactionIdsOf(ctx.db, list)
    return { list: list.map(bill => billWire(view, bill, transactions.get(bill.id) ?? '')), total }
  },
})
