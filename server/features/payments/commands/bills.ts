import type { Developers } from '../../../callers/developers/developers.ts'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { everything } from '../../../organisation/directory/permissions/sight.ts'
import { namedMembers } from '../../../organisation/directory/read/view.ts'
import { actor } from '../../../platform/command/actor.ts'
import { directoryCommand, givenOnly } from '../../../platform/command/command.ts'
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
  summary: '为一名成员创建账单；账单号相同、内容相同时不重复创建',
  parts: {
    billNo: requiredText('<billNo>', '账单号'),
    corp: corpPart,
    userId: requiredText('--user <userId>', '付款成员'),
    title: requiredText('--title <text>', '名称'),
    amount: requiredText('--amount <fen>', '金额，单位分'),
    dueAt: text('--due <time>', '到期时间，ISO 8601，带时区'),
    remark: text('--remark <text>', '备注'),
    attachmentUrl: text('--attachment <url>', '附件的 https 链接'),
    mchId: text('--merchant <mchId>', '商户号，不填为默认商户'),
    notify: toggle('--notify', '通知付款人，到期前一天再提醒一次'),
  },
  async run(ctx: Needs, { corp, ...given }) {
    const [bill] = await createBills(ctx, creatorOf(ctx, corpOf(ctx, corp)), [givenOnly(given)], [''])
    const { billNo, payerName, payerUserId, amount } = bill!
    return {
      data: viewOf(bill!),
      text: `账单 ${billNo}：${payerName} (${payerUserId}) ${formatMoney(amount)}`,
    }
  },
})

const list = directoryCommand({
  path: 'pay bill list',
  point: 'payment:read',
  summary: '列出账单，新的在前',
  parts: {
    corp: corpPart,
    userId: text('--user <userId>', '付款成员'),
    state: choice('--state <state>', '状态', shownStates),
    developer: text('--developer <devId>', '开发者；none 表示控制台和命令行创建的'),
    search: text('--search <text>', '账单号、名称或付款人中的文字'),
    limit: integerOr(50, '--limit <n>', '最多列出多少个', { min: 1, max: 1000 }),
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
    const heads = ['账单号', '开发者', '付款人', '名称', '金额', '状态', '到期', '创建于']
    const more = total > list.length ? `\n共 ${formatCount(total)} 个` : ''
    return { data: { list: list.map(viewOf), total }, text: table(heads, rows, '（没有账单）') + more }
  },
})

const close = directoryCommand({
  path: 'pay bill close',
  point: 'payment:bill',
  summary: '关闭待付款的账单；付款人正在付款时，先查询并关闭其微信支付订单',
  parts: {
    billNo: requiredText('<billNo>', '账单号'),
    corp: corpPart,
    developer: text('--developer <devId>', '创建账单的开发者；不填为控制台和命令行创建的'),
  },
  async run(ctx: Needs, { corp, billNo, developer = '' }) {
    const corpId = corpOf(ctx, corp)
    const { id } = await findBill(ctx, corpId, { devId: developer, billNo }, undefined)
    await closeBill(ctx, { corpId, actor }, id)
    return { data: { billNo, state: 'closed' }, text: `已关闭 ${billNo}` }
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

const words = { open: '待付款', paid: '已付款', closed: '已关闭' } as const

function stateWord({ state, refunded }: Bill): string {
  return refunded > 0 ? `${words[state]}，已退 ${formatMoney(refunded)}` : words[state]
}

export const payBillCommands = [create, list, close]
