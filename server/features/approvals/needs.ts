import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { WritingTodos } from '../todos/tell-of-todos.ts'

export type ApprovalNeeds = WritingTodos & {
  corps: Corps
  developers: Developers
  offered: FeatureOffers
  queue: Queue
}
