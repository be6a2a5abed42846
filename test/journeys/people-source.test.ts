import { afterAll, beforeAll, expect, it } from 'vitest'
import { addSource } from '../../server/features/source/set-source.ts'
import { startWorld, type World } from '../harness.ts'
import { soak } from '../soak.ts'
import { type Nodes, startNodes } from './nodes-under-fire.ts'
import { writeUnderKills } from './people-source.ts'

const rowsAtOnce = 500
const size = soak(
  { count: 240, teams: 6, kills: [0.3, 0.7], withinMs: 120_000 },
  { count: 20_000, teams: 100, kills: [0.1, 0.3, 0.5, 0.7, 0.9], withinMs: 15 * 60_000 },
)

let world: World
let nodes: Nodes
let sourceId: number
beforeAll(async () => {
  world = await startWorld({ members: 50, departments: 8 })
  const { ctx, corpId } = world
  const fields = [
    ['name', '姓名'],
    ['mobile', '手机'],
    ['departments', '部门'],
    ['position', '职务'],
    ['leader', '直属上级工号'],
  ].map(([field = '', column = '']) => ({ field, column, owner: 'source' as const }))
  const dev = await world.addDeveloper({ scopes: ['source:write'] })
  const developers = [dev.devId]
  const settings = { name: '人事', approval: 'auto', autoAtMost: 100_000, fields, developers } as const
  sourceId = await addSource(ctx, 'test', corpId, 'put', settings)
  await world.server.close()
  nodes = await startNodes({ ...world, dev })
})
afterAll(async () => {
  await nodes?.stop()
  await world.sandbox.close()
})

/** A call whose node died is made again. */
async function put(body: object): Promise<void> {
  const answer = await nodes.post('/api/source/put', { sourceId, ...body })
  if (!answer) return put(body)
  expect(answer.retMessage).toBe('成功')
}

async function inParts<T>(list: readonly T[], act: (part: readonly T[]) => Promise<void>): Promise<void> {
  for (let n = 0; n < list.length; n += rowsAtOnce) await act(list.slice(n, n + rowsAtOnce))
}

it('people of a source are written while nodes are killed: nobody twice, and WeCom is as the source says', {
  timeout: soak(400_000, 60 * 60_000),
}, async () => {
  await writeUnderKills(
    { control: world.control, nodes },
    {
      put: people => inParts(people, part => put({ people: part })),
      remove: people => inParts(people, part => put({ removePeople: part.map(one => one.工号) })),
      read: () => put({ complete: '1' }),
    },
    size,
  )
})
