import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import {
  arrived,
  faultSend,
  fresh,
  later,
  sendText,
  statusOf,
  struck,
  useAgents,
} from '../messages.fixture.ts'
import { resend } from './resend.ts'

const hourMs = 3_600_000
const minuteMs = 60_000

describe('taking a WeCom message back', () => {
  let world: World
  let count = 0
  let text: string
  const send = (body: object = {}) => sendText(world, text, body)
  const fault = (mode: string, more: object = {}) => faultSend(world, mode, more)
  const state = async (msgId: string) => (await statusOf(world, msgId)).status

  beforeAll(async () => {
    world = await startWorld()
    await useAgents(world)
    await world.control('limits', { perMemberMinute: null, perMemberHour: null })
  })
  beforeEach(async () => {
    text = `正文${++count}。`
    await world.control('faults', undefined, 'DELETE')
    // Every test gets its own minute, so that the limit per minute does not carry over from one to the next.
    world.clock.offsetMs += 2 * minuteMs
  })
  afterAll(() => world.close())

  describe('recall', () => {
    const recall = (msgId: string) => fresh(world).post('/api/message/recall', { msgId })

    it('takes back what arrived', async () => {
      const { msgId } = await send()
      expect((await recall(msgId)).body).toEqual({ recalled: 1, unrecalled: 0 })
      expect((await arrived(world, text))[0]?.recalledAt).toBeTruthy()
    })

    it('takes back what is just being sent', async () => {
      await fault('slow', { delayMs: 400 })
      const sending = send({ requestId: `x-${text}` })
      await struck(world)
      const { msgId } = await send({ requestId: `x-${text}` })
      expect((await recall(msgId)).body).toEqual({ recalled: 1, unrecalled: 0 })
      await sending
      expect((await arrived(world, text))[0]?.recalledAt).toBeTruthy()
    })

    it('keeps what failed while it was recalled from going again', async () => {
      await fault('busy', { delayMs: 400 })
      const sending = send({ requestId: `x-${text}` })
      await struck(world)
      const { msgId } = await send({ requestId: `x-${text}` })
      await recall(msgId)
      await sending
      await later(world, minuteMs)
      expect(await arrived(world, text)).toHaveLength(0)
      expect(await statusOf(world, msgId)).toMatchObject({ status: 'failed', receivers: { cancelled: 1 } })
    })

    it('does not claim to have taken back what may have arrived', async () => {
      await fault('truncated')
      const { msgId } = await send()
      expect((await recall(msgId)).body).toEqual({ recalled: 0, unrecalled: 1 })
      await later(world, minuteMs)
      expect(await state(msgId)).toBe('unknown')
      expect(await arrived(world, text)).toHaveLength(1)
    })

    it('is for a day, and for the own messages', async () => {
      const { msgId } = await send()
      const other = await world.addDeveloper()
      expect((await other.post('/api/message/recall', { msgId })).retCode).toBe('1000')
      expect((await other.get('/api/message/status', { msgId })).retCode).toBe('1000')
      world.clock.offsetMs += 25 * hourMs
      expect((await recall(msgId)).retCode).toBe('1000')
      expect(await statusOf(world, msgId)).toMatchObject({ status: 'sent', recalledAt: '' })
    })

    it('changes nothing when WeCom refuses, and is told of in the audit log only when it is done', async () => {
      const { msgId } = await send()
      await world.control('faults', { match: 'message/recall', mode: 'code:40058', times: 1 })
      expect((await recall(msgId)).retCode).toBe('1011')
      expect(await statusOf(world, msgId)).toMatchObject({ status: 'sent', recalledAt: '' })
      const audited = () =>
        world.ctx.db
          .selectFrom('audit')
          .select('detail')
          .where('target', '=', msgId)
          .where('act', '=', 'message.recall')
          .execute()
      expect(await audited()).toEqual([])
      expect((await recall(msgId)).body).toEqual({ recalled: 1, unrecalled: 0 })
      expect(await audited()).toEqual([{ detail: { recalled: 1, unrecalled: 0 } }])
      expect((await statusOf(world, msgId)).recalledAt).not.toBe('')
      expect((await recall(msgId)).retMessage).toContain('没有可以撤回的内容')
    })

    it('goes part by part: what WeCom refuses leaves the others recalled, and can be tried again', async () => {
      const { msgId } = await sendText(world, `${text}${'长'.repeat(3000)}`)
      await later(world, 0)
      const parts = (await statusOf(world, msgId)).attempts.length
      expect(parts).toBeGreaterThan(1)
      await world.control('faults', { match: 'message/recall', mode: 'code:40058', times: 1 })
      expect((await recall(msgId)).body).toEqual({ recalled: parts - 1, unrecalled: 1 })
      expect((await recall(msgId)).body).toEqual({ recalled: 1, unrecalled: 0 })
    })
  })

  it('is resent after it was refused as a whole, once the fault is mended', async () => {
    await fault('code:60020')
    expect((await send()).code).toBe('1008')
    const { id } = await world.ctx.db
      .selectFrom('message')
      .select('id')
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    expect(await resend(world.ctx, 'test', world.corpId, id)).toEqual({ receivers: 1 })
    await later(world, 0)
    expect(await arrived(world, text)).toHaveLength(1)
    expect(await statusOf(world, id)).toMatchObject({ status: 'sent', recalledAt: '' })
    await fresh(world).post('/api/message/recall', { msgId: id })
    await expect(resend(world.ctx, 'test', world.corpId, id)).rejects.toThrow('已撤回')
  })

  it('is resent once when two persons ask for it at once', async () => {
    await fault('code:81013')
    const { msgId } = await send()
    const [one, two] = await Promise.all([
      resend(world.ctx, 'test', world.corpId, msgId),
      resend(world.ctx, 'test', world.corpId, msgId),
    ])
    expect(one.receivers + two.receivers).toBe(1)
    await later(world, 0)
    expect(await arrived(world, text)).toHaveLength(1)
    expect(await statusOf(world, msgId)).toMatchObject({
      status: 'sent',
      receivers: { total: 1, sent: 1, failed: 0, cancelled: 0 },
    })
  })

  it('goes to all as @all, and with a data scope to those in it', async () => {
    const everybody = await send({ toUser: '@all' })
    const [toAll] = await arrived(world, text)
    expect(toAll).toMatchObject({ all: true })
    const { receivers } = await statusOf(world, everybody.msgId)
    expect(receivers).toMatchObject({ sent: receivers.total, failed: 0 })
    const seen = world.ctx.mirrors.of(world.corpId)
    const department = seen.tree.get(1)!.children[0]!.department.id
    const scoped = await world.addDeveloper({ dataScope: { departments: [department], tags: [] } })
    const answer = await scoped.post('/api/message/send', {
      toUser: '@all',
      sendType: '0',
      msgType: '03',
      agentName: '审批',
      content: `${text}范围`,
    })
    expect(answer.body.status).toBe('queued')
    await later(world, 0)
    await expect
      .poll(() => statusOf(world, answer.body.msgId, scoped).then(one => one.status), { timeout: 5000 })
      .toBe('sent')
    const own = (await arrived(world, `${text}范围`)).flatMap(one => one.to)
    const { failed } = await statusOf(world, answer.body.msgId, scoped)
    own.push(...failed.map((one: { userId: string }) => one.userId))
    const people = await scoped.get('/api/user/orgUserList', {
      orgId: department,
      fetchChild: 1,
      pageSize: 100,
    })
    expect(own.sort()).toEqual(people.body.list.map((one: { userId: string }) => one.userId).sort())
  })
})
