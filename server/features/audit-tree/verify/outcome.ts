/**
 * What a verification found is kept, whoever asked for it, and the alert is raised by what the last one of a tree found. What only kept
 * checkpoints show is not taken back by a verification without them: it stays until one with checkpoints finds nothing.
 */

import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { putTreeOnce } from '../checkpoints/checkpoint-store.ts'
import type { Finding } from '../tree/finding.ts'
import type { TreeName } from '../tree/source.ts'
import * as store from './verification-store.ts'
import type { TreeVerdict } from './verify.ts'
import type { AllVerdicts } from './verify-all.ts'

type Outcome = Pick<TreeVerdict, 'tree' | 'checked' | 'size' | 'findings'>

/** Ends one that was asked for on the page. */
export async function endWith(
  { db, now }: Pick<Core, 'db' | 'now'>,
  { id, tree, checked, size, findings }: Outcome & { id: number },
): Promise<void> {
  await db.transaction().execute(async tx =>
    store.endVerification(tx, {
      id,
      endedAt: new Date(now()),
      checked,
      size,
      findings: [...findings, ...(await shownByKept(tx, tree))],
      problem: '',
    }),
  )
}

/**
 * Keeps what the command found: of each tree in which something is wrong, or was so far.
 * @param by.tree the only tree that was verified
 * @param by.hasKept whether there was a file of checkpoints
 */
export async function keepVerdicts(
  ctx: Core,
  { trees, findings }: AllVerdicts,
  by: { actor: string; askedAt: Date; tree: TreeName | undefined; hasKept: boolean },
): Promise<void> {
  // What is about the file, or the tree of a corp that is gone, is the installation's.
  const names = await store.namesWithCorp(
    ctx.db,
    trees.map(one => one.tree),
  )
  const ofFile: Outcome = { tree: by.tree ?? '', checked: 0, size: 0, findings }
  const byTree = Map.groupBy([...trees, ofFile], one => (names.includes(one.tree) ? one.tree : ''))
  for (const [tree, parts] of byTree) await ctx.db.transaction().execute(tx => keep(ctx, tx, tree, parts, by))
}

async function keep(
  ctx: Core,
  tx: Db,
  tree: TreeName,
  parts: readonly Outcome[],
  { actor, askedAt, hasKept }: { actor: string; askedAt: Date; hasKept: boolean },
): Promise<void> {
  const own = parts.flatMap(one => one.findings)
  const findings = hasKept ? own : [...own, ...(await shownByKept(tx, tree))]
  const before = await store.lastFindings(tx, tree)
  if (findings.length === 0 && before.length === 0) return
  await putTreeOnce(tx, tree)
  const [checked, size] = [sumOf(parts, 'checked'), sumOf(parts, 'size')]
  const endedAt = new Date(ctx.now())
  await store.replaceVerification(tx, { tree, askedAt, askedBy: actor, endedAt, checked, size, findings })
  await record(tx, ctx, { corpId: tree || null, actor, act: 'audit.verify', target: tree, detail: {} })
}

const sumOf = (parts: readonly Outcome[], key: 'checked' | 'size') =>
  parts.reduce((sum, one) => sum + one[key], 0)

async function shownByKept(tx: Db, tree: TreeName): Promise<Finding[]> {
  return (await store.lastFindings(tx, tree)).filter(one => one.byKept)
}
