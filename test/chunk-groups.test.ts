import { expect, it } from 'vitest'
import { chunkGroups, type Piece } from '../web/build/chunk-groups.ts'

const piece = (id: string, users: string, bytes: number, imports: string[] = [], kind = 'code'): Piece => ({
  id,
  kind,
  bytes,
  users: new Set(users),
  imports,
})

const grouped = (pieces: readonly Piece[], files: number) =>
  chunkGroups(pieces, { files: () => files, weight: () => 1 })
    .map(ids => ids.toSorted().join(' '))
    .toSorted()

const pieces = [
  piece('frame', 'abc', 900),
  piece('table', 'ab', 300),
  piece('cell', 'ab', 40),
  piece('form', 'bc', 100),
  piece('hint', 'ac', 10, ['frame']),
  piece('own', 'a', 50, ['table']),
]

it('makes a file of what the same pages need, and none of what one page needs', () => {
  expect(grouped(pieces, 9)).toEqual(['cell table', 'form', 'frame', 'hint'])
})

it('joins first what costs least where it is not needed', () => {
  expect(grouped(pieces, 2)).toEqual(['cell table', 'form frame hint'])
})

it('makes pages users of all that a file imports, so that files import each other in no circle', () => {
  const circle = [
    piece('a', 'ab', 10, ['b']),
    piece('b', 'abc', 500, ['c']),
    piece('c', 'abcd', 10),
    piece('d', 'ad', 10, ['c']),
  ]
  // Whoever gets a with c gets b as well.
  for (const files of [3, 2, 1]) {
    const groups = grouped(circle, files)
    const of = (id: string) => groups.findIndex(ids => ids.split(' ').includes(id))
    const imports = circle.flatMap(({ id, imports: needed }) => needed.map(one => [of(id), of(one)] as const))
    const reaches = (from: number, to: number): boolean =>
      imports.some(([one, other]) => one === from && other !== from && (other === to || reaches(other, to)))
    expect(groups.filter((_, n) => reaches(n, n))).toEqual([])
  }
})

it('puts different kinds into different files', () => {
  const texts = [piece('words', 'ab', 10, [], 'zh'), piece('table', 'ab', 10)]
  expect(grouped(texts, 1)).toEqual(['table', 'words'])
})
