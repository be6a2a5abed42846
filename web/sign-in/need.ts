import type { Answer } from '../ui/data/api.ts'
import { wantedPage } from './where-to.ts'

type SignedInSession = Extract<Answer<'/web/session'>, { signedIn: true }>

/** What the address of the page asks for. */
export type Need = {
  to: string | undefined
  acr: 1 | 2 | 3
  /** Even if the person is signed in, they have to prove themselves now. */
  isFresh: boolean
  wantsSetup: boolean
}

export function needOf(query: URLSearchParams): Need {
  const acr = Number(query.get('acr'))
  return {
    to: wantedPage(query),
    acr: acr === 2 || acr === 3 ? acr : 1,
    isFresh: query.get('fresh') === '1',
    wantsSetup: query.get('setup') === 'second-factor',
  }
}

/** Whether whoever signs in by WeCom must press a button for it, which a link does not show. */
export function isInteractive({ acr, isFresh, wantsSetup }: Need): boolean {
  return acr > 1 || isFresh || wantsSetup
}

/** What comes after WeCom, on this page. */
export function nextOf({ acr, wantsSetup }: Need): 'second-factor' | 'setup' | undefined {
  if (wantsSetup) return 'setup'
  return acr === 3 ? 'second-factor' : undefined
}

/** `hasProved`: here, since the page was opened. */
export function mustConfirm({ proof }: SignedInSession, { acr, isFresh }: Need, hasProved: boolean): boolean {
  return (isFresh && !hasProved) || proof.acr < Math.min(acr, 2)
}
