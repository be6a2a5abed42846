import type { Core } from '../../../platform/core.ts'
import { countOpenHints } from '../../../platform/inbox/event-store.ts'
import { hasEndedSince } from './run-store.ts'

const waitsAtMostMs = 10 * 60_000

/**
 * Whether the address book has read again all that a run has just written. A preview before that would take those whom the run made for
 * joiners.
 */
export async function isReadBack(ctx: Pick<Core, 'db' | 'now'>, corpId: string): Promise<boolean> {
  if (!(await hasEndedSince(ctx.db, corpId, new Date(ctx.now() - waitsAtMostMs)))) return true
  return (await countOpenHints(ctx.db, corpId, 'directory')) === 0
}
