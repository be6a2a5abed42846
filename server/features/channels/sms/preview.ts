import { type Static, Type } from 'typebox'
import type { SmsTemplate } from './templates-store.ts'

/** `text` is '' when the template's wording is not registered here, since only the vendor knows it. */
export const smsPreviewSchema = Type.Object({
  sign: Type.String(),
  text: Type.String(),
  params: Type.Array(
    Type.Object({
      name: Type.String(),
      value: Type.String(),
    }),
  ),
  /** Length in UTF-16 units including the signature, as vendors count it. */
  characters: Type.Number(),
  segments: Type.Number(),
  /** For a foreign number, where the alphabet decides. */
  segmentsAbroad: Type.Number(),
})
export type SmsPreview = Static<typeof smsPreviewSchema>

export const smsChannelPreviewSchema = Type.Object({
  channel: Type.Literal('sms'),
  ...smsPreviewSchema.properties,
})

/** Characters per mainland SMS: 70 in a single one, 67 in each of several (docs/upstream/sms.md#length). */
const segmentSizes = { only: 70, ofSeveral: 67 }

export function smsPreview(
  template: Pick<SmsTemplate, 'params' | 'text'>,
  sign: string,
  values: readonly string[],
): SmsPreview {
  const params = template.params.map((name, index) => ({ name, value: values[index] ?? '' }))
  const body = filled(
    template,
    values.map(one => one || undefined),
  )
  const text = body && sign ? `【${sign}】${body}` : body
  return {
    sign,
    text,
    params,
    characters: text.length,
    segments: segmentsOf(text),
    segmentsAbroad: segmentsOf(text, true),
  }
}

/** Abroad, where all of it is in the alphabet of GSM-7. */
const segmentSizesAbroad = { only: 160, ofSeveral: 153 }
const gsm = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** They count twice. */
const gsmExtended = new Set('^{}\\[~]|€\f')

/** How many SMS a text counts as. In UTF-16 units, unless it goes abroad in GSM-7. */
export function segmentsOf(text: string, isAbroad = false): number {
  const isGsm = isAbroad && [...text].every(one => gsm.has(one) || gsmExtended.has(one))
  const { only, ofSeveral } = isGsm ? segmentSizesAbroad : segmentSizes
  const length = isGsm ? [...text].reduce((sum, one) => sum + (gsmExtended.has(one) ? 2 : 1), 0) : text.length
  if (length <= only) return text ? 1 : 0
  return Math.ceil(length / ofSeveral)
}

/**
 * The wording of an SMS without its values, which may be a code that opens something; '' when the wording is not registered here.
 */
export function outlineOf(template: Pick<SmsTemplate, 'text'> | undefined): string {
  return template ? template.text.replace(variable, '…') : ''
}

const variable = /\$\{(\w+)\}|\{(\d+)\}/g

/** Fills in the variables: Tencent writes `{1}`, Aliyun `${name}`. */
export function filled(
  { text, params }: Pick<SmsTemplate, 'params' | 'text'>,
  values: readonly (string | undefined)[],
): string {
  return text.replace(variable, (whole, name?: string, number?: string) => {
    const index = name === undefined ? Number(number) - 1 : params.indexOf(name)
    return values[index] ?? whole
  })
}
