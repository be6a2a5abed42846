/** A phone number as both vendors read it. */
export interface Phone {
  /** E.164. */
  e164: string
  mainland: boolean
}

/**
 * Reads a number: `+86…`, `0086…`, `86…` and plain 11 digits are mainland numbers; `+…` or `00…` with another
 * country code is a foreign number. Returns undefined for anything else.
 */
export function phoneOf(text: string): Phone | undefined {
  const mainland = /^(?:\+?86|0086)?(1[3-9]\d{9})$/.exec(text)
  if (mainland) return { e164: `+86${mainland[1]}`, mainland: true }
  const foreign = /^(?:\+|00)([1-9]\d{6,14})$/.exec(text)
  if (!foreign || foreign[1]!.startsWith('86')) return undefined
  return { e164: `+${foreign[1]}`, mainland: false }
}

/** A mainland number without +86, as Aliyun and the phone's owner write it. */
export const localNumber = (e164: string): string => (e164.startsWith('+86') ? e164.slice(3) : e164)
