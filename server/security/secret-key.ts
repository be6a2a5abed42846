import type { Core } from '../core.ts'
import { foreignKey } from '../storage/embedded/key-file.ts'
import { putSetting, readSetting } from '../storage/settings.ts'
import { type SealedColumn, sealAnew } from './sealed-columns.ts'

const key = 'secret_key'

/**
 * A node whose key is not the one that sealed the database would fail at the first secret it opens, so this reports it at
 * the start. With WISP_SECRET_KEY_OLD, every stored secret is sealed again with the new key, whose fingerprint is then
 * stored.
 */
export async function checkSecretKey(ctx: Core, sealed: readonly SealedColumn[]): Promise<void> {
  const { db, seal } = ctx
  const known = ((await readSetting(db, key)) as { fingerprint?: string } | undefined)?.fingerprint
  if (known === seal.fingerprint) return
  if (known !== undefined && !seal.knows(known)) {
    const { secretKey, dataDir } = ctx.config
    if (!secretKey) throw foreignKey(dataDir, seal.fingerprint, known)
    throw new Error(
      `WISP_SECRET_KEY is not the key of this database (fingerprint ${seal.fingerprint}, expected ${known}); ` +
        'to rotate it, start with the old one in WISP_SECRET_KEY_OLD',
    )
  }
  await db.transaction().execute(async tx => {
    if (known !== undefined) await sealAnew(ctx, tx, sealed)
    await putSetting(tx, key, { fingerprint: seal.fingerprint })
  })
}
