import type { Acr } from '../../app-sign-in/app-sign-in.ts'

export const acrValues = ['wisp:1', 'wisp:2', 'wisp:3'] as const

/**
 * How surely somebody must have proved themselves for an app that is content with `least` and asks for any of `asked`, which are
 * separated by blanks. `acr_values` are voluntary claims (OpenID Connect Core 5.5.1.1): those that wisp does not know ask for nothing, and
 * the token says what was reached.
 */
export function acrNeeded(least: Acr, asked: unknown): Acr {
  const known = typeof asked === 'string' ? asked.split(' ').flatMap(value => acrOf(value) ?? []) : []
  return known.length === 0 ? least : (Math.max(least, Math.min(...known)) as Acr)
}

function acrOf(value: string): Acr | undefined {
  const at = acrValues.indexOf(value as (typeof acrValues)[number])
  return at < 0 ? undefined : ((at + 1) as Acr)
}
