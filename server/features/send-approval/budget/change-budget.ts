import { hasSmsBudget } from '../../../callers/developers/store.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { checkKnownByAll } from '../../../platform/upkeep/known-by-all.ts'
import { type ApprovalSettings, standard } from '../settings.ts'
import { lockSettings } from '../store.ts'

/** The migration with which budgets came; an older node would send what they do not allow. */
const budgetsSince = '0149-sms-budgets.sql'

/**
 * Checks price and budget as they are to be, and lets what waits for budget be looked at again. Throws 1000 for a budget without a price, and
 * 1013 while an older node lives.
 */
export async function changeBudget(
  ctx: Core,
  tx: Db,
  corpId: string,
  { smsPrice, smsBudget, smsUrgent }: ApprovalSettings,
): Promise<void> {
  if (smsUrgent > smsBudget)
    throw new ApiError('badParameter', {
      zh: told`smsUrgent 为 ${own(smsUrgent)} 分，大于 smsBudget 的 ${own(smsBudget)} 分：它是预算的一部分；没有保存`,
      en: told`smsUrgent is ${own(smsUrgent)} fen, more than the ${own(smsBudget)} fen of smsBudget, of which it is a part; nothing was saved`,
    })
  if (smsPrice === 0 && smsBudget > 0) throw noPrice('smsBudget')
  if (smsPrice === 0 && (await hasSmsBudget(tx, corpId)))
    throw new ApiError('badParameter', {
      zh: 'smsPrice：有开发者设置了每月短信预算，不能取消一条短信的价格；没有保存。请先取消这些预算',
      en: 'smsPrice: some developers have an SMS budget, which takes a price; nothing was saved. Remove these budgets first',
    })
  if (smsBudget > 0) await checkKnownByAll(tx, budgetsSince)
  await checkAlerts(ctx, tx, corpId)
  await enqueue(tx, [{ corpId, stream: 'sms-budgets' }], new Date(ctx.now()))
}

/** Whether a developer of the corp may have a budget. Locks the corp's settings, so that its price stays. Throws 1000 and 1013. */
export async function checkDeveloperBudget(_ctx: Core, tx: Db, corpId: string): Promise<void> {
  if ((await lockSettings(tx, corpId, standard)).smsPrice === 0) throw noPrice('smsBudget')
  await checkKnownByAll(tx, budgetsSince)
}

function noPrice(name: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`${own(name)}：预算以金额计，请先设置一条短信的价格（消息中心 → 渠道 → 发送前的批准 → 短信费用与预算）；没有保存`,
    en: told`${own(name)}: a budget is in money, and takes a price of one SMS (Message centre → Channels → Approval before sending → Cost and budget of SMS); nothing was saved`,
  })
}
