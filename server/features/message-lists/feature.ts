/**
 * Lists of receivers (名单): who gets a message, with the variables of each, as a file said. list-file.ts reads it, lists.ts finds the persons and
 * keeps the rows. Messages are sent to them by the room above.
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { uploadList } from './console/list-calls.ts'
import { putListCall } from './list-api.ts'
import { listRetention, messageListPersonal } from './retention.ts'
import { listSealed } from './sealed.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers }

export const messageListsFeature = feature<Needs>()({
  name: 'message-lists',
  calls: [putListCall],
  pageCalls: [uploadList],
  personal: messageListPersonal,
  tables: listRetention,
  sealed: [listSealed],
})
