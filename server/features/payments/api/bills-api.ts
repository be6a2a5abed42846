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
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Words } from '../../../platform/words.ts'
import type { Apps } from '../../apps/catalog.ts'
import { billSchema, createdSchema, sampleBill, sampleCreated } from '../bills/bill-schema.ts'
import { billsAtMost, createBills, findBill } from '../bills/bills.ts'
import { billFields } from '../bills/content.ts'
import { developerAsCreator, reachOf } from '../bills/creator.ts'
import { type Bill, listBills, transactionIdsOf } from '../bills/store.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { closeBill } from '../orders/close-bill.ts'

type Needs = Core & { mirrors: Mirrors }

function createdWire({ id, billNo, payerUserId, payerName, title, amount, createdAt }: Bill) {
  const payer = { userId: payerUserId, userName: payerName }
  return { billId: String(id), billNo, ...payer, title, amount, createdAt: createdAt.toISOString() }
}

type AnyField = Field<unknown, unknown, false, Words>

/** Read by `createBills`, as everywhere. */
function unread({ about, schema }: Pick<AnyField, 'about' | 'schema'>): AnyField {
  return { about, schema, required: false, read: value => value, missing: () => undefined }
}

const severalBills = {
  zh: '多个账单，此时不填其余字段',
  en: 'Several bills; the other fields are empty then',
}

const requiredOfBill = (Object.keys(billFields) as (keyof typeof billFields)[]).filter(
  name => billFields[name].required,
)

export const createBill = endpoint({
  methods: ['POST'],
  path: '/api/pay/bill/create',
  section: 'wisp',
  summary: { zh: '创建账单', en: 'Make a bill' },
  description: {
    zh: '一个账单必填 billNo、userId、title 和 amount；或用 list 一次创建最多 500 个，全部成功或全部不创建，出错时指出是第几个。金额为整数分。同一开发者的 billNo 相同、内容相同时返回原来的账单，不重复创建；内容不同返回 1000。',
    en: 'One bill, which takes billNo, userId, title and amount; or up to 500 as list, all or none; an error says which one it is about. Amounts are whole fen. The same billNo of a developer with the same content gives the bill that is there; with another content 1000.',
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
    ) as Record<keyof typeof billFields, AnyField>),
  },
  oneOf: [requiredOfBill, ['list']],
  logged: ['billNo', 'userId'],
  output: Type.Union([createdSchema, Type.Object({ list: Type.Array(createdSchema) })]),
  errors: ['unknownMember'],
  sample: sampleCreated,
  sampleInput: { billNo: 'try-{unique}', userId: '{receiver}', title: '试一试', amount: 1 },
  async handle(
    ctx: Needs & { apps: Apps; corps: Corps; merchants: Merchants; offered: FeatureOffers },
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

type BillView = Static<typeof billSchema>

/** The payer as they are called now, as long as they are in the address book. */
export function billWire(view: View, bill: Bill, transactionId: string): BillView {
  const { payerId, items, remark, attachmentUrl, mchId, state, refunded } = bill
  const payer = payerId === null ? undefined : view.mirror.members.byId(payerId)
  const when = (at: Date | null) => at?.toISOString() ?? ''
  return {
    ...createdWire(bill),
    ...(payer ? { userId: payer.userId, userName: payer.name } : {}),
    items,
    remark,
    attachmentUrl,
    mchId,
    state,
    refunded,
    transactionId,
    dueAt: when(bill.dueAt),
    toldAt: when(bill.toldAt),
    seenAt: when(bill.seenAt),
    paidAt: when(bill.paidAt),
    closedAt: when(bill.closedAt),
  }
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
  sample: { billNo: sampleCreated.billNo, state: 'closed' },
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
  sample: sampleBill,
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
  sample: { list: [sampleBill], total: 1 },
  sampleInput: { pageNo: 1, pageSize: 20 },
  async handle(ctx: Needs, { input, developer }) {
    const { userId, state, pageNo = 1, pageSize = 50 } = input
    const { corpId, devId } = developer
    const view = viewOf(ctx, developer)
    const payerId = userId === undefined ? undefined : (await listedMember(ctx, developer, userId)).id
    const { list, total } = await listBills(
      ctx.db,
      corpId,
      { devId, payerId, state: state && [state], reach: reachOf(view) },
      { by: 'createdAt', descending: true },
      { limit: pageSize, offset: (pageNo - 1) * pageSize, now: new Date(ctx.now()) },
    )
    const transactions = await transactionIdsOf(ctx.db, list)
    return { list: list.map(bill => billWire(view, bill, transactions.get(bill.id) ?? '')), total }
  },
})
