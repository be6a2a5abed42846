import dayjs, { type Dayjs } from 'dayjs'
import 'dayjs/locale/zh-cn'
import { clockOf, momentOfClock } from '../../../server/platform/moments.ts'
import { currentLanguage } from '../language.ts'
import { pageZone } from './zone.ts'

/** A moment whose week begins as the reader's does, and whose months are called in their language. */
const inWords = (clock: string) => dayjs(clock).locale(currentLanguage() === 'en' ? 'en' : 'zh-cn')

/**
 * A picker of antd shows the parts of a Dayjs and knows no zones. These give it what the clocks of the corp show, and read what was picked as a
 * time on them, so that a browser in another zone picks the same.
 */
export function clockAt(at: string | number | Date): Dayjs {
  return inWords(clockOf(new Date(at), pageZone()))
}

export const clockNow = (): Dayjs => clockAt(Date.now())

/** When the clocks of the corp show what was picked, in ISO 8601. */
export function momentPicked(picked: Dayjs): string {
  return new Date(momentOfClock(picked.format('YYYY-MM-DDTHH:mm:ss'), pageZone())).toISOString()
}

/** A day such as `2026-12-31`, or a time of day such as `2000-01-01T08:00`, which have no zone. */
export const pickedFrom = (clock: string): Dayjs => inWords(clock)
