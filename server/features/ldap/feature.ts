/**
 * A read-only LDAP server over the address book, for programs that know neither OpenID Connect nor CAS (docs/decisions/ldap.md). protocol/ reads and
 * writes messages; listen/ holds connections; tree/ is what is found, and where; clients/ are the programs, one for each app; passwords/ are those
 * by which people bind, card/ asks them in WeCom besides. bind.ts says who gets in.
 */

import type { Requests } from '../../callers/requests/requests.ts'
import type { SignInLog } from '../../callers/sign-in-log/sign-in-log.ts'
import type { CorpCheck } from '../../organisation/corps/doctor/check.ts'
import type { Core } from '../../platform/core.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import type { Apps } from '../apps/catalog.ts'
import type { SubmitNeeds } from '../messages/accept/submit.ts'
import { type CardPresses, listenToPresses } from './card/ask.ts'
import { takeLdapPress } from './card/take-press.ts'
import * as admin from './clients/admin-calls.ts'
import { createLdapClients, type LdapClients } from './clients/catalog.ts'
import * as clients from './clients/client-calls.ts'
import { appsWithGroup, forgetDepartments } from './clients/client-store.ts'
import { ldapCommands } from './clients/commands.ts'
import { ldapFeature as name } from './clients/set-client.ts'
import { ldapSection } from './clients/settings-section.ts'
import { examineLdap } from './doctor.ts'
import { startLdap, usualOptions } from './listen/server.ts'
import * as passwords from './passwords/own-calls.ts'
import { endPasswordsAtReset, endPasswordsOfMembers } from './passwords/passwords.ts'
import { ldapPersonal, ldapRetention } from './retention.ts'
import { createDetails, type DetailsOf } from './tree/details.ts'

type Needs = Core &
  SubmitNeeds & {
    apps: Apps
    appSignIns: AppSignIns
    corpChecks: readonly CorpCheck[]
    inbox: Inbox
    requests: Requests
    signInLog: SignInLog
  }
type Services = {
  ldapCards: CardPresses
  ldapClients: LdapClients
  ldapDetails: DetailsOf
  corpChecks: readonly CorpCheck[]
}

export const ldapFeature = feature<Needs, Services>()({
  name,
  optional: {
    title: { zh: 'LDAP', en: 'LDAP' },
    brings: {
      zh: '旧软件登录和查询通讯录',
      en: 'Programs that know only LDAP sign people in by application passwords, and search the address book',
    },
    whenOff: ['/web/apps/ldap/remove', '/web/apps/ldap/renew-secret', '/web/app-passwords/end'],
  },
  pageCalls: [
    clients.showLdapClient,
    clients.saveLdapClient,
    clients.renewLdapClient,
    clients.removeLdapClient,
    passwords.ownPasswords,
    passwords.makeOwnPassword,
    passwords.endOwnPassword,
  ],
  adminCalls: [
    admin.adminLdapClient,
    admin.adminSetLdapClient,
    admin.adminRenewLdapClient,
    admin.adminRemoveLdapClient,
  ],
  settings: { ldapClients: ldapSection },
  commands: ldapCommands,
  commandGroups: { 'app ldap': { zh: '设置应用的 LDAP 接入', en: 'Set the LDAP access of apps' } },
  personal: ldapPersonal,
  tables: ldapRetention,
  kept: [{ of: 'app', table: 'ldap_client', column: 'app_id' }],
  async create(ctx) {
    const ldapClients = createLdapClients(ctx)
    const check: CorpCheck = (_, corp) => examineLdap({ ...ctx, ldapClients }, corp)
    return {
      ldapCards: await listenToPresses(ctx),
      ldapClients,
      ldapDetails: createDetails(ctx.db),
      corpChecks: [...ctx.corpChecks, check],
    }
  },
  readers: ({ ldapClients }) => [ldapClients],
  cardPressed: takeLdapPress,
  endAccess: endPasswordsOfMembers,
  async endDepartments(tx, _ctx, corpId, departmentIds) {
    if (await forgetDepartments(tx, corpId, departmentIds)) await signal(tx, 'wisp_config', corpId)
  },
  async groupUses({ apps }, tx, corpId, groupId) {
    const ids = groupId === undefined ? [] : await appsWithGroup(tx, corpId, groupId)
    return ids.map(appId => {
      const name = apps.find(appId)?.name ?? appId
      return { zh: `应用“${name}”的 LDAP`, en: `LDAP of the app "${name}"`, point: 'app:sign-in', appId }
    })
  },
  factorReset: endPasswordsAtReset,
  async start(ctx) {
    const { ldapPort, ldapsPort, ldapHost, ldapCert, ldapKey } = ctx.config
    if (ldapPort === 0 && ldapsPort === 0) return undefined
    const server = await startLdap(ctx, {
      ...usualOptions,
      host: ldapHost,
      port: ldapPort || undefined,
      securePort: ldapsPort || undefined,
      certificate: ldapCert === '' ? undefined : { cert: ldapCert, key: ldapKey },
    })
    return server.stop
  },
})
