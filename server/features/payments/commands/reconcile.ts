import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, type Output, UsageError } from '../../../platform/command/command.ts'
import { expectNode, follow, here } from '../../../platform/command/node-work.ts'
import { text, toggle } from '../../../platform/command/parts.ts'
import { facts } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatMoney } from '../../../platform/format.ts'
import { storedWords, wordsIn } from '../../../platform/http/words.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { requestReconciliation } from '../reconciliation/days.ts'
import { type DayView, type DifferenceView, differencesOf, listDays } from '../reconciliation/store.ts'

type Needs = Core & { corps: Corps; merchants: Merchants; queue: Queue }

const shownAtMost = 100
const kinds = { payment: '付款', refund: '退款', fund: '资金' } as const
const differences = { thereOnly: '只在微信支付', hereOnly: '只在 wisp', amount: '金额不同' } as const
const states = { open: '待处理', mended: '已更正', acknowledged: '已处理' } as const

const reconcile = command({
  path: 'pay reconcile',
  point: 'payment:reconcile',
  summary: '与微信支付对账：下载一天的交易账单与资金账单，逐笔核对',
  details: '不给 --date 则为昨天。以微信支付为准能更正的已更正；还有差异时以 1 退出。',
  parts: {
    corp: corpPart,
    merchant: text('--merchant <mchId>', '商户号；默认为企业的默认商户'),
    date: text('--date <date>', '日期（北京时间），2026-03-01'),
    wait: toggle('--no-wait', '只排队，不等待结束'),
    here,
  },
  async run(ctx: Needs, { corp, merchant, date, ...how }, io) {
    const corpId = corpOf(ctx, corp)
    const mchId = merchant ?? ctx.merchants.defaultOf(corpId)?.mchId
    if (mchId === undefined) throw new UsageError('没有默认商户，请给出 --merchant')
    await expectNode(ctx, { stream: 'pay-reconciliation', corpId }, how, io)
    const { day } = await requestReconciliation(ctx, { corpId, actor }, { mchId, day: date })
    if (!how.wait)
      return { data: { mchId, day }, text: `${mchId} ${day} 的对账已排队，结果见控制台的「对账」` }
    return follow(ctx, io, () => look(ctx, { corpId, mchId, day }), how)
  },
})

async function look(
  ctx: Core,
  which: { corpId: string; mchId: string; day: string },
): Promise<{ end?: Output }> {
  const { list } = await listDays(ctx.db, which.corpId, { ...which, offset: 0, limit: 1 })
  const found = list[0]
  if (!found) throw new Error('the merchant was removed')
  const isOpen = found.state === 'waiting' && found.reason === ''
  return isOpen ? {} : { end: await outputOf(ctx, which.corpId, found) }
}

async function outputOf(ctx: Core, corpId: string, found: DayView): Promise<Output> {
  const { mchId, day, state, bill, fund, open } = found
  const page = { offset: 0, limit: shownAtMost }
  const { list } = await differencesOf(ctx.db, { corpId, mchId, day }, page)
  const reason = wordsIn('zh', storedWords(found.reason))
  const lines = [
    facts([
      ['商户', mchId],
      ['日期', day],
      ['状态', state === 'done' ? '完成' : state === 'failed' ? '失败' : '等待'],
      ['付款', `${bill.payments ?? 0} 笔，${formatMoney(bill.paymentsAmount ?? 0)}`],
      ['退款', `${bill.refunds ?? 0} 笔，${formatMoney(bill.refundsAmount ?? 0)}`],
      ['一致', `${bill.equal ?? 0} 笔`],
      ['更正', `${bill.mended ?? 0} 笔`],
      ['待处理', `${open} 笔`],
      ['资金流水', `${fund.lines ?? 0} 笔`],
      ...(reason ? [['原因', reason] as [string, string]] : []),
    ]),
    ...list.map(lineOf),
  ]
  const data = { ...found, reason, differences: list }
  return { data, text: lines.join('\n'), ...(open > 0 || state !== 'done' ? { failed: true } : {}) }
}

function lineOf({ kind, number, difference, theirs, ours, state }: DifferenceView): string {
  const amounts = `微信支付 ${theirs === null ? '无' : formatMoney(theirs)}，wisp ${ours === null ? '无' : formatMoney(ours)}`
  return `  ${kinds[kind]} ${number}：${differences[difference]}（${amounts}），${states[state]}`
}

export const payReconcileCommands = [reconcile]
