import { afterAll, beforeAll, expect, it } from 'vitest'
import { addApp } from '../../server/features/apps/apps.ts'
import { addSource } from '../../server/features/todo-sources/sources.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { seed, soak } from '../soak.ts'
import { atShares, type Nodes, startNodes, whenGone, workOff } from './nodes-under-fire.ts'

/** A vendor's to-dos, shuffled, doubled and late, while nodes are killed: in the end wisp has what the vendor has. */
const flows = soak(90, 5000)
const kills = soak([0.5], [0.2, 0.5, 0.8])
const clients = 16

let world: World
let dev: Caller
let nodes: Nodes | undefined
beforeAll(async () => {
  world = await startWorld({ members: 40, departments: 4 })
  dev = await world.addDeveloper({ scopes: ['todo:read', 'todo:write'] })
})
afterAll(async () => {
  await nodes?.stop()
  await world.close()
})

/** What the vendor has: by number and person. */
type Ledger = Map<string, 'open' | 'done' | 'withdrawn'>
type Push = { call: string; body: object }

const random = generator(seed)

/** A flow of the vendor: pushes with its own times, which come in any order, and what ends it for good, which comes after them. */
function flowOf(n: number, userIds: readonly string[], ledger: Ledger): { anyhow: Push[]; after: Push[] } {
  const flow = { syscode: 'OA', flowid: `f${n}`, requestname: `报销 ${n}`, workflowname: '报销' }
  const receivers = pick(userIds, 1 + Math.floor(random() * 3))
  const anyhow: Push[] = []
  for (const receiver of receivers) {
    let at = 1_700_000_000_000 + n * 100_000
    const pushed = (call: string, isremark: string) => {
      at += 1000
      const times = {
        receivets: String(at),
        receivedatetime: '2023-11-15 06:13:20',
        createdatetime: '2023-11-15 06:13:20',
      }
      anyhow.push({
        call,
        body: { ...flow, ...times, receiver, creator: '', pcurl: `https://oa.example.com/${n}`, isremark },
      })
    }
    const rounds = 1 + Math.floor(random() * 2)
    let state: 'open' | 'done' = 'open'
    for (let round = 0; round < rounds; round++) {
      pushed('ReceiveRequestInfoByJson', '0')
      state = 'open'
      if (random() < 0.7) {
        pushed(
          random() < 0.5 ? 'ProcessDoneRequestByJson' : 'ReceiveRequestInfoByJson',
          random() < 0.5 ? '2' : '4',
        )
        state = 'done'
      }
    }
    ledger.set(`OA:报销:f${n} ${receiver}`, state)
  }
  if (random() > 0.1) return { anyhow, after: [] }
  for (const receiver of receivers) ledger.set(`OA:报销:f${n} ${receiver}`, 'withdrawn')
  return { anyhow, after: [{ call: 'deleteRequestInfoByJson', body: flow }] }
}

/** Not twice the same numbers, so that two orders of one list differ. */
function generator(from: number): () => number {
  let state = from >>> 0
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map(one => [random(), one] as const)
    .sort(([one], [other]) => one - other)
    .map(([, one]) => one)
}

function pick<T>(list: readonly T[], count: number): T[] {
  return shuffled(list).slice(0, count)
}

it(
  'a vendor’s to-dos end in its state, and reconciling finds what was lost',
  async () => {
    const { id: appId } = await addApp(world.ctx, 'test', world.corpId, {
      name: 'OA',
      homeUrl: 'https://oa.example.com/',
      devId: dev.devId,
    })
    const wanted = { kind: 'weaver', name: 'OA', match: 'userid', appId } as const
    const { base } = await addSource(world.ctx, 'test', world.corpId, wanted)
    const path = new URL(base).pathname
    const userIds = [...world.ctx.mirrors.of(world.corpId).members.all()].map(one => one.userId)
    await world.server.close()
    nodes = await startNodes({ ...world, dev })

    const ledger: Ledger = new Map()
    const made = Array.from({ length: flows }, (_, n) => flowOf(n, userIds, ledger))
    const lost = new Set(pick(made, Math.ceil(flows / 100)))
    const sent = made.filter(one => !lost.has(one))
    const anyhow = sent.flatMap(one => one.anyhow)
    // Every third push comes twice, and some come again when their flow is deleted.
    const first = shuffled([...anyhow, ...anyhow.filter(() => random() < 0.33)])
    const second = shuffled(sent.flatMap(one => [...one.after, ...one.after]))
    const late = shuffled(sent.filter(one => one.after.length > 0).flatMap(one => one.anyhow))

    const { url } = nodes
    const refused: unknown[] = []
    const send = async ({ call, body }: Push) => {
      for (;;) {
        const init = {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }
        const answer = await fetch(`${url()}${path}/rest/ofs/${call}`, init).catch(whenGone)
        const told = answer?.ok
          ? ((await answer.json().catch(whenGone)) as { operType: string } | undefined)
          : undefined
        if (told === undefined) continue
        // Whatever is refused for more than that it is not there yet, or not any more, is a mistake of the test.
        if (told.operType === 'Check') refused.push(told)
        return
      }
    }
    const fire = atShares(first.length, kills, () => nodes!.kill())
    await workOff(first, clients, send, fire.onProgress)
    await fire.finished()
    await workOff(second, clients, send, () => undefined)
    await workOff(late, clients, send, () => undefined)
    expect(refused).toEqual([])

    const stored = async () => {
      const rows = await nodes!.query<{ key: string; state: string }>(
        `select t.todo_no || ' ' || m.user_id as key, t.state from todo t
           join member m on m.corp_id = t.corp_id and m.id = t.member_id order by 1`,
      )
      return rows.map(row => `${row.key} ${row.state}`)
    }
    const isLost = (key: string) => [...lost].some(one => key.startsWith(`${keyOf(one.anyhow[0]!)} `))
    const expected = [...ledger].filter(([key]) => !isLost(key)).map(([key, state]) => `${key} ${state}`)
    expect((await stored()).sort()).toEqual(expected.sort())

    // The vendor's own lists of open to-dos find the rest.
    const open = Map.groupBy(
      [...ledger].filter(([, state]) => state === 'open').map(([key]) => key.split(' ') as [string, string]),
      ([, userId]) => userId,
    )
    const created: string[] = []
    for (const [userId, rows] of open) {
      const list = rows.map(([todoNo]) => ({ todoNo, title: todoNo, url: 'https://oa.example.com/' }))
      const answer = await nodes.post('/api/todo/reconcile', {
        agentId: appId,
        userId,
        asOf: Date.now(),
        list,
      })
      for (const { todoNo, result } of answer!.body.list)
        if (result === 'created') created.push(`${todoNo} ${userId}`)
    }
    const missing = [...ledger].filter(([key, state]) => isLost(key) && state === 'open').map(([key]) => key)
    expect(missing.length).toBeGreaterThan(0)
    expect(created.sort()).toEqual(missing.sort())
    expect((await stored()).filter(one => one.endsWith(' open')).sort()).toEqual(
      [...ledger]
        .filter(([, state]) => state === 'open')
        .map(([key]) => `${key} open`)
        .sort(),
    )
    expect(nodes.kills).toHaveLength(kills.length)
    expect(await nodes.stop()).toEqual([0, 0])
  },
  soak(180_000, 20 * 60_000),
)

function keyOf({ body }: Push): string {
  const { syscode, workflowname, flowid } = body as Record<string, string>
  return `${syscode}:${workflowname}:${flowid}`
}
