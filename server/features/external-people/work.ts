import { publicUrlOf, zoneOf } from '../../organisation/corps/corps.ts'
import { momentIn } from '../../platform/moments.ts'
import type { ActiveTask } from '../../platform/queue/queue.ts'
import { holdLease } from '../../platform/queue/queue-store.ts'
import type { SubmitNeeds } from '../messages/accept/submit.ts'
import { tellMembers } from '../messages/accept/tell-members.ts'
import { type ExternalRow, markReminded, personById } from './external-store.ts'
import { type ExternalNeeds, endPerson, nextDue, remindDays } from './people.ts'

const corpsAtOnce = 4
const dayMs = 86_400_000

/** Reminds people and their sponsors before the end, and ends who is due. The key of a task is the person's id. */
export function handleExternalPeople(ctx: ExternalNeeds & SubmitNeeds): void {
  ctx.queue.handle({
    name: 'external-people',
    atOnce: corpsAtOnce,
    async work(task) {
      const { corpId, key } = task
      if (!ctx.corps.find(corpId)) return undefined
      const row = await personById(ctx.db, corpId, Number(key))
      if (!row || row.endedAt) return undefined
      if (row.endsAt.getTime() <= ctx.now()) return end(ctx, task, row)
      const days = remindDays.filter(one => row.endsAt.getTime() - one * dayMs <= ctx.now()).at(-1)
      if (days !== undefined && (row.remindedDays ?? Number.POSITIVE_INFINITY) > days) {
        await remind(ctx, corpId, row, days)
        await markReminded(ctx.db, corpId, row.memberId, days)
      }
      return nextDue(row.endsAt, ctx.now())
    },
  })
}

async function end(
  ctx: ExternalNeeds,
  { corpId, lease }: ActiveTask,
  row: ExternalRow,
): Promise<Date | undefined> {
  let isRenewed = false
  await endPerson(ctx, corpId, row, {
    actor: 'wisp',
    async within(tx) {
      const now = await personById(tx, corpId, row.memberId)
      isRenewed = now !== undefined && now.endsAt.getTime() > ctx.now()
      if (isRenewed) throw new Renewed()
      await holdLease(tx, lease)
    },
  }).catch(error => {
    if (!(error instanceof Renewed)) throw error
  })
  return isRenewed ? new Date(ctx.now()) : undefined
}

/** Somebody renewed them between the look and the lock. */
class Renewed extends Error {}

/** The key names the end, so that a node that repeats this because the first one died sends nothing twice. */
async function remind(
  ctx: ExternalNeeds & SubmitNeeds,
  corpId: string,
  row: ExternalRow,
  days: number,
): Promise<void> {
  await ctx.mirrors.during(corpId, async () => {
    const timeZone = zoneOf(ctx, corpId)
    const form = { timeZone, now: ctx.now(), isKept: true }
    const [zh, en] = [momentIn('zh', row.endsAt, form), momentIn('en', row.endsAt, form)]
    const key = `external-${row.memberId}-${row.endsAt.getTime().toString(36)}-${days}`
    const portal = publicUrlOf(ctx, ctx.corps.get(corpId))
    const notice = { msgType: '01', agentName: '平台提醒', btntxt: '查看' } as const
    await tellMembers(ctx, corpId, [row.userId], key, {
      ...notice,
      title: '账号即将到期',
      content: `您的外部人员账号将于 ${zh} 到期，到期后不能再登录。需要继续使用时，请联系您的担保人续期。\n\nYour account ends on ${en}. Ask your sponsor to renew it if you still need it.`,
      url: `${portal}/portal`,
    })
    const { members } = ctx.mirrors.of(corpId)
    const sponsor = row.sponsorId === null ? undefined : members.byId(row.sponsorId)
    if (!sponsor) return
    await tellMembers(ctx, corpId, [sponsor.userId], `${key}-s`, {
      ...notice,
      title: '您担保的外部人员即将到期',
      content: `${row.name}（${row.organisation}）的账号将于 ${zh} 到期。需要续期时，请联系管理员。\n\n${row.name} (${row.organisation}), whom you sponsor, ends on ${en}. Ask an administrator to renew.`,
      url: `${portal}/portal`,
    })
  })
}
