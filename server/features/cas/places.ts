import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'

/** Where CAS answers for a corp. */
export type CasPlace = {
  corpId: string
  /** As it is stored, whatever a request says about host and scheme. */
  origin: string
  host: string
  /** Its path, without a slash at the end. */
  path: string
}

export type CasPlaces = {
  /** Reads them from the catalog again. */
  readAgain(): void
  /** `path` without its query. A host decides only between corps at whose places it may be. */
  find(host: string, path: string): { place: CasPlace; call: CasCall } | undefined
  /** Whether a corp's sign-in is at this path, on whatever host. */
  isLogin(path: string): boolean
}

const calls = [
  'login',
  'logout',
  'validate',
  'serviceValidate',
  'proxyValidate',
  'p3/serviceValidate',
  'p3/proxyValidate',
  '',
] as const
/** What is asked at a place; '' is the place itself. */
export type CasCall = (typeof calls)[number]

export function createCasPlaces(ctx: Core & { corps: Corps; appSignIns: AppSignIns }): CasPlaces {
  let byPath = new Map<string, CasPlace[]>()
  return {
    readAgain() {
      const places = ctx.corps.all().flatMap(({ corpId }) => {
        const url = URL.parse(ctx.appSignIns.addressesOf(corpId).casBase)
        return url ? [{ corpId, origin: url.origin, host: url.host, path: url.pathname }] : []
      })
      byPath = Map.groupBy(places, place => place.path)
    },
    find(host, path) {
      const known = calls.flatMap(call => {
        if (call !== '' && !path.endsWith(`/${call}`)) return []
        const at = call === '' ? path : path.slice(0, -call.length - 1)
        return (byPath.get(at) ?? []).map(place => ({ place, call }))
      })
      return known.length === 1 ? known[0] : known.find(one => one.place.host === host)
    },
    isLogin: path => path.endsWith('/login') && byPath.has(path.slice(0, -'/login'.length)),
  }
}
