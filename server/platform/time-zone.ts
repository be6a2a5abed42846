/**
 * The zone of what belongs to the installation, not to a corp: backups, jobs, the command line. A new corp has it too. The zone of the
 * process counts nowhere, because nodes may differ in it and containers mostly have UTC.
 */
export const usualZone = 'Asia/Shanghai'

const parts = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
type Parts = Record<(typeof parts)[number], string>

/** Creating one takes 30 µs, and a corp may set any of some 600. */
const formats = new Map<string, Intl.DateTimeFormat>()

/** What clocks in the zone show, each part with its leading zeros. Throws a RangeError for a zone that does not exist. */
export function partsIn(at: Date, timeZone: string): Parts {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(timeZone, format)
  }
  const shown = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return Object.fromEntries(parts.map(name => [name, shown.get(name) ?? ''])) as Parts
}

/** Those of the some 600 names that were met: to ask takes 30 µs. */
const knownZones = new Set<string>()

/**
 * A zone that was stored, or the usual one where this node does not know it: nodes differ in their databases of zones, and a name that is
 * no longer there must not keep a corp from its times.
 */
export function knownZone(timeZone: string): string {
  if (!knownZones.has(timeZone)) {
    if (!isTimeZone(timeZone)) return usualZone
    knownZones.add(timeZone)
  }
  return timeZone
}

/** Whether there is a zone of this name. An offset such as +08:00 is none: it knows of no summer time. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return /^[A-Za-z]/.test(timeZone)
  } catch {
    return false
  }
}

const dayMs = 86_400_000

/** Finding one takes 20 µs, and the same few are asked for by everybody: by zone, and in it by the minute since 1970 that clocks show. */
const moments = new Map<string, Map<number, number>>()
const momentsAtMost = 10_000

/**
 * When clocks in the zone show a minute of a day, in ms: the first time that they do, and the next minute there is where they never do.
 * `day` is counted from 1970-01-01, which is 0. Throws a RangeError for a zone that does not exist.
 */
export function momentOn(timeZone: string, day: number, minute: number): number {
  const ofZone = moments.getOrInsertComputed(timeZone, () => new Map())
  const key = day * 1440 + minute
  const known = ofZone.get(key)
  if (known !== undefined) return known
  const time = { hour: Math.floor(minute / 60), minute: minute % 60 }
  // Pages take other parts of this file, in browsers that may have no Temporal.
  const wanted = Temporal.PlainDate.from('1970-01-01').add({ days: day }).toPlainDateTime(time)
  // A skipped time is found as far behind the gap as it is behind the gap's beginning. The gap itself is before the next nanosecond.
  const found = wanted.toZonedDateTime(timeZone, { disambiguation: 'compatible' })
  const isShown = found.toPlainDateTime().equals(wanted)
  const gap = isShown ? null : found.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')
  const { epochMilliseconds } = gap ?? found
  if (ofZone.size >= momentsAtMost) ofZone.clear()
  ofZone.set(key, epochMilliseconds)
  return epochMilliseconds
}

/** The day that it is in the zone at a time in ms, counted from 1970-01-01. Throws a RangeError for a zone that does not exist. */
export function dayIn(timeZone: string, at: number): number {
  let day = Math.floor(at / dayMs) + 1
  while (momentOn(timeZone, day, 0) > at) day--
  return day
}

/** 1 is Monday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}
