import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shownSms, useSmsOrder } from '../../server/features/messages/messages.fixture.ts'
import { startWorld, type World } from '../harness.ts'
import { isSoak, soak } from '../soak.ts'
import { atShares, type Nodes, startNodes, workOff } from './nodes-under-fire.ts'

const messages = soak(120, 5000)
/** At which shares of them a node is killed. */
const kills = soak([0.2], [0.1, 0.3, 0.5, 0.7, 0.9])

/** The first vendor fails in each way of docs/upstream/sms.md#failover, and the others do too now and then. */
const faults = [
  ['tencent/SendSms', 'code:FailedOperation.InsufficientBalanceInSmsPackage', 0.1],
  ['tencent/SendSms', 'rateLimit', 0.1],
  ['tencent/SendSms', 'code:InternalError.Timeout', 0.1],
  ['tencent/SendSms', 'http500', 0.1],
  ['tencent/SendSms', 'html', 0.1],
  ['tencent/SendSms', 'truncated', 0.1],
  ['tencent/SendSms', 'acceptedThenTimeout', 0.02],
  ['tencent/SendSms', 'slow', 0.05],
  ['tencent/PullSmsSendStatusByPhoneNumber', 'http500', 0.1],
  ['aliyun/SendSms', 'rateLimit', 0.3],
  ['aliyun/SendSms', 'truncated', 0.1],
  ['gateway/json', 'rateLimit', 0.2],
] as const

type Status = { status: string; attempts: { outcome: string; answer: string }[] }

describe('SMS by three vendors while they fail and nodes die', () => {
  let world: World
  let nodes: Nodes
  beforeAll(async () => {
    world = await startWorld({ members: 300, departments: 5 })
    await useSmsOrder(world, ['tencent', 'aliyun', 'json'])
    await world.server.close()
    nodes = await startNodes(world)
  })
  afterAll(async () => {
    await nodes?.stop()
    await world.sandbox.close()
  })

  it('nobody gets one twice, and none is lost that could be sent', {
    timeout: soak(300_000, 20 * 60_000),
  }, async () => {
    const { body } = await nodes.get('/api/user/orgUserList', {
      orgId: '1',
      fetchChild: '1',
      pageSize: '100',
    })
    const rows = await nodes.query<{ id: string }>("select user_id as id from member where mobile ~ '^1'")
    const reachable = new Set(rows.map(one => one.id))
    const users = body.list
      .map((one: { userId: string }) => one.userId)
      .filter((id: string) => reachable.has(id))
    for (const [match, mode, probability] of faults)
      await world.control('faults', {
        match: `sms/${match}`,
        mode,
        probability,
        delayMs: mode === 'slow' ? 300 : 0,
      })
    const ids = new Map<number, string>()
    const killing = atShares(messages, kills, () => nodes.kill())
    const call = async (n: number): Promise<void> => {
      const given = {
        toUser: users[n % users.length],
        agentName: '审批',
        templateId: 'code',
        requestId: `r${n}`,
      }
      const answer = await nodes.post('/api/message/sms', { ...given, params: ['666666', '5'] })
      if (!answer) return call(n)
      expect(answer.retCode).toBe('0')
      ids.set(n, answer.body.msgId)
    }
    const list = Array.from({ length: messages }, (_, n) => n + 1)
    await workOff(list, 8, call, killing.onProgress)
    await killing.finished()
    const hurrying = setInterval(() => void hurry().catch(() => undefined), soak(500, 5000))
    await nodes.settled(soak(250_000, 18 * 60_000)).finally(() => clearInterval(hurrying))

    const arrived = Map.groupBy(await shownSms(world), one => one.context.split('.')[0]!)
    const vendors: Record<string, number> = {}
    let unknown = 0
    for (const id of ids.values()) {
      const status = (await nodes.get('/api/message/status', { msgId: id })).body as Status
      const got = arrived.get(id) ?? []
      const what = JSON.stringify({ status, got })
      expect(got.length, what).toBeLessThanOrEqual(1)
      if (status.status === 'sent') expect(got, what).toHaveLength(1)
      else {
        // It may have left, and its vendor has no record, or is the last one.
        expect(status.status, what).toBe('unknown')
        expect(status.attempts.at(-1)?.outcome, what).toBe('unsure')
        unknown++
      }
      for (const { vendor } of got) vendors[vendor] = (vendors[vendor] ?? 0) + 1
    }
    expect(ids.size).toBe(messages)
    expect(arrived.size).toBeGreaterThanOrEqual(messages - unknown)
    for (const vendor of ['tencent', 'aliyun', 'json']) expect(vendors[vendor]).toBeGreaterThan(0)
    console.log(`${JSON.stringify(vendors)}, unknown ${unknown}`)
    expect(await nodes.stop()).toEqual([0, 0])
  })

  /**
   * What waits until a vendor's record is asked again is six minutes older, and what waits for its next attempt is due: by the clock, a few
   * parts of thousands would wait for an hour. Without time to wait for leases, so is what a node that was killed was sending: others renew
   * their leases of a minute every 15 seconds.
   */
  async function hurry() {
    await nodes.query(`update message_part set unsure_since = unsure_since - interval '6 minutes',
      lacked_at = lacked_at - interval '6 minutes', next_attempt_at = now() where state = 'asking'`)
    await nodes.query(`update message_part set next_attempt_at = now()
      where state = 'waiting' and next_attempt_at > now()
        or ${!isSoak} and state = 'sending' and next_attempt_at between now() and now() + interval '44 seconds'`)
    await nodes.query(`update queue set due_at = least(due_at, now()) where stream = 'messages'`)
  }
})
