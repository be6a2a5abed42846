import type { Core } from '../../../platform/core.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import type { WaitingRow } from '../../../platform/manifest/waiting.ts'
import { keyOf, type Workbench } from '../../apps/workbench/workbench.ts'
import { countUnread } from '../mine/my-messages.ts'
import { followArrivals } from './results-store.ts'

/** Makes pages that wait for another number of unread messages count again when messages arrive. */
export function followUnread({ bus, workbench }: Core & { workbench: Workbench }): Promise<void> {
  const { unread } = workbench
  return followArrivals(
    bus,
    (corpId, memberIds) => {
      if (memberIds) for (const id of memberIds) unread.changed(`${corpId} ${id}`)
      else unread.changedBelow(`${corpId} `)
    },
    unread.changedForAll,
  )
}

/** Unread messages are counted up to this many. */
export const unreadAtMost = 100

type Needs = Core & { workbench: Workbench }

/** Counts in the database. */
export async function countUnreadOf(
  ctx: Needs,
  corpId: string,
  person: Person & { member: object },
): Promise<number> {
  const { readAt } = await ctx.workbench.arrangement(corpId, person)
  return countUnread(ctx, { corpId, memberId: person.member.id }, readAt, unreadAtMost)
}

/** Returns the known number of unread messages, or counts them; 0 for the system super administrator. */
export function unreadOf(ctx: Needs, corpId: string, person: Person): number | Promise<number> {
  if (!person.member) return 0
  return ctx.workbench.unread.of(keyOf(corpId, person), () => countUnreadOf(ctx, corpId, person))
}

export async function unreadWaiting(ctx: Needs, corpId: string, person: Person): Promise<WaitingRow[]> {
  const count = await unreadOf(ctx, corpId, person)
  if (count === 0) return []
  return [
    { icon: 'message', title: { zh: '未读消息', en: 'Unread messages' }, count, link: { to: 'messages' } },
  ]
}
