import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { bodiesOf } from './bodies-store.ts'
import { hiddenOf, leafData } from './leaf.ts'
import { nodeHash, pathRanges, rootOfLeaves, splitOf, storedEvery } from './merkle.ts'
import type { Source, TreeName } from './source.ts'
import { leafHashes, leafOfRow, nodeHashes } from './tree-store.ts'

export type EntryProof = {
  tree: TreeName
  index: number
  /** The size of the tree that the path leads to: that of the checkpoint. */
  size: number
  /** What the leaf was made of: SHA-256 of a zero byte and this text. */
  data: string
  /** With the salt, the second line of `data` is SHA-256 of salt and `personal`; null when the personal fields were erased. */
  salt: string | null
  personal: string
  leaf: string
  path: string[]
}

/**
 * Proves that a row stands in the tree of a checkpoint of this size; undefined for one that is not there, or entered later.
 * @throws Error when the tree lacks hashes, which a verification tells
 */
export async function proofOf(
  { db }: Pick<Core, 'db'>,
  source: Source,
  rowId: string,
  size: (tree: TreeName) => Promise<number | undefined>,
): Promise<EntryProof | undefined> {
  const leaf = await leafOfRow(db, source, rowId)
  const upTo = leaf && (await size(leaf.tree))
  if (!leaf || upTo === undefined || leaf.index >= upTo) return undefined
  const [body] = await bodiesOf(db, leaf.tree, source, [rowId])
  const hidden = leaf.salt && body ? hiddenOf(leaf.salt, body.personal) : leaf.hidden
  if (!body || !hidden) return undefined
  const path: string[] = []
  for (const range of pathRanges(leaf.index, upTo))
    path.push((await rootOfRange(db, leaf.tree, range.from, range.size)).toString('hex'))
  return {
    tree: leaf.tree,
    index: leaf.index,
    size: upTo,
    data: leafData(body.open, hidden),
    salt: leaf.salt?.toString('hex') ?? null,
    personal: leaf.salt ? body.personal : '',
    leaf: leaf.hash.toString('hex'),
    path,
  }
}

const span = 2 ** storedEvery

/** Of leaves that make up a subtree, of which `from` is a multiple of what a complete one would have. */
async function rootOfRange(db: Db, tree: TreeName, from: number, size: number): Promise<Buffer> {
  if (size <= span) {
    const hashes = size === span ? [] : await leafHashes(db, tree, { from, size })
    if (size === span) return (await nodesOf(db, tree, from, 1))[0]!
    return rootOfLeaves(whole(hashes, size))
  }
  if (size % span === 0 && size <= span * span)
    return rootOfLeaves(await nodesOf(db, tree, from, size / span))
  const split = splitOf(size)
  return nodeHash(
    await rootOfRange(db, tree, from, split),
    await rootOfRange(db, tree, from + split, size - split),
  )
}

async function nodesOf(db: Db, tree: TreeName, from: number, count: number): Promise<Buffer[]> {
  return whole(await nodeHashes(db, tree, { level: storedEvery, from: from / span, count }), count)
}

function whole(hashes: Buffer[], count: number): Buffer[] {
  if (hashes.length !== count) throw new Error('the audit tree lacks hashes; verify it')
  return hashes
}
