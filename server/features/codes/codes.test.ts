import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, type Caller, callerOf, startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { saveWays } from '../../callers/sign-in/ways/ways.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { createSeal } from '../../platform/security/seal.ts'
import { startServer } from '../../server.ts'
import {
  fresh,
  shownMail,
  shownSms,
  shownWecom,
  useAgents,
  useSms,
  useSmtp,
} from '../messages/messages.fixture.ts'
import { developersCodesFailed } from './failed.ts'
import { developersCodesSent, sendCode } from './send-code.ts'

let world: World
let dev: Caller
let other: Caller
beforeAll(async () => {
  world = await startWorld({ members: 60 })
  await useAgents(world)
  await useSmtp(world)
  await useSms(world, 'tencent')
  await saveWays(world.ctx, 'test', world.corpId, { smsTemplate: 'code' })
  dev = await world.addDeveloper({ name: '报销', scopes: ['code:send'] })
  other = await world.addDeveloper({
    name: '门禁',
    scopes: ['code:send', 'code:any'],
    dataScope: { departments: [2], tags: [] },
  })
})
afterAll(() => world.close())
beforeEach(async () => {
  world.clock.offsetMs = 0
  await world.ctx.db.deleteFrom('attempt_counter').execute()
  await world.ctx.db.deleteFrom('developer_code').execute()
})

const ask = (more: object, by = dev) =>
  fresh(world, by).post('/api/code/send', { purpose: '登录', sendType: '1', ...more })
const give = (sent: Answer, code: string, more: object = { userId: 'zhangsan' }, by = dev) =>
  fresh(world, by).post('/api/code/check', { codeId: sent.body.codeId, purpose: '登录', code, ...more })
const columnOf = async (userId: string, column: 'mobile' | 'email') =>
  (
    await world.ctx.db
      .selectFrom('member')
      .select(`${column} as value`)
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow()
  ).value
const digits = (text = '') => /\d{6}/.exec(text)?.[0] ?? ''
const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

async function lastSms() {
  await developersCodesSent()
  return (await shownSms(world)).at(-1)
}

describe('a code', () => {
  it('reaches its receiver by each channel, fits once, and is kept nowhere as it is', async () => {
    const begin = [(await shownMail(world)).length, (await shownWecom(world)).length]
    const bySms = await ask({ userId: 'ZhangSan' })
    expect(bySms.body).toEqual({ codeId: expect.stringMatching(/^[\w-]{24}$/), expiresIn: 300 })
    const code = digits((await lastSms())?.text)
    expect((await lastSms())?.userid).toBe('zhangsan')
    const byMail = await ask({ userId: 'zhangsan', sendType: '2' })
    const byWecom = await ask({ userId: 'zhangsan', sendType: '0' })
    await developersCodesSent()
    const mail = (await shownMail(world)).slice(begin[0])[0]
    const wecom = (await shownWecom(world)).slice(begin[1])[0]
    expect(mail?.subject).toBe('【报销】验证码')
    expect(mail?.text).toContain('用途：登录')
    expect((await give(byMail, digits(mail?.text))).body).toEqual({ ok: true, triesLeft: 4 })
    expect((await give(byWecom, digits(wecom?.content['content']))).body.ok).toBe(true)
    expect((await give(bySms, ` ${code.slice(0, 3)}-${code.slice(3)} `)).body.ok).toBe(true)
    expect((await give(bySms, code)).body).toEqual({ ok: false, triesLeft: 0, why: 'used' })
    const messages = await sql<{ n: number }>`select count(*)::int as n from message`.execute(world.ctx.db)
    expect(messages.rows).toEqual([{ n: 0 }])
    const rows = await world.ctx.db.selectFrom('developer_code').selectAll().execute()
    const logged = await sql`select to_jsonb(l) from call_log l`.execute(world.ctx.db)
    expect(JSON.stringify([rows, logged.rows])).not.toContain(code)
  })

  it('takes five tries, whichever purpose and receiver they give, and five minutes', async () => {
    const sent = await ask({ userId: 'zhangsan' })
    const code = digits((await lastSms())?.text)
    expect((await give(sent, wrong(code))).body).toEqual({ ok: false, triesLeft: 4, why: 'wrong' })
    expect((await give(sent, code, { userId: 'lisi' })).body).toMatchObject({ ok: false, why: 'wrong' })
    expect((await give(sent, code, { userId: 'zhangsan', purpose: '支付' })).body.why).toBe('wrong')
    expect((await give(sent, code, { mobile: await columnOf('zhangsan', 'mobile') })).body.why).toBe('wrong')
    expect((await give(sent, wrong(code))).body).toEqual({ ok: false, triesLeft: 0, why: 'wrong' })
    expect((await give(sent, code)).body).toEqual({ ok: false, triesLeft: 0, why: 'used' })
    world.clock.offsetMs += 61_000
    const late = await ask({ userId: 'zhangsan' })
    const lateCode = digits((await lastSms())?.text)
    expect((await give(late, lateCode, { userId: 'zhangsan' }, other)).body).toEqual({
      ok: false,
      triesLeft: 0,
      why: 'expired',
    })
    world.clock.offsetMs += 300_000
    expect((await give(late, lateCode)).body.why).toBe('expired')
    const unknown = { ...late, body: { codeId: 'x' } } as Answer
    expect((await give(unknown, lateCode)).body.why).toBe('expired')
  })

  it('fits once when two nodes are given it at the same time', async () => {
    const second = await startServer(readConfig(world.env), { log: createLog('silent'), now: world.ctx.now })
    try {
      const sent = await ask({ userId: 'zhangsan' })
      const code = digits((await lastSms())?.text)
      const input = { codeId: sent.body.codeId, purpose: '登录', userId: 'zhangsan', code }
      const by = [fresh(world, dev), callerOf(second.url, dev)]
      const answers = await Promise.all(
        [0, 1, 0, 1].map(n => by[n]!.post('/api/code/check', input).then(one => one.body.why)),
      )
      expect(answers.filter(why => why === undefined)).toHaveLength(1)
      expect(answers.filter(why => why === 'used')).toHaveLength(3)
    } finally {
      await second.close()
    }
  })

  it('is the same for the same requestId, also at the same time, and refused for another content', async () => {
    const before = (await shownSms(world)).length
    const given = { userId: 'zhangsan', requestId: 'r1' }
    const sent = await Promise.all([ask(given), ask(given), ask(given)])
    expect(new Set(sent.map(one => one.body.codeId)).size).toBe(1)
    await developersCodesSent()
    expect(await shownSms(world)).toHaveLength(before + 1)
    world.clock.offsetMs += 100_000
    expect((await ask(given)).body).toEqual({
      codeId: sent[0]!.body.codeId,
      expiresIn: expect.toSatisfy((left: number) => left > 190 && left <= 200),
    })
    const otherwise = await ask({ ...given, sendType: '2' })
    expect([otherwise.retCode, otherwise.retMessage]).toEqual(['1000', expect.stringContaining('requestId')])
    expect((await ask({ ...given, userId: 'lisi' }, other)).retCode).toBe('0')
  })
})

it('is another one for the same requestId once it has expired, or was lost with its node', async () => {
  const given = { userId: 'zhangsan', requestId: 'r3' }
  const first = await ask(given)
  await developersCodesSent()
  // What a node leaves that dies before it says what became of the code.
  await world.ctx.db.updateTable('developer_code').set({ settled_at: null }).execute()
  world.clock.offsetMs += 59_000
  expect((await ask(given)).body.codeId).toBe(first.body.codeId)
  world.clock.offsetMs += 2000
  const again = await Promise.all([ask(given), ask(given)])
  const { codeId } = again[0]!.body
  expect(again[1]!.body.codeId).toBe(codeId)
  expect(codeId).not.toBe(first.body.codeId)
  expect((await give(again[0]!, digits((await lastSms())?.text))).body.ok).toBe(true)
  world.clock.offsetMs += 280_000
  expect((await ask(given)).body.codeId).toBe(codeId)
  world.clock.offsetMs += 21_000
  expect((await ask({ ...given, sendType: '2' })).retCode).toBe('1000')
  expect((await ask(given)).body.codeId).not.toBe(codeId)
})

it('is the same for a requestId also after the secret key has changed', async () => {
  const given = { userId: 'zhangsan', requestId: 'r2' }
  const sent = await ask(given)
  await developersCodesSent()
  const seal = createSeal('another secret key of at least 32 letters', world.env['WISP_SECRET_KEY'])
  const caller = world.ctx.developers.get(dev.devId)!
  const order = { purpose: '登录', receiver: { userId: 'zhangsan' }, sendType: '1', requestId: 'r2' } as const
  expect((await sendCode({ ...world.ctx, seal }, caller, order)).codeId).toBe(sent.body.codeId)
})

describe('who is not to get one', () => {
  it('is answered alike, and nothing fits', async () => {
    const before = [await shownSms(world), await shownMail(world), await shownWecom(world)].map(
      one => one.length,
    )
    const outside = await world.ctx.db
      .selectFrom('member')
      .select(['user_id', 'mobile'])
      .where('corp_id', '=', world.corpId)
      .where('mobile', '!=', '')
      .execute()
    const { members } = world.ctx.mirrors.of(world.corpId)
    const stranger = outside.find(one => {
      const core = members.byKey(one.user_id.toLowerCase())
      return core && !core.departments.includes(2)
    })!
    const sent = await Promise.all([
      ask({ userId: 'nobody' }, other),
      ask({ userId: stranger.user_id }, other),
      ask({ userId: 'nobody', sendType: '2' }),
      ask({ mobile: stranger.mobile, sendType: '0' }, other),
      ask({ mobile: '19900000000' }),
    ])
    await developersCodesSent()
    expect(sent.map(one => one.retCode)).toEqual(['0', '0', '0', '0', '0'])
    for (const { body } of sent) expect(Object.keys(body)).toEqual(['codeId', 'expiresIn'])
    const after = [await shownSms(world), await shownMail(world), await shownWecom(world)].map(
      one => one.length,
    )
    expect(after).toEqual(before)
    expect((await give(sent[0]!, '123456', { userId: 'nobody' }, other)).body).toEqual({
      ok: false,
      triesLeft: 4,
      why: 'wrong',
    })
  })

  it('may be anybody by SMS with code:any', async () => {
    const sent = await ask({ mobile: '+86 199-0000-0000' }, other)
    const sms = await lastSms()
    expect(sms?.phone).toContain('19900000000')
    expect((await give(sent, digits(sms?.text), { mobile: '19900000000' }, other)).body.ok).toBe(true)
  })
})

describe('limits', () => {
  it('of a receiver are shared by developers, and not by the sign-in', async () => {
    await sql`update sign_in_setting set ways = '{wecom,sms}' where corp_id = ${world.corpId}`.execute(
      world.ctx.db,
    )
    const mobile = await columnOf('zhangsan', 'mobile')
    expect((await ask({ mobile })).retCode).toBe('0')
    const again = await ask({ mobile: `+86 ${mobile}` }, other)
    expect([again.retCode, again.status]).toEqual(['1010', 429])
    const signIn = await fresh(world).post('/web/sign-in/sms', { corpId: world.corpId, mobile })
    expect(signIn.retCode).toBe('0')
    for (let n = 0; n < 9; n++) {
      world.clock.offsetMs += 61_000
      expect((await ask({ mobile }, other)).retCode).toBe('0')
    }
    world.clock.offsetMs += 61_000
    expect((await ask({ mobile })).retCode).toBe('1010')
    const rows = await world.ctx.db.selectFrom('developer_code').select('id').execute()
    expect(rows).toHaveLength(10)
    await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom'] })
  })

  it('of a number hold for its userId too, and do not tell whose number it is', async () => {
    const mobile = await columnOf('zhangsan', 'mobile')
    const codes = async () => {
      await developersCodesSent()
      return (await shownSms(world)).length
    }
    const before = await codes()
    expect((await ask({ userId: 'zhangsan' })).retCode).toBe('0')
    expect(await codes()).toBe(before + 1)
    const guessed = await ask({ mobile }, other)
    expect([guessed.retCode, await codes()]).toEqual(['0', before + 1])
    for (let n = 1; n < 10; n++) {
      world.clock.offsetMs += 60_000
      await ask({ mobile }, other)
    }
    expect(await codes()).toBe(before + 10)
    world.clock.offsetMs += 60_000
    const over = await ask({ userId: 'zhangsan' })
    expect([over.retCode, await codes()]).toEqual(['0', before + 10])
  })
})

describe('bad input', () => {
  it('is refused by name, and nothing is stored', async () => {
    const cases: [object, string, string][] = [
      [{}, '1000', 'userId'],
      [{ userId: 'zhangsan', mobile: '13800000000' }, '1000', 'mobile'],
      [{ mobile: '1380000' }, '1000', 'mobile'],
      [{ userId: 'zhangsan', sendType: '3' }, '1000', 'sendType'],
      [{ userId: 'zhangsan', purpose: 'http://evil.example' }, '1000', 'purpose'],
      [{ userId: 'zhangsan', purpose: 'x'.repeat(33) }, '1000', 'purpose'],
    ]
    for (const [more, code, name] of cases) {
      const { retCode, retMessage } = await ask(more)
      expect([retCode, retMessage]).toEqual([code, expect.stringContaining(name)])
    }
    expect(
      (await world.dev.post('/api/code/send', { purpose: 'a', userId: 'b', sendType: '1' })).retCode,
    ).toBe('1009')
    expect(await world.ctx.db.selectFrom('developer_code').selectAll().execute()).toEqual([])
  })

  it('of a corp without the channel is 1008, with the feature off 1009', async () => {
    await saveWays(world.ctx, 'test', world.corpId, { smsTemplate: '' })
    const without = await ask({ userId: 'zhangsan' })
    expect([without.retCode, without.retMessage]).toEqual(['1008', expect.stringContaining('登录方式')])
    await saveWays(world.ctx, 'test', world.corpId, { smsTemplate: 'code' })
    await switchFeatures(world.ctx, 'test', world.corpId, { codes: false })
    expect((await ask({ userId: 'zhangsan' })).retCode).toBe('1009')
    await switchFeatures(world.ctx, 'test', world.corpId, { codes: true })
  })
})

describe('a vendor that refuses', () => {
  it('is told to administrators until a code leaves', async () => {
    await useSmtp(world, { port: 1 })
    await ask({ userId: 'zhangsan', sendType: '2' })
    await developersCodesSent()
    const found = async () => (await developersCodesFailed.find(world.ctx)).found
    await until('the failure', async () => (await found()).length > 0)
    expect(await found()).toMatchObject([
      { corpId: world.corpId, subject: 'email', detail: { said: { zh: expect.any(String) } } },
    ])
    await useSmtp(world)
    world.clock.offsetMs += 61_000
    await ask({ userId: 'zhangsan', sendType: '2' })
    await developersCodesSent()
    expect(await found()).toEqual([])
  })
})
