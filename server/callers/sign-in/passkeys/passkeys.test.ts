import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, call, startWorld, type World } from '../../../../test/harness.ts'
import { administratorPassword, callerWith, type SignedInClient, signIn } from '../../../../test/sign-in.ts'
import { setCorp } from '../../../organisation/corps/corps.ts'
import { ensureAdministrator } from '../administrator.ts'
import { resetSecondFactor } from '../factor/second-factor.ts'
import { saveWays } from '../ways/ways.ts'
import { authenticatorAt } from './authenticator.fixture.ts'

let world: World
let url: string
beforeAll(async () => {
  world = await startWorld()
  // The address of the corp is a name, as passkeys need.
  url = world.server.url.replace('127.0.0.1', 'localhost')
  await setCorp(world.ctx, 'test', world.corpId, { publicUrl: url })
  await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom', 'passkey'] })
  await ensureAdministrator(world.ctx)
})
afterAll(() => world.close())

const at = (who: SignedInClient, base = url) => callerWith(base, who.cookie, who.sessionId, who.csrf)
const nobody = (base = url) => callerWith(base, '', '', '')
const member = async (userId: string, proved?: Parameters<typeof signIn>[2]) =>
  at(await signIn(world, { userId }, proved))
let next = 0
/** A member of whom no other test knows. */
function somebody(): string {
  const known = ['zhangsan', 'lisi', 'wangwu', 'zhaomin']
  const others = [...world.ctx.mirrors.of(world.corpId).members.all()].filter(
    one => one.status === 1 && !known.includes(one.userId),
  )
  return others[next++]?.userId ?? ''
}

async function register(who: SignedInClient, authenticator = authenticatorAt(url)) {
  const begun = await who.post('/web/passkeys/begin')
  expect(begun.retCode, begun.retMessage).toBe('0')
  const response = authenticator.make(begun.body.options)
  const done = await who.post('/web/passkeys/finish', { state: begun.body.state, response, name: '手机' })
  return { authenticator, done, begun }
}

type Authenticator = ReturnType<typeof authenticatorAt>
async function signInBy(authenticator: Authenticator, base = url): Promise<Answer> {
  const { state, options } = (await nobody(base).post('/web/sign-in/passkey/begin')).body
  return nobody(base).post('/web/sign-in/passkey', { state, response: authenticator.sign(options) })
}
const whoIs = async (answer: Answer) => {
  const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
  return (await call(`${url}/web/session`, { headers: { cookie } })).body
}

describe('a passkey of a member', () => {
  it('is made after an interactive sign-in, signs in with two factors, and comes with recovery codes', async () => {
    const silent = await member('zhangsan', { acr: 1, amr: ['wecom'] })
    expect((await silent.post('/web/passkeys/begin')).retMessage).toContain('请先确认登录')
    const who = await member('zhangsan')
    const { authenticator, done, begun } = await register(who)
    expect(done.body.recoveryCodes).toHaveLength(10)
    expect(begun.body.options).toMatchObject({
      rp: { id: 'localhost' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    expect((await who.get('/web/passkeys')).body).toMatchObject({
      list: [{ id: authenticator.id, name: '手机', host: 'localhost', usedAt: '' }],
      isPossible: true,
    })
    const session = await whoIs(await signInBy(authenticator))
    expect(session).toMatchObject({ person: { userId: 'zhangsan' }, proof: { acr: 3, amr: ['passkey'] } })
  })

  it('answers each question once, and only the question that it was asked', async () => {
    const { authenticator } = await register(await member('lisi'))
    const { state, options } = (await nobody().post('/web/sign-in/passkey/begin')).body
    const response = authenticator.sign(options)
    const both = await Promise.all(
      [1, 2].map(() => nobody().post('/web/sign-in/passkey', { state, response })),
    )
    expect(both.map(one => one.retCode).sort()).toEqual(['0', '1009'])
    const other = (await nobody().post('/web/sign-in/passkey/begin')).body
    expect((await nobody().post('/web/sign-in/passkey', { state: other.state, response })).retCode).toBe(
      '1009',
    )
    world.clock.offsetMs += 5 * 60_000
    const late = await nobody().post('/web/sign-in/passkey', {
      state: other.state,
      response: authenticator.sign(other.options),
    })
    expect([late.retCode, late.retMessage]).toEqual(['1000', expect.stringContaining('已过期')])
    world.clock.offsetMs = 0
  })

  it.each<[string, (said: Authenticator['said']) => void]>([
    ['another origin', said => Object.assign(said, { origin: 'https://evil.example' })],
    ['another host', said => Object.assign(said, { rpId: 'evil.example' })],
    ['nobody looked at', said => Object.assign(said, { flags: 0b001 })],
    ["another person's handle", said => Object.assign(said, { userHandle: 'b3RoZXI' })],
    ['no handle', said => Object.assign(said, { userHandle: '' })],
    ['a counter that went back', said => Object.assign(said, { counter: 4 })],
    ['a counter that stands still', said => Object.assign(said, { counter: 5 })],
  ])('is refused: %s', async (_what, change) => {
    const authenticator = authenticatorAt(url)
    authenticator.said.counter = 3
    const who = await member('wangwu', { acr: 3, amr: ['qr', 'totp'] })
    expect((await register(who, authenticator)).done.retCode).toBe('0')
    authenticator.said.counter = 5
    expect((await signInBy(authenticator)).retCode).toBe('0')
    authenticator.said.counter = 6
    change(authenticator.said)
    expect((await signInBy(authenticator)).retCode).toBe('1009')
  })

  it('of an earlier version learns its handle at its next use', async () => {
    const { authenticator } = await register(await member(somebody()))
    await world.ctx.db.updateTable('passkey').set({ user_handle: null }).execute()
    expect((await signInBy(authenticator)).retCode).toBe('0')
    authenticator.said.userHandle = 'b3RoZXI'
    expect((await signInBy(authenticator)).retCode).toBe('1009')
  })

  it('is not good at another address, and at none that nobody set up', async () => {
    const { authenticator } = await register(await member('zhaomin'))
    const elsewhere = await nobody(world.server.url).post('/web/sign-in/passkey/begin')
    expect(elsewhere.retMessage).toContain('域名')
    const foreign = await fetch(`${world.server.url}/web/sign-in/passkey/begin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', host: 'evil.example' },
      body: '{}',
    })
    expect(((await foreign.json()) as Answer).retCode).toBe('1000')
    const { state, options } = (await nobody().post('/web/sign-in/passkey/begin')).body
    const response = authenticator.sign(options)
    expect((await nobody(world.server.url).post('/web/sign-in/passkey', { state, response })).retCode).toBe(
      '1000',
    )
  })

  it('is of nobody else: neither their state nor their second factor', async () => {
    const [one, other] = [await member(somebody()), await member(somebody())]
    const { authenticator } = await register(one)
    const begun = (await one.post('/web/passkeys/begin')).body
    const response = authenticatorAt(url).make(begun.options)
    const stolen = await other.post('/web/passkeys/finish', { state: begun.state, response, name: 'x' })
    expect(stolen.retMessage).toContain('已过期')
    const asked = (await other.post('/web/second-factor/passkey/begin')).body
    const given = { state: asked.state, response: authenticator.sign(asked.options) }
    expect((await other.post('/web/second-factor/passkey', given)).retCode).toBe('1009')
    expect((await other.post('/web/passkeys/remove', { id: authenticator.id })).retCode).toBe('1000')
    const twice = await other.post('/web/passkeys/begin')
    const same = authenticator.make(twice.body.options)
    expect(
      (await other.post('/web/passkeys/finish', { state: twice.body.state, response: same, name: 'x' }))
        .retCode,
    ).toBe('1009')
  })

  it('is a second factor in a session that began without one', async () => {
    const userId = somebody()
    const { authenticator } = await register(await member(userId))
    const later = await member(userId)
    expect((await later.post('/web/passkeys/begin')).retMessage).toContain('请先通过两步验证')
    expect((await later.post('/web/passkeys/remove', { id: authenticator.id })).retCode).toBe('1009')
    const asked = (await later.post('/web/second-factor/passkey/begin')).body
    expect(asked.options.allowCredentials).toMatchObject([{ id: authenticator.id }])
    const given = { state: asked.state, response: authenticator.sign(asked.options) }
    expect((await later.post('/web/second-factor/passkey', given)).retCode).toBe('0')
    expect((await later.get('/web/session')).body.proof).toMatchObject({ acr: 3, amr: ['qr', 'passkey'] })
    expect((await later.post('/web/passkeys/remove', { id: authenticator.id })).retCode).toBe('0')
    expect((await signInBy(authenticator)).retCode).toBe('1009')
    expect((await later.get('/web/second-factor')).body).toMatchObject({ isOn: false, recoveryCodes: 0 })
  })

  it('signs nobody in whom the corp does not let in so', async () => {
    const userid = somebody()
    const { authenticator } = await register(await member(userid))
    await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom'] })
    expect((await signInBy(authenticator)).retMessage).toContain('没有开启')
    await saveWays(world.ctx, 'test', world.corpId, { ways: ['passkey', 'wecom'] })
    await world.admin('user/update', { userid, enable: 0 })
    await world.sync()
    expect((await signInBy(authenticator)).retMessage).toContain('已停用')
  })
})

describe('a passkey of a local account', () => {
  it('signs in instead of the password, and is asked for beside it', async () => {
    const who = at(await signIn(world, { admin: 'second' }))
    const { authenticator, done } = await register(who)
    expect((await whoIs(await signInBy(authenticator))).person).toMatchObject({
      userId: 'second',
      roleLevel: 1,
    })
    const password = { name: 'second', password: administratorPassword }
    const { state } = (await nobody().post('/web/sign-in/password', password)).body
    expect(state).not.toBe('')
    const [code] = done.body.recoveryCodes
    expect((await nobody().post('/web/sign-in/second-factor', { state, code })).retCode).toBe('0')
    expect((await nobody().post('/web/sign-in/second-factor', { state, code })).retCode).toBe('1009')
    await resetSecondFactor(world.ctx, 'test', { adminName: 'second' })
    expect((await signInBy(authenticator)).retCode).toBe('1009')
  })
})
