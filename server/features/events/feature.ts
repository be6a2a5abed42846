import type { Developers } from '../../callers/developers/developers.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { addEventGauges } from './gauges.ts'
import { handleNumbering } from './number.ts'
import { eventPersonal, eventRetention } from './retention.ts'
import { eventStream } from './stream/stream-api.ts'
import { createStreams, type Streams } from './stream/streams.ts'
import { tellOfGroups } from './tell-groups.ts'

type Needs = Core & { developers: Developers; mirrors: Mirrors; offered: FeatureOffers; queue: Queue }
type Services = { streams: Streams }

/** What developers are told, under the numbers of the change feed. */
export const eventsFeature = feature<Needs, Services>()({
  name: 'events',
  calls: [eventStream],
  personal: eventPersonal,
  tables: eventRetention,
  gauges: addEventGauges,
  create: async ctx => ({ streams: await createStreams(ctx) }),
  work: handleNumbering,
  groupsChanged: tellOfGroups,
  reloaded: ({ streams }) => streams.endRefused(),
  drain: ({ streams }) => streams.close(),
})
