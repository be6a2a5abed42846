import type { Developers } from '../../../callers/developers/developers.ts'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { everything } from '../../../organisation/directory/permissions/sight.ts'
import { namedMembers } from '../../../organisation/directory/read/view.ts'
import { actor } from '../../../platform/command/actor.ts'
import { directoryCommand, givenOnly } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { choice, integerOr, requiredText, text, toggle } from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount, formatMoney } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Apps } from '../../apps/catalog.ts'
import { createBills, findBill } from '../bills/bills.ts'
import type { Creator } from '../bills/creator.ts'
import { type Bill, listBills, shownStates } from '../bills/store.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { closeBill } from '../orders/close-bill.ts'

type Needs = Core & {
  apps: Apps
  corps: Corps
  developers: Developers
  merchants: Merchants
  mirrors: Mirrors
  offered: FeatureOffers
}

const create = directoryCommand({
  path: 'pay bill create',
  point: 'payment:bill',
  summary: {
    zh: '为一名成员创建账单；账单号相同、内容相同时不重复创建',
    en: 'Create a bill for a member; the same number with the same content is not created twice',
  },
  parts: {
    billNo: requiredText('<billNo>', { zh: '账单号', en: 'number of the bill' }),
    corp: corpPart,
    userId: requiredText('--user <userId>', { zh: '付款成员', en: 'member who pays' }),
    title: requiredText('--title <text>', { zh: '名称', en: 'name' }),
    amount: requiredText('--amount <fen>', { zh: '金额，单位分', en: 'amount in fen' }),
    dueAt: text('--due <time>', {
      zh: '到期时间，ISO 8601，带时区',
      en: 'due time, ISO 8601 with a time zone',
    }),
    remark: text('--remark <text>', { zh: '备注', en: 'remark' }),
    attachmentUrl: text('--attachment <url>', { zh: '附件的 https 链接', en: 'https link of an attachment' }),
    mchId: text('--merchant <mchId>', {
      zh: '商户号，不填为默认商户',
      en: 'merchant ID, by default the default merchant',
    }),
    notify: toggle('--notify', {
      zh: '通知付款人，到期前一天再提醒一次',
      en: 'notify the payer, and remind them once the day before it is due',
    }),
  },
  async run(ctx: Needs, { corp, ...given }) {
    const [bill] = await createBills(ctx, creatorOf(ctx, corpOf(ctx, corp)), [givenOnly(given)], [''])
    const { billNo, payerName, payerUserId, amount } = bill!
    return {
      data: viewOf(bill!),
      text: said({
        zh: `账单 ${billNo}：${payerName} (${payerUserId}) ${formatMoney(amount)}`,
        en: `bill ${billNo}: ${payerName} (${payerUserId}) ${formatMoney(amount)}`,
      }),
    }
  },
})

const list = directoryCommand({
  path: 'pay bill list',
  point: 'payment:read',
  summary: { zh: '列出账单，新的在前', en: 'List bills, newest first' },
  parts: {
    corp: corpPart,
    userId: text('--user <userId>', { zh: '付款成员', en: 'member who pays' }),
    state: choice('--state <state>', { zh: '状态', en: 'state' }, shownStates),
    developer: text('--developer <devId>', {
      zh: '开发者；none 表示控制台和命令行创建的',
      en: 'developer; none means those made by the console and the command line',
    }),
    search: text('--search <text>', {
      zh: '账单号、名称或付款人中的文字',
      en: 'text in the number, the name or the payer',
    }),
    limit: integerOr(
      50,
      '--limit <n>',
      { zh: '最多列出多少个', en: 'how many are listed at most' },
      { min: 1, max: 1000 },
    ),
  },
  async run(ctx: Needs, { corp, userId, state, developer, search, limit }) {
    const corpId = corpOf(ctx, corp)
    const { list, total } = await listBills(
      ctx.db,
      corpId,
      {
        state: state && [state],
        text: search,
        reach: undefined,
        payerId: userId === undefined ? undefined : await payerId(ctx, corpId, userId),
        devId: developer === 'none' ? '' : developer,
      },
      { by: 'createdAt', descending: true },
      { limit, offset: 0, now: new Date(ctx.now()) },
    )
    const rows = list.map(bill => [
      bill.billNo,
      bill.devId === '' ? '—' : `${ctx.developers.get(bill.devId)?.name ?? ''} (${bill.devId})`,
      `${bill.payerName} (${bill.payerUserId})`,
      bill.title,
      formatMoney(bill.amount),
      stateWord(bill),
      when(bill.dueAt),
      when(bill.createdAt),
    ])
    const heads = [
      said({ zh: '账单号', en: 'number of the bill' }),
      said({
        zh: '开发者',
        en: 'Developer',
      }),
      said({ zh: '付款人', en: 'Payer' }),
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '金额', en: 'Amount' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '到期', en: 'Expires' }),
      said({ zh: '创建于', en: 'Created' }),
    ]
    const more =
      total > list.length
        ? said({ zh: `\n共 ${formatCount(total)} 个`, en: `\n${formatCount(total)} in all` })
        : ''
    return {
      data: { list: list.map(viewOf), total },
      text: table(heads, rows, { zh: '（没有账单）', en: '(no bills)' }) + more,
    }
  },
})

const close = directoryCommand({
  path: 'pay bill close',
  point: 'payment:bill',
  summary: {
    zh: '关闭待付款的账单；付款人正在付款时，先查询并关闭其微信支付订单',
    en: 'Close a bill that waits for payment; if the payer is paying, its WeChat Pay order is queried and closed first',
  },
  parts: {
    billNo: requiredText('<billNo>', { zh: '账单号', en: 'number of the bill' }),
    corp: corpPart,
    developer: text('--developer <devId>', {
      zh: '创建账单的开发者；不填为控制台和命令行创建的',
      en: 'developer that made the bill; without it the console and the command line',
    }),
  },
  async run(ctx: Needs, { corp, billNo, developer = '' }) {
    const corpId = corpOf(ctx, corp)
    const { id } = await findBill(ctx, corpId, { devId: developer, billNo }, undefined)
    await closeBill(ctx, { corpId, actor }, id)
    return {
      data: { billNo, state: 'closed' },
      text: said({ zh: `已关闭 ${billNo}`, en: `closed ${billNo}` }),
    }
  },
})

/** The command line may bill everybody. */
function creatorOf(ctx: Needs, corpId: string): Creator {
  return { corpId, devId: '', actor, payersOf: userIds => membersOf(ctx, corpId, userIds) }
}

function membersOf(ctx: Needs, corpId: string, userIds: readonly string[]) {
  const mirror = ctx.mirrors.of(corpId)
  return namedMembers(ctx, { mirror, tree: mirror.tree, sight: everything }, userIds)
}

async function payerId(ctx: Needs, corpId: string, userId: string): Promise<number> {
  const member = (await membersOf(ctx, corpId, [userId])).get(userId)
  if (!member) throw new ApiError('unknownMember', told`${userId}`)
  return member.id
}

function viewOf({ contentHash: _contentHash, payerUserId, payerName, payerId: _payerId, ...bill }: Bill) {
  return { ...bill, userId: payerUserId, userName: payerName }
}

const words = {
  open: { zh: '待付款', en: 'waits for payment' },
  paid: { zh: '已付款', en: 'paid' },
  closed: { zh: '已关闭', en: 'closed' },
} as const

function stateWord({ state, refunded }: Bill): string {
  return refunded > 0
    ? said({
        zh: `${words[state].zh}，已退 ${formatMoney(refunded)}`,
        en: `${words[state].en}, ${formatMoney(refunded)} refunded`,
      })
    : said(words[state])
}

export const payBillCommands = [create, list, close]
