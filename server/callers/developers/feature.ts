import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { describeError } from '../../platform/operation/log.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import * as adminDevelopers from './admin/developer-calls.ts'
import { developerSection } from './admin/settings-section.ts'
import { getDevToken } from './api.ts'
import { developerAttention } from './attention.ts'
import { developerOwnerless, scopeEnds, scopeRequested } from './causes.ts'
import { developerCommands } from './commands.ts'
import * as developers from './console/developers.ts'
import * as developerSecrets from './console/secrets.ts'
import { listUpstreamCalls } from './console/upstream-calls.ts'
import { createDevelopers, type Developers } from './developers.ts'
import * as developerOwners from './owners/owner-calls.ts'
import { checkOwnersLeft } from './owners/owners.ts'
import { receiverValues } from './owners/receiver.ts'
import * as scopeRequests from './owners/request-calls.ts'
import { developerPersonal, developerRetention } from './retention.ts'
import { developerGrants, ownerGrants } from './scopes/granted-store.ts'
import { moveGroupScopes } from './scopes/group-scopes.ts'
import { developersSearched } from './searched.ts'
import { developerSelf } from './self-api.ts'
import { developersWithGroup } from './store.ts'

const flushMs = 5000

type Needs = Core & {
  corps: Corps
  mirrors: Mirrors
  offered: FeatureOffers
  outbound: Outbound
  queue: Queue
}
type Services = { developers: Developers }

/** Programs that call the API: their secrets, scopes and owners. */
export const developersFeature = feature<Needs, Services>()({
  name: 'developers',
  calls: [getDevToken, developerSelf],
  pageCalls: [
    developers.listDevelopers,
    developers.exportDevelopers,
    developers.showDeveloper,
    developers.developerChoices,
    developers.createDeveloper,
    developers.saveDeveloper,
    developers.removeDeveloperCall,
    developers.countDataScope,
    listUpstreamCalls,
    developerSecrets.addDeveloperSecret,
    developerSecrets.revokeDeveloperSecret,
    developerSecrets.lendDeveloperToken,
    developerSecrets.developerStatistics,
    developerOwners.listOwnDevelopers,
    developerOwners.listOwners,
    developerOwners.saveOwners,
    scopeRequests.listRequests,
    scopeRequests.listWaitingRequests,
    scopeRequests.askForScopesCall,
    scopeRequests.grantScopes,
    scopeRequests.refuseScopes,
  ],
  adminCalls: [
    adminDevelopers.adminDevelopers,
    adminDevelopers.adminDeveloper,
    adminDevelopers.adminAddDeveloper,
    adminDevelopers.adminSetDeveloper,
    adminDevelopers.adminRemoveDeveloper,
    adminDevelopers.adminRotate,
    adminDevelopers.adminRevoke,
    adminDevelopers.adminUsage,
  ],
  inRange: {
    kind: 'developer',
    list: ({ developers }, corpId) =>
      developers
        .all()
        .filter(one => one.corpId === corpId)
        .map(({ devId: id, name }) => ({ id, name })),
  },
  search: { developers: developersSearched },
  commands: developerCommands,
  commandGroups: {
    developer: {
      zh: '创建、修改和删除开发者，更换密钥，查看调用',
      en: 'Create, change and delete developers, replace their secrets, see their calls',
    },
  },
  endAccess: checkOwnersLeft,
  trialValues: receiverValues,
  settings: { developers: developerSection },
  personal: developerPersonal,
  groupsChanged: moveGroupScopes,
  async groupUses(_ctx, tx, corpId, groupId) {
    const scoped = groupId === undefined ? [] : await developersWithGroup(tx, corpId, groupId)
    return scoped.map(({ devId, name }) => ({
      zh: `开发者“${name}”`,
      en: `the developer "${name}"`,
      point: 'developer:edit',
      devId,
    }))
  },
  grants: [developerGrants, ownerGrants],
  tables: developerRetention,
  kept: [
    { of: 'developer', table: 'developer', column: 'dev_id' },
    { of: 'developer', table: 'developer_secret', column: 'dev_id' },
    {
      of: 'developer',
      table: 'developer_owner',
      column: 'dev_id',
      refers: { column: 'member_id', table: 'member', key: 'id', otherwise: 'leave out' },
    },
  ],
  attention: developerAttention,
  causes: { scopeRequested, developerOwnerless, scopeEnds },
  create: ctx => ({ developers: createDevelopers(ctx) }),
  readers: ({ developers }) => [developers],
  start({ developers, log }) {
    const timer = setInterval(() => {
      developers.flush().catch(error => log.error(describeError(error), 'usage not written'))
    }, flushMs)
    return () => clearInterval(timer)
  },
  // Usage is only statistics, so losing it must not prevent an orderly stop while the database is away.
  close: ({ developers, log }) =>
    developers.flush().catch(error => log.warn(describeError(error), 'usage not written')),
})
