import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  shownMail,
  shownSms,
  useSms,
  useSmtp,
  type Vendor,
  vendors,
} from '../../server/features/messages/messages.fixture.ts'
import { startWorld, type World } from '../harness.ts'
import { soak } from '../soak.ts'
import { atShares, type Nodes, startNodes, workOff } from './nodes-under-fire.ts'

const calls = soak(60, 1500)
/** At which shares of them a node is killed. */
const kills = soak([0.4], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
const receivers = 4
/** What differs between vendors is proved beside their channel; here is what a node owes to any. */
const usedVendors = soak(vendors.slice(0, 1), vendors)

type Call = { isMail: boolean; toUser: string[]; requestId?: string; label: string }
type Fate = { userId: string; state: string; reason: string }
type Status = {
  channel: string
  status: string
  receivers: { total: number; sent: number }
  failed: Fate[]
  attempts: { outcome: string; answer: string }[]
}

/** The fault http500 gets a mail refused for good (550), and leaves it unclear whether an SMS was sent. */
const faultsOf = (vendor: Vendor) => [
  { match: `sms/${vendor}/SendSms`, mode: 'busy', probability: 0.1 },
  { match: `sms/${vendor}/SendSms`, mode: 'http500', probability: 0.06 },
  { match: `sms/${vendor}/SendSms`, mode: 'truncated', probability: 0.06 },
  { match: `sms/${vendor}/SendSms`, mode: 'slow', probability: 0.1, delayMs: 300 },
  { match: `sms/${vendor}/SendSms`, mode: 'acceptedThenTimeout', probability: 0.02 },
  { match: 'smtp/rcpt', mode: 'code:451', probability: 0.05 },
  { match: 'smtp/auth', mode: 'busy', probability: 0.05 },
  { match: 'smtp/data', mode: 'http500', probability: 0.03 },
  { match: 'smtp/data', mode: 'truncated', probability: 0.03 },
  { match: 'smtp/data', mode: 'acceptedThenTimeout', probability: 0.03 },
  { match: 'smtp/data', mode: 'slow', probability: 0.1, delayMs: 200 },
]

describe.each(usedVendors)('SMS by %s and mail while everything breaks', vendor => {
  let world: World
  let nodes: Nodes
  beforeAll(async () => {
    world = await startWorld({ members: 300, departments: 20 })
    await useSms(world, vendor)
    await useSmtp(world)
    await world.server.close()
    nodes = await startNodes(world)
  })
  afterAll(async () => {
    await nodes?.stop()
    await world.sandbox.close()
  })

  it('nobody gets one twice, and nobody is forgotten', { timeout: soak(400_000, 20 * 60_000) }, async () => {
    const users = await listedUsers(nodes)
    const list = Array.from({ length: calls }, (_, n): Call => {
      const toUser = Array.from({ length: receivers }, (_, k) => users[(n * receivers + k) % users.length]!)
      const common = { isMail: n % 2 === 0, toUser, label: `call-${n}` }
      return n % 4 < 2 ? common : { ...common, requestId: `request-${n}` }
    })
    for (const fault of faultsOf(vendor)) await world.control('faults', fault)
    const cutOff = new Set<string>()
    const answered = new Map<string, string>()
    const killing = atShares(calls, kills, () => nodes.kill())
    const call = async (one: Call): Promise<void> => {
      const { isMail, toUser, requestId, label } = one
      const common = { toUser, agentName: label, requestId }
      const answer = isMail
        ? await nodes.post('/api/message/send', { ...common, sendType: '2', title: '通知', content: label })
        : await nodes.post('/api/message/sms', { ...common, templateId: 'code', params: ['666666', '5'] })
      if (answer) answered.set(label, answer.retCode)
      else if (requestId) return call(one)
      else cutOff.add(label)
    }
    await workOff(list, 8, call, killing.onProgress)
    await killing.finished()
    await world.control('faults', undefined, 'DELETE')
    await nodes.settled(soak(250_000, 10 * 60_000))

    // A node may die, but none may fail.
    expect([...answered].filter(([, retCode]) => retCode !== '0')).toEqual([])
    const rows = await nodes.query<{ id: string; label: string }>(
      'select id, agent_name as label from message',
    )
    const idOf = new Map(rows.map(row => [row.label, row.id]))
    expect(idOf.size).toBe(rows.length)
    const arrived = await arrivals(world)
    const counts: Record<string, number> = {}
    for (const one of list) {
      const id = idOf.get(one.label)
      if (!id) {
        expect(cutOff.has(one.label) && !answered.has(one.label), one.label).toBe(true)
        continue
      }
      const { body } = await nodes.get('/api/message/status', { msgId: id })
      for (const [state, count] of Object.entries(
        checkFates(one, body as Status, arrived.get(id) ?? new Map()),
      ))
        counts[`${one.isMail ? 'mail' : 'SMS'} ${state}`] =
          (counts[`${one.isMail ? 'mail' : 'SMS'} ${state}`] ?? 0) + count
    }
    expect([...arrived.keys()].filter(id => !rows.some(row => row.id === id))).toEqual([])
    console.log(`${vendor}: ${JSON.stringify(counts)}, cut off ${cutOff.size}`)
    expect(await nodes.stop()).toEqual([0, 0])
  })
})

/** Checks each receiver: exactly one message, none with a reason, or at most one if the outcome is unknown. */
function checkFates(call: Call, status: Status, got: Map<string, number>): Record<string, number> {
  const fates = new Map(status.failed.map(one => [one.userId, one]))
  expect(status.receivers.total).toBe(call.toUser.length)
  expect(['sent', 'failed', 'unknown']).toContain(status.status)
  const counts: Record<string, number> = {}
  for (const userId of call.toUser) {
    const { state = 'sent', reason = '' } = fates.get(userId) ?? {}
    const arrived = got.get(userId) ?? 0
    const what = `${call.label} ${userId} ${state} ${reason} ${JSON.stringify(status)}`
    if (state === 'sent') expect(arrived, what).toBe(1)
    if (state === 'failed') expect([arrived, reason !== ''], what).toEqual([0, true])
    if (state === 'unknown') {
      expect(arrived, what).toBeLessThanOrEqual(1)
      expect(
        status.attempts.some(one => one.outcome === 'unsure'),
        what,
      ).toBe(true)
    }
    counts[state] = (counts[state] ?? 0) + 1
  }
  return counts
}

/** How many messages arrived, by message and receiver. */
async function arrivals(world: World): Promise<Map<string, Map<string, number>>> {
  const counts = new Map<string, Map<string, number>>()
  const add = (id: string, userId: string) => {
    const own = counts.getOrInsertComputed(id, () => new Map<string, number>())
    own.set(userId, (own.get(userId) ?? 0) + 1)
  }
  for (const { context, userid } of await shownSms(world)) add(context.split('.')[0]!, userid)
  for (const { messageId, userids } of await shownMail(world))
    for (const userId of userids) add(messageId.slice(1).split('.')[0]!, userId)
  return counts
}

async function listedUsers(nodes: Nodes): Promise<string[]> {
  const query = { orgId: '1', fetchChild: '1', pageSize: '100' }
  const { body } = await nodes.get('/api/user/orgUserList', query)
  return body.list.map((one: { userId: string }) => one.userId)
}
