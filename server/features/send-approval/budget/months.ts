import { knownZone, momentOn, partsIn } from '../../../platform/time-zone.ts'

/** The month of a time in a zone, such as 2026-12. */
export function monthOf(at: number, timeZone: string): string {
  const { year, month } = partsIn(new Date(at), knownZone(timeZone))
  return `${year}-${month}`
}

/** When the next month begins in a zone, in ms. */
export function nextMonthAt(at: number, timeZone: string): number {
  const zone = knownZone(timeZone)
  const { year, month } = partsIn(new Date(at), zone)
  // Months of Date begin with 0, so that this is the first day of the next.
  return momentOn(zone, Date.UTC(Number(year), Number(month), 1) / 86_400_000, 0)
}
