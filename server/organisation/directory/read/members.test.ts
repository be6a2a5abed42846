import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MemberCore } from '../mirror/members.ts'
import { membersBelow } from '../mirror/members-below.ts'
import { createMemberTable, type MemberRow, type MemberTable } from '../mirror/table/member-table.ts'
import { buildTree, subtree } from '../mirror/tree.ts'

type MemberInput = Omit<MemberCore, 'ordinal'>

const departments = Array.from({ length: 12 }, (_, n) => ({
  id: n + 1,
  name: '',
  parentId: Math.floor((n + 1) / 2),
  sortNo: (n * 7) % 5,
  leaders: [],
}))
const tree = buildTree('corp', departments)

const member = fc
  .record({
    id: fc.integer({ min: 1, max: 25 }),
    key: fc.integer({ min: 1, max: 25 }).map(n => `u${n}`),
    departments: fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 4 }),
    status: fc.constantFrom(1, 1, 2, 4, 5),
    order: fc.integer({ min: 0, max: 3 }),
  })
  .map(
    ({ order, ...one }): MemberInput => ({
      ...one,
      userId: one.key.toUpperCase(),
      name: '',
      orders: one.departments.map(id => (order * id) % 4),
      hash: 0,
    }),
  )
type Step = { set: MemberInput } | { remove: string } | { list: number }
const steps = fc.array(
  fc.oneof(
    member.map((set): Step => ({ set })),
    fc.integer({ min: 1, max: 25 }).map((n): Step => ({ remove: `u${n}` })),
    fc.integer({ min: 1, max: 14 }).map((list): Step => ({ list })),
  ),
  { maxLength: 60 },
)

/** Person ids and userids are unique; a later step replaces an earlier one. */
function replay(all: Step[]): { table: MemberTable; naive: MemberInput[] } {
  const table = createMemberTable()
  let naive: MemberInput[] = []
  for (const step of all) {
    if ('list' in step) expect(keys(table.direct(step.list))).toEqual(keys(naiveDirect(naive, step.list)))
    else if ('set' in step) {
      table.set(step.set)
      naive = naive.filter(one => one.id !== step.set.id && one.key !== step.set.key)
      naive.push(step.set)
    } else {
      expect(table.remove(step.remove) !== undefined).toBe(naive.some(one => one.key === step.remove))
      naive = naive.filter(one => one.key !== step.remove)
    }
  }
  return { table, naive }
}

const keys = (list: readonly { key: string }[]) => list.map(one => one.key)

function naiveDirect(naive: MemberInput[], id: number): MemberInput[] {
  const orderIn = (one: MemberInput) => one.orders[one.departments.indexOf(id)] ?? 0
  return naive
    .filter(one => one.status !== 5 && one.departments.includes(id))
    .sort((a, b) => orderIn(b) - orderIn(a) || (a.key < b.key ? -1 : 1))
}

it('a table changed step by step equals one that is built at once', () => {
  fc.assert(
    fc.property(steps, all => {
      const { table, naive } = replay(all)
      expect(table.size).toBe(naive.length)
      expect(keys([...table.all()]).sort()).toEqual(keys(naive).sort())
      const ordinals = new Set<number>()
      for (const one of naive) {
        const core = table.byKey(one.key)
        expect(core).toMatchObject(one)
        expect(table.byId(one.id)).toMatchObject(one)
        expect(table.at(core?.ordinal ?? -1)).toMatchObject(one)
        ordinals.add(core?.ordinal ?? -1)
      }
      expect(ordinals.size).toBe(naive.length)
      for (let id = 1; id <= 14; id++) expect(keys(table.direct(id))).toEqual(keys(naiveDirect(naive, id)))
    }),
  )
})

it('rows that were stored while others moved have everybody once, and then follow the changes', () => {
  const pace = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 })
  fc.assert(
    fc.property(steps, steps, pace, (before, during, stepsAt) => {
      const { table } = replay(before)
      const { revision } = table
      const changes = during.filter(step => !('list' in step))
      const concerned = new Set<string>()
      const rows: [ordinal: number, row: MemberRow][] = []
      for (let ordinal = 0; ordinal < table.end; ordinal++) {
        for (const step of changes.splice(0, stepsAt[ordinal] ?? 0)) change(table, step, concerned)
        const row = table.rowAt(ordinal)
        if (row) rows.push([ordinal, { ...row, texts: Buffer.from(row.texts) }])
      }
      const stored = createMemberTable()
      for (const [ordinal, row] of rows) stored.restore(ordinal, row)
      stored.restored(table.revision === revision)
      const people = [...stored.all()]
      expect(stored.size).toBe(people.length)
      for (const one of people) {
        expect(stored.byKey(one.key)?.ordinal).toBe(one.ordinal)
        expect(stored.byId(one.id)?.ordinal).toBe(one.ordinal)
      }
      for (const key of concerned) {
        const now = table.byKey(key)
        if (now) stored.set(now)
        else stored.remove(key)
      }
      expect(keys([...stored.all()]).sort()).toEqual(keys([...table.all()]).sort())
      for (let id = 1; id <= 14; id++) expect(keys(stored.direct(id))).toEqual(keys(table.direct(id)))
    }),
  )
})

/** Adds the keys of those whom it concerns, as the feed names them. */
function change(table: MemberTable, step: Step, concerned: Set<string>): void {
  if ('remove' in step) {
    concerned.add(step.remove)
    table.remove(step.remove)
  } else if ('set' in step) {
    const before = table.byId(step.set.id)
    if (before) concerned.add(before.key)
    concerned.add(step.set.key)
    table.set(step.set)
  }
}

it('everybody below is listed once, in the order of the tree, whatever the page', () => {
  const range = fc.record({ offset: fc.integer({ min: 0, max: 30 }), limit: fc.integer({ min: 1, max: 10 }) })
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 1, max: 12 }),
      range,
      fc.option(fc.integer({ min: 1, max: 25 })),
      (all, id, page, parity) => {
        const { table, naive } = replay(all)
        const root = tree.get(id)!
        const sees = parity === null ? undefined : (core: MemberCore) => core.id % parity !== 0
        const listed = subtree(tree, root).flatMap(node => keys(naiveDirect(naive, node.department.id)))
        const wanted = [...new Set(listed)].filter(key => !sees || sees(table.byKey(key)!))
        const found = membersBelow(tree, table, root, page, sees)
        expect(found.total).toBe(wanted.length)
        expect(keys(found.page)).toEqual(wanted.slice(page.offset, page.offset + page.limit))
      },
    ),
  )
})

it('what a table holds does not grow with what was changed', () => {
  const table = createMemberTable()
  const put = (id: number, n: number) =>
    table.set({
      id,
      userId: `u${id}`,
      key: `u${id}`,
      name: `第 ${n} 个名字`,
      status: 1,
      departments: [1],
      orders: [n],
      hash: n,
    })
  // One alone, whose records are all that full chunks have, and one among others.
  for (let n = 0; n < 20_000; n++) put(1, n)
  expect(table.memory).toBeLessThan(150_000)
  for (let n = 0; n < 20_000; n++) put(n % 3 === 0 ? 2 + (n % 500) : 7, n)
  expect(table.memory).toBeLessThan(300_000)
  expect(table.byKey('u7')?.name).toBe('第 19999 个名字')
  for (const core of table.all()) expect(core.orders).toEqual([core.hash])
  const hashes = [...table.all()].map(core => core.hash)
  expect(table.direct(1).map(core => core.hash)).toEqual(hashes.sort((a, b) => b - a))
})
