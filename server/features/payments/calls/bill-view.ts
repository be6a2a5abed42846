import { type Static, Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import { seenMember, type Viewer } from '../../../organisation/directory/console/viewer.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { optionalText, optionalTime, type Values } from '../../../platform/http/input.ts'
import { several } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { reachOf } from '../bills/creator.ts'
import { type Bill, type BillFilter, shownStates } from '../bills/store.ts'

export type BillNeeds = Core & { developers: Developers; mirrors: Mirrors }

const maybeTime = Type.Union([time, Type.Null()])

/** A bill in a list; amounts are fen. */
export const billRowSchema = Type.Object({
  id: Type.Number(),
  billNo: Type.String(),
  title: Type.String(),
  amount: Type.Number(),
  state: Type.Enum(['open', 'paid', 'closed']),
  /** Open after it was due. */
  isOverdue: Type.Boolean(),
  /** What was given back. */
  refunded: Type.Number(),
  /** The payer as they are called now; as they were called when the bill was made, once they have left. */
  userId: Type.String(),
  userName: Type.String(),
  hasLeft: Type.Boolean(),
  /** '' for the console and the command line; `developer` is the name. */
  devId: Type.String(),
  developer: Type.String(),
  /** '' for the default merchant. */
  mchId: Type.String(),
  createdAt: time,
  dueAt: maybeTime,
  toldAt: maybeTime,
  seenAt: maybeTime,
  paidAt: maybeTime,
  closedAt: maybeTime,
})
export type BillRow = Static<typeof billRowSchema>

export function billRow(ctx: BillNeeds, bill: Bill): BillRow {
  const { corpId, payerId, devId, dueAt, state } = bill
  const payer = payerId === null ? undefined : ctx.mirrors.of(corpId).members.byId(payerId)
  return {
    ...bill,
    isOverdue: state === 'open' && dueAt !== null && dueAt.getTime() < ctx.now(),
    userId: payer?.userId ?? bill.payerUserId,
    userName: payer?.name ?? bill.payerName,
    hasLeft: payer === undefined,
    developer: developerName(ctx, devId),
  }
}

export function developerName({ developers }: { developers: Developers }, devId: string): string {
  return developers.get(devId)?.name ?? devId
}

/** What lists, their files and totals of bills take. */
export const billFilterInput = {
  text: optionalText('账单号、名称、付款人姓名或账号中的文字', { max: 64 }),
  userId: optionalText('付款成员 userId', { max: 64 }),
  state: several('状态', shownStates),
  developer: optionalText('开发者 devId；none 为控制台和命令行', { max: 64 }),
  mchId: optionalText('商户号；default 为默认商户', { max: 32 }),
  from: optionalTime('从此时（ISO 8601）创建的'),
  to: optionalTime('到此时（ISO 8601）之前创建的'),
}

/** A graded administrator sees the bills of members of their departments. Throws 1007. */
export async function billFilterOf(
  ctx: BillNeeds,
  viewer: Viewer,
  input: Values<typeof billFilterInput>,
): Promise<BillFilter> {
  const { userId, developer, mchId, ...rest } = input
  return {
    ...rest,
    payerId: userId === undefined ? undefined : (await seenMember(ctx, viewer, userId)).id,
    devId: developer === 'none' ? '' : developer,
    mchId: mchId === 'default' ? '' : mchId,
    reach: reachOf(viewer),
  }
}
