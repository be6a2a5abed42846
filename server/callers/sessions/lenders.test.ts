import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, call, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { removeRole } from '../../organisation/people/administrators.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { type Server, startServer } from '../../server.ts'
import { setDeveloper } from '../developers/developer-admin.ts'

const idleMs = 3_600_000

/** The button 打开接口文档 lends a devToken to everyone who may manage the developer. */
let world: World
let other: Server
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, tags: 1 })
  await world.connectCallback()
  const now = () => Date.now() + world.clock.offsetMs
  other = await startServer(readConfig(world.env), { log: createLog('silent'), now })
})
afterAll(async () => {
  await other.close()
  await world.close()
})
afterEach(() => {
  world.clock.offsetMs = 0
})

const settings = { owners: ['zhangsan'], scopes: ['directory:read', 'message:send', 'webhook:manage'] }
const lend = async (as: SignedInClient, { devId }: Caller): Promise<string> =>
  (await as.post('/web/developers/lend-token', { devId })).body.devToken
/** The retCode of calls with the token on both nodes: in the address, the header and the body, and of MCP. */
async function codes(devToken: string): Promise<string[]> {
  const authorization = `Bearer ${devToken}`
  const asked = [world.server.url, other.url].flatMap(url => [
    call(`${url}/api/developer/self?devToken=${devToken}`),
    call(`${url}/api/developer/self`, { headers: { authorization } }),
    call(`${url}/api/message/recall`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ devToken, msgId: 'none' }),
    }),
    call(`${url}/mcp`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'mcp-protocol-version': '2025-11-25' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    }),
  ])
  const answers = await Promise.all(asked)
  return answers.map(({ retCode, status }) => retCode ?? String(status))
}
// There is no message `none`, and a ping has no retCode.
const good = ['0', '0', '1000', '200', '0', '0', '1000', '200']
const dead = ['1004', '1004', '1004', '401', '1004', '1004', '1004', '401']
const isDead = async (devToken: string) =>
  until('the end of the token on both nodes', async () => `${await codes(devToken)}` === `${dead}`, 5000)

describe('a lent devToken', () => {
  it('is good on every node while its owner is signed in, and ends when they sign out', async () => {
    const dev = await world.addDeveloper(settings)
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const devToken = await lend(zhangsan, dev)
    expect(await codes(devToken)).toEqual(good)
    await zhangsan.post('/web/sign-out')
    await isDead(devToken)
    const another = await lend(await signIn(world, { userId: 'zhangsan' }), dev)
    expect(await codes(another)).toEqual(good)
  })

  it('ends when its lender owns the developer no more', async () => {
    const dev = await world.addDeveloper(settings)
    const devToken = await lend(await signIn(world, { userId: 'zhangsan' }), dev)
    expect(await codes(devToken)).toEqual(good)
    await setDeveloper(world.ctx, 'test', dev.devId, { owners: ['lisi'] })
    await isDead(devToken)
  })

  it('ends when its lender is no administrator any more', async () => {
    const dev = await world.addDeveloper({ ...settings, owners: [] })
    const lisi = await signInAs(world, 'super', 'lisi')
    const devToken = await lend(lisi, dev)
    expect(await codes(devToken)).toEqual(good)
    await removeRole(world.ctx, 'test', world.corpId, 'lisi')
    await isDead(devToken)
  })

  it('ends when its lender is disabled, and when they leave', async () => {
    const dev = await world.addDeveloper({ ...settings, owners: ['wangwu'] })
    const wangwu = await signIn(world, { userId: 'wangwu' })
    const devToken = await lend(wangwu, dev)
    expect(await codes(devToken)).toEqual(good)
    await world.admin('user/update', { userid: 'wangwu', enable: 0 })
    await isDead(devToken)
    await world.admin('user/update', { userid: 'wangwu', enable: 1 })
    await world.settle()
    const another = await lend(await signIn(world, { userId: 'wangwu' }), dev)
    expect(await codes(another)).toEqual(good)
    await world.admin('user/delete', { userid: 'wangwu' })
    await isDead(another)
  })

  it('ends with the idleness of the session, which it does not prolong, and with the secret', async () => {
    const dev = await world.addDeveloper(settings)
    const admin = await signInAs(world, 'system')
    const devToken = await lend(admin, dev)
    world.clock.offsetMs = idleMs - 60_000
    expect(await codes(devToken)).toEqual(good)
    world.clock.offsetMs = idleMs + 60_000
    expect(await codes(devToken)).toEqual(dead)
    world.clock.offsetMs = 0
    const zhangsan = await signInAs(world, 'super', 'zhangsan')
    const another = await lend(zhangsan, dev)
    expect(await codes(another)).toEqual(good)
    const [secret] = (await zhangsan.get('/web/developers/one', { devId: dev.devId })).body.secrets
    await zhangsan.post('/web/developers/revoke-secret', { devId: dev.devId, secretId: secret.id })
    await isDead(another)
  })

  it('names no other session than the one that lent it', async () => {
    const dev = await world.addDeveloper(settings)
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const second = await signIn(world, { userId: 'zhangsan' })
    const devToken = await lend(zhangsan, dev)
    await zhangsan.post('/web/sign-out')
    await isDead(devToken)
    expect(await codes(devToken.replace(zhangsan.sessionId, second.sessionId))).toEqual(dead)
    expect(await codes(await dev.token())).toEqual(good)
    expect(await codes(`lent.${await dev.token()}`)).toEqual(dead)
  })
})
