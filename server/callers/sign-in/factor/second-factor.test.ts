import { TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../../test/harness.ts'
import {
  administratorPassword,
  callerWith,
  type SignedInClient,
  signIn,
  signInAs,
} from '../../../../test/sign-in.ts'
import { removeRole } from '../../../organisation/people/administrators.ts'
import { requireSecondFactor, resetSecondFactor } from './second-factor.ts'

let world: World
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld()
  await signIn(world, { admin: 'admin' })
})
afterAll(() => world.close())
beforeEach(async () => {
  const { ctx } = world
  await requireSecondFactor(ctx, 'test', false)
  await resetSecondFactor(ctx, 'test', { adminName: 'admin' }).catch(() => undefined)
  await ctx.db.deleteFrom('attempt_counter').execute()
  as = await signIn(world, { admin: 'admin' })
})

/** Codes of a device, one step after the other, because each is taken once. */
function deviceOf(secret: string): (steps?: number) => string {
  const totp = new TOTP({ secret })
  return (steps = 0) => totp.generate({ timestamp: world.ctx.now() + steps * 30_000 })
}

const nextStep = () => {
  world.clock.offsetMs += 31_000
}

async function enrol(who = as): Promise<{ code: ReturnType<typeof deviceOf>; recoveryCodes: string[] }> {
  const begun = await who.post('/web/second-factor/begin', { proof: administratorPassword })
  expect(begun.retCode).toBe('0')
  const code = deviceOf(begun.body.secret)
  const done = await who.post('/web/second-factor/finish', { setup: begun.body.setup, code: code() })
  expect(done.retCode).toBe('0')
  nextStep()
  return { code, recoveryCodes: done.body.recoveryCodes }
}

/** With no other proof than the sign-in of a moment ago. */
async function enrolMember(
  who: SignedInClient,
): Promise<{ code: ReturnType<typeof deviceOf>; recoveryCodes: string[] }> {
  const begun = await who.post('/web/second-factor/begin')
  expect(begun.retCode, begun.retMessage).toBe('0')
  const code = deviceOf(begun.body.secret)
  const done = await who.post('/web/second-factor/finish', { setup: begun.body.setup, code: code() })
  expect(done.retCode, done.retMessage).toBe('0')
  nextStep()
  return { code, recoveryCodes: done.body.recoveryCodes }
}

const ownerOfMember = (key: string) => {
  const { id: memberId, userId, name } = world.ctx.mirrors.of(world.corpId).members.byKey(key)!
  return { corpId: world.corpId, memberId, userId, name }
}

const send = (path: string, body: object) =>
  call(`${world.server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const withPassword = (password = administratorPassword) =>
  send('/web/sign-in/password', { name: 'admin', password })
const withCode = (state: string, code: string) => send('/web/sign-in/second-factor', { state, code })

const acts = async () =>
  (
    await world.ctx.db
      .selectFrom('audit')
      .select('act')
      .where('act', 'like', 'admin.second-factor.%')
      .orderBy('id')
      .execute()
  ).map(row => row.act.replace('admin.second-factor.', ''))

describe('signing in with a second factor', () => {
  it('takes the password and then a code, and no session stands between them', async () => {
    const { code } = await enrol()
    const first = await withPassword()
    expect(first.headers.getSetCookie()).toEqual([])
    expect(first.body.state).toMatch(/^v1\./)
    const wrong = await withCode(first.body.state, '000000')
    expect([wrong.retCode, wrong.retMessage]).toEqual(['1009', expect.stringContaining('还可以尝试 9 次')])
    expect(wrong.headers.getSetCookie()).toEqual([])
    const full = (digits: string) =>
      digits.replace(/\d/g, digit => String.fromCodePoint(0xff10 + Number(digit)))
    const all = ['０００００1', '٠١٢٣٤٥', 'ｱｲｳｴｵｶ', '😀😀😀', '①②③④⑤⑥'].map(one =>
      withCode(first.body.state, one),
    )
    for (const { retCode } of await Promise.all(all)) expect(retCode).toBe('1009')
    const right = await withCode(first.body.state, full(code()))
    expect(right.retCode).toBe('0')
    expect(right.headers.getSetCookie()[0]).toMatch(/^wisp_session=/)
  })

  it('takes each code once, though sent at once, and those one step away', async () => {
    const { code } = await enrol()
    const { state } = (await withPassword()).body
    const answers = await Promise.all([1, 2, 3].map(() => withCode(state, code())))
    expect(answers.map(one => one.retCode).sort()).toEqual(['0', '1009', '1009'])
    expect((await withCode(state, code(-1))).retCode).toBe('1009')
    expect((await withCode(state, code(1))).retCode).toBe('0')
    expect((await withCode(state, code(2))).retCode).toBe('1009')
  })

  it('counts codes before it looks at them: of 40 at once ten are looked at', async () => {
    const { code } = await enrol()
    const { state } = (await withPassword()).body
    const answers = await Promise.all(Array.from({ length: 40 }, () => withCode(state, '000000')))
    expect(answers.filter(one => one.retCode === '1009')).toHaveLength(9)
    expect(answers.filter(one => one.status === 429)).toHaveLength(31)
    expect((await withCode(state, code())).retCode).toBe('1010')
    world.clock.offsetMs += 16 * 60_000
    expect((await withCode((await withPassword()).body.state, code())).retCode).toBe('0')
  })

  it('takes a recovery code once, with whatever blanks and capitals', async () => {
    const { recoveryCodes } = await enrol()
    expect(new Set(recoveryCodes).size).toBe(10)
    const { state } = (await withPassword()).body
    const typed = (recoveryCodes[3] ?? '').toUpperCase().replaceAll('-', ' ')
    const answers = await Promise.all([typed, typed].map(one => withCode(state, one)))
    expect(answers.map(one => one.retCode).sort()).toEqual(['0', '1009'])
    const hashes = await world.ctx.db.selectFrom('recovery_code').select('hash').execute()
    expect(hashes).toHaveLength(9)
    for (const { hash } of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect((await acts()).at(-1)).toBe('recovery')
  })

  it('forgets the password after five minutes, and when it was changed', async () => {
    const { code } = await enrol()
    const old = (await withPassword()).body.state
    world.clock.offsetMs += 5 * 60_000
    expect((await withCode(old, code())).retCode).toBe('1000')
    const { state } = (await withPassword()).body
    await as.post('/web/password', { current: administratorPassword, next: 'another password' })
    expect((await withCode(state, code())).retCode).toBe('1000')
    await as.post('/web/password', { current: 'another password', next: administratorPassword })
    expect((await withCode('v1.made.up', code())).retCode).toBe('1000')
  })
})

describe('setting it up', () => {
  it('wants the password, then a code of the device, and ends the other sessions', async () => {
    const other = await signIn(world, { admin: 'admin' })
    expect((await as.post('/web/second-factor/begin', { proof: 'wrong' })).retCode).toBe('1009')
    const { body } = await as.post('/web/second-factor/begin', { proof: administratorPassword })
    expect(new URL(body.uri).searchParams.get('secret')).toBe(body.secret)
    const { setup } = body
    expect((await as.post('/web/second-factor/finish', { setup, code: '000000' })).retCode).toBe('1009')
    expect((await as.get('/web/second-factor')).body).toMatchObject({ isOn: false })
    await enrol()
    expect((await as.get('/web/second-factor')).body).toEqual({
      isOn: true,
      hasAuthenticator: true,
      passkeys: 0,
      recoveryCodes: 10,
      isRequired: false,
      isRule: false,
      isFresh: true,
    })
    expect((await other.get('/web/session')).body.signedIn).toBe(false)
    const { totp_secret } = await world.ctx.db
      .selectFrom('admin_account')
      .select('totp_secret')
      .executeTakeFirstOrThrow()
    expect(totp_secret).toMatch(/^v1\./)
    world.clock.offsetMs += 16 * 60_000
    expect((await as.post('/web/second-factor/finish', { setup, code: '000000' })).retCode).toBe('1000')
  })

  it('is set up again only with a code of the present device', async () => {
    const { code } = await enrol()
    const again = { proof: administratorPassword }
    expect((await as.post('/web/second-factor/begin', again)).retCode).toBe('1009')
    const { body } = await as.post('/web/second-factor/begin', { proof: code() })
    const next = deviceOf(body.secret)
    await as.post('/web/second-factor/finish', { setup: body.setup, code: next() })
    nextStep()
    const { state } = (await withPassword()).body
    expect((await withCode(state, code())).retCode).toBe('1009')
    expect((await withCode(state, next())).retCode).toBe('0')
  })

  it('can be undone, and gives new recovery codes, with a code', async () => {
    const { code, recoveryCodes } = await enrol()
    const renewed = await as.post('/web/second-factor/recovery-codes', { code: code() })
    expect(renewed.body.recoveryCodes).toHaveLength(10)
    expect((await as.post('/web/second-factor/remove', { code: recoveryCodes[0] })).retCode).toBe('1009')
    const [first] = renewed.body.recoveryCodes
    expect((await as.post('/web/second-factor/remove', { code: first })).retCode).toBe('0')
    expect((await withPassword()).body.state).toBe('')
    expect(await world.ctx.db.selectFrom('recovery_code').selectAll().execute()).toEqual([])
    expect((await acts()).slice(-4)).toEqual(['add', 'codes', 'recovery', 'remove'])
  })
})

describe('when it is required', () => {
  it('is set up before anything else, and cannot be turned off', async () => {
    expect((await as.post('/web/second-factor/require', { required: '1' })).retCode).toBe('0')
    expect((await as.get('/web/session')).body.mustEnrol).toBe(true)
    expect((await as.get('/web/system/about')).status).toBe(403)
    expect((await as.post('/web/second-factor/require', { required: '0' })).status).toBe(403)
    const signedIn = await withPassword()
    expect(signedIn.body.state).toBe('')
    const cookie = (signedIn.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
    const { body } = await call(`${world.server.url}/web/session`, { headers: { cookie } })
    const fresh = callerWith(world.server.url, cookie, '', body.csrf)
    expect((await fresh.get('/web/sessions')).status).toBe(403)
    const { code } = await enrol(fresh)
    expect((await fresh.get('/web/sessions')).retCode).toBe('0')
    expect((await fresh.get('/web/session')).body.mustEnrol).toBe(false)
    const refused = await fresh.post('/web/second-factor/remove', { code: code() })
    expect([refused.retCode, refused.retMessage]).toEqual(['1000', expect.stringContaining('不能关闭')])
  })

  it('asks nothing of plain members, and of administrators among them before they administrate', async () => {
    await requireSecondFactor(world.ctx, 'test', true)
    const member = await signIn(world, { userId: 'lisi' })
    expect((await member.get('/web/session')).body).toMatchObject({ mustEnrol: false, mustProve: false })
    const admin = await signInAs(world, 'super', 'zhangsan')
    expect((await admin.get('/web/session')).body).toMatchObject({ mustEnrol: true, mustProve: false })
    expect((await admin.get('/web/sessions')).retCode).toBe('0')
    expect((await admin.get('/web/console/sessions')).status).toBe(403)
    const { code } = await enrolMember(admin)
    expect((await admin.get('/web/console/sessions')).retCode).toBe('0')
    const again = await signIn(world, { userId: 'zhangsan' })
    expect((await again.get('/web/session')).body).toMatchObject({ mustEnrol: false, mustProve: true })
    expect((await again.get('/web/console/sessions')).retMessage).toContain('请先通过两步验证')
    expect((await again.post('/web/second-factor/prove', { code: '000000' })).retCode).toBe('1009')
    const given = code()
    const both = await Promise.all([1, 2].map(() => again.post('/web/second-factor/prove', { code: given })))
    expect(both.map(one => one.retCode).sort()).toEqual(['0', '1009'])
    expect((await again.get('/web/session')).body.proof).toMatchObject({ acr: 3, amr: ['qr', 'totp'] })
    expect((await again.get('/web/console/sessions')).retCode).toBe('0')
    await resetSecondFactor(world.ctx, 'test', ownerOfMember('zhangsan'))
    await removeRole(world.ctx, 'test', world.corpId, 'zhangsan')
  })
})

describe('a lost device', () => {
  it('is reset, which ends all sessions', async () => {
    await enrol()
    await resetSecondFactor(world.ctx, 'cli', { adminName: 'admin' })
    expect((await as.get('/web/session')).body.signedIn).toBe(false)
    expect((await withPassword()).body.state).toBe('')
    expect(
      await world.ctx.db
        .selectFrom('audit')
        .select(['actor', 'act', 'target'])
        .where('act', 'like', 'admin.%')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst(),
    ).toEqual({ actor: 'cli', act: 'admin.second-factor.reset', target: 'admin' })
  })
})

describe('the second factor of a member', () => {
  it('is set up after an interactive sign-in of the last five minutes, and nothing else', async () => {
    const silent = await signIn(world, { userId: 'wangwu' }, { acr: 1, amr: ['wecom'] })
    const refused = await silent.post('/web/second-factor/begin')
    expect([refused.retCode, refused.retMessage]).toEqual(['1009', expect.stringContaining('请先确认登录')])
    expect((await silent.post('/web/second-factor/begin', { proof: 'x' })).retCode).toBe('1009')
    const member = await signIn(world, { userId: 'wangwu' })
    const setupOfOther = (await (await signIn(world, { userId: 'lisi' })).post('/web/second-factor/begin'))
      .body
    const device = deviceOf(setupOfOther.secret)
    const stolen = await member.post('/web/second-factor/finish', {
      setup: setupOfOther.setup,
      code: device(),
    })
    expect(stolen.retMessage).toContain('设置已过期')
    world.clock.offsetMs += 5 * 60_000
    expect((await member.post('/web/second-factor/begin')).retCode).toBe('1009')
  })

  it('takes a recovery code once, and another device only for a code of the first', async () => {
    const member = await signIn(world, { userId: 'wangwu' })
    const { recoveryCodes, code } = await enrolMember(member)
    const [first = '', second = ''] = recoveryCodes
    const later = await signIn(world, { userId: 'wangwu' })
    expect((await later.post('/web/second-factor/begin')).retMessage).toContain('请先通过两步验证')
    const used = await Promise.all([1, 2].map(() => later.post('/web/second-factor/prove', { code: first })))
    expect(used.map(one => one.retCode).sort()).toEqual(['0', '1009'])
    expect((await later.get('/web/session')).body.proof).toMatchObject({ acr: 3, amr: ['qr', 'recovery'] })
    expect((await later.post('/web/second-factor/begin')).retCode).toBe('0')
    world.clock.offsetMs += 6 * 60_000
    expect((await later.post('/web/second-factor/begin')).retCode).toBe('1009')
    expect((await later.post('/web/second-factor/begin', { proof: second })).retCode).toBe('0')
    expect((await later.post('/web/second-factor/remove', { code: code() })).retCode).toBe('0')
    expect((await later.get('/web/second-factor')).body).toMatchObject({ isOn: false, recoveryCodes: 0 })
  })

  it('goes when the member leaves', async () => {
    const member = await signIn(world, { userId: 'zhaomin' })
    await enrolMember(member)
    const { memberId } = ownerOfMember('zhaomin')
    const left = async () => {
      const tables = ['member_factor', 'member_recovery_code'] as const
      const rows = tables.map(table =>
        world.ctx.db.selectFrom(table).select('member_id').where('member_id', '=', memberId).execute(),
      )
      return (await Promise.all(rows)).map(one => one.length)
    }
    expect(await left()).toEqual([1, 10])
    await world.admin('user/delete', { userid: 'zhaomin' })
    await world.sync()
    expect(await left()).toEqual([0, 0])
  })
})
