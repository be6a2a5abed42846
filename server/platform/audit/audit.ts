import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'
import { type Actor, currentActor } from './actor.ts'
import type { Act } from './acts.ts'
import type { Field } from './fields.ts'
import { countInEntry, enterRepetitions, eraseActs, insertAuditEntry } from './store.ts'

/** What is kept of an act besides its target: fields that have words, with whatever values. */
export type Detail = { readonly [F in Field]?: unknown }

/** Refuses, where it is compiled, a detail with a field that has no words. */
export type WithWords<D> = D extends unknown
  ? Exclude<keyof D, Field> extends never
    ? unknown
    : { hasNoWords: Exclude<keyof D, Field> }
  : never

export type Entry<D extends object = Detail> = {
  corpId: string | null
  actor: string
  act: Act
  target: string
  /** The target's name, where it is not what is stored under `target` now. */
  targetName?: string
  /** Must not contain a secret. `changes` (changes.ts) are shown as before and after. */
  detail: D
}

/**
 * Records an act in its transaction; what needs somebody is looked at again after it. `by` is for work that is recorded on behalf of
 * somebody else, such as in a batch.
 */
export async function record<D extends object>(
  db: Db,
  ctx: Pick<Core, 'now'>,
  entry: Entry<D & WithWords<D>>,
  by: Actor | undefined = currentActor(),
): Promise<void> {
  const known = by?.actor === entry.actor ? by : undefined
  await insertAuditEntry(db, {
    ...entry,
    detail: known?.token === undefined ? entry.detail : { ...entry.detail, adminToken: known.token },
    targetName: entry.targetName,
    actorName: known?.name ?? '',
    address: known?.address ?? '',
    at: new Date(ctx.now()),
  })
}

/**
 * Counts a repetition beside the latest equal entry since then, where an entry for each time would be too many: the entry itself never
 * changes. `times` is how often it happened, the entry's own time included. `settleRepetitions` makes one entry of them.
 */
export async function recordTimes(
  db: Db,
  entry: Pick<Entry, 'corpId' | 'act' | 'target' | 'detail'>,
  since: Date,
  times: number,
): Promise<void> {
  await countInEntry(db, entry, since, times)
}

/** Makes an entry of the repetitions of each act whose ten minutes are over. Returns how many entries it made. */
export async function settleRepetitions(db: Db, ctx: Pick<Core, 'now'>): Promise<number> {
  return enterRepetitions(db, new Date(ctx.now()))
}

/** Records that somebody took a list out of the console, and by which filter. */
export async function recordExport<I extends { language?: unknown }>(
  ctx: Core,
  taken: { corpId: string | null; actor: string; list: string; input: I & WithWords<Omit<I, 'language'>> },
): Promise<void> {
  const { corpId, actor, list, input } = taken
  const { language: _language, ...filter } = input
  await record(ctx.db, ctx, { corpId, actor, act: 'export', target: list, detail: filter as Detail })
}

/** Takes away who did it, to whom and from where; when, on which corp and what it was stay. */
export async function blankActs(tx: Db, ids: readonly number[]): Promise<void> {
  await eraseActs(tx, ids)
}
