import type { Apps } from '../../apps/catalog.ts'
import type { Core } from '../../core.ts'
import { type MemberCore, userKey } from '../../directory/mirror/members.ts'
import { ApiError } from '../../http/errors.ts'
import { mayAct } from '../../people/people.ts'
import { enqueue } from '../../queue/queue-store.ts'
import type { Db } from '../../storage/db.ts'
import { ensurePaymentApp, paymentAppOf } from '../payer/payment-app.ts'
import { type BillInput, hashOf, readBill } from './content.ts'
import type { Creator } from './creator.ts'
import * as store from './store.ts'

type Needs = Core & { apps: Apps }

export const billsAtMost = 500

type Wanted = { bill: BillInput; hash: string; prefix: string; payer: MemberCore | undefined }

/**
 * Makes bills, all or none of them, and returns them in the order given. A bill that its creator made before with the same
 * content is returned again, also when its payer has left since. `prefixes` say how errors name each bill, such as
 * `list[2].`. Throws 1000, 1001, and 1007 for a payer whom the creator may not bill.
 */
export async function createBills(
  ctx: Needs,
  creator: Creator,
  given: readonly Record<string, unknown>[],
  prefixes: readonly string[] = given.map((_one, index) => `list[${index}].`),
): Promise<store.Bill[]> {
  if (given.length === 0) throw new ApiError('missingParameter', 'list')
  if (given.length > billsAtMost)
    throw new ApiError('badParameter', {
      zh: `list 最多 ${billsAtMost} 个，收到 ${given.length} 个`,
      en: `list takes at most ${billsAtMost}, got ${given.length}`,
    })
  const bills = given.map((one, index) => readBill(one, prefixes[index] ?? ''))
  const payers = await creator.payersOf(bills.map(({ userId }) => userId))
  const wanted = bills.map((bill, index) => ({
    bill,
    hash: hashOf(bill),
    prefix: prefixes[index] ?? '',
    payer: payers.get(bill.userId),
  }))
  const isFirst = !paymentAppOf(ctx, creator.corpId)
  const made = await ctx.db.transaction().execute(async tx => {
    if (isFirst) await ensurePaymentApp(tx, ctx, creator.corpId)
    return make(tx, ctx, creator, wanted)
  })
  if (isFirst) await ctx.reloadConfig(creator.corpId)
  return made
}

/** In the creator's transaction, which a refusal undoes. */
async function make(tx: Db, ctx: Needs, creator: Creator, wanted: readonly Wanted[]): Promise<store.Bill[]> {
  const at = new Date(ctx.now())
  // A number that comes twice is stored once, and the second one is compared with it like any repetition.
  const firsts = new Map(wanted.toReversed().map(one => [one.bill.billNo, one]))
  const rows = [...firsts.values()].flatMap(({ bill, hash, payer }) =>
    payer && mayAct(payer) ? [rowOf(bill, hash, payer)] : [],
  )
  const made = await store.insertBills(tx, { ...creator, at }, rows)
  if (made.some(bill => bill.notify))
    await enqueue(tx, [{ corpId: creator.corpId, stream: 'pay-notices' }], at)
  const known = new Map(made.map(bill => [bill.billNo, bill]))
  const others = [...firsts.keys()].filter(billNo => !known.has(billNo))
  if (others.length > 0)
    for (const bill of await store.billsByNo(tx, creator, others)) known.set(bill.billNo, bill)
  return wanted.map(one => settled(one, known.get(one.bill.billNo)))
}

function rowOf(bill: BillInput, contentHash: string, payer: MemberCore): store.NewBill {
  const {
    billNo,
    title,
    amount,
    items,
    dueAt = null,
    remark = '',
    attachmentUrl = '',
    notify,
    mchId = '',
  } = bill
  return {
    billNo,
    contentHash,
    payerId: payer.id,
    payerUserId: payer.userId,
    payerName: payer.name,
    title,
    amount,
    items: items.map(({ name, amount, quantity = 1 }) => ({ name, amount, quantity })),
    dueAt,
    remark,
    attachmentUrl,
    notify,
    mchId,
  }
}

/** The bill that is stored under the wanted number. Throws 1000 when it is another one, and 1007 when there is none. */
function settled({ bill, hash, prefix, payer }: Wanted, stored: store.Bill | undefined): store.Bill {
  if (!stored) throw unbillable(`${prefix}userId ${bill.userId}`, payer)
  const isSamePayer = stored.payerId === payer?.id || userKey(stored.payerUserId) === userKey(bill.userId)
  if (stored.contentHash === hash && isSamePayer) return stored
  throw new ApiError('badParameter', {
    zh: `${prefix}billNo ${bill.billNo} 已用于内容不同的账单`,
    en: `${prefix}billNo ${bill.billNo} is the number of a bill with other content`,
  })
}

function unbillable(called: string, payer: MemberCore | undefined): ApiError {
  if (!payer) return new ApiError('unknownMember', called)
  return new ApiError('unknownMember', {
    zh: `${called} 未激活或已禁用`,
    en: `${called} is not activated, or disabled`,
  })
}

/** Throws 1000, both for a bill that there is not and for one that is not to be seen. */
export async function findBill(
  ctx: Core,
  corpId: string,
  by: { id: number } | { devId: string; billNo: string },
  reach: store.Reach,
): Promise<store.Bill> {
  const found = await store.findBill(ctx.db, corpId, by, reach)
  const called = 'id' in by ? by.id : by.billNo
  if (!found)
    throw new ApiError('badParameter', { zh: `没有账单 ${called}`, en: `there is no bill ${called}` })
  return found
}
