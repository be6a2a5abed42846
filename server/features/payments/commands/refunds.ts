import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { integer, requiredText, text } from '../../../platform/command/parts.ts'
import { facts } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatMoney } from '../../../platform/format.ts'
import { findBill } from '../bills/bills.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { adviceFor } from '../refunds/advice.ts'
import { refundBill } from '../refunds/refund-bill.ts'

type Needs = Core & { corps: Corps; merchants: Merchants }

const states = {
  asked: '已提交，微信支付尚未受理',
  processing: '处理中',
  success: '已退款',
  closed: '未成功',
  abnormal: '异常',
} as const

const refund = command({
  path: 'pay bill refund',
  summary: '退回已支付账单的全部或一部分；两次退款至少间隔 1 分钟，支付后 365 天内',
  parts: {
    billNo: requiredText('<billNo>', '账单号'),
    corp: corpPart,
    developer: text('--developer <devId>', '创建账单的开发者；不填为控制台和命令行创建的'),
    amount: integer('--amount <fen>', '金额，单位分；不填为尚未退回的全部', { min: 1, max: 2_147_483_647 }),
    reason: text('--reason <text>', '退款原因，付款人会看到；最多 80 字节，即 26 个汉字'),
  },
  async run(ctx: Needs, { corp, billNo, developer = '', amount, reason = '' }) {
    const corpId = corpOf(ctx, corp)
    const bill = await findBill(ctx, corpId, { devId: developer, billNo }, undefined)
    const given = { billId: bill.id, amount: amount ?? bill.amount - bill.refunded, reason }
    const { id, outRefundNo, state, amount: asked, answer } = await refundBill(ctx, { corpId, actor }, given)
    const told = facts([
      ['退款单号', outRefundNo],
      ['金额', `${formatMoney(asked)}`],
      ['状态', states[state]],
      ['说明', adviceFor({ state, answer }).zh],
    ])
    return { data: { id, billNo, outRefundNo, amount: asked, state, ...answer }, text: told }
  },
})

export const payRefundCommands = [refund]
