/**
 * Rows enter their tree when their transactions have committed. A trigger notes each new row in `audit_pending`, in the transaction that
 * writes it and whichever version of wisp does; whoever holds the lock of a tree's row adds what it sees there. A transaction that commits
 * late is seen later, and gets a later index: nothing is passed over, and no order of ids matters.
 */

import { settleRepetitions } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { bodiesOf, existingIds } from './bodies-store.ts'
import { type Body, newLeaf, statementHash } from './leaf.ts'
import { createEdge } from './merkle.ts'
import { type Source, sources, type TreeName } from './source.ts'
import * as store from './tree-store.ts'

const atOnce = 1000

/**
 * Adds all that waits, of all trees; those that another node is adding to are left to it. Each tree has its turn, so that a corp with millions
 * of earlier rows, or a tree that somebody spoilt, keeps no other waiting. Returns how many leaves it added; throws what failed at the end.
 */
export async function appendWaiting(ctx: Pick<Core, 'db' | 'now' | 'stopping'>): Promise<number> {
  const failed = new Map<TreeName, unknown>()
  let added = 0
  for (let goesOn = true; goesOn; ) {
    goesOn = false
    await settleRepetitions(ctx.db, ctx)
    for (const tree of await store.prepareWaiting(ctx.db)) {
      if (ctx.stopping.aborted) return added
      if (failed.has(tree)) continue
      try {
        const step = await ctx.db.transaction().execute(tx => appendSome(tx, tree))
        added += step.added
        goesOn ||= step.goesOn
      } catch (error) {
        failed.set(tree, error)
      }
    }
  }
  for (const [tree, cause] of failed)
    throw new Error(`the audit tree of ${tree || 'the installation'} takes no entries`, { cause })
  return added
}

async function appendSome(tx: Db, tree: TreeName): Promise<{ added: number; goesOn: boolean }> {
  const row = await store.lockTree(tx, tree)
  if (!row) return { added: 0, goesOn: false }
  const waiting = await store.waitingLeaves(tx, tree, atOnce)
  const older = row.existing ? await nextExisting(tx, tree, row.existing) : undefined
  const made = new Map<string, FreshLeaf>()
  for (const source of sources) {
    const ids = waiting.flatMap(one => (one.source === source ? [one.rowId] : []))
    if (older?.source === source) ids.unshift(...older.ids)
    for (const leaf of await newLeaves(tx, tree, source, ids)) made.set(`${source} ${leaf.rowId}`, leaf)
  }
  for (const { id, source, statement } of waiting)
    if (source === 'statement' && statement !== null) made.set(`${source} ${id}`, statementLeaf(statement))
  const keys = [
    ...(older?.ids.map(id => `${older.source} ${id}`) ?? []),
    ...waiting.map(one => `${one.source} ${one.source === 'statement' ? one.id : one.rowId}`),
  ]
  const leaves = [...new Set(keys)].flatMap(key => made.get(key) ?? [])
  await addLeaves(tx, { ...row, existing: older ? older.progress : row.existing }, leaves)
  await store.dropWaiting(
    tx,
    waiting.map(one => one.id),
  )
  const size = row.size + leaves.length
  if (older?.isLast && size > 0) await store.state(tx, tree, { what: 'existing', upTo: size })
  return { added: leaves.length, goesOn: waiting.length === atOnce || older !== undefined }
}

type FreshLeaf = Omit<store.NewLeaf, 'index'>

/** PostgreSQL's spelling of the text, which is what a verification reads. */
const statementLeaf = (statement: string): FreshLeaf => ({
  source: 'statement',
  rowId: '',
  hash: statementHash(statement),
  salt: null,
  statement,
})

/** Of rows of one table, without those that are in a tree, or gone. */
async function newLeaves(tx: Db, tree: TreeName, source: Source, ids: string[]): Promise<FreshLeaf[]> {
  if (ids.length === 0) return []
  const entered = new Set(await store.enteredRows(tx, source, ids))
  const fresh = [...new Set(ids)].filter(id => !entered.has(id))
  const bodies = new Map((await bodiesOf(tx, tree, source, fresh)).map(body => [body.rowId, body]))
  return fresh.flatMap(id => {
    const body: Body | undefined = bodies.get(id)
    return body ? [{ source, rowId: id, statement: null, ...newLeaf(body) }] : []
  })
}

async function addLeaves(tx: Db, row: store.TreeRow, leaves: readonly FreshLeaf[]): Promise<void> {
  const edge = createEdge(row.size, row.edge)
  const nodes = leaves.flatMap(leaf => edge.add(leaf.hash))
  const placed = leaves.map((leaf, n) => {
    const index = row.size + n
    return { ...leaf, index, rowId: leaf.source === 'statement' ? `${row.tree} ${index}` : leaf.rowId }
  })
  if (placed.length > 0) await store.insertLeaves(tx, row.tree, placed)
  await store.insertNodes(tx, row.tree, nodes)
  await store.putTree(tx, { ...row, size: edge.size, edge: [...edge.hashes()] })
}

/** The next rows of before the tree, of one table. `progress` is null when there are no more. */
async function nextExisting(tx: Db, tree: TreeName, existing: NonNullable<store.TreeRow['existing']>) {
  for (const source of sources) {
    const at = existing[source]
    if (!at) continue
    const ids = await existingIds(tx, tree, source, at, atOnce)
    const isDone = ids.length < atOnce
    const { [source]: _, ...others } = existing
    const progress = isDone ? others : { ...existing, [source]: { ...at, after: ids.at(-1)! } }
    const isLast = Object.keys(progress).length === 0
    return { source, ids, isLast, progress: isLast ? null : progress }
  }
  return { source: 'audit' as const, ids: [], isLast: true, progress: null }
}
