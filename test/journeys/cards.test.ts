import { afterAll, beforeAll, expect, it } from 'vitest'
import { useAgents } from '../../server/features/messages/messages.fixture.ts'
import { startTarget, type Target } from '../../server/features/webhooks/target.fixture.ts'
import { leaseSeconds } from '../../server/platform/queue/queue-store.ts'
import { sampleCards } from '../../server/upstream/wecom/cards/card-samples.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { soak } from '../soak.ts'
import { until } from '../until.ts'
import { startAgentNodes } from './agent-nodes.ts'
import type { Gateway } from './gateway.ts'
import { atShares, type Nodes, workOff } from './nodes-under-fire.ts'

/** Half of them are pressed in peace, the others while nodes are killed. */
const cards = soak(16, 2000)
/** At which shares of the presses of the second half a node is killed. */
const kills = soak([0.4], [0.1, 0.3, 0.5, 0.7, 0.9])
/** In peace people press one after the other, as fast as they are answered; then all at once. */
const clients = { inPeace: 3, underFire: 8 }
const receivers = 3
const quietAtMostMs = soak(5000, 1000)
const underFireAtMostMs = 10_000

/** `wecomId` is WeCom's own number of the message. */
type Card = {
  n: number
  users: string[]
  pressers: string[]
  firstPressWins: boolean
  msgId: string
  wecomId: string
}
/** `told` and `changed` are in ms after the press; undefined until then. */
type Press = { card: Card; userId: string; at: number; told?: number; changed?: number }

let world: World
let dev: Caller
let target: Target
let gateway: Gateway
let nodes: Nodes
const arrivedAt = new Map<string, number>()
beforeAll(async () => {
  world = await startWorld({ members: 400, departments: 20 })
  await useAgents(world)
  dev = await world.addDeveloper({ scopes: ['directory:read', 'message:send', 'webhook:manage'] })
  target = await startTarget()
  target.answer(({ event }, response) => {
    const { msgId, userId } = event.data
    const key = `${msgId} ${userId}`
    if (event.type === 'message.card.pressed' && !arrivedAt.has(key)) arrivedAt.set(key, performance.now())
    response.end('ok')
  })
  await dev.post('/api/webhook/create', { url: target.url })
  ;({ gateway, nodes } = await startAgentNodes(world, dev))
})
afterAll(async () => {
  await nodes?.stop()
  await gateway.close()
  await world.sandbox.close()
  await target.close()
})

it('cards that people press, doubled and late, while nodes are killed: each press told once, nothing sent twice', {
  timeout: soak(240_000, 20 * 60_000),
}, async () => {
  const all = newCards(await activeUsers())
  const [quiet, fiery] = [all.slice(0, cards / 2), all.slice(cards / 2)]
  await workOff(all, clients.underFire, send, () => undefined)
  await nodes.settled(60_000)
  await findInWecom(all)
  // What became of each message is told as well, and comes first.
  const isResult = (one: Target['got'][number]) => one.event.type === 'message.result'
  await until('the results', () => target.got.filter(isResult).length >= all.length, 10 * 60_000)
  await world.control('faults', { match: 'callback/agent', mode: 'duplicateCallback', probability: 0.3 })
  const inPeace = await pressAll(quiet, clients.inPeace, () => undefined)
  await allTold(inPeace)
  const killing = atShares(
    fiery.reduce((sum, one) => sum + one.pressers.length, 0),
    kills,
    killNext,
  )
  const late = { mode: 'reorderCallback', probability: 0.2, delayMs: 200 }
  await world.control('faults', { match: 'callback/agent', ...late })
  const underFire = await pressAll(fiery, clients.underFire, killing.onProgress)
  await killing.finished()
  await allTold(underFire)
  await allSettled(all)

  await checkPresses([...inPeace, ...underFire])
  await checkCards(all)
  const [peace, fire] = [slowest(inPeace), slowest(underFire)]
  console.log(
    `${all.length} cards, ${inPeace.length + underFire.length} presses, ${target.got.length} webhooks, ${nodes.kills.length} kills; ` +
      `p99 in peace: told ${peace.told} ms, changed ${peace.changed} ms; under fire: told ${fire.told} ms, changed ${fire.changed} ms`,
  )
  expect(nodes.kills).toHaveLength(kills.length)
  expect(Math.max(peace.told, peace.changed)).toBeLessThanOrEqual(quietAtMostMs)
  expect(Math.max(fire.told, fire.changed)).toBeLessThanOrEqual(underFireAtMostMs)
  expect(await nodes.stop()).toEqual([0, 0])
})

/**
 * The next node dies once what this one held is in other hands. If the node that takes over died as well, some presses would be told
 * after two leases, and the limit is about one.
 */
async function killNext(): Promise<void> {
  const [held] = await nodes.query<{ until: string }>(
    `select (now() + interval '${leaseSeconds} seconds')::text as until`,
  )
  await nodes.kill()
  const left = `select count(*)::int as n from queue where lease is not null and lease_until <= '${held!.until}'`
  await until(
    'what the dead node held',
    async () => (await nodes.query<{ n: number }>(left))[0]?.n === 0,
    30_000,
  )
}

async function activeUsers(): Promise<string[]> {
  const { members } = (await world.control('state')) as { members: { userid: string; status: number }[] }
  return members.filter(one => one.status === 1).map(one => one.userid)
}

/** Each goes to three people, of whom one to three press it; every other one is ended by the first press. */
function newCards(users: string[]): Card[] {
  return Array.from({ length: cards }, (_, n) => {
    const own = Array.from(
      { length: receivers },
      (_one, index) => users[(n * receivers + index) % users.length]!,
    )
    return {
      n,
      users: own,
      pressers: own.slice(0, 1 + (n % receivers)),
      firstPressWins: n % 2 === 0,
      msgId: '',
      wecomId: '',
    }
  })
}

/** A call whose node died is made again under its requestId. */
async function send(card: Card): Promise<void> {
  const answer = await nodes.post('/api/message/send', {
    toUser: card.users,
    sendType: '0',
    msgType: '04',
    agentName: '审批',
    requestId: `card-${card.n}`,
    card: sampleCards.button_interaction,
    onPress: { replaceName: '已同意' },
    firstPressWins: card.firstPressWins,
  })
  if (!answer) return send(card)
  expect(answer.retMessage).toBe('成功')
  card.msgId = answer.body.msgId
}

type ShownCard = {
  content: Record<string, unknown>
  msgId: string
  deduplicated?: boolean
  dropped: unknown[]
}

const shownCards = async () =>
  ((await world.control('messages?channel=wecom&limit=10000')) as { messages: ShownCard[] }).messages

async function findInWecom(all: readonly Card[]): Promise<void> {
  const ids = new Map((await shownCards()).map(one => [one.content['task_id'], one.msgId]))
  for (const card of all) card.wecomId = ids.get(`${card.msgId}@1`) ?? ''
}

async function pressAll(
  list: readonly Card[],
  atOnce: number,
  onProgress: (done: number) => void,
): Promise<Press[]> {
  const presses: Press[] = list.flatMap(card => card.pressers.map(userId => ({ card, userId, at: 0 })))
  // The people of one card press at about the same time.
  await workOff(
    presses,
    atOnce,
    async press => {
      press.at = performance.now()
      const { userId: userid, card } = press
      const body = { msgId: card.wecomId, userid, key: 'agree', force: true }
      const pushed = await world.control('cards/press', body)
      expect(pushed).toMatchObject({ state: 'answered', note: expect.stringMatching(/^$/) })
      press.changed = performance.now() - press.at
    },
    onProgress,
  )
  return presses
}

const keyOf = ({ card, userId }: Press) => `${card.msgId} ${userId}`

async function allTold(presses: readonly Press[]): Promise<void> {
  await until('every press told', () => presses.every(one => arrivedAt.has(keyOf(one))), 60_000)
  for (const press of presses) press.told = arrivedAt.get(keyOf(press))! - press.at
}

/** The cards of the others are changed by the queue. */
async function allSettled(all: readonly Card[]): Promise<void> {
  const open = `select count(*)::int as n from queue where stream = 'cards'
    and (lease is not null or due_at < now() + interval '1 day')`
  await until(
    'the cards of the others',
    async () => (await nodes.query<{ n: number }>(open))[0]?.n === 0,
    120_000,
    200,
  )
  expect(all.every(one => one.msgId !== '')).toBe(true)
}

/** Each press is stored once and told once; of a card that ends, one counts. */
async function checkPresses(presses: readonly Press[]): Promise<void> {
  const rows = await nodes.query<{ key: string; accepted: boolean; asked: string }>(
    `select asked || ' ' || user_id as key, accepted, asked from card_press`,
  )
  expect(rows.map(row => row.key).sort()).toEqual(presses.map(keyOf).sort())
  const ids = Map.groupBy(
    target.got.filter(one => one.event.type === 'message.card.pressed'),
    one => `${one.event.data.msgId} ${one.event.data.userId}`,
  )
  expect([...ids.keys()].sort()).toEqual(presses.map(keyOf).sort())
  // What came twice, because a node died before it had written down that it came, came under one id.
  for (const [key, got] of ids) expect(new Set(got.map(one => one.id)).size, key).toBe(1)
  for (const [msgId, own] of Map.groupBy(rows, row => row.asked)) {
    const { firstPressWins } = presses.find(one => one.card.msgId === msgId)!.card
    expect(own.filter(row => row.accepted).length, msgId).toBe(firstPressWins ? 1 : own.length)
  }
}

/** Every card went out once, and says to each person what it should. */
async function checkCards(all: readonly Card[]): Promise<void> {
  const messages = await shownCards()
  const sent = messages.filter(one => !one.deduplicated).map(one => String(one.content['task_id']))
  expect(sent.sort()).toEqual(all.map(one => `${one.msgId}@1`).sort())
  expect(messages.flatMap(one => one.dropped)).toEqual([])
  await workOff([...all], clients.underFire, checkCard, () => undefined)
}

async function checkCard({ msgId, wecomId, users, pressers, firstPressWins }: Card): Promise<void> {
  for (const userId of users) {
    const { replaced } = await world.control(`cards?msgId=${encodeURIComponent(wecomId)}&userid=${userId}`)
    const label = `${msgId} ${userId}`
    if (firstPressWins) expect(replaced, label).toMatch(/^(.{0,8}?)已同意$/)
    else expect(replaced, label).toBe(pressers.includes(userId) ? '已同意' : null)
  }
}

function slowest(presses: readonly Press[]): { told: number; changed: number } {
  const p99 = (values: number[]) =>
    Math.round(values.sort((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? 0)
  return {
    told: p99(presses.map(one => one.told ?? Number.POSITIVE_INFINITY)),
    changed: p99(presses.map(one => one.changed ?? Number.POSITIVE_INFINITY)),
  }
}
