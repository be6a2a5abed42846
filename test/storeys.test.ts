import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, it } from 'vitest'

/** Holds the storeys of the server and their rooms against ARCHITECTURE.md. */
const root = join(import.meta.dirname, '../server')

/** From the ground up. What stands in no folder of these is the process that puts all of them together. */
const storeys = ['platform', 'upstream', 'organisation', 'callers', 'features', 'process']

/** A folder of a storey; a file beside the folders is a room of its own. */
function roomOf(path: string): string {
  const [storey = '', room] = path.split('/')
  return room !== undefined && storeys.includes(storey) ? `${storey}/${room}` : 'process'
}
const storeyOf = (room: string) => storeys.indexOf(room.split('/', 1)[0] ?? '')

type Import = { from: string; to: string }

/** By value or by type. */
const imports: Import[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts') && !/\.(test|fixture|vectors)\.ts$/.test(path))
  .sort()
  .flatMap(from =>
    [
      ...readFileSync(join(root, from), 'utf8').matchAll(/(?:\bfrom |\bimport\(|^import )'(\.[^']+\.ts)'/gm),
    ].map(match => ({ from, to: posix.join(posix.dirname(from), match[1] ?? '') })),
  )
  .filter(({ from, to }) => !to.startsWith('..') && roomOf(from) !== roomOf(to))

const shown = ({ from, to }: Import) => `${from} -> ${to}`
const goesUp = ({ from, to }: Import) => storeyOf(roomOf(from)) < storeyOf(roomOf(to))

/** A way of imports from the room `to` of this one back to its room `from`, inside their storey. */
function wayBack({ from, to }: Import, within: readonly Import[]): Import[] | undefined {
  const end = roomOf(from)
  const ways = new Map<string, Import[]>([[roomOf(to), []]])
  for (const [room, way] of ways) {
    if (room === end) return way
    for (const one of within)
      if (roomOf(one.from) === room && !ways.has(roomOf(one.to))) ways.set(roomOf(one.to), [...way, one])
  }
  return undefined
}

it('lets storeys take only from those below', () => {
  expect(imports.filter(goesUp).map(shown)).toEqual([])
})

it.each(storeys.filter(one => one !== 'process'))('has no rooms of %s that take from each other', storey => {
  const within = imports.filter(
    ({ from, to }) => from.startsWith(`${storey}/`) && to.startsWith(`${storey}/`),
  )
  const circles = within.flatMap(one => {
    const way = wayBack(one, within)
    return way ? [[one, ...way].map(shown).join(', ')] : []
  })
  expect(circles).toEqual([])
})
