import { viewerOf } from '../../../organisation/directory/console/viewer.ts'
import { recordExport } from '../../../platform/audit/audit.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { exporting } from '../../../platform/http/list-input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Words } from '../../../platform/words.ts'
import { allBills, type BillState } from '../bills/store.ts'
import { yuanOf } from '../money.ts'
import { type BillNeeds, billFilterInput, billFilterOf, billRow } from './bill-view.ts'

const heads = {
  zh: [
    '账单号',
    '账号',
    '姓名',
    '名称',
    '金额（元）',
    '状态',
    '已退款（元）',
    '开发者',
    '商户号',
    '创建时间',
    '到期时间',
    '通知时间',
    '查看时间',
    '付款时间',
    '关闭时间',
    '备注',
  ],
  en: [
    'Bill',
    'Account',
    'Name',
    'Title',
    'Amount (yuan)',
    'State',
    'Refunded (yuan)',
    'Developer',
    'Merchant',
    'Created',
    'Due',
    'Told',
    'Seen',
    'Paid',
    'Closed',
    'Remark',
  ],
} as const

const states: Record<BillState, Words> = {
  open: { zh: '待付款', en: 'To be paid' },
  paid: { zh: '已付款', en: 'Paid' },
  closed: { zh: '已关闭', en: 'Closed' },
}

/** The list of bills as a file, the newest first; amounts are yuan. */
export const exportBills = pageCall({
  method: 'GET',
  path: '/web/payments/bills/export',
  access: administrator('graded'),
  point: 'payment:export',
  directory: true,
  input: { ...billFilterInput, ...exporting },
  output: fileSchema,
  async handle(ctx: BillNeeds, { input, visitor, corpId, reply }) {
    const { language = 'zh', sort: _sort, ...given } = input
    const filter = await billFilterOf(ctx, viewerOf(ctx, corpId, visitor), given)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'bills', input })
    return sendCsv(reply, {
      name: 'bills',
      head: heads[language],
      chunks: allBills(ctx.db, corpId, filter, new Date(ctx.now())),
      cells(bill) {
        const { userId, userName, developer } = billRow(ctx, bill)
        return [
          bill.billNo,
          userId,
          userName,
          bill.title,
          yuanOf(bill.amount),
          states[bill.state][language],
          yuanOf(bill.refunded),
          developer,
          bill.mchId,
          bill.createdAt,
          bill.dueAt,
          bill.toldAt,
          bill.seenAt,
          bill.paidAt,
          bill.closedAt,
          bill.remark,
        ]
      },
    })
  },
})
