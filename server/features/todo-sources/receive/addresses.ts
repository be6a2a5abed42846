import { webUrl } from '../../apps/app-urls.ts'
import { NotUnderstood } from '../reason.ts'
import type { SourceOfApp } from '../source.ts'

const addressAtMost = 2000

/**
 * Where a to-do is done. What a vendor gives may be relative to the prefix that is set for the source or, without one, to the app's
 * home page. Throws for what no browser should open.
 */
export function addressOf(given: string, prefix: string, { app }: SourceOfApp): string {
  if (given === '') return ''
  const address = whole(given, prefix, app.homeUrl || app.mobileUrl)
  if (address === undefined || !webUrl(address)) throw new NotUnderstood('badAddress', given.slice(0, 200))
  if (address.length > addressAtMost) throw new NotUnderstood('tooLong', given.slice(0, 200))
  return address
}

function whole(given: string, prefix: string, home: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(given)) return given
  if (prefix === '') return webUrl(given, home)?.href
  const isJoined = prefix.endsWith('/') || /^[/?#]/.test(given)
  return isJoined
    ? `${prefix.replace(/\/$/, given.startsWith('/') ? '' : '/')}${given}`
    : `${prefix}/${given}`
}

/** Both addresses; where there is none at all, the system's first page. Throws when even that is not known. */
export function addressesOf(
  pc: string,
  phone: string,
  source: SourceOfApp,
): { pcUrl: string; mobileUrl: string } {
  const { pcPrefix, appPrefix, app } = source
  const pcUrl = addressOf(pc, pcPrefix, source)
  const mobileUrl = addressOf(phone, appPrefix || pcPrefix, source)
  if (pcUrl !== '' || mobileUrl !== '') return { pcUrl, mobileUrl }
  const home = pcPrefix || appPrefix || app.homeUrl || app.mobileUrl
  if (home === '') throw new NotUnderstood('noAddress', '')
  return { pcUrl: home, mobileUrl: appPrefix }
}
