import { setImmediate } from 'node:timers/promises'
import type { Core } from '../../../platform/core.ts'
import { SealError } from '../../../platform/security/seal.ts'
import { allCheckpoints, lastCheckpoint } from '../checkpoints/checkpoint-store.ts'
import { findKey, originOf, type SigningKey } from '../checkpoints/key.ts'
import { isSignedBy, type ParsedNote, parseNotes } from '../checkpoints/note.ts'
import type { Finding } from '../tree/finding.ts'
import type { Edge } from '../tree/merkle.ts'
import type { TreeName } from '../tree/source.ts'

/** Checkpoints that somebody kept outside of the database. */
export type KeptCheckpoints = ReturnType<typeof parseNotes>

type ComparedCheckpoint = { note: ParsedNote; isKept: boolean; number?: number }

export type CheckpointSet = {
  /** Compares the checkpoints of this size with what the tree was then. */
  at(size: number, edge: Edge): void
  /** Leaves below are gone by age: one of the checkpoints must be so old. */
  prunedBelow(index: number, now: number): void
  /** Tells of the checkpoints that the tree does not reach, or that it does not fit. */
  finish(size: number, isThere: boolean, restored: readonly { index: number; at: Date }[]): void
  /**
   * When an entry was not there yet; of one before the first checkpoint, which is made within minutes, the time of that. Undefined for one that is
   * older than what age left of the checkpoints.
   */
  enteredAfter(index: number): Date | undefined
  /** When an entry was there, by the first checkpoint that has it: the time in its row is no part of any hash. */
  enteredBefore(index: number): Date | undefined
  readonly compared: { stored: number; kept: number }
}

/** Those of the database and of the file that are rightly signed; of the others it tells at once. */
export async function checkpointsOf(
  ctx: Pick<Core, 'db' | 'seal' | 'now'>,
  tree: TreeName,
  kept: KeptCheckpoints,
  add: (finding: Finding) => void,
): Promise<CheckpointSet> {
  const key = await openKey(ctx, tree, add)
  const stored = await storedIn(ctx, tree, key, add)
  const all = [...stored, ...keptIn(tree, kept, key, add)].sort((a, b) => a.note.size - b.note.size)
  const bySize = Map.groupBy(all, one => one.note.size)
  const compared = { stored: 0, kept: 0 }
  const wrong: ComparedCheckpoint[] = []
  let lastGood = 0
  const timed = stored.filter(one => one.note.madeAt !== undefined).sort((a, b) => a.note.size - b.note.size)
  /** How many have no such entry. */
  const timedWithout = (index: number) => {
    let [from, to] = [0, timed.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (timed[middle]!.note.size <= index) from = middle + 1
      else to = middle
    }
    return from
  }
  const [first] = timed
  const begun = first?.number === 1 ? first : undefined
  const enteredAfter = (index: number) => (timed[timedWithout(index) - 1] ?? begun)?.note.madeAt
  return {
    compared,
    at(size, edge) {
      const here = bySize.get(size)
      if (!here) return
      const root = edge.root()
      for (const one of here) {
        compared[one.isKept ? 'kept' : 'stored']++
        if (!one.note.root.equals(root)) wrong.push(one)
      }
      if (wrong.length === 0) lastGood = size
    },
    prunedBelow(index, now) {
      const since = enteredAfter(index - 1)
      if (since && now - since.getTime() < keptMs) add({ what: 'leavesMissing', indexes: [0, index - 1] })
    },
    finish(size, isThere, restored) {
      const beyond = all.filter(one => one.note.size > size)
      for (const { note, isKept } of [...wrong, ...beyond].sort(byTime).slice(0, 1)) {
        const tell = (finding: Finding) => add(toldBy(isKept, finding))
        const at = note.madeAt?.toISOString() ?? ''
        const after = restored.find(one => one.index < note.size && (!note.madeAt || one.at >= note.madeAt))
        if (!isThere) tell({ what: 'treeGone', size: note.size, at })
        else if (after) tell({ what: 'restored', indexes: [after.index, note.size - 1], at })
        else if (note.size > size) tell({ what: 'lastRemoved', count: note.size - size, size: note.size, at })
        else tell({ what: 'rewritten', indexes: [lastGood, note.size - 1], at })
      }
      const longest = beyond.at(-1)
      const isSaid = restored.some(one => longest && one.index < longest.note.size)
      if (isThere && longest && wrong.length > 0 && !isSaid)
        add(
          toldBy(longest.isKept, {
            what: 'lastRemoved',
            count: longest.note.size - size,
            size: longest.note.size,
            at: longest.note.madeAt?.toISOString() ?? '',
          }),
        )
    },
    enteredAfter,
    enteredBefore: index => timed[timedWithout(index)]?.note.madeAt,
  }
}

const toldBy = (isKept: boolean, finding: Finding): Finding => ({
  ...finding,
  ...(isKept ? { byKept: true } : {}),
})

/** Checkpoints are kept 800 days; clocks may differ by a day. */
const firstKeptMs = 799 * 86_400_000

/** Leaves are kept 430 days; clocks may differ by a day. */
const keptMs = 429 * 86_400_000

const byTime = (a: ComparedCheckpoint, b: ComparedCheckpoint) =>
  (a.note.madeAt?.getTime() ?? 0) - (b.note.madeAt?.getTime() ?? 0) || a.note.size - b.note.size

async function openKey(
  ctx: Pick<Core, 'db' | 'seal'>,
  tree: TreeName,
  add: (finding: Finding) => void,
): Promise<SigningKey | undefined> {
  try {
    const key = await findKey(ctx)
    if (!key && (await lastCheckpoint(ctx.db, tree))) add({ what: 'keyChanged' })
    return key
  } catch (error) {
    // Whoever put another key there could not seal it.
    if (!(error instanceof SealError) && !isKeyError(error)) throw error
    add({ what: 'keyChanged' })
    return undefined
  }
}

const isKeyError = (error: unknown) => String((error as { code?: unknown }).code).startsWith('ERR_OSSL')

async function storedIn(
  { db, now }: Pick<Core, 'db' | 'now'>,
  tree: TreeName,
  key: SigningKey | undefined,
  add: (finding: Finding) => void,
): Promise<ComparedCheckpoint[]> {
  const rows = await allCheckpoints(db, tree)
  const good: ComparedCheckpoint[] = []
  let before: number | undefined
  for (const [n, { number, size, note: text }] of rows.entries()) {
    // Two years have some 20,000, whose signatures take seconds.
    if (n % 100 === 99) await setImmediate()
    const [note] = parseNotes(text).notes
    // Of those that age took, the last one is there.
    before ??= (note?.madeAt?.getTime() ?? 0) < now() - firstKeptMs ? number - 1 : 0
    if (number > before + 1)
      add({ what: 'checkpointsMissing', rows: [`${before + 1}–${number - 1}`], count: 1 })
    before = number
    const isGood =
      key &&
      note &&
      note.size === size &&
      note.origin === originOf(key, tree) &&
      isSignedBy(note, key.publicKey)
    if (isGood) good.push({ note, isKept: false, number })
    else if (key) add({ what: 'checkpointForged', rows: [String(number)], count: 1 })
  }
  return good
}

function keptIn(
  tree: TreeName,
  { notes }: KeptCheckpoints,
  key: SigningKey | undefined,
  add: (finding: Finding) => void,
): ComparedCheckpoint[] {
  return notes.flatMap((note): ComparedCheckpoint[] => {
    if (!key || note.origin !== originOf(key, tree)) return []
    if (isSignedBy(note, key.publicKey)) return [{ note, isKept: true }]
    add(toldBy(true, { what: 'forgedInFile', rows: [`${note.origin} ${note.size}`], count: 1 }))
    return []
  })
}
