import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'
import { type Caller, currentCaller } from './caller.ts'
import { insertAuditEntry } from './store.ts'

export type Entry = {
  corpId: string | null
  actor: string
  act: string
  target: string
  /** The target's name, where it is not what is stored under `target` now. */
  targetName?: string
  /** Must not contain a secret. `changes` (changes.ts) are shown as before and after. */
  detail: object
}

/**
 * Records an act in its transaction. `caller` is for work that is written down in somebody else's turn, such as in a
 * batch.
 */
export async function record(
  db: Db,
  ctx: Pick<Core, 'now'>,
  entry: Entry,
  caller: Caller | undefined = currentCaller(),
): Promise<void> {
  const by = caller?.actor === entry.actor ? caller : undefined
  await insertAuditEntry(db, {
    ...entry,
    targetName: entry.targetName,
    actorName: by?.name ?? '',
    address: by?.address ?? '',
    at: new Date(ctx.now()),
  })
}

/** Records that somebody took a list out of the console, and by which filter. */
export async function recordExport(
  ctx: Core,
  taken: { corpId: string; actor: string; list: string; input: Record<string, unknown> },
): Promise<void> {
  const { corpId, actor, list, input } = taken
  const { language: _language, ...filter } = input
  await record(ctx.db, ctx, { corpId, actor, act: 'export', target: list, detail: filter })
}
