import { createHash } from 'node:crypto'

/**
 * The tree of RFC 6962, section 2.1: a leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right), and a tree is split at the largest
 * power of two that is smaller than its size. It is built by its edge: the roots of the complete subtrees that make it up, the largest first.
 */

const leafMark = Buffer.from([0])
const nodeMark = Buffer.from([1])

export function sha256(...parts: readonly (Buffer | string)[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

export const leafHash = (data: Buffer | string): Buffer => sha256(leafMark, data)
export const nodeHash = (left: Buffer, right: Buffer): Buffer => sha256(nodeMark, left, right)
export const emptyRoot: Buffer = sha256('')

/** Roots of complete subtrees of 256, 65,536 and more leaves are stored, so that a proof reads few leaves. */
export const storedEvery = 8

export type StoredNode = { level: number; index: number; hash: Buffer }

export type Edge = {
  readonly size: number
  /** Adds a leaf; returns the stored subtrees that it completes. */
  add(leaf: Buffer): StoredNode[]
  root(): Buffer
  hashes(): readonly Buffer[]
}

export function createEdge(size = 0, hashes: readonly Buffer[] = []): Edge {
  const stack = [...hashes]
  let count = size
  return {
    get size() {
      return count
    },
    add(leaf) {
      const completed: StoredNode[] = []
      stack.push(leaf)
      let level = 0
      for (let before = count; before % 2 === 1; before = (before - 1) / 2) {
        const right = stack.pop()!
        stack.push(nodeHash(stack.pop()!, right))
        level++
        if (level % storedEvery === 0)
          completed.push({ level, index: (count + 1) / 2 ** level - 1, hash: stack.at(-1)! })
      }
      count++
      return completed
    },
    root: () => rootOf(stack),
    hashes: () => stack,
  }
}

function rootOf(edge: readonly Buffer[]): Buffer {
  const last = edge.at(-1)
  if (!last) return emptyRoot
  return edge.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last)
}

/** The largest power of two that is smaller than `size`, which is at least 2. */
export function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** Root of some leaves. */
export function rootOfLeaves(leaves: readonly Buffer[]): Buffer {
  const edge = createEdge()
  for (const leaf of leaves) edge.add(leaf)
  return edge.root()
}

/** The ranges whose roots prove the leaf at `index` in a tree of `size`, from the leaf upwards. */
export function pathRanges(index: number, size: number): { from: number; size: number }[] {
  const ranges: { from: number; size: number }[] = []
  let [from, count] = [0, size]
  while (count > 1) {
    const split = splitOf(count)
    if (index - from < split) {
      ranges.unshift({ from: from + split, size: count - split })
      count = split
    } else {
      ranges.unshift({ from, size: split })
      from += split
      count -= split
    }
  }
  return ranges
}

/** The root that a leaf and its path lead to (RFC 9162, section 2.1.3.2); undefined for a path of another length. */
export function rootByPath(
  leaf: Buffer,
  { index, size, path }: { index: number; size: number; path: readonly Buffer[] },
): Buffer | undefined {
  const ranges = index < size ? pathRanges(index, size) : []
  if (index >= size || ranges.length !== path.length) return undefined
  return ranges.reduce((hash, range, n) => {
    const sibling = path[n]!
    return range.from > index ? nodeHash(hash, sibling) : nodeHash(sibling, hash)
  }, leaf)
}
