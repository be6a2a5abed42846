import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, call, startWorld, type World } from '../../../../test/harness.ts'
import { callerWith } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { type ShownSms, shownSms, useSms } from '../../../features/messages/messages.fixture.ts'
import { putAgent } from '../../../organisation/corps/corps.ts'
import { readOutage } from '../../../organisation/sync/outage-store.ts'
import { requestSync } from '../../../organisation/sync/request.ts'
import { saveWays } from '../ways/ways.ts'
import { countSent } from './code-limits.ts'
import { smsCodesGuessed } from './guessed.ts'
import { codesSent } from './sms-code.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { WISP_TRUSTED_PROXIES: '127.0.0.1' } })
  const { agentId, secret } = world.sandbox.agents[0]!
  await putAgent(world.ctx, 'test', world.corpId, { agentId, name: '工作台', secret, uses: ['signin'] })
  await useSms(world, 'tencent')
  await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom', 'sms'], smsTemplate: 'code' })
})
afterAll(() => world.close())
beforeEach(async () => {
  world.clock.offsetMs = 0
  await world.ctx.db.deleteFrom('attempt_counter').execute()
})

let ip = 0
const from = () => ({ 'x-forwarded-for': `10.1.${ip >> 8}.${ip++ & 255}` })
const nobody = () => callerWith(world.server.url, '', '', '')
const ask = (mobile: string, headers = from(), corpId = world.corpId) =>
  nobody().post('/web/sign-in/sms', { corpId, mobile }, headers)
const give = (state: string, code: string, headers = {}) =>
  nobody().post('/web/sign-in/sms/code', { state, code }, headers)

async function mobileOf(userId: string): Promise<string> {
  const row = await world.ctx.db
    .selectFrom('member')
    .select('mobile')
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return row.mobile
}
async function lastSms(): Promise<ShownSms | undefined> {
  await codesSent()
  return (await shownSms(world)).at(-1)
}
const codeIn = (sms: ShownSms | undefined) => /\d{6}/.exec(sms?.text ?? '')?.[0] ?? ''
const whoIs = async (answer: Answer) => {
  const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
  return (await call(`${world.server.url}/web/session`, { headers: { cookie } })).body
}
const notCode = (code: string) => (code === '000000' ? '000001' : '000000')

/** Wrong codes from one network, each for a number of its own; how many were looked at before the network had to wait. */
async function guess(count: number, headers: Record<string, string>): Promise<number> {
  let looked = 0
  for (let n = 0; looked === n * 5 && looked < count; n++) {
    const { state } = (await ask(`199${String(10_000_000 + ip++)}`)).body
    for (let m = 0; m < 5; m++) {
      const { retCode } = await give(state, 'abc', headers)
      if (retCode === '1010') return looked
      looked++
    }
  }
  return looked
}

describe('wrong codes', () => {
  it('are thirty an hour from one network, after which a right one waits too, but not elsewhere', async () => {
    const here = from()
    expect(await guess(60, here)).toBe(30)
    const { state } = (await ask(await mobileOf('zhangsan'))).body
    const code = codeIn(await lastSms())
    await world.ctx.signInLog.settled()
    const logged = await world.ctx.db
      .selectFrom('sign_in_log')
      .select(['way', 'reason'])
      .where('address', '=', here['x-forwarded-for'])
      .execute()
    expect(logged).toEqual(Array(30).fill({ way: 'sms', reason: 'code' }))
    const waiting = await give(state, code, here)
    expect([waiting.status, waiting.retMessage]).toEqual([429, expect.stringContaining('其他方式')])
    expect((await give(state, code, from())).retCode).toBe('0')
    world.clock.offsetMs += 3_601_000
    const later = (await ask(await mobileOf('zhangsan'))).body.state
    expect((await give(later, codeIn(await lastSms()), here)).retCode).toBe('0')
  })

  it('of a network keep nobody out of a browser that they signed in with before', async () => {
    const here = from()
    const mobile = await mobileOf('zhangsan')
    const { state } = (await ask(mobile)).body
    const entered = await give(state, codeIn(await lastSms()))
    const known = entered.headers.getSetCookie().find(one => one.startsWith('wisp_known=')) ?? ''
    const headers = { ...here, cookie: known.split(';', 1)[0] ?? '' }
    expect(await guess(60, here)).toBe(30)
    const again = (await ask(mobile, headers)).body.state
    expect((await give(again, codeIn(await lastSms()), headers)).retCode).toBe('0')
    // For others the cookie changes nothing.
    world.clock.offsetMs += 61_000
    const other = (await ask(await mobileOf('lisi'))).body.state
    expect((await give(other, codeIn(await lastSms()), headers)).retCode).toBe('1010')
  })

  it('do not count when they are right, and those of a network that is listed are three hundred', async () => {
    const campus = from()
    for (let n = 0; n < 31; n++) {
      world.clock.offsetMs += 3000
      await world.ctx.db.deleteFrom('attempt_counter').where('purpose', 'not like', '%wrong%').execute()
      const { state } = (await ask(await mobileOf('zhangsan'))).body
      expect((await give(state, codeIn(await lastSms()), campus)).retCode).toBe('0')
    }
    await saveWays(world.ctx, 'test', world.corpId, { crowdNetworks: [`${campus['x-forwarded-for']}/32`] })
    expect(await guess(35, campus)).toBe(35)
    expect(await guess(35, from())).toBe(30)
    await saveWays(world.ctx, 'test', world.corpId, { crowdNetworks: [] })
  }, 30_000)

  it('of a corp are told when they are a hundred within the hour, from wherever', async () => {
    await guess(60, from())
    await guess(60, from())
    await guess(60, from())
    expect(await alertCauses()).toEqual([])
    await guess(60, from())
    expect(await alertCauses()).toMatchObject([
      { corpId: world.corpId, detail: { count: expect.any(Number) } },
    ])
    world.clock.offsetMs += 3_601_000
    expect(await alertCauses()).toEqual([])
  }, 30_000)
})

const alertCauses = async () => (await smsCodesGuessed.find(world.ctx)).found

describe('a code by SMS', () => {
  it('signs in whoever got it, once', async () => {
    const { body } = await ask(await mobileOf('zhangsan'))
    const sms = await lastSms()
    expect(sms?.userid).toBe('zhangsan')
    const both = await Promise.all([1, 2].map(() => give(body.state, codeIn(sms))))
    expect(both.map(one => one.retCode).sort()).toEqual(['0', '1000'])
    const session = await whoIs(both.find(one => one.retCode === '0')!)
    expect(session).toMatchObject({ person: { userId: 'zhangsan' }, proof: { acr: 2, amr: ['sms'] } })
  })

  it('takes five tries, though sent at once, and no right one after them', async () => {
    const { body } = await ask(await mobileOf('zhangsan'))
    const code = codeIn(await lastSms())
    const tries = await Promise.all(Array.from({ length: 12 }, () => give(body.state, notCode(code))))
    expect(tries.filter(one => one.retCode === '1009')).toHaveLength(4)
    expect(tries.filter(one => one.retCode === '1000')).toHaveLength(8)
    expect((await give(body.state, code)).retMessage).toContain('已失效')
  })

  it('is good for five minutes, and in the browser that asked alone', async () => {
    const mobile = await mobileOf('zhangsan')
    const { state } = (await ask(mobile)).body
    const code = codeIn(await lastSms())
    world.clock.offsetMs += 61_000
    const other = (await ask(mobile)).body.state
    await codesSent()
    const wrong = await give(other, code)
    expect(wrong.retCode === '1009' || code === codeIn(await lastSms())).toBe(true)
    expect((await give(`${state}x`, code)).retCode).toBe('1000')
    world.clock.offsetMs += 4 * 60_000
    expect((await give(state, code)).retCode).toBe('1000')
  })

  it('never tells whether somebody has the number', async () => {
    const before = (await shownSms(world)).length
    const [known, unknown] = [await ask(await mobileOf('lisi')), await ask('19900000000')]
    expect([unknown.status, unknown.retCode, Object.keys(unknown.body)]).toEqual([
      known.status,
      known.retCode,
      Object.keys(known.body),
    ])
    expect(unknown.body.state).toHaveLength(known.body.state.length)
    await codesSent()
    expect(await shownSms(world)).toHaveLength(before + 1)
    expect((await give(unknown.body.state, '123456')).retMessage).toMatch(/还可以尝试 4 次/)
    const again = await Promise.all([ask('19900000000'), mobileOf('lisi').then(one => ask(one))])
    expect(new Set(again.map(one => one.retCode))).toEqual(new Set(['1010']))
  })

  it('is sent once a minute and ten times a day, to whomever and from wherever', async () => {
    const mobile = await mobileOf('wangwu')
    const first = await Promise.all(Array.from({ length: 5 }, () => ask(mobile)))
    expect(first.filter(one => one.retCode === '0')).toHaveLength(1)
    expect((await ask(`+86 ${mobile}`)).retCode).toBe('1010')
    for (let n = 2; n <= 10; n++) {
      world.clock.offsetMs += 61_000
      expect((await ask(mobile)).retCode).toBe('0')
    }
    world.clock.offsetMs += 61_000
    const eleventh = await ask(mobile)
    expect([eleventh.status, eleventh.retCode]).toEqual([429, '1010'])
    await codesSent()
  })

  it('is asked for by a thousand from one address: two hundred are heard, and nobody elsewhere waits for them', async () => {
    const crowd = from()
    const answers: Answer[] = []
    for (let n = 0; n < 1000; n += 100)
      answers.push(
        ...(await Promise.all(Array.from({ length: 100 }, (_, i) => ask(`1990000${1000 + n + i}`, crowd)))),
      )
    expect(answers.filter(one => one.retCode === '0')).toHaveLength(200)
    expect((await ask(await mobileOf('zhangsan'))).retCode).toBe('0')
    await codesSent()
  }, 60_000)

  it('is not paid for, nor counted for the corp, when nobody has the number', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, n) => ask(`1990001${1000 + n}`)))
    await ask(await mobileOf('zhangsan'))
    await codesSent()
    const counters = await world.ctx.db
      .selectFrom('attempt_counter')
      .select(['purpose', 'count'])
      .where('purpose', '=', 'sms-code-corp')
      .execute()
    expect(counters).toEqual([{ purpose: 'sms-code-corp', count: 1 }])
  })

  it('is no more sent when the corp has sent its 2,000 within the hour', async () => {
    await ask(await mobileOf('zhangsan'))
    await codesSent()
    await world.ctx.db
      .updateTable('attempt_counter')
      .set({ count: 2000 })
      .where('purpose', '=', 'sms-code-corp')
      .execute()
    expect((await ask(await mobileOf('lisi'))).retCode).toBe('1010')
    await world.ctx.db
      .updateTable('attempt_counter')
      .set({ count: 1999 })
      .where('purpose', '=', 'sms-code-corp')
      .execute()
    // Of those who were let in at once, as many are sent as are left.
    const left = await Promise.all([1, 2, 3].map(() => countSent(world.ctx, world.corpId)))
    expect(left.filter(Boolean)).toHaveLength(1)
  })

  it('still reaches its owner in a browser that they signed in with, when strangers have used up their ten', async () => {
    const mobile = await mobileOf('zhangsan')
    const { state } = (await ask(mobile)).body
    const entered = await give(state, codeIn(await lastSms()))
    const known = entered.headers.getSetCookie().find(one => one.startsWith('wisp_known=')) ?? ''
    expect(known).toMatch(/HttpOnly; SameSite=Lax; Max-Age=15552000/)
    const cookie = known.split(';', 1)[0] ?? ''
    for (let n = 0; n < 12; n++) {
      world.clock.offsetMs += 61_000
      await ask(mobile)
    }
    expect((await ask(mobile)).retCode).toBe('1010')
    const asked = await ask(mobile, Object.assign(from(), { cookie }))
    expect(asked.retCode).toBe('0')
    const done = await give(asked.body.state, codeIn(await lastSms()))
    expect((await whoIs(done)).person.userId).toBe('zhangsan')
    expect((await ask(mobile, Object.assign(from(), { cookie }))).retCode).toBe('1010')
    // It stands for nobody else, and for nothing else.
    const others = await mobileOf('lisi')
    for (let n = 0; n < 12; n++) {
      world.clock.offsetMs += 61_000
      await ask(others)
    }
    expect((await ask(others, Object.assign(from(), { cookie }))).retCode).toBe('1010')
    const session = await call(`${world.server.url}/web/session`, { headers: { cookie } })
    expect(session.body.signedIn).toBe(false)
    await codesSent()
  })

  it('is asked for five times from one network at most, which leaves five for its owner elsewhere', async () => {
    const mobile = await mobileOf('wangwu')
    const here = from()
    const codes: string[] = []
    for (let n = 0; n < 8; n++) {
      world.clock.offsetMs += 61_000
      codes.push((await ask(mobile, here)).retCode)
    }
    expect(codes).toEqual(['0', '0', '0', '0', '0', '1010', '1010', '1010'])
    expect((await ask(mobile)).retCode).toBe('0')
    await codesSent()
  })

  it.each([
    ['no number', 'abc', undefined, '1000'],
    ['half a number', '1380000', undefined, '1000'],
    ['a corp that does not exist', '13800000000', 'ww0', '1009'],
  ])('is refused: %s', async (_what, mobile, corpId, code) => {
    expect((await ask(mobile, from(), corpId)).retCode).toBe(code)
  })

  it('is not asked for by another site', async () => {
    const answer = await ask(
      await mobileOf('lisi'),
      Object.assign(from(), { origin: 'https://evil.example' }),
    )
    expect(answer.status).toBe(403)
  })

  it('lets in who has not activated WeCom, and no one who is disabled', async () => {
    await world.admin('user/create', {
      userid: 'xin',
      name: '新同事',
      department: [1],
      mobile: '13900004321',
    })
    await world.sync()
    const { state } = (await ask('13900004321')).body
    const done = await give(state, codeIn(await lastSms()))
    const session = await whoIs(done)
    expect(session).toMatchObject({ signedIn: true, person: { userId: 'xin' } })
    await world.admin('user/update', { userid: 'xin', enable: 0 })
    await world.sync()
    expect((await whoIs(done)).signedIn).toBe(false)
    world.clock.offsetMs += 61_000
    const before = (await shownSms(world)).length
    expect((await ask('13900004321')).retCode).toBe('0')
    await codesSent()
    expect(await shownSms(world)).toHaveLength(before)
  })

  it('is the way in while WeCom is away, and comes first then', async () => {
    const waysNow = async () => (await nobody().get('/web/sign-in/options')).body.corps[0]
    expect(await waysNow()).toMatchObject({ ways: ['wecom', 'sms'], isAway: false })
    await world.control('faults', { match: 'cgi-bin', mode: 'http500' })
    await requestSync(world.ctx, 'test', world.corpId, 'full')
    await until(
      'the outage',
      async () => (await readOutage(world.ctx.db, world.corpId)) !== undefined,
      60_000,
    )
    expect(await waysNow()).toMatchObject({ ways: ['sms', 'wecom'], isAway: true })
    const begun = await fetch(`${world.server.url}/signin/wecom`, { redirect: 'manual' })
    const cookie = begun.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state')
    const { code } = await world.control('code', { userId: 'zhangsan', scope: 'snsapi_base' })
    const back = `${world.server.url}/signin/callback?code=${code}&state=${state}`
    const failed = await fetch(back, { redirect: 'manual', headers: { cookie } })
    const refused = new URL(failed.headers.get('location') ?? '', world.server.url).searchParams.get(
      'refused',
    )
    const told = await call(`${world.server.url}/web/sign-in/refusal?number=${refused}`, {
      headers: {
        cookie: failed.headers
          .getSetCookie()
          .map(one => one.split(';', 1)[0])
          .join('; '),
      },
    })
    expect(told.body).toMatchObject({ refusal: { fault: 'upstream' } })
    const asked = (await ask(await mobileOf('zhangsan'))).body
    const done = await give(asked.state, codeIn(await lastSms()))
    expect((await whoIs(done)).person.userId).toBe('zhangsan')
    await saveWays(world.ctx, 'test', world.corpId, { othersFirst: false })
    expect(await waysNow()).toMatchObject({ ways: ['wecom', 'sms'], isAway: true })
    await world.control('faults', undefined, 'DELETE')
    await saveWays(world.ctx, 'test', world.corpId, { othersFirst: true })
  }, 120_000)

  it('comes first as well while WeCom answers no corp at all, of which there is no row for each', async () => {
    const { answering, db } = world.ctx
    const [corp] = (await nobody().get('/web/sign-in/options')).body.corps
    await db.deleteFrom('wecom_outage').execute()
    for (const who of ['one', 'another']) answering.missed('wecom', who, 'timeout')
    const now = async () => (await nobody().get('/web/sign-in/options')).body.corps[0]
    await until('the silence', async () => (await now()).isAway === true)
    expect((await now()).ways).toEqual(['sms', 'wecom'])
    answering.heard('wecom')
    await until('its end', async () => (await now()).isAway === false)
    expect(corp.ways).toContain('wecom')
  })

  it('is not sent once the corp switched it off, nor taken', async () => {
    const { state } = (await ask(await mobileOf('zhangsan'))).body
    const code = codeIn(await lastSms())
    await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom'] })
    expect((await give(state, code)).retCode).toBe('1009')
    expect((await ask(await mobileOf('lisi'))).retCode).toBe('1009')
    await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom', 'sms'] })
  })
})
