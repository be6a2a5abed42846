import type { TodoAppSettings } from '../settings/settings-store.ts'

type Settings = Pick<TodoAppSettings, 'remindMinutes' | 'escalateMinutes'>

/** Minutes after the due time at which something happens to what is open; at 0 its time is over. */
export function momentsOf({ remindMinutes, escalateMinutes }: Settings): number[] {
  return [...new Set([0, ...remindMinutes, ...(escalateMinutes === null ? [] : [escalateMinutes])])]
}

const after = (dueAt: Date, minutes: number) => dueAt.getTime() + minutes * 60_000

/** The first moment after `now`. */
export function nextMoment(dueAt: Date, settings: Settings, now: Date): Date | null {
  const left = momentsOf(settings)
    .map(minutes => after(dueAt, minutes))
    .filter(at => at > now.getTime())
  return left.length === 0 ? null : new Date(Math.min(...left))
}

/** When a to-do that was just written is looked at first. Of one whose time is over already that is at once. */
export function firstMoment(dueAt: Date | null, settings: Settings, now: Date): Date | null {
  if (!dueAt) return null
  return dueAt <= now ? dueAt : nextMoment(dueAt, settings, now)
}

/** What has come between the last look and now. */
export function passedMoments(
  dueAt: Date,
  { remindMinutes, escalateMinutes }: Settings,
  since: Date,
  now: Date,
): { isOver: boolean; remindAt: Date | undefined; escalateAt: Date | undefined } {
  const passed = (minutes: number) => {
    const at = after(dueAt, minutes)
    return at >= since.getTime() && at <= now.getTime()
  }
  // Of several reminders that are late one is enough.
  const reminder = remindMinutes.findLast(passed)
  const escalates = escalateMinutes !== null && passed(escalateMinutes)
  return {
    isOver: passed(0),
    remindAt: reminder === undefined ? undefined : new Date(after(dueAt, reminder)),
    escalateAt: escalates ? new Date(after(dueAt, escalateMinutes)) : undefined,
  }
}
