import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { soak } from '../../../test/soak.ts'
import { until } from '../../../test/until.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { type Server, startServer } from '../../server.ts'
import { setApp } from '../apps/apps.ts'
import { addCasApp, casAt } from './browser.fixture.ts'

let world: World
let other: Server
let here: ReturnType<typeof casAt>
let there: ReturnType<typeof casAt>
let appId: string
const service = 'https://lib.example.com/'

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3 })
  const env = { ...world.env, WISP_PUBLIC_URL: world.ctx.publicUrl() }
  other = await startServer(readConfig(env), { log: createLog('silent') })
  appId = await addCasApp(world, '图书馆', { services: [service], ticketSeconds: 60 })
  const { pathname } = new URL(world.ctx.appSignIns.addressesOf(world.corpId).casBase)
  here = casAt(world.server.url + pathname)
  there = casAt(other.url + pathname)
  await until('the other node knows the app', async () => (await there.login('', { service })).status === 303)
})
afterAll(async () => {
  await other.close()
  await world.close()
})

describe('two nodes', () => {
  it('validate each other’s tickets', async () => {
    const { cookie } = await signIn(world, { userId: 'zhangsan' })
    const ticket = await here.ticket(cookie, service)
    expect((await there.ask('serviceValidate', { service, ticket })).text).toContain('<cas:user>zhangsan<')
    const back = await there.ticket(cookie, service)
    expect((await here.ask('serviceValidate', { service, ticket: back })).text).toContain(
      '<cas:user>zhangsan<',
    )
  })

  it('let exactly one of simultaneous validations succeed', async () => {
    const { cookie } = await signIn(world, { userId: 'zhangsan' })
    for (let round = 0; round < soak(10, 300); round++) {
      const ticket = await here.ticket(cookie, service)
      const answers = await Promise.all(
        [here, there, here, there].map(node => node.ask('p3/serviceValidate', { service, ticket })),
      )
      expect(answers.filter(({ text }) => text.includes('<cas:user>'))).toHaveLength(1)
    }
  })

  it('take a proof for renew once together', async () => {
    const { cookie, sessionId } = await signIn(world, { userId: 'lisi' })
    const { location } = await here.login(cookie, { service, renew: 'true' })
    const to = new URL(new URL(location).searchParams.get('to') ?? '', world.server.url).searchParams
    world.clock.offsetMs = 1000
    await world.ctx.sessions.prove(sessionId, { acr: 2, amr: ['qr'] })
    const query = Object.fromEntries(to)
    const answers = await Promise.all([here, there, here, there].map(node => node.login(cookie, query)))
    expect(answers.filter(one => one.location.includes('ticket='))).toHaveLength(1)
    world.clock.offsetMs = 0
  })

  it('refuse whom the other has just been told to refuse', async () => {
    const { cookie } = await signIn(world, { userId: 'wangwu' })
    const ticket = await there.ticket(cookie, service)
    const nobody = { everyone: false, departments: [], memberIds: [1_000_000], tags: [] }
    const memberIds = [world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!.id]
    await setApp(world.ctx, 'test', world.corpId, appId, { visibility: { ...nobody, memberIds } })
    await until(
      'the other node refuses',
      async () => (await there.login(cookie, { service })).status === 403,
      1000,
    )
    expect((await there.ask('serviceValidate', { service, ticket })).text).toContain('INVALID_TICKET')
  })
})
