/**
 * A bill's number belongs to its creator, once. Bills are inserted by number, all or none of a call. A repeated call gets what
 * is stored, and another content under the same number is refused. A task that is enqueued in that transaction tells the payer;
 * the message's requestId is made of the bill.
 */

import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import { notReady } from '../../../organisation/corps/features/check-ready.ts'
import { type MemberCore, userKey } from '../../../organisation/directory/mirror/members.ts'
import { mayAct } from '../../../organisation/directory/permissions/person.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Apps } from '../../apps/catalog.ts'
import { hasEmoji } from '../emoji.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { ensurePaymentApp, paymentAppOf } from '../merchants/payment-app.ts'
import { type BillInput, hashOf, readBill } from './content.ts'
import type { Creator } from './creator.ts'
import * as store from './store.ts'

type Needs = Core & { apps: Apps; corps: Corps; merchants: Merchants; offered: FeatureOffers }

export const billsAtMost = 500

/** `problem`: why the bill cannot be made; it may have been made before. */
type BillOrder = {
  bill: BillInput
  hash: string
  prefix: string
  payer: MemberCore | undefined
  problem: ApiError | undefined
}

/**
 * Makes bills, all or none of them, and returns them in the order given. A bill that its creator made before with the same
 * content is returned again, whatever would forbid it by now, such as a payer who has left. `prefixes` say how errors name each bill, such as
 * `list[2].`. Throws 1000, 1001, 1007 for a payer whom the creator may not bill, and 1009 while no merchant collects.
 */
export async function createBills(
  ctx: Needs,
  creator: Creator,
  given: readonly Record<string, unknown>[],
  prefixes: readonly string[] = given.map((_one, index) => `list[${index}].`),
): Promise<store.Bill[]> {
  checkOn(ctx, creator.corpId, 'payments')
  if (given.length === 0) throw new ApiError('missingParameter', 'list')
  if (given.length > billsAtMost)
    throw new ApiError('badParameter', {
      zh: told`list 最多 ${own(billsAtMost)} 个，收到 ${own(given.length)} 个`,
      en: told`list takes at most ${own(billsAtMost)}, got ${own(given.length)}`,
    })
  const bills = given.map((one, index) => readBill(one, prefixes[index] ?? ''))
  const wanted = await wantedOf(ctx, creator, bills, prefixes)
  const isFirst = !paymentAppOf(ctx, creator.corpId)
  const [only, ...others] = bills
  // A developer's one bill is one statement, which needs no transaction around it.
  const isOneStatement = others.length === 0 && only?.notify === false && !isFirst && creator.devId !== ''
  const made = isOneStatement
    ? await make(ctx.db, ctx, creator, wanted)
    : await ctx.db.transaction().execute(async tx => {
        if (isFirst) await ensurePaymentApp(tx, ctx, creator.corpId)
        return make(tx, ctx, creator, wanted)
      })
  if (isFirst) await ctx.reloadConfig(creator.corpId)
  return made
}

/** What `createBills` would do with a bill; `problem` is what it would throw for it. */
export type BillExamination = {
  bill: BillInput | undefined
  payer: MemberCore | undefined
  isKnown: boolean
  problem: ApiError | undefined
}

/** Examines bills one by one, so that all of their problems are told at once. Of a number that comes twice, the first counts. */
export async function examineBills(
  ctx: Needs,
  creator: Creator,
  given: readonly Record<string, unknown>[],
): Promise<BillExamination[]> {
  const read = given.map(one => caught(() => readBill(one, '')))
  const bills = read.flatMap(one => (one instanceof ApiError ? [] : [one]))
  const wanted = new Map((await wantedOf(ctx, creator, bills, [])).map(one => [one.bill, one]))
  const numbers = [...new Set(bills.map(bill => bill.billNo))]
  const known = new Map((await store.billsByNo(ctx.db, creator, numbers)).map(bill => [bill.billNo, bill]))
  const seen = new Map<string, BillOrder>()
  return read.map(bill => {
    if (bill instanceof ApiError) return { bill: undefined, payer: undefined, isKnown: false, problem: bill }
    const one = wanted.get(bill)!
    const stored = known.get(bill.billNo)
    const before = seen.get(bill.billNo)
    if (!before) seen.set(bill.billNo, one)
    const problem = caught(() => {
      if (before && (before.hash !== one.hash || before.payer !== one.payer)) throw otherContent(one)
      if (stored) settled(one, stored)
      else if (one.problem) throw one.problem
    })
    const isKnown = stored !== undefined || before !== undefined
    return { bill, payer: one.payer, isKnown, problem: problem instanceof ApiError ? problem : undefined }
  })
}

function caught<T>(work: () => T): T | ApiError {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error
  }
}

async function wantedOf(
  ctx: Needs,
  creator: Creator,
  bills: readonly BillInput[],
  prefixes: readonly string[],
): Promise<BillOrder[]> {
  const payers = await creator.payersOf(bills.map(({ userId }) => userId))
  return bills.map((bill, index) => {
    const one = { bill, prefix: prefixes[index] ?? '', payer: payers.get(bill.userId) }
    const problem = problemOfTitle(one) ?? problemOfPayer(one) ?? problemOfMerchant(ctx, creator.corpId, one)
    return { ...one, hash: hashOf(bill), problem }
  })
}

type BillSubject = Pick<BillOrder, 'bill' | 'prefix' | 'payer'>

/** The title is what WeChat Pay shows the payer. */
function problemOfTitle({ bill, prefix }: BillSubject): ApiError | undefined {
  if (!hasEmoji(bill.title)) return undefined
  return new ApiError('badParameter', {
    zh: told`${own(prefix)}title 不能含有表情符号，微信支付不接受`,
    en: told`${own(prefix)}title must not contain emoji, which WeChat Pay does not take`,
  })
}

function problemOfMerchant(ctx: Needs, corpId: string, { bill, prefix }: BillSubject) {
  if (bill.mchId === undefined) return notReady(ctx, corpId, 'payments')
  if (ctx.merchants.find(corpId, bill.mchId)?.enabled) return undefined
  return new ApiError('badParameter', {
    zh: told`${own(prefix)}mchId 没有启用的商户号 ${bill.mchId}`,
    en: told`${own(prefix)}mchId: there is no enabled merchant ${bill.mchId}`,
  })
}

function problemOfPayer({ bill, prefix, payer }: BillSubject): ApiError | undefined {
  const called = `${prefix}userId ${bill.userId}`
  if (!payer) return new ApiError('unknownMember', told`${called}`)
  if (mayAct(payer)) return undefined
  return new ApiError('unknownMember', {
    zh: told`${called} 未激活或已禁用，不能作为付款人`,
    en: told`${called} is not activated, or disabled, and cannot be a payer`,
  })
}

/** Where it writes with more than one statement it is in a transaction, which a refusal undoes. */
async function make(
  tx: Db,
  ctx: Needs,
  creator: Creator,
  wanted: readonly BillOrder[],
): Promise<store.Bill[]> {
  const at = new Date(ctx.now())
  // A number that comes twice is stored once, and the second one is compared with it like any repetition.
  const firsts = new Map(wanted.toReversed().map(one => [one.bill.billNo, one]))
  const rows = [...firsts.values()].flatMap(({ bill, hash, payer, problem }) =>
    payer && !problem ? [rowOf(bill, hash, payer)] : [],
  )
  const made = await store.insertBills(tx, { ...creator, at }, rows)
  const { corpId, devId, actor } = creator
  if (made.some(bill => bill.notify)) await enqueue(tx, [{ corpId, stream: 'pay-notices' }], at)
  if (devId === '' && made[0]) {
    const detail = { bills: made.length, amount: made.reduce((sum, bill) => sum + bill.amount, 0) }
    await record(tx, ctx, { corpId, actor, act: 'pay.bill.create', target: made[0].billNo, detail })
  }
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

/** The bill that is stored under the wanted number. Throws 1000 when it is another one, and the problem when there is none. */
function settled(one: BillOrder, stored: store.Bill | undefined): store.Bill {
  if (!stored) throw one.problem ?? new Error(`bill ${one.bill.billNo} was not stored`)
  const { bill, hash, payer } = one
  const isSamePayer = stored.payerId === payer?.id || userKey(stored.payerUserId) === userKey(bill.userId)
  if (stored.contentHash === hash && isSamePayer) return stored
  throw otherContent(one)
}

function otherContent({ bill, prefix }: BillOrder): ApiError {
  return new ApiError('badParameter', {
    zh: told`${own(prefix)}billNo ${bill.billNo} 已用于内容不同的账单，没有创建；新账单请换一个编号`,
    en: told`${own(prefix)}billNo ${bill.billNo} was used for a bill with other content, and nothing was created: give a new bill another number`,
  })
}

/** Throws 1000, both for a bill that there is not and for one that is not to be seen. */
export async function findBill(
  ctx: Core,
  corpId: string,
  by: { id: number } | { devId: string; billNo: string },
  reach: store.BillReach,
): Promise<store.Bill> {
  const found = await store.findBill(ctx.db, corpId, by, reach)
  const called = 'id' in by ? by.id : by.billNo
  if (!found) {
    const isOwn = 'devId' in by && by.devId === ''
    throw new ApiError('badParameter', {
      zh: told`没有账单 ${called}${own(isOwn ? '（开发者创建的账单须同时给出其 devId）' : '')}`,
      en: told`there is no bill ${called}${own(isOwn ? ' (one that a developer made is named with the devId)' : '')}`,
    })
  }
  return found
}
