import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, type Output, UsageError } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { expectNode, follow, here } from '../../../platform/command/node-work.ts'
import { text, toggle } from '../../../platform/command/parts.ts'
import { facts } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatMoney } from '../../../platform/format.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { storedWords } from '../../../platform/words.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { requestReconciliation } from '../reconciliation/days.ts'
import { type DayView, type DifferenceView, differencesOf, listDays } from '../reconciliation/store.ts'

type Needs = Core & { corps: Corps; merchants: Merchants; queue: Queue }

const shownAtMost = 100
const kinds = {
  payment: { zh: '付款', en: 'payments' },
  refund: { zh: '退款', en: 'refunds' },
  fund: { zh: '资金', en: 'funds' },
} as const
const differences = {
  thereOnly: { zh: '只在微信支付', en: 'only at WeChat Pay' },
  hereOnly: { zh: '只在 wisp', en: 'only in wisp' },
  amount: { zh: '金额不同', en: 'different amounts' },
} as const
const states = {
  open: { zh: '待处理', en: 'open' },
  mended: { zh: '已更正', en: 'corrected' },
  acknowledged: { zh: '已处理', en: 'settled' },
} as const

const reconcile = command({
  path: 'pay reconcile',
  point: 'payment:reconcile',
  summary: {
    zh: '与微信支付对账：下载一天的交易账单与资金账单，逐笔核对',
    en: 'Reconcile with WeChat Pay: download the trade bill and the fund bill of a day, and compare line by line',
  },
  details: {
    zh: '不给 --date 则为昨天。以微信支付为准能更正的已更正；还有差异时以 1 退出。',
    en: 'Yesterday without --date. What can be corrected from WeChat Pay is corrected; the exit code is 1 if differences remain.',
  },
  parts: {
    corp: corpPart,
    merchant: text('--merchant <mchId>', {
      zh: '商户号；默认为企业的默认商户',
      en: 'merchant ID; by default the default merchant of the corp',
    }),
    date: text('--date <date>', { zh: '日期（北京时间），2026-03-01', en: 'day (Beijing time), 2026-03-01' }),
    wait: toggle('--no-wait', { zh: '只排队，不等待结束', en: 'only enqueue it, do not wait for the end' }),
    here,
  },
  async run(ctx: Needs, { corp, merchant, date, ...how }, io) {
    const corpId = corpOf(ctx, corp)
    const mchId = merchant ?? ctx.merchants.defaultOf(corpId)?.mchId
    if (mchId === undefined)
      throw new UsageError({
        zh: '没有默认商户，请给出 --merchant',
        en: 'there is no default merchant: give --merchant',
      })
    await expectNode(ctx, { stream: 'pay-reconciliation', corpId }, how, io)
    const { day } = await requestReconciliation(ctx, { corpId, actor }, { mchId, day: date })
    if (!how.wait)
      return {
        data: { mchId, day },
        text: said({
          zh: `${mchId} ${day} 的对账已排队，结果见控制台的“对账”`,
          en: `the reconciliation of ${mchId} for ${day} is queued; the console shows the result under Reconciliation`,
        }),
      }
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
  const reason = said(storedWords(found.reason))
  const lines = [
    facts([
      [{ zh: '商户', en: 'Merchant' }, mchId],
      [{ zh: '日期', en: 'Day' }, day],
      [
        { zh: '状态', en: 'State' },
        state === 'done'
          ? { zh: '完成', en: 'done' }
          : state === 'failed'
            ? said({ zh: '失败', en: 'Failures' })
            : said({ zh: '等待', en: 'Waits for' }),
      ],
      [
        { zh: '付款', en: 'payments' },
        {
          zh: `${bill.payments ?? 0} 笔，${formatMoney(bill.paymentsAmount ?? 0)}`,
          en: `${bill.payments ?? 0} payments, ${formatMoney(bill.paymentsAmount ?? 0)}`,
        },
      ],
      [
        { zh: '退款', en: 'refunds' },
        {
          zh: `${bill.refunds ?? 0} 笔，${formatMoney(bill.refundsAmount ?? 0)}`,
          en: `${bill.refunds ?? 0} refunds, ${formatMoney(bill.refundsAmount ?? 0)}`,
        },
      ],
      [
        { zh: '一致', en: 'Equal' },
        { zh: `${bill.equal ?? 0} 笔`, en: `${bill.equal ?? 0}` },
      ],
      [
        { zh: '更正', en: 'Corrected' },
        { zh: `${bill.mended ?? 0} 笔`, en: `${bill.mended ?? 0}` },
      ],
      [
        { zh: '待处理', en: 'open' },
        { zh: `${open} 笔`, en: `${open}` },
      ],
      [
        { zh: '资金流水', en: 'Fund lines' },
        { zh: `${fund.lines ?? 0} 笔`, en: `${fund.lines ?? 0}` },
      ],
      ...(reason ? [[said({ zh: '原因', en: 'Reason' }), reason] as [string, string]] : []),
    ]),
    ...list.map(lineOf),
  ]
  const data = { ...found, reason, differences: list }
  return { data, text: lines.join('\n'), ...(open > 0 || state !== 'done' ? { failed: true } : {}) }
}

function lineOf({ kind, number, difference, theirs, ours, state }: DifferenceView): string {
  const amounts = said({
    zh: `微信支付 ${theirs === null ? '无' : formatMoney(theirs)}，wisp ${ours === null ? '无' : formatMoney(ours)}`,
    en: `WeChat Pay ${theirs === null ? 'none' : formatMoney(theirs)}, wisp ${ours === null ? 'none' : formatMoney(ours)}`,
  })
  return said({
    zh: `  ${kinds[kind].zh} ${number}：${differences[difference].zh}（${amounts}），${states[state].zh}`,
    en: `  ${kinds[kind].en} ${number}: ${differences[difference].en} (${amounts}), ${states[state].en}`,
  })
}

export const payReconcileCommands = [reconcile]
