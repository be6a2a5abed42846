import { clockWrong } from './clock-cause.ts'
import type { Core } from './core.ts'
import { showFile, uploadFile } from './files/file-calls.ts'
import { filePersonal, filesRetention } from './files/retention.ts'
import { feature } from './manifest/feature.ts'
import { addOutageGauges } from './operation/outages.ts'
import { queueRetention } from './queue/retention.ts'
import { securityPersonal, securityRetention } from './security/retention.ts'
import type { Database } from './storage/database.ts'
import { addDatabaseGauges } from './storage/gauges.ts'
import { nodeRetention } from './storage/nodes/retention.ts'
import { configCommands } from './upkeep/commands.ts'

// The types of manifests are made of types of the platform's rooms, which lie below them. So the manifests of these rooms are
// declared here.

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

/** Counters of attempts. */
export const securityFeature = feature<Core>()({
  name: 'security',
  personal: securityPersonal,
  tables: securityRetention,
  gauges: addOutageGauges,
})

/** What is due, and the times of jobs. */
export const queueFeature = feature<Core>()({ name: 'queue', tables: queueRetention })

/** What people upload, by the hash of its content. */
export const filesFeature = feature<Core>()({
  name: 'files',
  pageCalls: [uploadFile, showFile],
  personal: filePersonal,
  tables: filesRetention,
})

/** What looks after the running node. */
export const upkeepFeature = feature<Core>()({
  name: 'upkeep',
  causes: { clockWrong },
  commands: configCommands,
  commandGroups: {
    config: { zh: '检查环境变量与运行环境', en: 'Check environment variables and surroundings' },
  },
})
