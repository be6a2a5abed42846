import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { setSignIn } from '../../../features/app-sign-in/set-sign-in.ts'
import { addApp } from '../../../features/apps/apps.ts'
import { examineAccount } from '../../../features/official/accounts/doctor/doctor.ts'
import { putAgent, setCorp } from '../corps.ts'
import { runDoctor } from '../doctor/doctor.ts'
import { adoptTies } from './ties.ts'

let world: World
let administrator: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  await world.connectCallback()
  await world.connectAgent()
  await putAgent(world.ctx, 'test', world.corpId, {
    ...world.sandbox.agents[0]!,
    uses: ['signin', 'messages'],
  })
  administrator = await signInAs(world, 'super')
})
afterAll(() => world.close())

const moved = 'https://new.example.com'
const list = async (): Promise<{ kind: string; address: string; isOld: boolean; fix: string }[]> =>
  (await administrator.get('/web/corps/addresses')).body.list
const moveTo = (publicUrl: string) => setCorp(world.ctx, 'test', world.corpId, { publicUrl })
const checkOf = async (id: string) => {
  const { checks } = await runDoctor(world.ctx, world.corpId)
  return checks.find(one => one.id === id)
}

/** As a member does, by WeCom inside of it. */
async function signInByWecom(): Promise<void> {
  const visit = (path: string, headers: Record<string, string>) =>
    fetch(`${world.server.url}${path}`, { redirect: 'manual', headers })
  const begun = await visit('/signin/wecom?here=1', { 'user-agent': 'wxwork/4.1 MicroMessenger/7' })
  const state = new URL(begun.headers.get('location')!).searchParams.get('state')
  const cookie = begun.headers
    .getSetCookie()
    .map(line => line.split(';', 1)[0])
    .join('; ')
  const { code } = await world.control('code', { userId: 'zhangsan', scope: 'snsapi_base' })
  const back = await visit(`/signin/callback?code=${code}&state=${state}`, { cookie })
  expect(back.headers.get('location')).not.toContain('error')
}

describe('what hangs on the address of wisp', () => {
  it('is what was verified there, and good as long as the address stays', async () => {
    await signInByWecom()
    const found = await list()
    expect(found.map(one => one.kind)).toEqual(['contactCallback', 'signInDomain', 'agentCallback'])
    expect(found.every(one => !one.isOld && one.address === world.server.url)).toBe(true)
    expect(await checkOf('callback')).toMatchObject({ state: 'ok' })
  })

  it('is old at another address: the check-ups, the list and the command say so', async () => {
    const account = await world.bindOfficial()
    const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '报销' })
    const oidc = { kind: 'oidc' as const, oidc: { redirectUris: ['https://app.example.com/back'] } }
    await setSignIn(world.ctx, { actor: 'test', approves: true }, world.corpId, id, oidc)
    await moveTo(moved)
    const said = `是在旧地址 ${world.server.url} 通过验证的，现在的地址是 ${moved}`
    for (const check of ['callback', 'signInDomain:1000002', 'agentCallback:1000002'])
      expect(await checkOf(check), check).toMatchObject({ ok: false, state: 'failed', detail: said })
    // wisp still answers at the installation's address, which an issuer may have.
    expect(await checkOf('issuer')).toBeUndefined()
    const gone = 'https://gone.example.com'
    const { db } = world.ctx
    await db
      .updateTable('corp_sign_in')
      .set({ issuer: `${gone}/oidc/${world.corpId}` })
      .execute()
    await world.ctx.reloadConfig(world.corpId)
    expect((await checkOf('issuer'))?.detail).toContain(`是在旧地址 ${gone} 通过验证的`)
    const { checks } = await examineAccount(world.ctx, world.corpId, account.originalId)
    expect(checks.find(one => one.id === 'callback')).toMatchObject({ state: 'failed', detail: said })
    const { text } = await runCommand(world.ctx, ['corp', 'addresses'])
    expect(text.match(/旧地址 /g)).toHaveLength(5)
    expect(text).toContain('设置接收事件服务器')
  })

  it('is today’s once it was verified again, and nothing is taken for new by a start', async () => {
    await adoptTies(world.ctx)
    expect((await list()).filter(one => !one.isOld)).toEqual([])
    await signInByWecom()
    expect((await list()).filter(one => !one.isOld).map(one => one.kind)).toEqual(['signInDomain'])
    await moveTo(world.server.url)
    await world.ctx.db.updateTable('verified_address').set({ address: 'http://old.example.com' }).execute()
    expect((await list()).filter(one => one.isOld).map(one => one.kind)).toContain('contactCallback')
    await world.connectCallback()
    await until('the verification', async () => !(await list())[0]!.isOld)
    expect((await list()).filter(one => one.isOld).map(one => one.kind)).not.toContain('contactCallback')
  })

  it('that was verified before addresses were kept takes the address of the first start', async () => {
    await world.ctx.db.deleteFrom('verified_address').execute()
    await adoptTies(world.ctx)
    const rows = await world.ctx.db.selectFrom('verified_address').select(['kind', 'address']).execute()
    expect(rows.map(one => one.kind).sort()).toEqual(['agentCallback', 'contactCallback', 'officialCallback'])
    expect(rows.every(one => one.address === world.server.url)).toBe(true)
  })
})
