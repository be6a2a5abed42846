import { ApiError } from '../http/errors.ts'
import { own, told } from '../http/told.ts'
import type { Db } from '../storage/db.ts'
import { aliveForSeconds, livingNodes } from '../storage/nodes/node-store.ts'

/**
 * For what an older node would take for something else: throws 1013 while a node lives that does not know the migration with which it came,
 * and says which.
 */
export async function checkKnownByAll(db: Db, migration: string): Promise<void> {
  const older = (await livingNodes(db)).find(node => !node.migrations.includes(migration))
  if (!older) return
  const { place, version } = older
  throw new ApiError(
    'unavailable',
    {
      zh: told`节点 ${own(place)} 还是较旧的版本 ${own(version)}，不支持这项操作；所有节点升级后再试`,
      en: told`the node ${own(place)} still has the older version ${own(version)}, which does not support this: try again when all nodes are upgraded`,
    },
    { retryAfterSeconds: aliveForSeconds },
  )
}

const askedAgainMs = 10_000

/** The same for what happens often: a good answer counts for ten seconds. */
export function createKnownByAll(ctx: { db: Db; now(): number }, migration: string): () => Promise<void> {
  let knownUntil = 0
  return async () => {
    if (ctx.now() < knownUntil) return
    await checkKnownByAll(ctx.db, migration)
    knownUntil = ctx.now() + askedAgainMs
  }
}
