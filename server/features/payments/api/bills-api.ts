import { type Static, Type } from 'typebox'
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
  billId: Type.String({ description: '账单 id' }),
  billNo: Type.String({ description: '账单号' }),
  userId: Type.String({ description: '创建时付款成员的 userId' }),
  userName: Type.String({ description: '创建时付款成员的姓名' }),
  title: Type.String({ description: '名称' }),
  amount: Type.Integer({ description: '金额，单位分' }),
  createdAt: Type.String({ description: '创建时间' }),
})

function createdWire({ id, billNo, payerUserId, payerName, title, amount, createdAt }: Bill) {
  const payer = { userId: payerUserId, userName: payerName }
  return { billId: String(id), billNo, ...payer, title, amount, createdAt: createdAt.toISOString() }
}

/** Read by `createBills`, as everywhere. */
function unread(schema: Field<unknown>['schema']): Field<unknown, unknown, false> {
  return { schema, required: false, read: value => value, missing: () => undefined }
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
  summary: '创建账单',
  description:
    '一个账单，或用 list 一次创建最多 500 个，全部成功或全部不创建，出错时指出是第几个。金额为整数分。同一开发者的 billNo 相同、内容相同时返回原来的账单，不重复创建；内容不同返回 1000。',
  access: { by: 'developer', scope: 'pay:write' },
  directory: true,
  input: {
    list: unread(
      Type.Array(objectSchema(billFields), {
        maxItems: billsAtMost,
        description: '多个账单，此时不填其余字段',
      }),
    ),
    ...(Object.fromEntries(
      Object.entries(billFields).map(([name, { schema }]) => [name, unread(schema)]),
    ) as Record<keyof typeof billFields, Field<unknown, unknown, false>>),
  },
  logged: ['billNo', 'userId'],
  output: Type.Union([createdSchema, Type.Object({ list: Type.Array(createdSchema) })]),
  errors: ['unknownMember'],
  sample,
  sampleInput: { billNo: 'try-{unique}', userId: '{userId}', title: '试一试', amount: 1 },
  async handle(ctx: Needs & { apps: Apps; merchants: Merchants }, { given, developer }) {
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
  userId: Type.String({ description: '付款成员现在的 userId' }),
  userName: Type.String({ description: '付款成员现在的姓名' }),
  items: Type.Array(
    Type.Object({
      name: Type.String({ description: '名称' }),
      amount: Type.Integer({ description: '单价，单位分' }),
      quantity: Type.Integer({ description: '数量' }),
    }),
    { description: '明细' },
  ),
  dueAt: Type.String({ description: '到期时间' }),
  remark: Type.String({ description: '备注' }),
  attachmentUrl: Type.String({ description: '附件链接' }),
  mchId: Type.String({ description: '指定的商户号；默认商户为空' }),
  state: Type.Enum(['open', 'paid', 'closed'], { description: 'open 待付款；paid 已付款；closed 已关闭' }),
  refunded: Type.Integer({ description: '已退款金额，单位分' }),
  transactionId: Type.String({ description: '微信支付订单号，付款后才有' }),
  toldAt: Type.String({ description: '通知付款人的时间' }),
  seenAt: Type.String({ description: '付款人首次查看的时间' }),
  paidAt: Type.String({ description: '付款时间' }),
  closedAt: Type.String({ description: '关闭时间' }),
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

const billNo = text('账单号', { max: 64 })

export const closeBillCall = endpoint({
  methods: ['POST'],
  path: '/api/pay/bill/close',
  section: 'wisp',
  summary: '关闭账单',
  description:
    '待付款的账单关闭后不能再付款。付款人正在付款时，先向微信支付查询并关闭其订单；已付款的账单返回 1000。已关闭的再次关闭仍返回成功。',
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
  summary: '查询账单',
  description: '只能查询自己创建的、付款人在数据范围内的账单。',
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
  summary: '账单列表',
  description: '自己创建的、付款人在数据范围内的账单，新的在前。',
  access: { by: 'developer', scope: 'pay:read' },
  directory: true,
  input: {
    userId: optionalText('付款成员', { max: 64 }),
    state: optionalChoice('状态', ['open', 'paid', 'closed']),
    pageNo: optionalInteger('页码，从 1 起', { min: 1, max: 1_000_000 }),
    pageSize: optionalInteger('每页条数，默认 50', { min: 1, max: 1000 }),
  },
  logged: ['userId', 'state', 'pageNo', 'pageSize'],
  output: Type.Object({ list: Type.Array(billSchema), total: Type.Integer({ description: '总数' }) }),
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
