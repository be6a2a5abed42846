import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RobotPost } from '../../sandbox/robots/robots.ts'
import { addRobot } from '../../server/features/group-robots/robots.ts'
import { robotVendors } from '../../server/upstream/robots/robots.ts'
import { startWorld, type World } from '../harness.ts'
import { atShares, type Nodes, startNodes, workOff } from '../journeys/nodes-under-fire.ts'

const messages = 2000
const robotsOfEach = 20
const kills = [0.2, 0.5, 0.8]

type SandboxRobot = { vendor: RobotPost['vendor']; path: string; address: string; secret: string | null }

let world: World
let nodes: Nodes
/** The robots' ids by their paths. */
const robots = new Map<string, { id: string; vendor: RobotPost['vendor'] }>()
beforeAll(async () => {
  world = await startWorld({ members: 10 })
  const listed = (await world.control('robots', { add: robotsOfEach - 1 }))['robots'] as SandboxRobot[]
  for (const { vendor, path, address, secret } of listed) {
    const given = { name: path.slice(-12), vendor, address, devIds: [world.dev.devId] }
    const id = await addRobot(world.ctx, 'test', world.corpId, { ...given, ...(secret ? { secret } : {}) })
    robots.set(path, { id, vendor })
  }
  await world.server.close()
  nodes = await startNodes(world, 4)
}, 300_000)
afterAll(async () => {
  await nodes?.stop()
  await world.sandbox.close()
})

it('four nodes keep the rate of each group robot while they die, and post nothing twice', async () => {
  const ids = new Map<number, string>()
  const list = [...robots.values()]
  const killing = atShares(messages, kills, () => nodes.kill())
  const call = async (n: number): Promise<void> => {
    const { id } = list[n % list.length]!
    const given = { sendType: '5', agentName: '监控', title: '告警', content: `第 ${n} 条。`, toRobot: [id] }
    const answer = await nodes.post('/api/message/send', { ...given, requestId: `r${n}` })
    if (!answer) return call(n)
    expect(answer.retCode, answer.retMessage).toBe('0')
    ids.set(n, answer.body.msgId)
  }
  await workOff(
    Array.from({ length: messages }, (_, n) => n),
    16,
    call,
    killing.onProgress,
  )
  await killing.finished()
  await nodes.settled(15 * 60_000)

  const { posts, refused } = (await world.control('robots')) as unknown as {
    posts: RobotPost[]
    refused: number
  }
  expect(refused).toBe(0)
  const arrived = Map.groupBy(posts, ({ body }) => Number(/第 (\d+) 条/.exec(JSON.stringify(body))?.[1]))
  let unknown = 0
  for (const [n, msgId] of ids) {
    const { status } = (await nodes.get('/api/message/status', { msgId })).body
    const got = arrived.get(n)?.length ?? 0
    if (status === 'unknown') unknown++
    else expect(status, String(n)).toBe('sent')
    expect(got, String(n)).toBeLessThanOrEqual(1)
    if (status === 'sent') expect(got, String(n)).toBe(1)
  }
  expect(ids.size).toBe(messages)
  // What a node that was killed had just posted, 16 calls at most.
  expect(unknown).toBeLessThanOrEqual(kills.length * 16)

  // The times that the nodes wrote down together.
  const rows = await nodes.query<{ id: string; at: string[] }>(
    'select robot_id as id, sent_at as at from group_robot_pace',
  )
  expect(rows).toHaveLength(list.length)
  const vendors = new Map(list.map(one => [one.id, one.vendor]))
  for (const { id, at } of rows)
    for (const { calls, withinMs } of robotVendors[vendors.get(id)!].rates)
      for (let first = 0; first + calls < at.length; first++)
        expect(Number(at[first + calls]) - Number(at[first]), id).toBeGreaterThanOrEqual(withinMs)
  console.log(`${posts.length} posts, unknown ${unknown}`)
  expect(await nodes.stop()).toEqual([0, 0, 0, 0])
})
