import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { backupCommands } from './commands.ts'
import { addBackupGauges } from './gauges.ts'
import { settleCommand } from './settle-command.ts'

/** Everything in one file, and back. */
export const backupFeature = feature<Core>()({
  name: 'backup',
  commands: [...backupCommands, settleCommand],
  gauges: addBackupGauges,
})
