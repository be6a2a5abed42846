import type { Core } from '../core.ts'
import { feature } from '../manifest/feature.ts'
import type { Database } from '../storage/database.ts'
import { addDatabaseGauges } from '../storage/gauges.ts'
import { nodeRetention } from '../storage/nodes/retention.ts'

/** How often the room on the disk is looked at. */
const lookMs = 5000

/** The database and the nodes on it. */
export const storageFeature = feature<Core & { database: Database }>()({
  name: 'storage',
  tables: nodeRetention,
  gauges: addDatabaseGauges,
  start(ctx) {
    const timer = setInterval(() => ctx.database.room.problem(), lookMs)
    return () => clearInterval(timer)
  },
})
