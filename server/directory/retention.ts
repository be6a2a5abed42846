import type { Core } from '../core.ts'
import { pruneChanges } from './feed-store.ts'
import { pruneAliases } from './store.ts'

/** Lets go of changes from before `before`, and of old userids that no longer mean their person. */
export async function pruneDirectory(ctx: Core, before: Date): Promise<void> {
  await pruneChanges(ctx.db, before)
  await pruneAliases(ctx.db, new Date(ctx.now()))
}
