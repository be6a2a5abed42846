/**
 * Reads a tree from its first leaf to its last, in pieces: the leaves of rows that are there are computed again, the subtrees, the root and
 * each signed checkpoint are compared on the way, and what is missing must be named by a statement. A row that was changed is told by its
 * leaf; leaves that were changed too by the stored subtrees and checkpoints; a tree that was rewritten whole only by checkpoints that are
 * kept elsewhere (`kept`).
 */

import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { bodiesOf, unenteredIds } from '../tree/bodies-store.ts'
import type { Finding } from '../tree/finding.ts'
import { type Body, hiddenOf, leafData, statementHash } from '../tree/leaf.ts'
import { createEdge, leafHash, storedEvery } from '../tree/merkle.ts'
import { type Source, type Statement, sources, type TreeName } from '../tree/source.ts'
import * as store from '../tree/tree-store.ts'
import { type CheckpointSet, checkpointsOf, type KeptCheckpoints } from './checkpoint-set.ts'
import { createGaps } from './gaps.ts'
import { daysOfReads, storedNodesIn, waitingStatements } from './verify-store.ts'

export type TreeVerdict = {
  tree: TreeName
  size: number
  /** How many leaves were read; those of entries older than 430 days are in subtrees. */
  checked: number
  checkpoints: number
  /** How many checkpoints of the file were compared. */
  kept: number
  findings: Finding[]
  /** Rows of before the tree have not all entered. */
  isEntering: boolean
}

export type VerifyOptions = {
  kept?: KeptCheckpoints
  signal?: AbortSignal
  onProgress?: (checked: number, size: number) => Promise<void> | void
}

const chunk = 4096
const statementsAtOnce = 500
/** The first so many of each kind; a tree that was spoilt whole has millions. */
const findingsAtMost = 2000
const rowsAtMost = 20
/** What was written in these last ms may wait to enter. */
const freshMs = 60_000

/** Acts are kept 400 days. */
const actsKnownMs = 390 * 86_400_000

export async function verifyTree(
  ctx: Pick<Core, 'db' | 'seal' | 'now'>,
  tree: TreeName,
  { kept = { notes: [], unread: 0 }, signal, onProgress }: VerifyOptions = {},
): Promise<TreeVerdict> {
  const findings: Finding[] = []
  const counts = new Map<string, number>()
  const add = (finding: Finding) => {
    const count = counts.get(finding.what) ?? 0
    counts.set(finding.what, count + 1)
    if (count < findingsAtMost) findings.push(finding)
  }
  const checkpoints = await checkpointsOf(ctx, tree, kept, add)
  // After the checkpoints: one that is made in between would be of a larger tree.
  const row = await store.treeRow(ctx.db, tree)
  const size = row?.size ?? 0
  const now = new Date(ctx.now())
  const since = new Date(now.getTime() - actsKnownMs)
  const reads = { days: await daysOfReads(ctx.db, tree, since), since }
  const gaps = createGaps(checkpoints.enteredAfter, index => checkpoints.enteredBefore(index) ?? now, reads)
  if (row?.existing) gaps.said({ what: 'existing', upTo: size }, size, now)
  const said = await readStatements(ctx, { tree, size, from: 0 }, gaps)
  const read = await readLeaves(ctx, { tree, size }, { checkpoints, gaps, add, signal, onProgress })
  // What age took and who was erased while the leaves were read.
  await readStatements(ctx, { tree, size, from: said }, gaps)
  checkpoints.finish(size, row !== undefined, gaps.restored())
  if (read.edge && row && !isSameEdge(read.edge, row.edge)) add({ what: 'edgeChanged', size })
  gaps.findings().forEach(add)
  if (!row?.existing) await findUnentered(ctx, tree, add)
  return {
    tree,
    size,
    checked: read.count,
    checkpoints: checkpoints.compared.stored,
    kept: checkpoints.compared.kept,
    findings,
    isEntering: Boolean(row?.existing),
  }
}

/**
 * What the tree says of its rows from a place on, and what is about to enter it; those that wait come first, since they may enter meanwhile.
 * Returns the place after the last.
 */
async function readStatements(
  { db }: Pick<Core, 'db'>,
  { tree, size, from }: { tree: TreeName; size: number; from: number },
  gaps: ReturnType<typeof createGaps>,
): Promise<number> {
  for (const one of await waitingStatements(db, tree)) gaps.said(one.statement, size, one.at)
  let next = from
  for (;;) {
    const leaves = await store.statementsFrom(db, tree, next, statementsAtOnce)
    for (const leaf of leaves)
      if (leaf.statement !== null && isAsEntered(leaf, undefined))
        gaps.said(JSON.parse(leaf.statement) as Statement, leaf.index, leaf.enteredAt)
    next = (leaves.at(-1)?.index ?? next - 1) + 1
    if (leaves.length < statementsAtOnce) return next
  }
}

type Reading = {
  checkpoints: CheckpointSet
  gaps: ReturnType<typeof createGaps>
  add: (finding: Finding) => void
  signal: AbortSignal | undefined
  onProgress: VerifyOptions['onProgress'] | undefined
}

async function readLeaves(
  ctx: Pick<Core, 'db' | 'now'>,
  { tree, size }: { tree: TreeName; size: number },
  { checkpoints, gaps, add, signal, onProgress }: Reading,
) {
  let edge = await firstEdge(ctx, tree, size)
  let isWhole = true
  let next = edge.size
  if (next > 0) checkpoints.prunedBelow(next, ctx.now())
  let count = 0
  while (next < size) {
    signal?.throwIfAborted()
    const { leaves, to, bodies, nodes, pruned } = await readChunk(ctx.db, tree, next, size)
    if (pruned && isWhole) {
      edge = pruned
      next = edge.size
      checkpoints.prunedBelow(next, ctx.now())
    }
    for (const leaf of leaves) {
      if (leaf.index > next) {
        add({ what: 'leavesMissing', indexes: [next, leaf.index - 1] })
        isWhole = false
      }
      next = leaf.index + 1
      checkLeaf(leaf, bodies.get(`${leaf.source} ${leaf.rowId}`), gaps, add)
      if (!isWhole) continue
      for (const { level, index, hash } of edge.add(leaf.hash)) {
        const stored = nodes.get(`${level} ${index}`)
        const span = 2 ** level
        if (level === storedEvery && !stored?.equals(hash))
          add({ what: 'subtreeChanged', indexes: [index * span, (index + 1) * span - 1] })
      }
      checkpoints.at(edge.size, edge)
    }
    if (next < to) {
      add({ what: 'leavesMissing', indexes: [next, to - 1] })
      isWhole = false
      next = to
    }
    count += leaves.length
    await onProgress?.(count, size)
  }
  return { edge: isWhole ? edge.hashes() : undefined, count }
}

/**
 * The next leaves with their rows, as they were at one moment: somebody may be erased meanwhile. `pruned`: the edge below them, when age has
 * taken the leaves before them since.
 */
async function readChunk(db: Db, tree: TreeName, next: number, size: number) {
  const snapshot = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
  return snapshot.execute(async tx => {
    const leaves = (await store.leavesFrom(tx, tree, next, chunk)).filter(leaf => leaf.index < size)
    const to = leaves.length < chunk ? size : leaves.at(-1)!.index + 1
    const bodies = await bodiesIn({ db: tx }, tree, leaves)
    const nodes = new Map(
      (await storedNodesIn(tx, tree, next, to)).map(node => [`${node.level} ${node.index}`, node.hash]),
    )
    const first = leaves[0]?.index ?? next
    const edge = first > next ? await firstEdge({ db: tx }, tree, size) : undefined
    return { leaves, to, bodies, nodes, pruned: edge?.size === first ? edge : undefined }
  })
}

/** Where the leaves begin: after those that age took, whose subtrees are stored. */
async function firstEdge({ db }: Pick<Core, 'db'>, tree: TreeName, size: number) {
  const [first] = await store.leavesFrom(db, tree, 0, 1)
  const span = 2 ** storedEvery
  const blocks = Math.floor(Math.min(first?.index ?? 0, size) / span)
  const roots = await store.nodeHashes(db, tree, { level: storedEvery, from: 0, count: blocks })
  // An edge of subtrees is one of leaves, but for the sizes.
  const above = createEdge()
  for (const root of roots) above.add(root)
  const isThere = roots.length === blocks
  return isThere ? createEdge(blocks * span, above.hashes()) : createEdge()
}

async function bodiesIn({ db }: Pick<Core, 'db'>, tree: TreeName, leaves: readonly store.StoredLeaf[]) {
  const bodies = new Map<string, Body>()
  for (const source of sources) {
    const ids = leaves.flatMap(leaf =>
      leaf.source === source && mayBeId(source, leaf.rowId) ? [leaf.rowId] : [],
    )
    for (const body of await bodiesOf(db, tree, source, ids)) bodies.set(`${source} ${body.rowId}`, body)
  }
  return bodies
}

/** Whoever changed a leaf may have put anything there. */
const mayBeId = (source: Source, id: string) => source === 'refusal' || /^\d{1,18}$/.test(id)

function checkLeaf(
  leaf: store.StoredLeaf,
  body: Body | undefined,
  gaps: ReturnType<typeof createGaps>,
  add: (finding: Finding) => void,
): void {
  const { index, source, rowId, salt, hidden } = leaf
  const isSame = isAsEntered(leaf, body)
  if (source !== 'statement' && !body) gaps.missing({ index, source, rowId })
  else if (!isSame) add({ what: 'changed', indexes: [index, index], source, rows: [rowId], count: 1 })
  else if (source !== 'statement' && !salt && hidden) gaps.erased({ index, source, rowId })
}

function isAsEntered(leaf: store.StoredLeaf, body: Body | undefined): boolean {
  if (leaf.source === 'statement') return statementHash(leaf.statement ?? '').equals(leaf.hash)
  if (!body) return false
  const hidden = leaf.salt ? hiddenOf(leaf.salt, body.personal) : leaf.hidden
  if (!hidden || (!leaf.salt && !isBlank(body.personal))) return false
  return leafHash(leafData(body.open, hidden)).equals(leaf.hash)
}

/** What was erased holds nothing that somebody put there since; a number is how many people a read was about. */
function isBlank(personal: string): boolean {
  const fields = JSON.parse(personal) as unknown[]
  return fields.every(
    one => !one || typeof one === 'number' || (typeof one === 'object' && Object.keys(one).length === 0),
  )
}

async function findUnentered(
  { db, now }: Pick<Core, 'db' | 'now'>,
  tree: TreeName,
  add: (finding: Finding) => void,
): Promise<void> {
  for (const source of sources) {
    const ids = await unenteredIds(db, tree, source, new Date(now() - freshMs), findingsAtMost)
    if (ids.length > 0) add({ what: 'unentered', source, rows: ids.slice(0, rowsAtMost), count: ids.length })
  }
}

function isSameEdge(computed: readonly Buffer[], stored: readonly Buffer[]): boolean {
  return computed.length === stored.length && computed.every((hash, n) => hash.equals(stored[n]!))
}
