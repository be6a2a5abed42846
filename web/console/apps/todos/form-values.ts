import type { Answer, CallInput } from '../../../ui/data/api.ts'
import type { FieldsOf } from '../../../ui/data/form-act.ts'

export type TodoSettings = Answer<'/web/apps/todos'>

export type TodoSettingsValues = {
  remindMinutes: number[]
  escalateMinutes: number | null
  mayPassOn: boolean
  inWecom: boolean
  notify: boolean
}

export const fieldsOfTodoSettings: FieldsOf = {
  named: { remindMinutes: 'remindMinutes', escalateMinutes: 'escalateMinutes' },
  otherwise: 'inWecom',
}

export function valuesOf({
  remindMinutes,
  escalateMinutes,
  mayPassOn,
  inWecom,
  notify,
}: TodoSettings): TodoSettingsValues {
  return { remindMinutes, escalateMinutes, mayPassOn, inWecom, notify }
}

export function settingsOf(values: TodoSettingsValues): CallInput<'/web/apps/todos/save'>['settings'] {
  return { ...values, escalateMinutes: values.escalateMinutes ?? null }
}

const hour = 60
const day = 24 * hour
/** Minutes after due, as people think of them; negative ones before. */
export const remindChoices = [
  -7 * day,
  -3 * day,
  -day,
  -4 * hour,
  -hour,
  -30,
  0,
  hour,
  4 * hour,
  day,
  3 * day,
  7 * day,
]
export const escalateChoices = [hour, 4 * hour, 8 * hour, day, 2 * day, 3 * day, 7 * day]
