import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTarget, type Target, verify } from '../../server/features/webhooks/target.fixture.ts'
import { writeDirectory } from '../../server/organisation/directory/write/writer.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { soak } from '../soak.ts'
import { until } from '../until.ts'
import { type Nodes, startNodes } from './nodes-under-fire.ts'

const entities = soak(120, 4000)
/** At which shares of the events a node is killed. */
const kills = soak([0.1, 0.5], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
const rounds = 5
const count = entities * rounds

let world: World
let dev: Caller
let target: Target
let nodes: Nodes | undefined
beforeAll(async () => {
  world = await startWorld({ members: 20 })
  dev = await world.addDeveloper({ scopes: ['directory:read', 'webhook:manage'] })
  target = await startTarget()
})
afterAll(async () => {
  await nodes?.stop()
  await world.close()
  await target.close()
})

/** Every department is changed in every round; each change is an event. */
async function change(): Promise<number[]> {
  const before = world.ctx.mirrors.of(world.corpId).seq
  for (let round = 0; round < rounds; round++) {
    const operations = Array.from({ length: entities }, (_, n) => ({
      kind: 'department' as const,
      op: 'put' as const,
      department: { id: 10_000 + n, name: `部门 ${n} ${round}`, parentId: 1, sortNo: n, leaders: [] },
    }))
    await writeDirectory(world.ctx, world.corpId, operations)
  }
  return Array.from({ length: count }, (_, n) => before + n + 1)
}

it(
  'events reach a target that fails a third of the time while nodes are killed, in order per entity',
  async () => {
    const { body } = await dev.post('/api/webhook/create', { url: target.url })
    const { webhookId } = body.webhook
    await dev.post('/api/webhook/update', { webhookId, state: 'off' })
    const seqs = await change()
    await world.server.close()

    // Of the first attempts a half, which with the second ones is a third.
    const failed = new Set<string>()
    const took = new Map<number, string>()
    let failures = 0
    const untrue: unknown[] = []
    target.answer((received, response) => {
      const { id, event } = received
      // At once, because the library refuses what was sent five minutes ago.
      try {
        verify(body.secret, received)
      } catch (error) {
        untrue.push(error)
      }
      const fails = !failed.has(id) && !took.has(event.data.seq) && Math.random() < 0.5
      failed.add(id)
      if (fails) failures++
      else took.set(event.data.seq, id)
      response.writeHead(fails ? 500 : 200).end()
    })
    nodes = await startNodes({ ...world, dev })
    await nodes.post('/api/webhook/update', { webhookId, state: 'on' })
    for (const share of kills) {
      await until(`${share} of the events`, () => took.size >= share * count, 240_000)
      await nodes.kill()
    }
    await until('all events', () => took.size >= count, soak(180_000, 10 * 60_000))
    const counted = `select count(*)::int as n from webhook_delivery where state = 'done'`
    const { query } = nodes
    await until('the record', async () => (await query<{ n: number }>(counted))[0]?.n === count, 60_000, 100)

    expect([...took.keys()].sort((a, b) => a - b)).toEqual(seqs)
    expect(untrue).toEqual([])
    for (const [entity, got] of Map.groupBy(target.got, one => one.event.data.id)) {
      const order = got.map(one => one.event.data.seq)
      expect(order, entity).toEqual([...order].sort((a, b) => a - b))
    }
    // What came twice came under the same id, and no two events share one.
    for (const [id, got] of Map.groupBy(target.got, one => one.id))
      expect(new Set(got.map(one => one.event.data.seq)).size, id).toBe(1)
    expect(new Set(target.got.map(one => one.id)).size).toBe(count)
    expect(failures / target.got.length).toBeGreaterThan(0.25)
    expect(nodes.kills).toHaveLength(kills.length)
    console.log(
      `${count} events, ${target.got.length} calls, ${failures} failed, ${kills.length} nodes killed`,
    )
  },
  soak(400_000, 20 * 60_000),
)
