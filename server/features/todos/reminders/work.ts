/**
 * People are reminded once. A to-do's next moment is a column of its row (`care_at`). The transaction that takes it writes who
 * gets the reminder, and the moment after. The rows of a message are put together under an id before the message is accepted,
 * and that id is its requestId.
 */

import type { Jobs } from '../../../platform/queue/jobs.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { SubmitNeeds } from '../../messages/accept/submit.ts'
import type { QuietHoursOfCorps } from '../../quiet-hours/catalog.ts'
import { type CareNeeds, takeDue } from './care.ts'
import { momentsOf } from './moments.ts'
import * as store from './notice-store.ts'
import { tellPeople } from './tell-people.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'todo-care': true
  }
}

type Needs = CareNeeds & SubmitNeeds & { quietHours: QuietHoursOfCorps }

const corpsAtOnce = 4
const plannedAtOnce = 2000

/** Reminders and escalations; the queue gives each corp to one node at a time. */
export function handleReminders(ctx: Needs): void {
  ctx.queue.handle({
    name: 'todo-care',
    atOnce: corpsAtOnce,
    async work({ corpId, lease, signal }) {
      if (!ctx.corps.find(corpId)) return undefined
      return ctx.mirrors.during(corpId, async () => {
        while (!signal.aborted && (await takeDue(ctx, corpId, lease)));
        return tellPeople(ctx, corpId, lease, signal)
      })
    },
  })
  ctx.queue.handle({
    name: 'todo-plan',
    atOnce: corpsAtOnce,
    async work({ corpId, key, lease, signal }) {
      const [appId = ''] = key.split(' ')
      let afterId: number | undefined = 0
      while (afterId !== undefined && !signal.aborted)
        afterId = await store.planPart(ctx.db, corpId, appId, momentsOf(ctx.todoSettings.of(appId)), {
          afterId,
          lease,
          limit: plannedAtOnce,
          now: new Date(ctx.now()),
        })
      return undefined
    },
  })
}

/** Schedules the look for due reminders, every minute. */
export function scheduleReminders(ctx: CareNeeds & { jobs: Jobs }): void {
  ctx.jobs.schedule('todo-care', '* * * * *', async () => {
    const now = new Date(ctx.now())
    const corps = await store.corpsWithDue(ctx.db, now)
    if (corps.length === 0) return
    await enqueue(
      ctx.db,
      corps.map(corpId => ({ corpId, stream: 'todo-care' })),
      now,
    )
  })
}
