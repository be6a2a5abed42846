import type { Config } from '../../../platform/config.ts'
import type { Core } from '../../../platform/core.ts'
import { formatBytes } from '../../../platform/format.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { openAll } from '../../../platform/security/sealed-columns.ts'
import { readKey } from '../../../platform/storage/embedded/key-file.ts'
import { BackupError } from '../backup-error.ts'
import type { DumpOptions } from '../dump-store.ts'
import { restoreBackup } from '../restore.ts'
import type { Source } from '../source.ts'
import { openScratch, type Scratch, type ScratchKind } from './scratch.ts'
import type { TrialResult } from './test-store.ts'

type Needs = Core & { offered: FeatureOffers }

/**
 * Restores a backup as it would be on the day, into a database of its own: the file to its end, its rows into the tables of its version,
 * the count and the hash of each table against the file, the migrations to this version, every sealed value with the key. Nothing is
 * left of it. One that may be anybody's is refused, unless `unsigned` allows it. Throws BackupError, SealError, and what the place throws.
 */
export async function testRestore(
  ctx: Needs,
  source: Source,
  options: DumpOptions & { kinds?: readonly ScratchKind[]; unsigned?: boolean } = {},
): Promise<TrialResult> {
  const { kinds, ...dump } = options
  const scratch = await openScratch(ctx, kinds)
  try {
    let secrets = 0
    const { rows, isSigned } = await restoreBackup(configOf(ctx.config, scratch), ctx.log, source, [], {
      ...dump,
      found: ({ bytes }) => checkRoom(scratch, bytes),
      inspect: async tx => {
        secrets = await openAll(ctx, tx, ctx.offered.sealed)
      },
    })
    const counts = Object.values(rows)
    const all = counts.reduce((sum, one) => sum + one, 0)
    return { scratch: scratch.kind, tables: counts.length, rows: all, secrets, signed: isSigned }
  } finally {
    await scratch.drop()
  }
}

function configOf(config: Config, { url }: Scratch): Config {
  const secretKey = config.secretKey || readKey(config.dataDir)
  return { ...config, databaseUrl: url, databaseDirectUrl: '', secretKey }
}

/** Rows with their indexes, and the log of writing them. */
const roomPerByte = 3
const roomBeside = 512 << 20

async function checkRoom(scratch: Scratch, bytes: number): Promise<void> {
  const free = await scratch.free()
  const needed = bytes * roomPerByte + roomBeside
  if (free === undefined || free >= needed) return
  throw new BackupError(
    `数据目录所在的磁盘剩 ${formatBytes(free)}，恢复演练约需 ${formatBytes(needed)}：没有开始，以免写满`,
    `the disk of the data directory has ${formatBytes(free)} left and the restore test needs some ${formatBytes(needed)}: it did not begin, so as not to fill it`,
  )
}
