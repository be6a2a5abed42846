import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { putAgent, removeAgent } from '../../../organisation/corps/corps.ts'
import { nextDayAt } from '../../../platform/operation/day.ts'
import { resend } from '../fate/resend.ts'
import {
  arrived,
  dieDuringCall,
  faultSend,
  later,
  sendText,
  shownWecom,
  statusOf,
  useAgents,
  useWecom,
} from '../messages.fixture.ts'

const hourMs = 3_600_000
const minuteMs = 60_000

describe('what becomes of a WeCom message', () => {
  let world: World
  let agents: number[]
  let count = 0
  let text: string
  const send = (body: object = {}) => sendText(world, text, body)
  const fault = (mode: string, more: object = {}) => faultSend(world, mode, more)
  const state = async (msgId: string) => (await statusOf(world, msgId)).status

  beforeAll(async () => {
    world = await startWorld()
    agents = await useAgents(world)
    await world.control('limits', { perMemberMinute: null, perMemberHour: null })
  })
  beforeEach(async () => {
    text = `正文${++count}。`
    await world.control('faults', undefined, 'DELETE')
    // Every test gets its own minute, so that the limit per minute does not carry over from one to the next.
    world.clock.offsetMs += 2 * minuteMs
  })
  afterAll(() => world.close())

  describe('when it is not clear whether it arrived', () => {
    it('goes again with the same bytes, and arrives once', async () => {
      await fault('truncated')
      const { msgId } = await send()
      expect(await arrived(world, text)).toHaveLength(1)
      await later(world, 5000)
      expect(await arrived(world, text)).toHaveLength(1)
      expect((await shownWecom(world)).at(-1)).toMatchObject({ deduplicated: true })
      expect((await statusOf(world, msgId)).attempts).toMatchObject([
        { outcome: 'unsure' },
        { outcome: 'sent' },
      ])
    })

    it('is unknown when another equal one took the duplicate check', async () => {
      await send()
      await fault('truncated')
      const { msgId, status } = await send()
      expect(status).toBe('unknown')
      await later(world, hourMs)
      expect(await arrived(world, text)).toHaveLength(2)
      expect(await state(msgId)).toBe('unknown')
    })

    it('does not become failed by a refusal of the second attempt', async () => {
      await fault('truncated')
      await fault('code:81013')
      const { msgId } = await send()
      await later(world, 5000)
      expect(await state(msgId)).toBe('unknown')
    })

    it('is not sent beyond the memory of the check, however long nobody was there', async () => {
      await fault('truncated')
      const { msgId } = await send()
      const before = await shownWecom(world)
      await later(world, 5 * hourMs)
      expect(await state(msgId)).toBe('unknown')
      expect(await shownWecom(world)).toHaveLength(before.length)
    })
  })

  describe('when the node dies during the call', () => {
    const dying = async () => {
      await fault('busy')
      return (await send()).msgId
    }

    it('goes again', async () => {
      const msgId = await dying()
      await dieDuringCall(world, msgId, 2 * minuteMs)
      await later(world, 0)
      await later(world, minuteMs)
      expect(await state(msgId)).toBe('sent')
      expect(await arrived(world, text)).toHaveLength(1)
      expect((await statusOf(world, msgId)).attempts.map((one: { outcome: string }) => one.outcome)).toEqual([
        'unsure',
        'again',
        'sent',
      ])
    })

    it('is written down before anything leaves, at each attempt, and taken back when it clearly failed', async () => {
      const rows = async () =>
        (
          await sql<{ state: string; unsure: boolean }>`
            select p.state, p.unsure_since is not null as unsure from message_part p
            join message m on m.id = p.message_id order by m.created_at desc limit 1`.execute(world.ctx.db)
        ).rows
      await fault('busy', { delayMs: 300, times: 2 })
      const sending = send()
      await expect.poll(rows).toEqual([{ state: 'sending', unsure: true }])
      await sending
      expect(await rows()).toEqual([{ state: 'waiting', unsure: false }])
      const retried = later(world, 5000)
      await expect.poll(rows).toEqual([{ state: 'sending', unsure: true }])
      await retried
      expect(await rows()).toEqual([{ state: 'waiting', unsure: false }])
    })

    it.each([
      ['longer ago than WeCom remembers', 5 * hourMs, true],
      ['without the check', 2 * minuteMs, false],
    ])('is unknown: %s', async (_why, ago, isChecked) => {
      const msgId = await dying()
      await dieDuringCall(world, msgId, ago, isChecked)
      await later(world, 0)
      await later(world, minuteMs)
      expect(await state(msgId)).toBe('unknown')
      expect(await arrived(world, text)).toHaveLength(0)
    })
  })

  describe('when upstream clearly did not take it', () => {
    it('a missing token leaves nothing in doubt, also without the check', async () => {
      await send()
      await fault('tokenRevoked')
      await fault('http500', { match: 'gettoken' })
      const { msgId, status } = await send()
      expect(status).toBe('queued')
      await later(world, 5000)
      expect(await state(msgId)).toBe('sent')
      expect(await arrived(world, text)).toHaveLength(2)
    })

    it('gives up after a day, and says why', async () => {
      await fault('busy', { times: 100 })
      const { msgId } = await send()
      for (let hours = 0; hours < 26; hours += 2) await later(world, 2 * hourMs)
      const status = await statusOf(world, msgId)
      expect(status).toMatchObject({ status: 'failed', receivers: { failed: 1 } })
      expect(status.failed).toMatchObject([{ userId: 'zhangsan', reason: expect.stringContaining('-1') }])
      await world.control('faults', undefined, 'DELETE')
      await later(world, hourMs)
      expect(await arrived(world, text)).toHaveLength(0)
    })

    it('an agent that has been removed since is waited for, because somebody may add it again', async () => {
      await fault('busy')
      const agentId = String(agents[1])
      const { msgId } = await send({ agentId })
      await removeAgent(world.ctx, 'test', world.corpId, Number(agentId))
      await later(world, 5000)
      expect(await state(msgId)).toBe('queued')
      const { name = '', secret = '' } = world.sandbox.agents[1] ?? {}
      const agent = { agentId: Number(agentId), name, secret, uses: ['messages'] }
      await putAgent(world.ctx, 'test', world.corpId, agent)
      await later(world, 10 * minuteMs)
      expect(await state(msgId)).toBe('sent')
      expect(await arrived(world, text)).toHaveLength(1)
    })
  })

  describe('when settings are at fault', () => {
    it.each([1, 400])('answers 1008, and never sends it, %i times the text', async times => {
      const content = text.repeat(times)
      await world.control('trustedIps', { ips: ['10.0.0.1'] })
      const refused = await send({ content, requestId: `r-${text}` })
      expect([refused.code, refused.message]).toEqual(['1008', expect.stringContaining('60020')])
      await world.control('trustedIps', { ips: null })
      for (const ms of [0, minuteMs, hourMs]) await later(world, ms)
      expect(await arrived(world, text)).toHaveLength(0)
      const answer = await send({ content, requestId: `r-${text}` })
      expect(answer.code).toBe('0')
      await later(world, 0)
      expect(await arrived(world, text)).not.toHaveLength(0)
      expect(await state(answer.msgId)).toBe('sent')
    })

    it('tries on for who was told that it waits', async () => {
      await fault('busy')
      const { msgId } = await send()
      await world.control('trustedIps', { ips: ['10.0.0.1'] })
      await later(world, 5000)
      expect(await state(msgId)).toBe('queued')
      await world.control('trustedIps', { ips: null })
      await later(world, minuteMs)
      expect(await state(msgId)).toBe('sent')
    })
  })

  describe('equal messages all arrive', () => {
    it('in one batch', async () => {
      await Promise.all(Array.from({ length: 6 }, () => send()))
      expect(await arrived(world, text)).toHaveLength(6)
    })

    it('while the first is still tried', async () => {
      await fault('busy', { times: 2 })
      const first = await send()
      await send()
      await send()
      await later(world, 5000)
      await later(world, minuteMs)
      expect(await state(first.msgId)).toBe('sent')
      expect(await arrived(world, text)).toHaveLength(3)
    })

    it('when the first waits for hours and another one takes its place at the check', async () => {
      await fault('busy')
      const first = await send()
      const at = new Date(world.ctx.now() + 5 * hourMs + 10 * minuteMs)
      await sql`update message_part set next_attempt_at = ${at} where message_id = ${first.msgId}`.execute(
        world.ctx.db,
      )
      world.clock.offsetMs += 5 * hourMs
      await send()
      expect(await arrived(world, text)).toHaveLength(1)
      await later(world, 11 * minuteMs)
      expect(await state(first.msgId)).toBe('sent')
      expect(await arrived(world, text)).toHaveLength(2)
    })

    it('when all wait at the day’s cap', async () => {
      await useWecom(world, { dailyCap: 1 })
      // Moves to the start of a new day, so that all three sends fall into the same one.
      world.clock.offsetMs += nextDayAt(world.ctx.now()) + hourMs - world.ctx.now()
      await send({ content: `${text}占满` })
      const { msgId, status } = await send()
      expect(status).toBe('queued')
      expect((await statusOf(world, msgId)).heldUntil).toMatch(/T16:00:00.000Z$/)
      world.clock.offsetMs += 5 * hourMs
      await send()
      await useWecom(world, { dailyCap: null })
      await later(world, 24 * hourMs)
      expect(await arrived(world, `${text}`)).toHaveLength(3)
    })

    it('when the first lost a receiver to the limits', async () => {
      await Promise.all(Array.from({ length: 30 }, (_, n) => send({ toUser: 'lisi', content: `占满${n}` })))
      const both = await send({ toUser: 'zhangsan|lisi' })
      expect(both).toMatchObject({ status: 'queued' })
      await send({ toUser: 'zhangsan' })
      expect((await arrived(world, text)).map(one => one.to)).toEqual([['zhangsan'], ['zhangsan']])
      await later(world, 2 * minuteMs)
      expect((await arrived(world, text)).map(one => one.to.join())).toEqual(['zhangsan', 'zhangsan', 'lisi'])
      expect((await statusOf(world, both.msgId)).receivers).toMatchObject({ total: 2, sent: 2 })
    })
  })

  describe('limits', () => {
    it('count each attempt: what failed comes back thirty a minute', async () => {
      await fault('busy', { times: 40 })
      const answers = await Promise.all(Array.from({ length: 40 }, () => send({ toUser: 'wangwu' })))
      expect(answers.every(one => one.status === 'queued')).toBe(true)
      await world.control('faults', undefined, 'DELETE')
      await later(world, 2 * minuteMs)
      expect(await arrived(world, text)).toHaveLength(30)
      await later(world, 2 * minuteMs)
      expect(await arrived(world, text)).toHaveLength(40)
    })

    it('count a resend too', async () => {
      await fault('code:81013')
      const { msgId } = await send({ toUser: 'zhaoliu|lisi' })
      expect(await state(msgId)).toBe('failed')
      await Promise.all(Array.from({ length: 30 }, (_, n) => send({ toUser: 'lisi', content: `占满${n}` })))
      expect(await resend(world.ctx, 'test', world.corpId, msgId)).toEqual({ receivers: expect.any(Number) })
      await later(world, 0)
      expect((await arrived(world, text)).flatMap(one => one.to)).not.toContain('lisi')
      await later(world, 2 * minuteMs)
      expect((await arrived(world, text)).flatMap(one => one.to)).toContain('lisi')
      expect((await statusOf(world, msgId)).receivers).toMatchObject({ failed: 0, waiting: 0 })
    })

    it('do not fill the day with what waits for the minute', async () => {
      world.clock.offsetMs += 24 * hourMs
      await useWecom(world, { dailyCap: 45 })
      await Promise.all(Array.from({ length: 40 }, () => send({ toUser: 'lisi' })))
      for (let n = 0; n < 4; n++) await later(world, 20_000)
      await later(world, 2 * minuteMs)
      await useWecom(world, { dailyCap: null })
      expect(await arrived(world, text)).toHaveLength(40)
    })
  })

  describe('a text in pieces', () => {
    // The text differs from those of other tests, because the sandbox's clock is not moved and it still remembers
    // them.
    const long = () => text.repeat(400)
    const pieces = async (userId: string) =>
      (await arrived(world, ''))
        .filter(one => one.to.includes(userId) && one.content['content']?.startsWith('('))
        .map(one => one.content['content']?.slice(0, 5))
        .slice(-3)

    it('stays in order when its first must wait', async () => {
      await Promise.all(Array.from({ length: 30 }, (_, n) => send({ toUser: 'lisi', content: `占满${n}` })))
      const { msgId } = await send({ toUser: 'zhangsan|lisi', content: long() })
      await later(world, 0)
      expect(await arrived(world, text)).toHaveLength(0)
      await later(world, 2 * minuteMs)
      await later(world, 0)
      for (const userId of ['zhangsan', 'lisi'])
        expect(await pieces(userId)).toEqual(['(1/3)', '(2/3)', '(3/3)'])
      expect(await state(msgId)).toBe('sent')
    })

    it('goes on where it may have arrived, in order', async () => {
      await fault('truncated')
      await fault('busy', { times: 2 })
      const { msgId } = await send({ content: long() })
      for (let n = 0; n < 4; n++) await later(world, minuteMs)
      expect(await pieces('zhangsan')).toEqual(['(1/3)', '(2/3)', '(3/3)'])
      expect(await state(msgId)).toBe('sent')
    })

    it('ends with the piece that failed, and a resend brings all in order', async () => {
      await fault('code:45002')
      const { msgId } = await send({ content: long() })
      await later(world, minuteMs)
      expect(await arrived(world, text)).toHaveLength(0)
      expect(await statusOf(world, msgId)).toMatchObject({ status: 'failed', receivers: { failed: 1 } })
      await resend(world.ctx, 'test', world.corpId, msgId)
      await later(world, 0)
      expect((await arrived(world, text)).map(one => one.content['content']?.slice(0, 5))).toEqual([
        '(1/3)',
        '(2/3)',
        '(3/3)',
      ])
      expect(await statusOf(world, msgId)).toMatchObject({
        status: 'sent',
        receivers: { failed: 0, sent: 1 },
      })
    })
  })

  it('is one message for equal calls with one requestId at once', async () => {
    await fault('slow', { delayMs: 700 })
    const answers = await Promise.all(Array.from({ length: 8 }, () => send({ requestId: `q-${text}` })))
    expect(new Set(answers.map(one => one.msgId)).size).toBe(1)
    expect(answers.map(one => one.status).sort()).toEqual([...Array(7).fill('queued'), 'sent'])
    expect(await arrived(world, text)).toHaveLength(1)
    const again = await send({ requestId: `q-${text}` })
    expect(again).toEqual(answers.find(one => one.status === 'sent'))
    world.clock.offsetMs += 25 * hourMs
    expect((await send({ requestId: `q-${text}` })).msgId).not.toBe(again.msgId)
  })

  it('leaves out who left between accepting and sending, by name', async () => {
    const { userid } = { userid: `leaver${count}` }
    await world.admin('user/create', {
      userid,
      name: '离职',
      department: [1],
      mobile: `1390000${1000 + count}`,
    })
    await world.sync()
    await fault('busy')
    const { msgId } = await send({ toUser: `${userid}|zhangsan` })
    await world.admin('user/delete', { userid })
    await later(world, 5000)
    expect((await arrived(world, text)).map(one => one.to)).toEqual([['zhangsan']])
    expect(await statusOf(world, msgId)).toMatchObject({
      status: 'sent',
      receivers: { sent: 1, failed: 1 },
      failed: [{ userId: userid, state: 'failed' }],
    })
  })
})
