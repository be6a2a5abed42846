import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { faultSend, fresh, useAgents, useSms } from '../messages.fixture.ts'
import { findMessages } from '../parts/store.ts'
import { attemptPart } from './attempt.ts'
import { createRecorder } from './calls.ts'
import { claimParts } from './part-store.ts'

/** A node that did not hear of a commit, because PostgreSQL died after it, writes the same record again. */
describe('the outcome of an attempt that is recorded twice', () => {
  let world: World
  let dev: Caller
  beforeAll(async () => {
    world = await startWorld()
    await useAgents(world)
    await useSms(world, 'aliyun')
    dev = await world.addDeveloper({ scopes: ['message:send', 'sms:send', 'webhook:manage'] })
  })
  beforeEach(async () => {
    await world.control('faults', undefined, 'DELETE')
    await world.control('sms', { refuse: null })
  })
  afterAll(() => world.close())

  const send = async (path: string, body: object): Promise<string> =>
    (await fresh(world, dev).post(path, { agentName: '审批', ...body })).body.msgId
  const text = (content: string) =>
    send('/api/message/send', { toUser: 'zhangsan', sendType: '0', msgType: '03', content })

  /**
   * Makes another attempt for a message of one part, as if it were its first, records its outcome twice, and returns how many
   * receivers each part has. The parts that it is divided into are sent during that time.
   */
  async function attemptRecordedTwice(msgId: string, channel: string) {
    const { ctx, corpId } = world
    const { db } = ctx
    const record = createRecorder(ctx)
    await sql`delete from event_outbox`.execute(db)
    await sql`delete from event`.execute(db)
    const now = new Date(ctx.now() + 60_000)
    const leaseUntil = new Date(now.getTime() + 60_000)
    const [part] = await claimParts(db, corpId, channel, { now, leaseUntil }, 1, [])
    const message = (await findMessages(db, corpId, [msgId])).get(msgId)
    if (part?.messageId !== msgId || !message) throw new Error('the part is not claimed')
    const { recorded } = await attemptPart(ctx, message, part, () => false)
    await record(recorded)
    await record(recorded)
    const parts = await sql<{ receivers: number }>`
      select cardinality(user_ids) as receivers from message_part where message_id = ${msgId} order by n`.execute(
      db,
    )
    return { state: recorded.change.state, receivers: parts.rows.map(one => one.receivers) }
  }
  const timesTold = async (msgId: string) =>
    (
      await sql`select from event_outbox where entity = ${`message:${msgId}`}
        union all select from event where entity = ${`message:${msgId}`}`.execute(world.ctx.db)
    ).rows.length
  /** Due for `attemptRecordedTwice`, which claims what is due within a minute, and not for the node of the world. */
  const soon = sql`next_attempt_at = now() + interval '30 seconds'`
  const putBack = (msgId: string) =>
    sql`update message_part set state = 'waiting', attempts = 0, unsure_since = null, vendor_id = null,
      finished_at = null, ${soon} where message_id = ${msgId}`.execute(world.ctx.db)
  const dieDuringCall = (msgId: string) =>
    sql`update message_part set state = 'sending', attempts = attempts + 1, unsure_since = now() - interval '5 hours',
      is_checked = false, ${soon} where message_id = ${msgId}`.execute(world.ctx.db)

  it('is told once when it was sent', async () => {
    const msgId = await text('一次')
    await putBack(msgId)
    expect(await attemptRecordedTwice(msgId, 'wecom')).toEqual({ state: 'sent', receivers: [1] })
    expect(await timesTold(msgId)).toBe(1)
  })

  it('is told once when nobody knows what became of it', async () => {
    await faultSend(world, 'busy')
    const msgId = await text('不明')
    await dieDuringCall(msgId)
    expect(await attemptRecordedTwice(msgId, 'wecom')).toEqual({ state: 'unknown', receivers: [1] })
    expect(await timesTold(msgId)).toBe(1)
  })

  it('divides the part once when the vendor refuses one of its numbers', async () => {
    const msgId = await send('/api/message/sms', {
      toUser: 'zhangsan|lisi',
      templateId: 'code',
      params: ['666666', '5'],
    })
    await putBack(msgId)
    const { rows } = await sql<{ mobile: string }>`select mobile from member where user_id = 'lisi'`.execute(
      world.ctx.db,
    )
    await world.control('sms', { refuse: { [rows[0]?.mobile ?? '']: 'isv.MOBILE_NUMBER_ILLEGAL' } })
    expect(await attemptRecordedTwice(msgId, 'sms')).toEqual({ state: 'replaced', receivers: [2, 1, 1] })
  })
})
