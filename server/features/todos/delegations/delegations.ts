import { type Corps, zoneOf } from '../../../organisation/corps/corps.ts'
import { isListed, type MemberCore, userKey } from '../../../organisation/directory/mirror/members.ts'
import { mayAct } from '../../../organisation/directory/permissions/person.ts'
import { record } from '../../../platform/audit/audit.ts'
import { formatMoment } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { peopleById, personByKey } from '../people/people-store.ts'
import { makesCircle } from './chain.ts'
import * as store from './delegation-store.ts'
import { type SettleNeeds, settleHolders } from './settle-holders.ts'

export const delegationDaysAtMost = 366
const dayMs = 86_400_000

export type NewDelegation = { from: string; to: string; startsAt: Date | undefined; endsAt: Date }

/**
 * What one person has to do in the apps that allow it is another's for a time, from now without a beginning. Throws 1000 for a circle,
 * oneself, somebody who has left, a period that overlaps another; 1007.
 */
export async function addDelegation(
  ctx: SettleNeeds & { corps: Corps },
  actor: string,
  corpId: string,
  given: NewDelegation,
): Promise<{ id: number; moved: number }> {
  const at = new Date(ctx.now())
  const from = await personFor(ctx, corpId, given.from, 'from')
  const to = await personFor(ctx, corpId, given.to, 'to')
  if (from.id === to.id)
    throw new ApiError('badParameter', {
      zh: '不能委托给自己，请选择其他成员',
      en: 'you cannot delegate to-dos to yourself: choose another member',
    })
  if (!mayAct(to))
    throw new ApiError('badParameter', {
      zh: told`${to.name}（${to.userId}）未激活或已禁用，不能接受委托`,
      en: told`${to.name} (${to.userId}) is not active, and cannot take to-dos`,
    })
  const period = periodOf(given, at, zoneOf(ctx, corpId))
  if (ctx.todoSettings.passingOn(corpId).length === 0)
    throw new ApiError('badParameter', {
      zh: '还没有应用允许委托：请先在应用的“待办”里开启“可委托与移交”',
      en: 'no app allows delegation yet: switch on “may be delegated and passed on” in the to-do settings of an app first',
    })
  const added = { fromId: from.id, toId: to.id, ...period }
  const id = await ctx.db.transaction().execute(async tx => {
    await store.lockDelegations(tx, corpId)
    const known = await store.openDelegations(tx, corpId, at)
    checkOverlap(ctx, corpId, known, added, from)
    if (makesCircle(known, added))
      throw new ApiError('badParameter', {
        zh: told`委托成了一圈：${to.name} 在此期间的待办会回到 ${from.name}`,
        en: told`this delegation makes a circle: to-dos of ${to.name} would come back to ${from.name} during that time`,
      })
    const id = await store.insertDelegation(tx, corpId, added, { at, actor })
    const detail = { id, from: from.userId, to: to.userId, until: period.endsAt }
    await record(tx, ctx, {
      act: 'todo.delegate',
      target: from.userId,
      targetName: from.name,
      corpId,
      actor,
      detail,
    })
    return id
  })
  return { id, moved: await settleHolders(ctx, corpId) }
}

/** A member of now. Throws 1007, and 1000 for somebody who has left. */
async function personFor(
  ctx: SettleNeeds,
  corpId: string,
  userId: string,
  name: 'from' | 'to',
): Promise<MemberCore> {
  const key = userKey(userId)
  const member = ctx.mirrors.of(corpId).members.byKey(key)
  if (member && isListed(member)) return member
  const left = member ?? (await personByKey(ctx.db, corpId, key))
  if (!left) throw new ApiError('unknownMember', told`${userId}`)
  throw new ApiError('badParameter', {
    zh: told`${own(name)}：${left.name}（${userId}）已离职`,
    en: told`${own(name)}: ${left.name} (${userId}) has left`,
  })
}

function periodOf(
  { startsAt, endsAt }: NewDelegation,
  now: Date,
  timeZone: string,
): { startsAt: Date; endsAt: Date } {
  const from = startsAt && startsAt > now ? startsAt : now
  if (endsAt <= from) {
    const got = formatMoment(endsAt, timeZone, now.getTime())
    throw new ApiError('badParameter', {
      zh: told`endsAt 应晚于${own(from === now ? '现在' : '开始时间')}，收到 ${own(got.zh)}`,
      en: told`endsAt should be after ${own(from === now ? 'now' : 'the beginning')}, got ${own(got.en)}`,
    })
  }
  if (endsAt.getTime() - from.getTime() > delegationDaysAtMost * dayMs)
    throw new ApiError('badParameter', {
      zh: told`委托最长 ${own(delegationDaysAtMost)} 天，请缩短`,
      en: told`a delegation lasts at most ${own(delegationDaysAtMost)} days: shorten it`,
    })
  return { startsAt: from, endsAt }
}

function checkOverlap(
  ctx: SettleNeeds & { corps: Corps },
  corpId: string,
  known: readonly store.StoredDelegation[],
  { fromId, startsAt, endsAt }: { fromId: number; startsAt: Date; endsAt: Date },
  from: MemberCore,
): void {
  const other = known.find(one => one.fromId === fromId && one.startsAt < endsAt && startsAt < one.endsAt)
  if (!other) return
  const to = ctx.mirrors.of(corpId).members.byId(other.toId)?.name ?? String(other.toId)
  const inWords = (at: Date) => formatMoment(at, zoneOf(ctx, corpId), ctx.now())
  const [begin, end] = [inWords(other.startsAt), inWords(other.endsAt)]
  throw new ApiError('badParameter', {
    zh: told`与已有的委托重叠：${from.name} 在 ${own(begin.zh)} 到 ${own(end.zh)} 已委托给 ${to}`,
    en: told`this overlaps another: from ${own(begin.en)} to ${own(end.en)} what ${from.name} has is delegated to ${to}`,
  })
}

/**
 * Ends a delegation early, or takes back one that has not begun; what is still open goes back. `ownerId`: whose it has to be, where a
 * person asks. Throws 1000.
 */
export async function endDelegation(
  ctx: SettleNeeds,
  actor: string,
  corpId: string,
  id: number,
  ownerId?: number,
): Promise<{ moved: number }> {
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await store.lockDelegations(tx, corpId)
    const one = await store.findDelegation(tx, corpId, id)
    if (!one || (ownerId !== undefined && one.fromId !== ownerId))
      throw new ApiError('badParameter', {
        zh: told`没有委托 ${own(id)}`,
        en: told`there is no delegation ${own(id)}`,
      })
    if (one.endsAt <= at || one.endsAt <= one.startsAt) return
    await store.endDelegation(tx, corpId, id, { at, actor })
    const [from] = await peopleById(tx, corpId, [one.fromId])
    await record(tx, ctx, {
      act: 'todo.delegate-end',
      target: from?.userId ?? '',
      targetName: from?.name ?? '',
      corpId,
      actor,
      detail: { id },
    })
  })
  return { moved: await settleHolders(ctx, corpId) }
}
