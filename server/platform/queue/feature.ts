import type { Core } from '../core.ts'
import { feature } from '../manifest/feature.ts'
import { queueRetention } from './retention.ts'

/** What is due, and what runs by the clock. */
export const queueFeature = feature<Core>()({ name: 'queue', tables: queueRetention })
