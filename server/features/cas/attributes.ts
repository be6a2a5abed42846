import type { Release } from '../app-sign-in/claims/release.ts'
import type { Attributes } from './answers.ts'
import type { Ticket } from './ticket-store.ts'

/** The three that version 3 requires come first; then what the app's own map names, and the approved claims. */
export function attributesOf({ attributes, claims }: Release, { authAt, isNew }: Ticket): Attributes {
  const required = new Map<string, readonly (string | boolean)[]>([
    ['authenticationDate', [authAt.toISOString().replace(/\.\d+Z$/, 'Z')]],
    ['longTermAuthenticationRequestTokenUsed', [false]],
    ['isFromNewLogin', [isNew]],
  ])
  const all = new Map(required)
  for (const [name, value] of [...Object.entries(attributes), ...Object.entries(claims)]) {
    const values = [value].flat().map(textOf).filter(Boolean)
    if (!all.has(name) && values.length > 0) all.set(name, values)
  }
  return [...all]
}

/** Attributes are flat: of a department its name. */
function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'name' in value) return String(value.name)
  return String(value)
}
