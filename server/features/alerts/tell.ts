import { publicUrlOf } from '../../organisation/corps/corps.ts'
import { isListed } from '../../organisation/directory/mirror/members.ts'
import { mayAct, roleLevel } from '../../organisation/directory/permissions/person.ts'
import { rolesOfCorp } from '../../organisation/people/store.ts'
import type { Telling } from '../../platform/manifest/cause.ts'
import type { Offered, OfferedCause } from '../../platform/manifest/offered.ts'
import { alertNoticePrefix } from '../messages/accept/alert-notice.ts'
import {
  type MemberNotice,
  type TellingNeeds,
  tellingChannels,
  tellMembers,
} from '../messages/accept/tell-members.ts'
import * as store from './store.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    alerts: true
  }
}

const corpsAtOnce = 4
/** When nobody was reached it is tried again a day later, so that refused messages do not make more of them. */
const againMs = 86_400_000

export function triedBefore(ctx: Pick<TellingNeeds, 'now'>): Date {
  return new Date(ctx.now() - againMs)
}

/** Tells administrators of new alerts; the queue gives each corp to one node at a time. */
export function handleAlerts(ctx: TellingNeeds & { offered: Offered }): void {
  ctx.queue.handle({
    name: 'alerts',
    atOnce: corpsAtOnce,
    async work({ corpId, signal }) {
      if (!ctx.corps.find(corpId)) return undefined
      const untold = await store.alertsToTell(ctx.db, corpId, triedBefore(ctx))
      const people = untold.length === 0 ? [] : await superAdministrators(ctx, corpId)
      const isPossible = people.length > 0 && tellingChannels(ctx, corpId).length > 0
      for (const alert of untold) {
        if (signal.aborted) break
        const cause = ctx.offered.causes[alert.cause]
        // Another version of wisp knows other causes, and tells of them.
        if (!cause) continue
        const isTold = isPossible && (await tell(ctx, corpId, alert, cause, people))
        await store.noteTried(ctx.db, alert.id, isTold, new Date(ctx.now()))
      }
      return undefined
    },
  })
}

/** Their member ids; where there is none, the address book need not be read. */
async function superAdministrators(ctx: TellingNeeds, corpId: string): Promise<number[]> {
  return (await rolesOfCorp(ctx.db, corpId)).flatMap(({ memberId, level }) =>
    level === roleLevel.superAdministrator ? [memberId] : [],
  )
}

/** Returns whether anybody was reached. */
async function tell(
  ctx: TellingNeeds,
  corpId: string,
  alert: store.AlertRow,
  cause: OfferedCause,
  people: number[],
): Promise<boolean> {
  return ctx.mirrors.during(corpId, async () => {
    const { members } = ctx.mirrors.of(corpId)
    const userIds = people.flatMap(id => {
      const member = members.byId(id)
      return member && isListed(member) && mayAct(member) ? [member.userId] : []
    })
    const key = `${alertNoticePrefix}${alert.id}-${alert.triedAt?.getTime() ?? 0}`
    const left = await tellMembers(
      ctx,
      corpId,
      userIds,
      key,
      contentOf(ctx, corpId, cause.tell(alert.detail as never)),
    )
    return left.length < userIds.length
  })
}

function contentOf(ctx: TellingNeeds, corpId: string, { title, what, fix, path }: Telling): MemberNotice {
  return {
    msgType: '01',
    agentName: '平台提醒',
    title: title.zh,
    content: `${what.zh}\n怎么改：${fix.zh}\n\n${title.en}. ${what.en}\nWhat to do: ${fix.en}`,
    url: publicUrlOf(ctx, ctx.corps.get(corpId)) + path,
    btntxt: '去处理',
  }
}
