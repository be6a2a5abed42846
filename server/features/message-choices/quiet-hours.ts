import { Type } from 'typebox'
import { minuteWords, type QuietHours } from '../quiet-hours/quiet-hours.ts'

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

/** Quiet hours in one line for logs and commands, such as `22:00–07:00 1,2,3,4,5 Asia/Shanghai`, where 1 is Monday. */
export function quietText({ days, from, to, timeZone }: QuietHours): string {
  return `${minuteWords(from)}–${minuteWords(to)} ${days.join()} ${timeZone}`
}
