import { describe, expect, it } from 'vitest'
import { createEdge, emptyRoot, leafHash, nodeHash, pathRanges, rootByPath, rootOfLeaves } from './merkle.ts'

const [a, b, c] = ['a', 'b', 'c'].map(text => leafHash(text)) as [Buffer, Buffer, Buffer]

describe('the tree of RFC 6962', () => {
  it('has the hashes that others compute', () => {
    expect(a.toString('hex')).toBe('022a6979e6dab7aa5ae4c3e5e45f7e977112a7e63593820dbec1ec738a24f93c')
    expect(rootOfLeaves([a, b]).toString('hex')).toBe(
      'b137985ff484fb600db93107c77b0365c80d78f5b429ded0fd97361d077999eb',
    )
    expect(rootOfLeaves([a, b, c]).toString('hex')).toBe(
      '36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1',
    )
    expect(emptyRoot.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(rootOfLeaves([])).toEqual(emptyRoot)
  })

  it('is the same by its edge and by its definition, at every size', () => {
    const leaves = Array.from({ length: 40 }, (_, n) => leafHash(String(n)))
    const defined = (from: number, size: number): Buffer => {
      if (size === 1) return leaves[from]!
      let split = 1
      while (split * 2 < size) split *= 2
      return nodeHash(defined(from, split), defined(from + split, size - split))
    }
    let edge = createEdge()
    for (let size = 1; size <= leaves.length; size++) {
      edge = createEdge(edge.size, edge.hashes())
      edge.add(leaves[size - 1]!)
      const root = edge.root()
      expect(root.equals(defined(0, size))).toBe(true)
      const wrong = leaves.slice(0, size).filter((leaf, index) => {
        const path = pathRanges(index, size).map(range => defined(range.from, range.size))
        return (
          !rootByPath(leaf, { index, size, path })?.equals(root) ||
          rootByPath(leafHash('x'), { index, size, path })?.equals(root) ||
          rootByPath(leaf, { index, size, path: [...path, a] }) !== undefined
        )
      })
      expect(wrong).toEqual([])
    }
  })

  it('gives the subtrees of 256 leaves when they are complete', () => {
    const edge = createEdge()
    const given = Array.from({ length: 66_000 }, () => edge.add(a)).flat()
    expect(given.map(node => `${node.level} ${node.index}`)).toEqual([
      ...Array.from({ length: 256 }, (_, n) => `8 ${n}`),
      '16 0',
      '8 256',
    ])
  })
})
