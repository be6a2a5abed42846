export type UrlValues = Record<string, string>
export type UrlPatch = Record<string, string | number | undefined>

/** The query of an address with parts of it changed; `undefined` and `''` remove a value. */
export function merge(before: UrlValues, patch: UrlPatch): UrlValues {
  const after = { ...before }
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined || value === '') delete after[name]
    else after[name] = String(value)
  }
  return after
}
