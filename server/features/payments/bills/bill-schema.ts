import { type Static, Type } from 'typebox'

/** What a creator gets back, which never changes, so that a repetition is answered with the same. */
export const createdSchema = Type.Object({
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

export const sampleCreated: Static<typeof createdSchema> = {
  billId: '1024',
  billNo: '2026-11-0001',
  userId: 'zhangsan',
  userName: '张三',
  title: '11 月餐费',
  amount: 12_850,
  createdAt: '2026-11-25T02:00:00.000Z',
}

export const billSchema = Type.Object({
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

export const sampleBill: Static<typeof billSchema> = {
  ...sampleCreated,
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
