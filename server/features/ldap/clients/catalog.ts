import type { Core } from '../../../platform/core.ts'
import type { LdapClient } from '../tree/client.ts'
import { allClients } from './client-store.ts'

/** The LDAP clients of all corps, in memory. */
export type LdapClients = {
  /** Rereads those of one corp, or of all corps. */
  reload(corpId?: string): Promise<void>
  ofApp(appId: string): LdapClient | undefined
  ofCorp(corpId: string): readonly LdapClient[]
  /** By the names in a DN, in whatever case. */
  named(corpId: string, name: string): LdapClient | undefined
}

const keyOf = (corpId: string, name: string) => `${corpId} ${name}`.toLowerCase()

export function createLdapClients({ db }: Pick<Core, 'db'>): LdapClients {
  let byApp = new Map<string, LdapClient>()
  let byName = new Map<string, LdapClient>()
  return {
    async reload(corpId) {
      const read = await allClients(db, corpId)
      const others = [...byApp.values()].filter(one => corpId !== undefined && one.corpId !== corpId)
      const all = [...others, ...read]
      byApp = new Map(all.map(one => [one.appId, one]))
      byName = new Map(all.map(one => [keyOf(one.corpId, one.name), one]))
    },
    ofApp: appId => byApp.get(appId),
    ofCorp: corpId => [...byApp.values()].filter(one => one.corpId === corpId),
    named: (corpId, name) => byName.get(keyOf(corpId, name)),
  }
}
