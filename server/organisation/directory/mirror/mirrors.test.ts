import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { createPostgresBus } from '../../../platform/storage/bus.ts'
import { wayTo } from '../../../platform/storage/ways/way.fixture.ts'
import { addCorp } from '../../corps/corps.ts'
import { writeDirectory } from '../write/writer.ts'
import { createMirrors, type Mirrors } from './mirrors.ts'

const [first, second, third] = ['ww1', 'ww2', 'ww3'] as const

let world: World
const closing: (() => Promise<void>)[] = []
beforeAll(async () => {
  world = await startWorld({ synced: false })
  for (const corpId of [first, second, third]) {
    await addCorp(world.ctx, 'test', { corpId, name: corpId, contactSecret: 'none' })
    await putDepartment(corpId, 1)
  }
})
afterAll(async () => {
  for (const close of closing) await close()
  await world.close()
})

function putDepartment(corpId: string, id: number) {
  const department = { id, name: `部门${id}`, parentId: 0, sortNo: 0, leaders: [] }
  return writeDirectory(world.ctx, corpId, [{ kind: 'department', op: 'put', department }])
}

const none = { read: async () => false }

/** Those of another node, beside the world's own. */
async function otherNode(bytes: number, isHere = (_corpId: string) => true): Promise<Mirrors> {
  const { db, log, env, stopping } = { ...world.ctx, env: world.env }
  const bus = createPostgresBus({ direct: wayTo(env['WISP_DATABASE_URL'] ?? ''), log })
  closing.push(() => bus.close())
  const links = { period: () => 0, link: () => '' }
  return createMirrors({
    db,
    bus,
    log,
    nodeId: 'other',
    homes: { isHere },
    bytes,
    links,
    now: Date.now,
    snapshots: none,
    stopping,
  })
}

const corpIds = (mirrors: Mirrors) => mirrors.loaded().map(mirror => mirror.corpId)
const nextTurn = () => new Promise(resolve => setImmediate(resolve))

it('nothing is in memory before its first use; uses that come together share one reading', async () => {
  const mirrors = await otherNode(1_000_000)
  expect(mirrors.loaded()).toEqual([])
  expect(() => mirrors.of(first)).toThrow('通讯录正在载入')
  const used = await Promise.all([
    mirrors.load(first),
    mirrors.load(first),
    mirrors.during(first, () => mirrors.of(first)),
  ])
  expect(new Set(used).size).toBe(1)
  expect(used[0]?.tree.order).toHaveLength(1)
  expect(mirrors.during(first, () => 'at once')).toBe('at once')
})

it('beyond the bytes the least recently used go, and come back at their next use', async () => {
  const mirrors = await otherNode(50_000)
  await mirrors.load(first)
  await mirrors.load(second)
  mirrors.of(first)
  await mirrors.load(third)
  await nextTurn()
  expect(corpIds(mirrors)).toEqual([first, third])
  expect((await mirrors.load(second)).tree.order).toHaveLength(1)
  await nextTurn()
  expect(corpIds(mirrors)).toEqual([third, second])
})

it('beyond the bytes those of corps that are at home on another node go first', async () => {
  const mirrors = await otherNode(50_000, corpId => corpId !== second)
  for (const corpId of [first, second, third]) await mirrors.load(corpId)
  await nextTurn()
  expect(corpIds(mirrors)).toEqual([first, third])
  expect(mirrors.reads()).toBe(3)
})

it('what is in use stays until its use has ended, also when it fails', async () => {
  const mirrors = await otherNode(1)
  const { promise: ended, reject } = Promise.withResolvers<void>()
  const use = mirrors.during(first, () => ended)
  await mirrors.load(first)
  await mirrors.load(second)
  await mirrors.load(third)
  await nextTurn()
  expect(corpIds(mirrors)).toEqual([first, third])
  expect(mirrors.of(first).tree.order).toHaveLength(1)
  await mirrors.load(third)
  reject(new Error('it failed'))
  await expect(use).rejects.toThrow('it failed')
  await nextTurn()
  expect(corpIds(mirrors)).toEqual([third])
})

it('a change elsewhere is followed where the corp is in memory or being read, and costs nothing elsewhere', async () => {
  const mirrors = await otherNode(1_000_000)
  const reading = mirrors.load(first)
  await putDepartment(first, 2)
  await reading
  await expect.poll(() => mirrors.of(first).tree.order.length).toBe(2)
  await putDepartment(first, 3)
  await putDepartment(second, 2)
  await expect.poll(() => mirrors.of(first).tree.order.length).toBe(3)
  const patch = { departments: new Map(), members: new Map(), tags: new Map() }
  await mirrors.applied(second, patch, 0, 99)
  await mirrors.refresh(second)
  expect(corpIds(mirrors)).toEqual([first])
})
