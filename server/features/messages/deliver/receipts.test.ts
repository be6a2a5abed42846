import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { fresh, statusOf, useSms, vendors } from '../messages.fixture.ts'
import { readReceipts } from './receipts.ts'

describe.each(vendors)('receipts of %s', vendor => {
  let world: World
  let as: SignedInClient
  beforeAll(async () => {
    world = await startWorld()
    await useSms(world, vendor)
    as = await signInAs(world, 'super')
  })
  afterAll(() => world.close())

  const send = async (toUser: string): Promise<string> => {
    const given = { templateId: 'code', params: ['666666', '5'], agentName: '审批', toUser }
    const { body } = await fresh(world).post('/api/message/sms', given)
    expect(body.status).toBe('sent')
    return body.msgId
  }
  /** The receivers shown as 已收到 in the console, and the others with their reason. */
  const fates = async (msgId: string) => {
    const { body } = await as.get('/web/messages/receivers', { msgId })
    return body.list.map((row: { userId: string; state: string; delivered: boolean; reason: string }) => [
      row.userId,
      row.state,
      row.delivered || row.reason,
    ])
  }
  const readAfter = async (ms: number) => {
    world.clock.offsetMs += ms
    await readReceipts(world.ctx)
  }

  it('show who received it, and why others did not', async () => {
    const { rows } = await sql<{ mobile: string }>`select mobile from member where user_id = 'lisi'`.execute(
      world.ctx.db,
    )
    await world.control('sms', { refuse: { [rows[0]?.mobile ?? '']: 'MOBILE_NOT_ON_SERVICE' } })
    const msgId = await send('zhangsan|lisi')
    expect(await fates(msgId)).toEqual([
      ['lisi', 'sent', ''],
      ['zhangsan', 'sent', ''],
    ])
    await readAfter(31_000)
    expect(await fates(msgId)).toEqual([
      ['lisi', 'failed', expect.stringContaining('MOBILE_NOT_ON_SERVICE')],
      ['zhangsan', 'sent', true],
    ])
    expect((await statusOf(world, msgId)).receivers).toMatchObject({ sent: 1, failed: 1 })
  })

  it('come later when the vendor did not answer', async () => {
    const path = vendor === 'aliyun' ? 'QuerySendDetails' : 'PullSmsSendStatus'
    await world.control('faults', { match: `sms/${vendor}/${path}`, mode: 'http500', times: 1 })
    const msgId = await send('wangwu')
    await readAfter(31_000)
    expect(await fates(msgId)).toEqual([['wangwu', 'sent', '']])
    await readAfter(120_000)
    expect(await fates(msgId)).toEqual([['wangwu', 'sent', true]])
  })

  if (vendor === 'aliyun')
    it('are asked for a few times, and no more once they are there or the message is old', async () => {
      const asked = async () => {
        const parts = await world.ctx.db
          .selectFrom('message_part')
          .select('receipts_asked as n')
          .orderBy('id')
          .execute()
        return parts.map(part => part.n)
      }
      await world.control('faults', undefined, 'DELETE')
      await world.control('faults', { match: 'sms/aliyun/QuerySendDetails', mode: 'http500' })
      const before = await asked()
      await send('zhangsan')
      await readAfter(10_000)
      expect(await asked()).toEqual([...before, 0])
      for (const minutes of [0.5, 0.5, 2, 10, 60, 360, 1440, 1440]) await readAfter(minutes * 60_000)
      expect((await asked()).at(-1)).toBe(6)
      const { hits } = ((await world.control('faults')) as { faults: { hits: number }[] }).faults[0]!
      expect(hits).toBe(6)
    })
})
