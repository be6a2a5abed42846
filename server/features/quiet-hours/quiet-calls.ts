import { type Static, Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import { versionOf } from '../../platform/http/form-version.ts'
import { optionalStructured, optionalText, structured, text } from '../../platform/http/input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import { usualZone } from '../../platform/time-zone.ts'
import type { QuietHoursOfCorps } from './catalog.ts'
import { allDays, minuteWords, type QuietHours, readMinute } from './quiet-hours.ts'
import { quietForm, setQuietHours } from './set-quiet-hours.ts'

type Needs = Core & { quietHours: QuietHoursOfCorps }

const daysShape = Type.Array(Type.Integer(), {
  maxItems: 7,
  about: {
    zh: '从哪些天的开始时刻起，1 周一 … 7 周日；默认每天',
    en: 'The days on which they begin, 1 Monday to 7 Sunday; each day by default',
  },
})
const quietHoursShape = Type.Object(
  {
    days: Type.Optional(daysShape),
    from: Type.String({ maxLength: 5, about: { zh: '开始，如 22:00', en: 'From, such as 22:00' } }),
    to: Type.String({ maxLength: 5, about: { zh: '结束，如 08:00', en: 'To, such as 08:00' } }),
    timeZone: Type.String({
      maxLength: 64,
      about: { zh: '时区，如 Asia/Shanghai', en: 'Zone, such as Asia/Shanghai' },
    }),
  },
  { additionalProperties: false },
)
/** As every way in gives and shows them. */
export const quietShape = Type.Union([quietHoursShape, Type.Null()], {
  about: { zh: '免打扰；null 为没有', en: 'Quiet hours; null: none' },
})
type QuietWire = Static<typeof quietHoursShape>

export function quietWire(quiet: QuietHours | undefined): QuietWire | null {
  if (!quiet) return null
  const { days, from, to, timeZone } = quiet
  return { days: [...days], from: minuteWords(from), to: minuteWords(to), timeZone }
}

/** Throws 1000. */
export function readQuiet(given: QuietWire | null): QuietHours | null {
  if (!given) return null
  const { days = allDays, from, to, timeZone } = given
  return {
    days: days.toSorted(),
    from: readMinute(from, 'quietHours.from'),
    to: readMinute(to, 'quietHours.to'),
    timeZone: timeZone.trim(),
  }
}

export const quietHoursCall = pageCall({
  method: 'GET',
  path: '/web/console/todos/quiet-hours',
  access: administrator('super'),
  point: 'todo:read',
  input: {},
  output: Type.Object({
    version: Type.String(),
    isOn: Type.Boolean(),
    days: Type.Array(Type.Number()),
    from: Type.String(),
    to: Type.String(),
    timeZone: Type.String(),
  }),
  async handle(ctx: Needs, { corpId }) {
    const quiet = ctx.quietHours.of(corpId)
    const shown = quiet ?? { days: allDays, from: 22 * 60, to: 8 * 60, timeZone: usualZone }
    const { days, from, to, timeZone } = shown
    return {
      version: versionOf(quietForm(quiet ?? null)),
      isOn: quiet !== undefined,
      days: [...days],
      from: minuteWords(from),
      to: minuteWords(to),
      timeZone,
    }
  },
})

export const saveQuietHours = pageCall({
  method: 'POST',
  path: '/web/console/todos/quiet-hours/save',
  access: administrator('super'),
  point: 'todo:settings',
  input: {
    version: text('打开表单时的 version', { max: 64 }),
    from: optionalText('开始；不填为没有免打扰', { max: 5 }),
    to: optionalText('结束', { max: 5 }),
    timeZone: optionalText('时区', { max: 64 }),
    days: optionalStructured('从哪些天起；默认每天', daysShape),
  },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { version, from, to = '', timeZone = '', days = allDays } = input
    const quiet = from === undefined ? null : readQuiet({ days: [...days], from, to, timeZone })
    await setQuietHours(ctx, visitor.actor, corpId, quiet, version)
    return {}
  },
})

const sample = { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '08:00', timeZone: 'Asia/Shanghai' }

export const adminSetQuietHours = adminCall({
  method: 'POST',
  path: '/api/admin/todo/quietHours',
  summary: { zh: '设置企业的免打扰', en: 'Set the quiet hours of the corp' },
  description: {
    zh: '待办的提醒与卡片、消息类型中普通和必达的消息，等到免打扰结束再发。',
    en: 'Reminders and cards of to-dos, and messages of a type that are not urgent, wait until they end.',
  },
  scope: 'admin:apps',
  point: 'todo:settings',
  reach: 'corp',
  input: {
    quietHours: structured({ zh: '免打扰；null 去掉', en: 'The quiet hours; null: none' }, quietShape),
  },
  output: Type.Object({ quietHours: quietShape }),
  errors: [],
  sample: { quietHours: sample },
  sampleInput: { quietHours: sample },
  async handle(ctx: Needs, { corpId, input, caller }) {
    await setQuietHours(ctx, caller.actor, corpId, readQuiet(input.quietHours))
    return { quietHours: quietWire(ctx.quietHours.of(corpId)) }
  },
})
