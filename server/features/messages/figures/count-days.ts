/**
 * Figures of message types by day. Nothing is counted when something is sent: a job counts the messages of a day from their rows, and again
 * while they can change. What it wrote is only a shortcut, so that a crash, a retry or a second node can make nothing wrong.
 */

import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Jobs } from '../../../platform/queue/jobs.ts'
import { knownZone, momentOn } from '../../../platform/time-zone.ts'
import { countMessages, type DueDay, dueDays, putDay } from './figures-store.ts'

const dayMs = 86_400_000

/** The number of a day as dayIn (time-zone.ts) has it. */
export const numberOf = (day: string) => Date.parse(day) / dayMs
export const nameOf = (number: number) => new Date(number * dayMs).toISOString().slice(0, 10)

/** When so many days begin in the zone, the first being `day`, and when the last ends. */
export const startsOf = (timeZone: string, day: number, days: number) =>
  Array.from({ length: days + 1 }, (_, n) => new Date(momentOn(knownZone(timeZone), day + n, 0)))

/** Days that are due are counted for so long; the others wait for the next run, which begins with today again. */
const countsForMs = 240_000

export async function countDueDays(ctx: Core, withinMs = countsForMs): Promise<void> {
  const until = performance.now() + withinMs
  for (const due of await dueDays(ctx.db, new Date(ctx.now()))) {
    if (performance.now() > until) return
    try {
      await countDay(ctx, due)
    } catch (error) {
      // The other days and corps do not wait for this one.
      ctx.log.error(
        { corpId: due.corpId, day: due.day, ...describeError(error) },
        'figures of a day not counted',
      )
    }
  }
}

async function countDay(ctx: Core, due: DueDay): Promise<void> {
  const at = new Date(ctx.now())
  const rows = await countMessages(ctx.db, due.corpId, startsOf(due.timeZone, numberOf(due.day), 1))
  await putDay(ctx.db, due, at, rows)
}

export function scheduleFigures(ctx: Core & { jobs: Jobs }): void {
  ctx.jobs.schedule('message-figures', '*/5 * * * *', () => countDueDays(ctx))
}
