import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { describeError } from '../../platform/operation/log.ts'
import { regularly } from '../../platform/operation/regularly.ts'
import type { Developers } from '../developers/developers.ts'
import * as dataReads from './console/data-read-calls.ts'
import * as people from './console/people-calls.ts'
import * as requests from './console/request-calls.ts'
import { createRequests, type Requests } from './requests.ts'
import { requestPersonal, requestRetention } from './retention.ts'
import { requestsSearched } from './searched.ts'

const flushMs = 1000

type Needs = Core & { corps: Corps; developers: Developers; mirrors: Mirrors; offered: FeatureOffers }
type Services = { requests: Requests }

/** Which calls are kept, and how much was not. */
export const requestsFeature = feature<Needs, Services>()({
  name: 'requests',
  pageCalls: [
    requests.listRequests,
    requests.exportRequests,
    requests.showRequest,
    requests.requestPaths,
    people.listPeopleRead,
    people.exportPeopleRead,
    dataReads.listDataReads,
    dataReads.ownDataReads,
  ],
  search: { requests: requestsSearched },
  personal: requestPersonal,
  tables: requestRetention,
  create: ctx => ({ requests: createRequests(ctx) }),
  start: ({ requests, log }) =>
    regularly(
      flushMs,
      () => requests.flush(),
      error => log.error(describeError(error), 'request log not written'),
    ),
  close: ({ requests, log }) =>
    requests.flush().catch(error => log.warn(describeError(error), 'request log not written')),
})
