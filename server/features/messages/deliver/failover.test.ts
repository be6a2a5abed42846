import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startSandbox } from '../../../../sandbox/sandbox.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { setChannel } from '../../channels/settings/settings.ts'
import {
  fresh,
  later,
  type ShownSms,
  shownSms,
  smsSettingsOf,
  smsWays,
  statusOf,
  useSmsOrder,
} from '../messages.fixture.ts'

const minuteMs = 60_000

/** What a vendor is made to do, and what comes of an SMS whose next vendor is well. */
type Case = { mode: string; goesOn: 'at once' | 'after asking' | 'never' }

describe('an SMS whose first vendor fails', () => {
  let world: World
  let count = 0
  let code: string
  beforeAll(async () => {
    world = await startWorld()
  })
  beforeEach(async () => {
    code = String(100_000 + ++count)
    world.clock.offsetMs += 2 * minuteMs
    await world.control('faults', undefined, 'DELETE')
    await world.control('sms', { refuse: null })
  })
  afterAll(() => world.close())

  const fault = (match: string, mode: string) => world.control('faults', { match, mode })
  const send = async (toUser = 'zhangsan') => {
    const given = { templateId: 'code', params: [code, '5'], agentName: '审批', toUser }
    return (await fresh(world).post('/api/message/sms', given)).body as { msgId: string; status: string }
  }
  const arrived = async (): Promise<ShownSms[]> =>
    (await shownSms(world)).filter(one => one.text.includes(code))
  const state = async (msgId: string) => (await statusOf(world, msgId)).status
  const by = async () => (await arrived()).map(one => one.vendor)

  describe.each([
    ['aliyun', 'sms/aliyun/SendSms', 'isv.AMOUNT_NOT_ENOUGH', 'isp.SYSTEM_ERROR', 'isv.SMS_CONTENT_ILLEGAL'],
    [
      'tencent',
      'sms/tencent/SendSms',
      'FailedOperation.InsufficientBalanceInSmsPackage',
      'InternalError.Timeout',
      'FailedOperation.ContainSensitiveWord',
    ],
  ] as const)('%s', (first, match, notSent, unclear, person) => {
    beforeAll(async () => {
      // A vendor's clock is nearly ours.
      world.clock.offsetMs = 0
      await useSmsOrder(world, [first, 'huawei'])
    })

    it('took it and did not say so: the record tells, and nobody gets it twice', async () => {
      await fault(match, 'truncated')
      const { msgId } = await send()
      for (const ms of [5000, 330_000]) await later(world, ms)
      expect(await by()).toEqual([first])
      expect(await state(msgId)).toBe('sent')
    })

    const cases: Case[] = [
      { mode: `code:${notSent}`, goesOn: 'at once' },
      { mode: 'rateLimit', goesOn: 'at once' },
      { mode: `code:${unclear}`, goesOn: 'after asking' },
      { mode: 'http500', goesOn: 'after asking' },
      { mode: 'html', goesOn: 'after asking' },
      { mode: `code:${person}`, goesOn: 'never' },
    ]
    it.each(cases)('$mode: the next one is tried $goesOn', async ({ mode, goesOn }) => {
      await fault(match, mode)
      const { msgId } = await send()
      await later(world, 1000)
      expect(await by()).toEqual(goesOn === 'at once' ? ['huawei'] : [])
      for (const ms of [5000, 20_000, 60_000]) await later(world, ms)
      expect(await by()).toEqual(goesOn === 'at once' ? ['huawei'] : [])
      await later(world, 250_000)
      expect(await by()).toEqual(goesOn === 'never' ? [] : ['huawei'])
      expect(await state(msgId)).toBe(goesOn === 'never' ? 'failed' : 'sent')
    })
  })

  it('has no second vendor when the one without a record is unclear', async () => {
    await useSmsOrder(world, ['huawei', 'tencent'])
    await fault('sms/huawei/batchSendSms', 'code:E000000')
    const { msgId } = await send()
    for (const ms of [5000, 330_000, 1_800_000]) await later(world, ms)
    expect(await by()).toEqual([])
    expect(await state(msgId)).toBe('unknown')
  })

  it('has none either for what went abroad by its text, of which the record knows nothing', async () => {
    await useSmsOrder(world, ['aliyun', 'huawei', 'json'])
    const settings = { ...smsSettingsOf(world, 'aliyun'), abroad: 'globe' as const }
    await setChannel(world.ctx, 'test', world.corpId, 'sms', settings)
    const member = world.ctx.db.updateTable('member').where('user_id', '=', 'zhangsan')
    const { mobile } = await world.ctx.db
      .selectFrom('member')
      .select('mobile')
      .where('user_id', '=', 'zhangsan')
      .executeTakeFirstOrThrow()
    await member.set({ mobile: '+14155550123' }).execute()
    await fault('sms/aliyun/SendMessageToGlobe', 'http500')
    const { msgId } = await send()
    for (const ms of [5000, 330_000, 660_000]) await later(world, ms)
    await member.set({ mobile }).execute()
    expect(await by()).toEqual([])
    expect(await state(msgId)).toBe('unknown')
  })

  it('does not take a record that cannot be read for one that lacks it', async () => {
    await useSmsOrder(world, ['aliyun', 'tencent'])
    await fault('sms/aliyun/SendSms', 'http500')
    await fault('sms/aliyun/QuerySendDetails', 'http500')
    const { msgId } = await send()
    for (const ms of [5000, 330_000, 660_000, 1_800_000]) await later(world, ms)
    expect(await by()).toEqual([])
    expect(await state(msgId)).toBe('unknown')
  })

  it('does not ask the record of another account that has taken its place', async () => {
    await useSmsOrder(world, ['aliyun', 'tencent'])
    const other = await startSandbox({ members: 1, departments: 1, tags: 0, seed: 2 })
    await fault('sms/aliyun/SendSms', 'truncated')
    const { msgId } = await send()
    expect(await by()).toEqual(['aliyun'])
    const settings = smsSettingsOf({ ...world, sandbox: other }, 'aliyun')
    await setChannel(world.ctx, 'test', world.corpId, 'sms', settings)
    for (const ms of [5000, 330_000, 660_000, 1_800_000]) await later(world, ms)
    await other.close()
    expect(await by()).toEqual(['aliyun'])
    expect(await state(msgId)).toBe('unknown')
  })

  it('goes on for those alone whom the first refused by its own list', async () => {
    await useSmsOrder(world, ['tencent', 'aliyun'])
    const { mobile } = await world.ctx.db
      .selectFrom('member')
      .select('mobile')
      .where('user_id', '=', 'lisi')
      .executeTakeFirstOrThrow()
    await world.control('sms', { refuse: { [mobile]: 'FailedOperation.PhoneNumberInBlacklist' } })
    const { msgId } = await send('zhangsan|lisi')
    await later(world, 1000)
    expect((await arrived()).map(one => [one.vendor, one.userid]).sort()).toEqual([
      ['aliyun', 'lisi'],
      ['tencent', 'zhangsan'],
    ])
    expect((await statusOf(world, msgId)).receivers).toMatchObject({ total: 2, sent: 2, failed: 0 })
  })

  it('tells its developer, also where nobody knows of any of its receivers', async () => {
    await useSmsOrder(world, ['tencent', 'aliyun'])
    const { rows } = await sql<{ mobile: string; code: string }>`
      select mobile, case user_id when 'lisi' then 'InternalError.Timeout' else 'InternalError.OtherError' end as code
      from member where user_id in ('zhangsan', 'lisi')`.execute(world.ctx.db)
    await world.control('sms', { refuse: Object.fromEntries(rows.map(one => [one.mobile, one.code])) })
    const dev = await world.addDeveloper({
      name: '短信系统',
      scopes: ['sms:send', 'message:send', 'webhook:manage'],
    })
    const given = { templateId: 'code', params: [code, '5'], agentName: '审批', toUser: 'zhangsan|lisi' }
    const { msgId } = (await fresh(world, dev).post('/api/message/sms', given)).body
    await later(world, 1000)
    expect((await statusOf(world, msgId, dev)).receivers).toMatchObject({ total: 2, unknown: 2 })
    const told =
      await sql`select from (select type, data from event union all select type, data from event_outbox) as e
      where type = 'message.result' and data->>'msgId' = ${msgId}`.execute(world.ctx.db)
    expect(told.rows).toHaveLength(1)
  })

  it('waits and begins with the first again while all are down', async () => {
    await useSmsOrder(world, ['huawei', 'aliyun', 'tencent'])
    await fault('sms/huawei/batchSendSms', 'code:E000623')
    await fault('sms/aliyun/SendSms', 'rateLimit')
    await fault('sms/tencent/SendSms', 'rateLimit')
    const { msgId } = await send()
    for (const ms of [0, 0]) await later(world, ms)
    expect(await state(msgId)).toBe('queued')
    await world.control('faults', undefined, 'DELETE')
    await later(world, minuteMs)
    expect(await by()).toEqual(['huawei'])
    const { attempts } = await statusOf(world, msgId)
    expect(attempts.map((one: { outcome: string }) => one.outcome)).toEqual([
      'again',
      'again',
      'again',
      'sent',
    ])
  })

  it.each(smsWays)('arrives by %s', async way => {
    await useSmsOrder(world, [way])
    const { msgId } = await send('zhangsan|lisi')
    await later(world, 1000)
    expect(await state(msgId)).toBe('sent')
    expect((await arrived()).map(one => [one.vendor, one.text]).sort()).toEqual(
      Array.from({ length: 2 }, () => [
        way,
        expect.stringMatching(new RegExp(`【华宇智联】您的验证码为${code}，5分钟内有效`)),
      ]),
    )
  })
})
