import type { Acr } from '../../app-sign-in/app-sign-in.ts'

export const acrValues = ['wisp:1', 'wisp:2', 'wisp:3'] as const

/**
 * How surely somebody must have proved themselves for an app that is content with `least` and asks for any of `asked`, which are
 * separated by blanks. Undefined when it asks only for what there is not.
 */
export function acrNeeded(least: Acr, asked: unknown): Acr | undefined {
  if (typeof asked !== 'string' || asked.trim() === '') return least
  const known = asked.split(' ').flatMap(value => acrOf(value) ?? [])
  if (known.length === 0) return undefined
  return Math.max(least, Math.min(...known)) as Acr
}

function acrOf(value: string): Acr | undefined {
  const at = acrValues.indexOf(value as (typeof acrValues)[number])
  return at < 0 ? undefined : ((at + 1) as Acr)
}
