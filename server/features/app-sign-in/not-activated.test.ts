import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../test/sign-in.ts'
import { type SignInWay, usualWays, writeWays } from '../../callers/sign-in/ways/ways-store.ts'
import { setRole } from '../../organisation/people/administrators.ts'
import { addApp } from '../apps/apps.ts'
import { connectMerchant } from '../payments/merchants/merchant.fixture.ts'
import { whoMay } from './who-may.ts'

/** WeCom knows this person and they never opened it: status 4. They signed in by a code to their mobile. */
let world: World
let as: SignedInClient
let originalId: string
const userId = 'xin'
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  await world.admin('user/create', { userid: userId, name: '新同事', department: [1], mobile: '13900004321' })
  await world.sync()
  await connectMerchant(world)
  originalId = (await world.bindOfficial()).originalId
  await offer(['wecom', 'sms'])
  as = await signIn(world, { userId }, { acr: 2, amr: ['sms'] })
})
afterAll(() => world.close())

const offer = (ways: SignInWay[]) => writeWays(world.ctx.db, world.corpId, { ...usualWays, ways }, new Date())
const person = () => world.ctx.mirrors.of(world.corpId).members.byKey(userId)!
const open = (url: string) => fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } })

/** Opens the payer's page by the ticket that the workbench gives to 一码通, in a browser without a session. */
async function payByTicket(who: SignedInClient) {
  const { ctx, corpId, server, dev } = world
  const app = await addApp(ctx, 'test', corpId, {
    name: '一码通',
    homeUrl: 'https://pay.example.com/',
    devId: dev.devId,
    payShortcut: true,
  })
  const { url } = (await who.post('/web/portal/open', { appId: app.id })).body
  const jessionId = new URL(url).searchParams.get('jessionId')
  const { headers } = await open(`${server.url}/pay?jessionId=${jessionId}`)
  const cookie = headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
  const { body } = await call(`${server.url}/web/pay/payer`, { headers: { cookie } })
  return [headers.get('location'), body?.userId]
}

describe('who has not activated WeCom and signed in by a code', () => {
  it('sees their bills, by the session and by a ticket of it', async () => {
    expect(person().status).toBe(4)
    expect((await as.get('/web/pay/payer')).body).toMatchObject({ userId })
    expect(await payByTicket(as)).toEqual(['/pay/', userId])
  })

  it('enters apps, which the preview says too, while the corp offers codes', async () => {
    const { ctx, corpId } = world
    const admin = await signInAs(world, 'system')
    const { id } = await addApp(ctx, 'test', corpId, { name: '图书馆', homeUrl: 'https://lib.example.com/' })
    const settings = { kind: 'oidc', oidc: { redirectUris: ['https://lib.example.com/callback'] } }
    const saved = await admin.post('/web/apps/sign-in/save', { id, version: 0, settings })
    expect(saved.retCode).toBe('0')
    const preview = async () =>
      (await admin.post('/web/apps/sign-in/release', { id, userId, settings })).body.whyNot
    expect(await whoMay(ctx, corpId, id, person().id)).toMatchObject({ member: { userId } })
    expect(await preview()).toBe('')
    await offer(['wecom'])
    expect(await whoMay(ctx, corpId, id, person().id)).toMatchObject({ whyNot: 'inactive' })
    expect(await preview()).toContain('未激活')
    await offer(['wecom', 'sms'])
  })

  it('links their WeChat', async () => {
    const { url } = (await as.post('/web/official/own/begin', { originalId })).body
    const page = await open(url)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('新同事')])
  })

  it('keeps the admin tokens that they made', async () => {
    const { ctx, corpId } = world
    await setRole(ctx, 'test', corpId, userId, { level: 2 })
    const manager = await managerBy(world, { member: userId })
    expect((await manager.get('/api/admin/corp', { corpId })).retCode).toBe('0')
    await offer(['wecom'])
    expect((await manager.get('/api/admin/corp', { corpId })).retCode).toBe('1004')
    await offer(['wecom', 'sms'])
  })

  it('is nobody again once disabled', async () => {
    await world.admin('user/update', { userid: userId, enable: 0 })
    await world.sync()
    expect((await as.get('/web/pay/payer')).status).toBe(401)
  })
})
