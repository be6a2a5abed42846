import type { Core } from '../core.ts'
import { feature } from '../manifest/feature.ts'
import { queueRetention } from './retention.ts'

/** What is due, and the times of jobs. */
export const queueFeature = feature<Core>()({ name: 'queue', tables: queueRetention })
