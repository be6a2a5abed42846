import type { Config } from '../config.ts'
import { StartError } from '../operation/start-error.ts'
import type { Db } from '../storage/db.ts'
import { foreignKey } from '../storage/embedded/key-file.ts'
import { putSetting, readSetting } from '../storage/settings.ts'
import type { Seal } from './seal.ts'
import { type SealedColumn, sealAnew } from './sealed-columns.ts'

type Needs = { config: Config; db: Db; seal: Seal }

const key = 'secret_key'

/**
 * A node whose key is not the one that sealed the database would fail at the first secret it opens, so this reports it at
 * the start. With WISP_SECRET_KEY_OLD, every stored secret is sealed again with the new key, whose fingerprint is then
 * stored.
 */
export async function checkSecretKey(ctx: Needs, sealed: readonly SealedColumn[]): Promise<void> {
  const { db, seal } = ctx
  const known = await fingerprintOf(db)
  if (known === seal.fingerprint) return
  refuseForeignKey(ctx.config, seal, known)
  await db.transaction().execute(async tx => {
    if (known !== undefined) await sealAnew(ctx, tx, sealed)
    await putSetting(tx, key, { fingerprint: seal.fingerprint })
  })
}

/** The fingerprint of the key that sealed this database; undefined for a new database. */
export async function fingerprintOf(db: Db): Promise<string | undefined> {
  return ((await readSetting(db, key)) as { fingerprint?: string } | undefined)?.fingerprint
}

/** Throws StartError. */
export function refuseForeignKey(
  { secretKey, dataDir }: Pick<Config, 'secretKey' | 'dataDir'>,
  seal: Seal,
  known: string | undefined,
): void {
  if (known === undefined || seal.knows(known)) return
  if (!secretKey) throw foreignKey(dataDir, seal.fingerprint, known)
  throw new StartError(
    `WISP_SECRET_KEY 不是这个数据库的密钥（指纹 ${seal.fingerprint}，应为 ${known}）；要更换密钥，请把旧的放进 WISP_SECRET_KEY_OLD 再启动。`,
    `WISP_SECRET_KEY is not the key of this database (fingerprint ${seal.fingerprint}, expected ${known}); to rotate it, start with the old one in WISP_SECRET_KEY_OLD.`,
  )
}
