import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { holdLease, type Lease } from '../../../platform/queue/queue-store.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { TodoSettings } from '../settings/catalog.ts'
import { tellOfOverdue } from '../tell-of-todos.ts'
import { whomToAsk } from './escalation.ts'
import { nextMoment, passedMoments } from './moments.ts'
import * as store from './notice-store.ts'

export type CareNeeds = Core & { apps: Apps; mirrors: Mirrors; todoSettings: TodoSettings }

const atOnce = 200

/**
 * Takes to-dos whose moment has come: notes down who is to be told of them, tells their developers of those whose time is over, and when
 * they are looked at next, all in one transaction. Returns whether there may be more.
 */
export async function takeDue(ctx: CareNeeds, corpId: string, lease: Lease): Promise<boolean> {
  const now = new Date(ctx.now())
  return ctx.db.transaction().execute(async tx => {
    const due = await store.lockDue(tx, corpId, now, atOnce)
    const over: store.DueNotice[] = []
    const late: (store.DueNotice & { at: Date })[] = []
    const notices: store.NewNotice[] = []
    const next: { id: number; careAt: Date | null }[] = []
    for (const one of due) {
      const { id, holderId, dueAt, careAt } = one
      const settings = ctx.todoSettings.of(one.appId)
      const isOpen = one.state === 'open' && dueAt !== null
      next.push({ id, careAt: isOpen ? nextMoment(dueAt, settings, now) : null })
      if (!isOpen) continue
      const { isOver, remindAt, escalateAt } = passedMoments(dueAt, settings, careAt, now)
      if (isOver) over.push(one)
      if (remindAt) notices.push({ todoId: id, toId: holderId, kind: 'remind', at: remindAt })
      if (escalateAt) late.push({ ...one, at: escalateAt })
    }
    const asked = await whomToAsk(ctx, corpId, late)
    for (const { id, at } of late)
      for (const toId of asked.get(id) ?? []) notices.push({ todoId: id, toId, kind: 'escalate', at })
    await store.insertNotices(tx, corpId, notices, now)
    await store.putNextCare(tx, corpId, next)
    await tellOfOverdue(tx, ctx, corpId, over, now)
    await holdLease(tx, lease)
    return due.length === atOnce
  })
}
