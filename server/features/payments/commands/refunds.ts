import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { choice, integer, integerOr, requiredText, text } from '../../../platform/command/parts.ts'
import { facts, table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatMoney } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { findBill } from '../bills/bills.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { adviceFor } from '../refunds/advice.ts'
import { refundBill, retryRefund } from '../refunds/refund-bill.ts'
import { listRefunds, type RefundRow, refundStates } from '../refunds/refund-store.ts'

type Needs = Core & { corps: Corps; merchants: Merchants }

const states = {
  asked: { zh: '已提交，微信支付尚未受理', en: 'submitted, not accepted by WeChat Pay yet' },
  processing: { zh: '处理中', en: 'processing' },
  success: { zh: '已退款', en: 'refunded' },
  closed: { zh: '未成功', en: 'did not succeed' },
  abnormal: { zh: '异常', en: 'abnormal' },
} as const

const create = (path: string) =>
  command({
    path,
    point: 'payment:refund',
    summary: {
      zh: '退回已支付账单的全部或一部分；两次退款至少间隔 1 分钟，支付后 365 天内',
      en: 'Refund a paid bill in whole or in part; refunds are at least 1 minute apart, within 365 days of the payment',
    },
    parts: {
      billNo: requiredText('<billNo>', { zh: '账单号', en: 'number of the bill' }),
      corp: corpPart,
      developer: text('--developer <devId>', {
        zh: '创建账单的开发者；不填为控制台和命令行创建的',
        en: 'developer that made the bill; without it the console and the command line',
      }),
      amount: integer(
        '--amount <fen>',
        {
          zh: '金额，单位分；不填为尚未退回的全部',
          en: 'amount in fen; by default all that is not refunded yet',
        },
        { min: 1, max: 2_147_483_647 },
      ),
      reason: text('--reason <text>', {
        zh: '退款原因，付款人会看到；最多 80 字节，即 26 个汉字',
        en: 'reason, shown to the payer; 80 bytes at most, which are 26 Chinese characters',
      }),
    },
    async run(ctx: Needs, { corp, billNo, developer = '', amount, reason = '' }) {
      const corpId = corpOf(ctx, corp)
      const bill = await findBill(ctx, corpId, { devId: developer, billNo }, undefined)
      const given = { billId: bill.id, amount: amount ?? bill.amount - bill.refunded, reason }
      const {
        id,
        outRefundNo,
        state,
        amount: asked,
        answer,
      } = await refundBill(ctx, { corpId, actor }, given)
      const told = facts([
        [{ zh: '退款单号', en: 'Refund number' }, outRefundNo],
        [{ zh: '金额', en: 'Amount' }, `${formatMoney(asked)}`],
        [{ zh: '状态', en: 'State' }, states[state]],
        [{ zh: '说明', en: 'Explanation' }, adviceFor({ state, answer }).zh],
      ])
      return { data: { id, billNo, outRefundNo, amount: asked, state, ...answer }, text: told }
    },
  })

const refundNo = requiredText('<refundNo>', { zh: '退款单号', en: 'refund number' })

const listAll = command({
  path: 'pay refund list',
  point: 'payment:ledger',
  summary: { zh: '退款，新的在前', en: 'List refunds, newest first' },
  parts: {
    corp: corpPart,
    state: choice('--state <state>', { zh: '只要这个状态', en: 'only in this state' }, refundStates),
    text: text('--text <text>', {
      zh: '退款单号、订单号、账单号或付款人中的文字',
      en: 'text in the refund number, the order number, the bill number or the payer',
    }),
    limit: integerOr(20, '--limit <n>', { zh: '最多几条', en: 'how many at most' }, { min: 1, max: 1000 }),
  },
  async run(ctx: Needs, { corp, state, text, limit }) {
    const { list } = await listRefunds(
      ctx.db,
      corpOf(ctx, corp),
      { state: state && [state], text },
      { limit, offset: 0 },
    )
    const data = list.map(shown)
    const rows = list.map(one => [
      one.outRefundNo,
      one.billNo,
      formatMoney(one.amount),
      states[one.state],
      one.actor,
      when(one.createdAt),
    ])
    return {
      data,
      text: table(
        [
          { zh: '退款单号', en: 'Refund number' },
          { zh: '账单', en: 'Bill' },
          { zh: '金额', en: 'Amount' },
          { zh: '状态', en: 'State' },
          { zh: '申请者', en: 'Asked by' },
          { zh: '时间', en: 'Time' },
        ],
        rows,
        { zh: '没有退款', en: 'no refunds' },
      ),
    }
  },
})

const show = command({
  path: 'pay refund show',
  point: 'payment:ledger',
  summary: { zh: '一笔退款，及其处理办法', en: 'Show a refund, and what to do about it' },
  parts: { refundNo, corp: corpPart },
  run: async (ctx: Needs, given) => described(await named(ctx, corpOf(ctx, given.corp), given.refundNo)),
})

const retry = command({
  path: 'pay refund retry',
  point: 'payment:refund',
  summary: {
    zh: '立即向微信支付查询一笔退款；微信支付没有时以同一退款单号重新提交',
    en: 'Ask WeChat Pay about a refund now; submit it again with the same number if WeChat Pay does not have it',
  },
  parts: { refundNo, corp: corpPart },
  async run(ctx: Needs, given) {
    const corpId = corpOf(ctx, given.corp)
    await retryRefund(ctx, { corpId, actor }, (await named(ctx, corpId, given.refundNo)).id)
    return described(await named(ctx, corpId, given.refundNo))
  },
})

/** Throws 1000 for a number that no refund of the corp has. */
async function named(ctx: Needs, corpId: string, number: string): Promise<RefundRow> {
  const { list } = await listRefunds(ctx.db, corpId, { text: number }, { limit: 50, offset: 0 })
  const found = list.find(one => one.outRefundNo === number)
  if (!found)
    throw new ApiError('badParameter', {
      zh: told`没有退款单 ${number}`,
      en: told`there is no refund ${number}`,
    })
  return found
}

function shown(row: RefundRow) {
  const { id, outRefundNo, billNo, amount, reason, state, actor, requestId, createdAt, endedAt, answer } = row
  return { id, outRefundNo, billNo, amount, reason, state, actor, requestId, createdAt, endedAt, ...answer }
}

function described(row: RefundRow) {
  const told = facts([
    [{ zh: '退款单号', en: 'Refund number' }, row.outRefundNo],
    [{ zh: '账单', en: 'Bill' }, row.billNo],
    [{ zh: '金额', en: 'Amount' }, formatMoney(row.amount)],
    [{ zh: '状态', en: 'State' }, states[row.state]],
    [{ zh: '说明', en: 'Explanation' }, adviceFor(row).zh],
    [{ zh: '申请者', en: 'Asked by' }, row.actor],
    [{ zh: '时间', en: 'Time' }, when(row.createdAt)],
  ])
  return { data: shown(row), text: told }
}

/** Under both names, as bills are refunded and refunds are looked after. */
export const payRefundCommands = [
  create('pay bill refund'),
  create('pay refund create'),
  listAll,
  show,
  retry,
]
