import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import httpCasClient from 'http-cas-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { setApp } from '../apps/apps.ts'
import { addCasApp, open } from './browser.fixture.ts'

/** An application by http-cas-client, which nobody here wrote. */
type Application = { url: string; appId: string; server: Server; posted: string[] }
type SignedInRequest = IncomingMessage & { principal?: { user: string; attributes?: Record<string, string> } }

let world: World
let base: string
const applications: Application[] = []

async function startApplication(cas: 2 | 3): Promise<Application> {
  const posted: string[] = []
  let handler: ReturnType<typeof httpCasClient> | undefined
  const server = createServer(async (request: SignedInRequest, response) => {
    request.on('data', chunk => request.method === 'POST' && posted.push(String(chunk)))
    try {
      if (!(await handler?.(request, response, {}))) return response.end()
      return response.end(JSON.stringify(request.principal))
    } catch (error) {
      return response.writeHead(500).end(String(error))
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const appId = await addCasApp(world, `应用 ${cas}`, { services: [url], allowsHttp: true })
  base = world.ctx.appSignIns.addressesOf(world.corpId).casBase
  handler = httpCasClient({ cas, casServerUrlPrefix: base, serverName: url.slice(0, -1) })
  return { url, appId, server, posted }
}

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3 })
  applications.push(await startApplication(2), await startApplication(3))
})
afterAll(async () => {
  for (const { server } of applications) server.close()
  await world.close()
})

/** Follows the redirects, as the browser of somebody who is signed in to wisp; returns the cookie of the application. */
async function enter(
  { url }: Application,
  person: SignedInClient,
): Promise<{ cookie: string; text: string }> {
  const first = await open(url)
  expect(first.location).toContain(`${base}/login?service=`)
  const login = await open(first.location, person.cookie)
  const back = await open(login.location)
  const cookie = (back.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return { cookie, text: (await open(back.location || url, cookie)).text || back.text }
}

describe('applications by http-cas-client', () => {
  it('sign people in with one sign-in, and out of all', async () => {
    const person = await signIn(world, { userId: 'zhangsan' })
    const entered = [await enter(applications[0]!, person), await enter(applications[1]!, person)]
    expect(entered.map(({ text }) => JSON.parse(text).user)).toEqual(['zhangsan', 'zhangsan'])
    expect(JSON.parse(entered[1]!.text).attributes).toMatchObject({ isFromNewLogin: 'false' })
    await open(`${base}/logout`, person.cookie)
    for (const [index, application] of applications.entries()) {
      await until('the application is told', () => application.posted.length > 0)
      expect(application.posted.join('')).toMatch(/^logoutRequest=%3Csamlp%3ALogoutRequest%20/)
      const again = await open(application.url, entered[index]!.cookie)
      expect(again.location).toContain('/login?service=')
    }
  })

  it('let nobody in whom wisp refuses', async () => {
    const [application] = applications as [Application]
    const memberIds = [world.ctx.mirrors.of(world.corpId).members.byKey('lisi')!.id]
    const visibility = { everyone: false, departments: [], memberIds, tags: [] }
    await setApp(world.ctx, 'test', world.corpId, application.appId, { visibility })
    const person = await signIn(world, { userId: 'wangwu' })
    const login = await open((await open(application.url)).location, person.cookie)
    expect([login.status, login.location]).toEqual([403, ''])
    const forged = await open(`${application.url}?ticket=ST-${'0'.repeat(48)}`)
    expect(forged.status).toBe(500)
  })
})
