import { Type } from 'typebox'
import type { QuietHours } from '../message-types/decide/decision.ts'

const minuteOfDay = { minimum: 0, maximum: 1439 }

/** `QuietHours` as a person gives them. */
export const quietHoursSchema = Type.Object(
  {
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7 }),
    from: Type.Integer(minuteOfDay),
    to: Type.Integer(minuteOfDay),
    timeZone: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
)

const twoDigits = (n: number) => String(n).padStart(2, '0')
const clockOf = (minutes: number) => `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`

/** Quiet hours in one line for logs and commands, such as `22:00–07:00 1,2,3,4,5 Asia/Shanghai`, where 1 is Monday. */
export function quietText({ days, from, to, timeZone }: QuietHours): string {
  return `${clockOf(from)}–${clockOf(to)} ${days.join()} ${timeZone}`
}
