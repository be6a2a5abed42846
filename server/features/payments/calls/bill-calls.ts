import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { managesMember, type Viewer, viewerOf } from '../../../organisation/directory/console/viewer.ts'
import type { Core } from '../../../platform/core.ts'
import { choice } from '../../../platform/http/input.ts'
import { orderOf, pageOf, paging, requiredId, sorting } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall, refused } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import type { Apps } from '../../apps/catalog.ts'
import { channelList } from '../../channels/channels.ts'
import { developerNames } from '../../messages/console/console-store.ts'
import { whoOf } from '../../messages/console/message-list.ts'
import { createBills, findBill } from '../bills/bills.ts'
import { billFields } from '../bills/content.ts'
import { administratorAsCreator, reachOf } from '../bills/creator.ts'
import { type Bill, billSorts, eventsOf, listBills, transactionIdsOf } from '../bills/store.ts'
import { totalGroups, totalsOf } from '../bills/totals-store.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { closeBill } from '../orders/close-bill.ts'
import {
  type BillNeeds,
  billFilterInput,
  billFilterOf,
  billRow,
  billRowSchema,
  developerName,
} from './bill-view.ts'

const access = administrator('graded')

export const listBillsOfConsole = pageCall({
  method: 'GET',
  path: '/web/payments/bills',
  point: 'payment:read',
  access,
  directory: true,
  input: { ...billFilterInput, ...paging, sort: sorting },
  output: Type.Object({
    list: Type.Array(billRowSchema),
    total: Type.Number(),
  }),
  async handle(ctx: BillNeeds, { input, visitor, corpId }) {
    const { pageNo, pageSize, sort, ...filter } = input
    const viewer = viewerOf(ctx, corpId, visitor)
    const { list, total } = await listBills(
      ctx.db,
      corpId,
      await billFilterOf(ctx, viewer, filter),
      orderOf(sort, billSorts, '-createdAt'),
      { ...pageOf({ pageNo, pageSize }), now: new Date(ctx.now()) },
    )
    return { list: list.map(bill => billRow(ctx, bill)), total }
  },
})

/** Returns the choices of the filters and the form of bills, and the names of the channels of a timeline. */
export const billChoices = pageCall({
  method: 'GET',
  path: '/web/payments/bills/choices',
  point: 'payment:read',
  access,
  input: {},
  output: Type.Object({
    developers: Type.Array(Type.Object({ devId: Type.String(), name: Type.String() })),
    merchants: Type.Array(
      Type.Object({
        mchId: Type.String(),
        name: Type.String(),
        enabled: Type.Boolean(),
        isDefault: Type.Boolean(),
      }),
    ),
    channels: Type.Array(Type.Object({ name: Type.String(), label: Type.String() })),
  }),
  async handle(ctx: Core & { merchants: Merchants }, { corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    return {
      developers: await developerNames(ctx.db, corpId),
      merchants: [...ctx.merchants.ofCorp(corpId)],
      channels: channelList.map(([name, { label }]) => ({ name, label: wordsIn(language, label) })),
    }
  },
})

export const billDetail = pageCall({
  method: 'GET',
  path: '/web/payments/bill',
  point: 'payment:read',
  access,
  directory: true,
  input: { id: requiredId('账单编号') },
  output: Type.Object({
    ...billRowSchema.properties,
    items: Type.Array(Type.Object({ name: Type.String(), amount: Type.Number(), quantity: Type.Number() })),
    remark: Type.String(),
    attachmentUrl: Type.String(),
    notify: Type.Boolean(),
    /** Who made it, in words. */
    createdBy: Type.String(),
    /** WeChat Pay's number of the payment; '' until it is paid. */
    transactionId: Type.String(),
    /** Whether this administrator may close it. */
    mayClose: Type.Boolean(),
    timeline: Type.Array(
      Type.Object({
        kind: Type.String(),
        at: time,
        /** In words; '' for wisp itself and WeChat Pay. */
        who: Type.String(),
        /** What is to be told of it, such as the channel of a message or WeChat's answer. */
        detail: Type.Record(Type.String(), Type.Unknown()),
      }),
    ),
  }),
  async handle(ctx: BillNeeds, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const bill = await findBill(ctx, corpId, input, reachOf(viewer))
    const [events, transactions] = await Promise.all([
      eventsOf(ctx.db, corpId, bill.id),
      transactionIdsOf(ctx.db, [bill]),
    ])
    const nameOf = (actor: string) => (actor === '' ? '' : whoOf(ctx, corpId, actor))
    return {
      ...bill,
      ...billRow(ctx, bill),
      createdBy: nameOf(bill.createdBy),
      transactionId: transactions.get(bill.id) ?? '',
      mayClose: bill.state === 'open' && manages(viewer, bill),
      timeline: events.map(({ kind, at, actor, detail }) => ({ kind, at, who: nameOf(actor), detail })),
    }
  },
})

/** Whether the payer is in a department that this administrator manages; of a member who left, that is for all of the corp. */
function manages(viewer: Viewer, { payerId }: Bill): boolean {
  const payer = payerId === null ? undefined : viewer.mirror.members.byId(payerId)
  return payer ? managesMember(viewer, payer) : reachOf(viewer) === undefined
}

export const createBillOfConsole = pageCall({
  method: 'POST',
  path: '/web/payments/bills/create',
  point: 'payment:bill',
  access,
  directory: true,
  input: billFields,
  output: billRowSchema,
  async handle(
    ctx: BillNeeds & { apps: Apps; corps: Corps; merchants: Merchants; offered: FeatureOffers },
    { input, visitor, corpId },
  ) {
    const creator = administratorAsCreator(ctx, viewerOf(ctx, corpId, visitor))
    const given = { ...input, dueAt: input.dueAt?.toISOString() }
    const [bill] = await createBills(ctx, creator, [given], [''])
    return billRow(ctx, bill!)
  },
})

export const closeBillOfConsole = pageCall({
  method: 'POST',
  path: '/web/payments/bills/close',
  point: 'payment:bill',
  access,
  directory: true,
  input: { id: requiredId('账单编号') },
  output: billRowSchema,
  async handle(ctx: BillNeeds & { merchants: Merchants }, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const reach = reachOf(viewer)
    const bill = await findBill(ctx, corpId, input, reach)
    if (!manages(viewer, bill))
      throw refused({
        zh: '付款人不在您管理的部门',
        en: 'the payer is not in a department that you manage',
      })
    await closeBill(ctx, { corpId, actor: visitor.actor }, bill.id)
    return billRow(ctx, await findBill(ctx, corpId, input, reach))
  },
})

const totalsAre = '分组：state 状态、day 创建日、payer 付款人、developer 开发者、merchant 商户'

export const billTotals = pageCall({
  method: 'GET',
  path: '/web/payments/bills/totals',
  point: 'payment:read',
  access,
  directory: true,
  input: { ...billFilterInput, by: choice(totalsAre, totalGroups) },
  output: Type.Object({
    /** Days from the newest on, everything else from the largest amount on; 1,000 at most. Amounts are fen. */
    list: Type.Array(
      Type.Object({
        /** The state, the day in China, the payer's number, devId or mchId. */
        key: Type.String(),
        /** Of a payer or developer. */
        name: Type.String(),
        /** Of a payer who is still there, by which bills are filtered. */
        userId: Type.String(),
        bills: Type.Number(),
        amount: Type.Number(),
        open: Type.Number(),
        paid: Type.Number(),
        /** A part of `paid`. */
        refunded: Type.Number(),
        /** What is left of `paid` without `refunded`. */
        net: Type.Number(),
        closed: Type.Number(),
      }),
    ),
  }),
  async handle(ctx: BillNeeds, { input, visitor, corpId }) {
    const { by, ...rest } = input
    const filter = await billFilterOf(ctx, viewerOf(ctx, corpId, visitor), rest)
    const list = await totalsOf(ctx.db, corpId, filter, by, new Date(ctx.now()))
    const { members } = ctx.mirrors.of(corpId)
    return {
      list: list.map(one => {
        const payer = by === 'payer' ? members.byId(Number(one.key)) : undefined
        const name = by === 'developer' ? developerName(ctx, one.key) : (payer?.name ?? one.name)
        return { ...one, name, userId: payer?.userId ?? '' }
      }),
    }
  },
})
