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

/**
 * A zone that was stored, or the usual one where this node does not know it: nodes differ in their databases of zones, and a name that is
 * no longer there must not keep a corp from its times.
 */
export function knownZone(timeZone: string): string {
  return formats.has(timeZone) || isTimeZone(timeZone) ? timeZone : usualZone
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
