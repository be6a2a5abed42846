import type { Core } from '../../platform/core.ts'
import type { AppSignIn } from './app-sign-in.ts'
import { isServiceOf } from './services.ts'
import * as store from './store.ts'
import { appOfTrial, trialClient, trialService } from './trial/trial.ts'

/** How the apps of all corps sign people in, in memory. */
export type AppSignIns = {
  /** Rereads those of one corp, or of all corps. */
  reload(corpId?: string): Promise<void>
  /** Undefined for an app that signs people in by a jessionId. */
  of(appId: string): AppSignIn | undefined
  ofCorp(corpId: string): readonly AppSignIn[]
  /** The app of a client of OpenID Connect in this corp, or of the client by which it is tried (trial/). */
  ofClient(corpId: string, clientId: string): AppSignIn | undefined
  /** The app whose service of CAS this is, or that is tried by it. */
  ofService(corpId: string, service: string): AppSignIn | undefined
  /** Where OpenID Connect and CAS answer for a corp; '' until there is a client or a service. */
  addressesOf(corpId: string): { issuer: string; casBase: string }
  /** The corp whose issuer or CAS base this address is. */
  corpAt(address: string): string | undefined
  /** The issuer that answers at a path; where several corps have it, that of this host. */
  issuerAt(host: string, path: string): { corpId: string; issuer: string } | undefined
}

/** In parts, as `moveAddress` takes them. */
const longestPath = 4

function onlyOf<T>(list: readonly T[] | undefined): T | undefined {
  return list?.length === 1 ? list[0] : undefined
}

const nowhere = { issuer: '', casBase: '' }

export function createAppSignIns(ctx: Core): AppSignIns {
  let byApp = new Map<string, AppSignIn>()
  let byCorp = new Map<string, readonly AppSignIn[]>()
  let addresses = new Map<string, store.CorpAddresses>()
  let byAddress = new Map<string, string>()
  let byPath = new Map<string, readonly store.CorpAddresses[]>()
  const placesOf = (corpId: string) => addresses.get(corpId) ?? nowhere

  return {
    async reload(corpId) {
      const [signIns, places] = await Promise.all([
        store.allSignIns(ctx.db, corpId),
        store.allAddresses(ctx.db, corpId),
      ])
      const isOther = (one: { corpId: string }) => corpId !== undefined && one.corpId !== corpId
      const all = [...[...byApp.values()].filter(isOther), ...signIns]
      const known = [...[...addresses.values()].filter(isOther), ...places]
      byApp = new Map(all.map(one => [one.appId, one]))
      byCorp = Map.groupBy(all, one => one.corpId)
      addresses = new Map(known.map(one => [one.corpId, one]))
      byAddress = new Map(
        known.flatMap(({ corpId: owner, issuer, casBase }) =>
          [issuer, casBase].filter(Boolean).map(address => [address, owner] as const),
        ),
      )
      byPath = Map.groupBy(
        known.filter(one => one.issuer !== ''),
        one => new URL(one.issuer).pathname,
      )
    },
    of: appId => byApp.get(appId),
    ofCorp: corpId => byCorp.get(corpId) ?? [],
    ofClient(corpId, clientId) {
      const tried = byApp.get(appOfTrial(clientId) ?? '')
      if (tried) return tried.corpId === corpId ? trialClient(tried, placesOf(corpId).issuer) : undefined
      return byCorp.get(corpId)?.find(one => one.oidc?.clientId === clientId)
    },
    ofService(corpId, service) {
      const ofCas = byCorp.get(corpId)?.filter(one => one.cas) ?? []
      const has = (one: AppSignIn) => isServiceOf(one.cas?.services ?? [], service)
      const { casBase } = placesOf(corpId)
      return ofCas.find(has) ?? ofCas.map(one => trialService(one, casBase)).find(one => one && has(one))
    },
    addressesOf: placesOf,
    corpAt: address => byAddress.get(address),
    issuerAt(host, path) {
      const parts = path.split('/', longestPath + 1)
      for (let length = parts.length; length > 1; length--) {
        const there = byPath.get(parts.slice(0, length).join('/'))
        const found = there?.find(one => new URL(one.issuer).host === host) ?? onlyOf(there)
        if (found) return { corpId: found.corpId, issuer: found.issuer }
      }
      return undefined
    },
  }
}
