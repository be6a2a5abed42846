import { type Static, type TSchema, Type } from 'typebox'
import type { Words } from '../../platform/words.ts'

/** A text of one line, and one of several. */
export const line = (max: number) => Type.String({ maxLength: max, pattern: '^[^\\r\\n\\t]*$' })
export const lines = (max: number) => Type.String({ maxLength: max })

/** One of the values that a setting is chosen from. */
export type Choice = {
  value: string
  label: Words | string
  /** Other fields that take these values along, unless they hold a value that no choice gives. */
  sets?: Record<string, string | number>
  warning?: Words
  isDisabled?: boolean
}

/**
 * One setting of a channel, declared once for the form in the console, the option of the command line, the check and
 * the sealing.
 */
export type SettingField = {
  schema: TSchema
  label: Words
  /** The option of `wisp message config`; fields that exclude each other may share one. */
  flag: string
  /** What the option means, where the label does not say it. */
  flagHelp?: Words
  required?: boolean
  /** The audit log names the change of the value and leaves out the value, as it does for a secret. */
  isUntold?: true
  /** Sealed, never shown, and kept only while the named fields stay what they were; `retype` says so. */
  secret?: { keptFor: readonly string[]; retype: Words }
  /** Exists only while the other field has this value. */
  only?: { field: string; is: string }
  choices?: readonly Choice[]
  /** All choices are shown at once. */
  isSwitch?: boolean
  /** Several lines; the command line reads them from a file. */
  isText?: boolean
  help?: Words
  placeholder?: Words | string
  /** What an empty form begins with. */
  initial?: string | number
  /** The value when none was given. */
  otherwise?(others: Record<string, unknown>): unknown
  /** How the form is laid out: over both columns, at the beginning of a row, among what few need. */
  isWide?: boolean
  isFirst?: boolean
  isAdvanced?: boolean
}
export type SettingFields = Record<string, SettingField>

/** What is stored for these fields. */
export type SettingsOf<F extends SettingFields> = {
  [K in keyof F as F[K] extends { required: true; only?: never } ? K : never]: Static<F[K]['schema']>
} & {
  [K in keyof F as F[K] extends { required: true; only?: never } ? never : K]?: Static<F[K]['schema']>
}
