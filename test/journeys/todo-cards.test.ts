import { afterAll, beforeAll, expect, it } from 'vitest'
import { addApp } from '../../server/features/apps/apps.ts'
import { useAgents } from '../../server/features/messages/messages.fixture.ts'
import { startWorld, type World } from '../harness.ts'
import { soak } from '../soak.ts'
import { until } from '../until.ts'
import { startAgentNodes } from './agent-nodes.ts'
import type { Gateway } from './gateway.ts'
import { atShares, type Nodes, workOff } from './nodes-under-fire.ts'

/** A third is finished by a press, a third by the app, a third withdrawn and opened again. */
const todos = soak(18, 600)
const kills = soak([0.5], [0.2, 0.5, 0.8])
const atOnce = 6
/** A code that a dead node had claimed is tried again after a minute. */
const changedWithinMs = 90_000
const ways = ['press', 'app', 'again'] as const

type Todo = { todoNo: string; userId: string; way: (typeof ways)[number] }
type SentCard = { msgId: string; content: Record<string, unknown>; deduplicated?: boolean; to: string[] }

let world: World
let gateway: Gateway
let nodes: Nodes
let appId: string
beforeAll(async () => {
  world = await startWorld({ members: 400, departments: 20 })
  await useAgents(world)
  const dev = await world.addDeveloper({ scopes: ['todo:read', 'todo:write'] })
  const settings = { name: 'OA', homeUrl: 'https://oa.example.com/', devId: dev.devId }
  appId = (await addApp(world.ctx, 'test', world.corpId, settings)).id
  ;({ gateway, nodes } = await startAgentNodes(world, dev))
})
afterAll(async () => {
  await nodes?.stop()
  await gateway.close()
  await world.sandbox.close()
})

it('cards of to-dos, while nodes are killed: each sent once, and each says in the end what the ledger says', {
  timeout: soak(200_000, 15 * 60_000),
}, async () => {
  const all = newTodos(await activeUsers())
  await workOff(
    all,
    atOnce,
    one => put(one),
    () => undefined,
  )
  await allSay('the cards', all.length)
  const cards = await cardsByTitle()
  await world.control('faults', { match: 'callback/agent', mode: 'duplicateCallback', probability: 0.3 })
  const killing = atShares(all.length, kills, () => nodes.kill())
  await workOff(all, atOnce, one => act(one, cards.get(one.todoNo)![0]!), killing.onProgress)
  await killing.finished()
  await allSay('what has become of them', all.length + all.filter(one => one.way === 'again').length)

  const after = await cardsByTitle()
  for (const one of all) await check(one, after.get(one.todoNo) ?? [])
  expect(nodes.kills).toHaveLength(kills.length)
  expect(await nodes.stop()).toEqual([0, 0])
})

async function activeUsers(): Promise<string[]> {
  const { members } = (await world.control('state')) as { members: { userid: string; status: number }[] }
  return members.filter(one => one.status === 1).map(one => one.userid)
}

function newTodos(users: string[]): Todo[] {
  return Array.from({ length: todos }, (_, n) => ({
    todoNo: `no-${String(n).padStart(4, '0')}`,
    userId: users[n % users.length]!,
    way: ways[n % ways.length]!,
  }))
}

/** A call whose node died is made again. */
async function call(path: string, body: object): Promise<void> {
  const answer = await nodes.post(path, body)
  if (!answer) return call(path, body)
  expect(answer.retMessage).toBe('成功')
}

const put = ({ todoNo, userId }: Todo) =>
  call('/api/todo/put', {
    list: [
      {
        todoNo,
        userId,
        agentId: appId,
        title: todoNo,
        url: 'https://oa.example.com/x',
        finishBy: 'person',
        notify: true,
      },
    ],
  })

async function act(one: Todo, card: SentCard): Promise<void> {
  const { todoNo, userId, way } = one
  if (way === 'app') return call('/api/todo/finish', { agentId: appId, todoNo })
  if (way === 'press') {
    const pushed = await world.control('cards/press', { msgId: card.msgId, userid: userId, key: 'finish' })
    return expect(pushed).toMatchObject({ state: 'answered', note: '' })
  }
  await call('/api/todo/withdraw', { agentId: appId, todoNo })
  // The card has to say so before the to-do is opened again, or nobody could tell the two openings apart.
  const said = `select count(*)::int as n from todo_card c join todo t on t.id = c.todo_id and t.corp_id = c.corp_id
    where t.todo_no = '${todoNo}' and c.shows = 'withdrawn'`
  await until('已撤回', async () => (await nodes.query<{ n: number }>(said))[0]?.n === 1, changedWithinMs)
  await put(one)
}

/** No card is due, and so many have left. */
async function allSay(what: string, sends: number): Promise<void> {
  const open = `select (select count(*) from todo_card where due_at is not null)::int
    + (select count(*) from message_part where state in ('waiting', 'sending', 'asking'))::int as due,
    (select coalesce(sum(sends), 0) from todo_card)::int as sends`
  await until(
    what,
    async () => {
      const [row] = await nodes.query<{ due: number; sends: number }>(open)
      return row?.due === 0 && row.sends === sends
    },
    120_000,
    200,
  )
}

async function cardsByTitle(): Promise<Map<string, SentCard[]>> {
  const { messages } = (await world.control('messages?channel=wecom&limit=10000')) as { messages: SentCard[] }
  const own = messages.filter(one => !one.deduplicated)
  return Map.groupBy(own, one => (one.content['main_title'] as { title: string } | undefined)?.title ?? '')
}

async function check({ todoNo, userId, way }: Todo, sent: SentCard[]): Promise<void> {
  const [row] = await nodes.query<{ state: string }>(`select state from todo where todo_no = '${todoNo}'`)
  expect([todoNo, row?.state, sent.length]).toEqual([
    todoNo,
    way === 'again' ? 'open' : 'done',
    way === 'again' ? 2 : 1,
  ])
  const says = await Promise.all(
    sent.map(async ({ msgId }) => {
      const { card } = (await world.control(`cards?msgId=${encodeURIComponent(msgId)}&userid=${userId}`)) as {
        card: { emphasis_content?: { title: string } }
      }
      return card.emphasis_content?.title ?? ''
    }),
  )
  expect([todoNo, ...says]).toEqual([todoNo, ...(way === 'again' ? ['已撤回', ''] : ['已完成'])])
}
