import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { findKey, originOf } from '../checkpoints/key.ts'
import { type ParsedNote, parseNotes } from '../checkpoints/note.ts'
import { compareGrants } from '../grants/compare.ts'
import type { Finding } from '../tree/finding.ts'
import type { TreeName } from '../tree/source.ts'
import { treeNames } from '../tree/tree-store.ts'
import { type TreeVerdict, type VerifyOptions, verifyTree } from './verify.ts'

export type AllVerdicts = {
  trees: TreeVerdict[]
  /** About the file of checkpoints. */
  findings: Finding[]
}

/** Verifies all trees, or one, also against checkpoints that somebody kept: `against` is the text of their file. */
export async function verifyAll(
  ctx: Pick<Core, 'db' | 'seal' | 'now'> & { offered: Pick<FeatureOffers, 'grants'> },
  { tree, against, ...options }: Omit<VerifyOptions, 'kept'> & { tree?: TreeName; against?: string },
): Promise<AllVerdicts> {
  const kept = parseNotes(against ?? '')
  const names = tree === undefined ? await treesIn(ctx, kept.notes) : [tree]
  const trees: TreeVerdict[] = []
  for (const name of names) trees.push(await verifyWithGrants(ctx, name, { ...options, kept }))
  return { trees, findings: await findingsOfFile(ctx, names, kept) }
}

/** A tree, and the grants that its acts are about. */
export async function verifyWithGrants(
  ctx: Pick<Core, 'db' | 'seal' | 'now'> & { offered: Pick<FeatureOffers, 'grants'> },
  tree: TreeName,
  options: VerifyOptions,
): Promise<TreeVerdict> {
  const verdict = await verifyTree(ctx, tree, options)
  const { findings } = await compareGrants(ctx, ctx.offered.grants, tree, { isWhole: true })
  return { ...verdict, findings: [...verdict.findings, ...findings] }
}

/** Those that there are, and those that only the file knows. */
async function treesIn(ctx: Pick<Core, 'db' | 'seal'>, notes: readonly ParsedNote[]): Promise<TreeName[]> {
  const names = await treeNames(ctx.db)
  const key = await findKey(ctx).catch(() => undefined)
  const head = key && originOf(key, ' ').slice(0, -1)
  const named = notes.flatMap(({ origin }) =>
    head && origin.startsWith(head) ? [origin.slice(head.length).replace(/^installation$/, '')] : [],
  )
  return [...new Set([...names, ...named])]
}

async function findingsOfFile(
  ctx: Pick<Core, 'db' | 'seal'>,
  names: readonly TreeName[],
  { notes, unread }: ReturnType<typeof parseNotes>,
): Promise<Finding[]> {
  const key = await findKey(ctx).catch(() => undefined)
  const own = new Set(key ? names.map(name => originOf(key, name)) : [])
  const others = [...new Set(notes.map(note => note.origin).filter(origin => !own.has(origin)))]
  const findings: Finding[] = others.map(origin => ({
    what: 'otherInstallation',
    rows: [origin],
    count: 1,
    byKept: true,
  }))
  if (unread > 0) findings.push({ what: 'unreadInFile', count: unread, byKept: true })
  return findings
}
