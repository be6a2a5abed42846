import { OfficialError } from '../error.ts'
import type { Profile } from '../state/profile.ts'

/** Which accounts may make a call; the others get 48001. */
export type Who = 'all' | 'verified' | 'service' | 'verifiedService'

/** A call's accounts and how often one account may make it on a day; null is without limit. */
export interface Access {
  who: Who
  perDay: number | null
}

const row = (who: Who, perDay: number | null = null): Access => ({ who, perDay })

/**
 * Who may call what, and how often (upstream-2.md §14.4 and the permission table of WeChat's console; kinds
 * and counts are its defaults for a new account). Every call of the platform has a row.
 */
export const access: Readonly<Record<string, Access>> = {
  '/cgi-bin/token': row('all', 2000),
  '/cgi-bin/stable_token': row('all', 500_000),
  '/cgi-bin/get_api_domain_ip': row('all'),
  '/cgi-bin/getcallbackip': row('all'),
}

export function mayCall(who: Who, { kind, verified }: Profile): boolean {
  switch (who) {
    case 'all':
      return true
    case 'verified':
      return verified
    case 'service':
      return kind === 'service'
    case 'verifiedService':
      return kind === 'service' && verified
  }
}

/** Throws 48001 when the account's kind or verification does not allow the call. */
export function checkAccess(path: string, profile: Profile): void {
  const rule = access[path]
  if (rule && !mayCall(rule.who, profile)) throw new OfficialError(48001)
}
