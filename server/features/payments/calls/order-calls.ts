import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { requiredId } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { ordersOfBill } from '../orders/order-list-store.ts'

const maybeTime = Type.Union([time, Type.Null()])

/** Amounts are fen. */
const orderSchema = Type.Object({
  id: Type.Number(),
  mchId: Type.String(),
  outTradeNo: Type.String(),
  product: Type.Enum(['jsapi', 'native', 'h5']),
  appId: Type.String(),
  amount: Type.Number(),
  state: Type.Enum(['open', 'paid', 'closed']),
  /** WeChat Pay's own number of the payment; empty until it is paid. */
  transactionId: Type.String(),
  tradeState: Type.String(),
  /** All bills that it pays, this one among them. */
  billIds: Type.Array(Type.Number()),
  /** What WeChat Pay told and was not applied, because it does not fit. */
  fault: Type.Union([
    Type.Object({
      what: Type.Enum(['amount', 'appId', 'mchId', 'paidTwice', 'refund']),
      theirs: Type.String(),
      ours: Type.String(),
    }),
    Type.Null(),
  ]),
  faultAt: maybeTime,
  createdAt: time,
  expiresAt: time,
  paidAt: maybeTime,
  closedAt: maybeTime,
})
export type OrderView = Static<typeof orderSchema>

/** All orders that were made for a bill, the latest first; the one alive or paid is among them. */
export const ordersOfBillCall = pageCall({
  method: 'GET',
  path: '/web/payments/orders',
  access: administrator('super'),
  point: 'payment:ledger',
  input: { billId: requiredId('账单编号') },
  output: Type.Object({ list: Type.Array(orderSchema) }),
  handle: async (ctx: Core, { corpId, input }) => ({
    list: await ordersOfBill(ctx.db, corpId, input.billId),
  }),
})
