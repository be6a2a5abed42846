import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toldIn } from '../../server/features/channels/telling.ts'
import { shownWecom, useAgents } from '../../server/features/messages/messages.fixture.ts'
import { startWorld, type World } from '../harness.ts'
import { soak } from '../soak.ts'
import { atShares, type Nodes, startNodes, workOff } from './nodes-under-fire.ts'

const messages = soak(500, 10_000)
/** At which shares of them a node is killed. */
const kills = soak([0.2, 0.5], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
const clients = 8
const hotMember = 'zhangsan'

type Call = {
  /** Unique even when two messages are equal, because it is stored beside the message and not in it. */
  label: string
  toUser: string
  content: string
  requestId?: string
  isBad: boolean
}

type Row = {
  label: string
  state: string
  reason: string | null
  isChecked: boolean
  attempts: { outcome: string; answer: string; at: string }[]
}

/**
 * A tenth of the messages equal another one, half have a requestId, each fiftieth goes to one member, and some must be
 * refused.
 */
function newCalls(users: string[]): Call[] {
  const calls: Call[] = []
  for (let n = 0; n < messages; n++) {
    const twin = n % 10 === 9 ? calls[n - 5] : undefined
    calls.push({
      label: `call-${n}`,
      toUser: twin?.toUser ?? (n % 50 === 0 ? hotMember : users[n % users.length]!),
      content: twin?.content ?? `第${n}号。`,
      ...(n % 2 ? { requestId: `request-${n}` } : {}),
      isBad: false,
    })
  }
  for (let n = 0; n < messages / 40; n++)
    calls.splice(n * 40, 0, { label: `bad-${n}`, toUser: 'nobody', content: `坏${n}号。`, isBad: true })
  return calls
}

/** Faults as a large site meets them, each at random. */
const faults = [
  { mode: 'busy', probability: 0.08 },
  { mode: 'http500', probability: 0.05 },
  { mode: 'truncated', probability: 0.05 },
  { mode: 'slow', probability: 0.1, delayMs: 300 },
  { mode: 'acceptedThenTimeout', probability: 0.003 },
  { mode: 'code:60020', probability: 0.01 },
]

describe('WeCom messages while everything breaks', () => {
  let world: World
  let nodes: Nodes
  beforeAll(async () => {
    world = await startWorld({ members: 400, departments: 30 })
    await useAgents(world)
    await world.server.close()
    nodes = await startNodes(world)
  })
  afterAll(async () => {
    await nodes?.stop()
    await world.sandbox.close()
  })

  it('each arrives once or says that nobody knows', { timeout: soak(400_000, 20 * 60_000) }, async () => {
    const users = (await activeUsers(world)).filter(userId => userId !== hotMember)
    const calls = newCalls(users)
    const refused = new Map<string, string>()
    const lost: Call[] = []
    const killing = atShares(calls.length, kills, () => nodes.kill())
    for (const fault of faults) await world.control('faults', { match: 'message/send', ...fault })
    const call = async (one: Call): Promise<void> => {
      const { label, toUser, content, requestId } = one
      const body = { toUser, sendType: '0', msgType: '03', agentName: label, content, requestId }
      const answer = await nodes.post('/api/message/send', body)
      if (!answer) {
        if (requestId) return call(one)
        lost.push(one)
      } else if (answer.retCode !== '0') refused.set(label, answer.retCode)
    }
    await workOff(calls, clients, call, killing.onProgress)
    await killing.finished()
    const struck = await strikes(world)
    await world.control('faults', undefined, 'DELETE')
    await nodes.settled(soak(200_000, 10 * 60_000))

    const rows = await readRows(nodes)
    expect(nodes.kills).toHaveLength(kills.length)
    for (const one of calls) {
      const { label, isBad } = one
      expect(rows.filter(row => row.label === label).length, label).toBeLessThanOrEqual(1)
      if (isBad && !lost.includes(one)) expect([label, refused.get(label)]).toEqual([label, '1007'])
    }
    // Messages whose call was answered, if necessary after repeats, must exist; those whose call was cut off may
    // exist.
    const known = new Set(rows.map(row => row.label))
    const missing = calls.filter(one => !known.has(one.label) && !one.isBad)
    expect(missing.filter(one => !lost.includes(one))).toEqual([])

    await checkArrivals(world, calls, rows, refused)
    const unknown = rows.filter(row => row.state === 'unknown')
    for (const row of unknown) checkAmbiguous(row, nodes.kills)
    const unsure = rows.flatMap(row => row.attempts.filter(one => one.outcome === 'unsure'))
    const interrupted = unsure.filter(one => toldIn('zh', one.answer).includes('服务中断')).length
    const ambiguous = struck['http500']! + struck['truncated']! + struck['acceptedThenTimeout']!
    expect(unsure.length - interrupted).toBeLessThanOrEqual(ambiguous)
    const count = (state: string) => rows.filter(row => row.state === state).length
    console.log(
      `accepted ${rows.length} (cut off ${lost.length}, of these accepted ${lost.length - missing.length}): sent ${count('sent')}, ` +
        `unknown ${unknown.length}, refused with 1008 ${count('failed')}; attempts ${rows.flatMap(row => row.attempts).length}, ` +
        `unclear ${unsure.length}, of these by a kill ${interrupted}; faults ${JSON.stringify(struck)}`,
    )
    expect(await nodes.stop()).toEqual([0, 0])
  })
})

/**
 * For each content, as many messages arrived as were reported sent, plus at most those whose outcome is unknown;
 * WeCom dropped none.
 */
async function checkArrivals(world: World, calls: Call[], rows: Row[], refused: Map<string, string>) {
  const shown = await shownWecom(world)
  expect(shown.flatMap(one => one.dropped)).toEqual([])
  const arrivals = Map.groupBy(
    shown.filter(one => !one.deduplicated),
    one => `${one.to.join('|')} ${one.content['content']}`,
  )
  const callOf = new Map(calls.map(one => [one.label, one]))
  const messages = Map.groupBy(rows, row => {
    const { toUser, content } = callOf.get(row.label)!
    return `${toUser} ${content}`
  })
  expect([...arrivals.keys()].filter(key => !messages.has(key))).toEqual([])
  for (const [key, own] of messages) {
    const count = (state: string) => own.filter(row => row.state === state).length
    const arrived = arrivals.get(key)?.length ?? 0
    expect(arrived, key).toBeGreaterThanOrEqual(count('sent'))
    expect(arrived, key).toBeLessThanOrEqual(count('sent') + count('unknown'))
    for (const row of own) {
      expect(['sent', 'unknown', 'failed']).toContain(row.state)
      // Messages fail only with the error that their callers were told (60020), and every message refused with it
      // must have failed.
      if (row.state === 'failed') expect(row.reason).toContain('60020')
      if (refused.has(row.label)) expect([row.label, row.state]).toEqual([row.label, 'failed'])
    }
  }
}

/**
 * Checks a message whose outcome is unknown: it was sent without the duplicate check, which another equal message
 * held, and had an attempt without an answer or one that a kill cut off.
 */
function checkAmbiguous(row: Row, kills: number[]) {
  const unsure = row.attempts.filter(one => one.outcome === 'unsure')
  expect(unsure, JSON.stringify(row)).not.toEqual([])
  expect(row.isChecked, JSON.stringify(row)).toBe(false)
  for (const { answer, at } of unsure) {
    const told = toldIn('zh', answer)
    if (!told.includes('服务中断')) expect(told).toMatch(/无应答（(http|json|timeout|network)）/)
    else expect(kills.some(kill => Date.parse(at) < kill && Date.parse(at) > kill - 20_000)).toBe(true)
  }
}

async function readRows(nodes: Nodes): Promise<Row[]> {
  return nodes.query<Row>(`
    select m.agent_name as label, p.state, p.reason, p.is_checked as "isChecked",
      coalesce((select json_agg(json_build_object('outcome', a.outcome, 'answer', a.answer, 'at', a.at) order by a.n)
        from message_attempt a where a.part_id = p.id), '[]') as attempts
    from message m join message_part p on p.message_id = m.id`)
}

async function activeUsers(world: World): Promise<string[]> {
  const { members } = (await world.control('state')) as { members: { userid: string; status: number }[] }
  return members.filter(one => one.status === 1).map(one => one.userid)
}

async function strikes(world: World): Promise<Record<string, number>> {
  const { faults } = (await world.control('faults')) as { faults: { mode: string; hits: number }[] }
  return Object.fromEntries(faults.map(one => [one.mode, one.hits]))
}
