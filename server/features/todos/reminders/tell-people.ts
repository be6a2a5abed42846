import { publicUrlOf, zoneOf } from '../../../organisation/corps/corps.ts'
import { isListed, type MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { mayAct } from '../../../organisation/directory/permissions/person.ts'
import { formatMoment } from '../../../platform/format.ts'
import { holdLease, type Lease } from '../../../platform/queue/queue-store.ts'
import type { SubmitNeeds } from '../../messages/accept/submit.ts'
import { type MemberNotice, tellMembers } from '../../messages/accept/tell-members.ts'
import type { QuietHoursOfCorps } from '../../quiet-hours/catalog.ts'
import { todoListPath } from '../links.ts'
import type { CareNeeds } from './care.ts'
import * as store from './notice-store.ts'

type Needs = CareNeeds & SubmitNeeds & { quietHours: QuietHoursOfCorps }

const peopleAtOnce = 200
/** Nobody is told more often; what comes in between is in the next message. */
const apartMs = 600_000
const namedAtMost = 8

/**
 * Tells everybody what there is for them, each in one message. The rows of a message are chosen before it is accepted, under an id of
 * their own, so that a node that repeats it after a crash sends it under the same one. Returns when something is left to be told.
 */
export async function tellPeople(
  ctx: Needs,
  corpId: string,
  lease: Lease,
  signal: AbortSignal,
): Promise<Date | undefined> {
  const quiet = ctx.quietHours.endAt(corpId, ctx.now())
  let next = quiet?.getTime()
  for (let afterId = 0; ; ) {
    // In quiet hours only a message that was begun is finished.
    const which = { limit: peopleAtOnce, afterId, onlyBegun: quiet !== undefined }
    const people = await store.peopleToTell(ctx.db, corpId, which)
    for (const { toId, lastAt, batch } of people) {
      if (signal.aborted) return undefined
      afterId = toId
      const freeAt = lastAt ? lastAt.getTime() + apartMs : 0
      if (batch === null && freeAt > ctx.now()) next = Math.min(next ?? freeAt, freeAt)
      else await tellOne(ctx, corpId, toId, batch, lease)
    }
    if (people.length < peopleAtOnce) return next === undefined ? undefined : new Date(next)
  }
}

async function tellOne(
  ctx: Needs,
  corpId: string,
  toId: number,
  begun: string | null,
  lease: Lease,
): Promise<void> {
  const batch = begun ?? ctx.newId()
  const notices = await store.noticesFor(ctx.db, corpId, toId, begun)
  const due = notices.filter(one => one.isDue)
  const at = new Date(ctx.now())
  const idsOf = (some: readonly store.OpenNotice[]) => some.map(one => one.id)
  await ctx.db.transaction().execute(async tx => {
    await store.endNotices(tx, corpId, idsOf(notices.filter(one => !one.isDue)), 'moot', at)
    await store.putInBatch(tx, corpId, idsOf(due), batch)
    await holdLease(tx, lease)
  })
  if (due.length === 0) return
  const reader = ctx.mirrors.of(corpId).members.byId(toId)
  const isReached = reader !== undefined && isListed(reader) && mayAct(reader)
  const left = isReached ? await tell(ctx, corpId, reader, batch, due) : ['']
  await ctx.db.transaction().execute(async tx => {
    const outcome = left.length === 0 ? 'told' : 'unreached'
    await store.endNotices(tx, corpId, idsOf(due), outcome, new Date(ctx.now()))
    await holdLease(tx, lease)
  })
}

async function tell(
  ctx: Needs,
  corpId: string,
  reader: MemberCore,
  batch: string,
  due: readonly store.OpenNotice[],
): Promise<string[]> {
  return tellMembers(ctx, corpId, [reader.userId], `todo-${batch}`, noticeOf(ctx, corpId, due))
}

function noticeOf(ctx: Needs, corpId: string, due: readonly store.OpenNotice[]): MemberNotice {
  const mine = due.filter(one => one.kind === 'remind')
  const others = due.filter(one => one.kind === 'escalate')
  const lines = [
    ...(mine.length > 0 && others.length > 0 ? ['您的 / yours:'] : []),
    ...linesOf(ctx, corpId, mine),
    ...(others.length > 0 ? ['请您过问 / please look into:'] : []),
    ...linesOf(ctx, corpId, others),
  ]
  return {
    msgType: '01',
    agentName: '待办提醒',
    title: titleOf(mine.length, others.length),
    content: lines.join('\n'),
    url: publicUrlOf(ctx, ctx.corps.get(corpId)) + todoListPath,
    btntxt: '去处理',
  }
}

function titleOf(mine: number, others: number): string {
  if (others === 0) return `您有 ${mine} 条待办到期提醒`
  const theirs = `${others} 条待办超时未办，请过问`
  return mine === 0 ? theirs : `您有 ${mine} 条待办到期提醒，另有${theirs}`
}

function linesOf(ctx: Needs, corpId: string, some: readonly store.OpenNotice[]): string[] {
  const { members } = ctx.mirrors.of(corpId)
  const zone = zoneOf(ctx, corpId)
  const named = some.slice(0, namedAtMost).map(one => {
    const who = one.kind === 'escalate' ? `${members.byId(one.holderId)?.name ?? ''}：` : ''
    const isOver = one.dueAt !== null && one.dueAt.getTime() <= ctx.now()
    const due = one.dueAt ? formatMoment(one.dueAt, zone, ctx.now()).zh : ''
    const app = ctx.apps.find(one.appId)?.name ?? ''
    const when = isOver ? `${due} 已到期 / overdue` : `${due} 截止 / due`
    return `· ${who}${one.title}（${[app, when].filter(Boolean).join('，')}）`
  })
  const more = some.length - named.length
  return more > 0 ? [...named, `… 还有 ${more} 条 / and ${more} more`] : named
}
