import { ApiError } from '../../../platform/http/errors.ts'
import { type Field, optionalText, optionalTime, type Values } from '../../../platform/http/input.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Words } from '../../../platform/words.ts'
import type { SendTime } from './sending.ts'

const isoWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i

/** A time that means the same everywhere, and that is in the calendar. */
function zonedTime(about: Words): Field<Date | undefined, string, false, Words> {
  const field = optionalTime(about)
  return {
    ...field,
    read(value, name) {
      if (typeof value === 'string' && isoWithZone.test(value) && isInCalendar(value))
        return field.read(value, name)
      throw new ApiError('badParameter', {
        zh: told`${own(name)} 应为带时区的 ISO 8601 时间，如 2026-12-24T09:00:00+08:00`,
        en: told`${own(name)} should be an ISO 8601 time with its zone, such as 2026-12-24T09:00:00+08:00`,
      })
    },
  }
}

/** JavaScript takes 31 February for 3 March. */
function isInCalendar(value: string): boolean {
  const [year = 0, month = 0, day = 0] = value.slice(0, 10).split('-').map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** The inputs that say when a message leaves, of every call that sends one. */
export const timingFields = {
  sendAt: zonedTime({
    zh: '何时发出，带时区的 ISO 8601，最多 90 天后；不填为立即',
    en: 'When it leaves, ISO 8601 with its zone, at most 90 days ahead; at once without it',
  }),
  expiresAt: zonedTime({
    zh: '此时仍未发出的不再发，带时区的 ISO 8601；类型的级别为 must 时不能填',
    en: 'What has not left by then is not sent any more, ISO 8601 with its zone; not for types of the level must',
  }),
  about: optionalText(
    {
      zh: '业务编号：同一类型（没有类型时为同一开发者）后一条编号相同的消息，取代前一条中同一接收人尚未发出的部分',
      en: 'Number of the matter: a later message with the same one, of the type, or of the developer where there is no type, replaces what has not left of the earlier one for the same persons',
    },
    { max: 64 },
  ),
}

/** Undefined where the caller said nothing of it. */
export function timingOf({ sendAt, expiresAt, about }: Values<typeof timingFields>): SendTime | undefined {
  if (!sendAt && !expiresAt && about === undefined) return undefined
  return {
    ...(sendAt ? { sendAt } : {}),
    ...(expiresAt ? { expiresAt } : {}),
    ...(about === undefined ? {} : { about }),
  }
}

const lateAtMostMs = 60_000
const aheadAtMostDays = 90
const aheadAtMostMs = aheadAtMostDays * 86_400_000
const atOnceMs = 1000

/** The timing without a `sendAt` that is now. Throws 1000 for one that nothing could keep. */
export function checkedTiming({ sendAt, ...rest }: SendTime, now: number): SendTime {
  const { expiresAt } = rest
  if (sendAt && sendAt.getTime() < now - lateAtMostMs)
    throw new ApiError('badParameter', {
      zh: told`sendAt ${sendAt.toISOString()} 已经过去`,
      en: told`sendAt ${sendAt.toISOString()} is in the past`,
    })
  if (sendAt && sendAt.getTime() > now + aheadAtMostMs)
    throw new ApiError('badParameter', {
      zh: told`sendAt ${sendAt.toISOString()} 应在 ${own(aheadAtMostDays)} 天以内`,
      en: told`sendAt ${sendAt.toISOString()} should be within the next ${own(aheadAtMostDays)} days`,
    })
  if (expiresAt && expiresAt.getTime() <= now)
    throw new ApiError('badParameter', {
      zh: told`expiresAt ${expiresAt.toISOString()} 已经过去`,
      en: told`expiresAt ${expiresAt.toISOString()} is in the past`,
    })
  if (expiresAt && sendAt && expiresAt <= sendAt)
    throw new ApiError('badParameter', {
      zh: told`expiresAt ${expiresAt.toISOString()} 应晚于 sendAt ${sendAt.toISOString()}`,
      en: told`expiresAt ${expiresAt.toISOString()} should be later than sendAt ${sendAt.toISOString()}`,
    })
  const isLater = sendAt && sendAt.getTime() > now + atOnceMs
  return { ...(isLater ? { sendAt } : {}), ...rest }
}
