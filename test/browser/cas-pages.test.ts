import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addCasApp, casAt } from '../../server/features/cas/browser.fixture.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let application: Server
let service: string
let cas: ReturnType<typeof casAt>
const posted: string[] = []
const opened: Visit[] = []

async function open(options: Parameters<typeof visit>[1] = {}): Promise<Visit> {
  const one = await visit(world, options)
  opened.push(one)
  return one
}

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3 })
  application = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += String(chunk)
    })
    request.on('end', () => {
      if (request.method === 'POST') posted.push(body)
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>app</title>inside')
    })
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => application.once('listening', resolve))
  service = `http://127.0.0.1:${(application.address() as AddressInfo).port}/`
  const services = { services: [service], allowsHttp: true, singleLogout: false }
  const claims = [
    { name: 'profile', purpose: '显示姓名' },
    { name: 'departments', purpose: '按部门分组' },
  ]
  await addCasApp(world, '外卖平台', services, { relation: 'third-party', claims })
  cas = casAt(world.ctx.appSignIns.addressesOf(world.corpId).casBase)
})
afterAll(async () => {
  for (const one of opened) await one.close()
  await closeBrowser()
  application.close()
  await world.close()
})

describe('the pages of CAS', () => {
  it('ask for consent once, without a script, and lead on to the application', async () => {
    const { page, complaints } = await open({ as: 'member', userId: 'zhangsan' })
    await page.goto(cas.address('login', { service }))
    await page.getByRole('heading', { name: '同意向「外卖平台」提供信息？' }).waitFor()
    await page.getByText('姓名、账号和头像：显示姓名').waitFor()
    await look(page, { dark: true })
    await page.getByRole('button', { name: '不同意' }).click()
    await page.getByText('没有同意向应用提供信息').waitFor()
    await look(page, { dark: true })
    await page.getByRole('link', { name: '重新选择' }).click()
    await page.getByRole('button', { name: '同意并继续' }).click()
    await page.waitForURL(/127\.0\.0\.1:\d+\/\?ticket=ST-/)
    await page.goto(cas.address('login', { service, method: 'POST' }))
    await page.waitForURL(service)
    expect(posted).toEqual([expect.stringMatching(/^ticket=ST-[0-9a-f]{48}$/)])
    // What is refused is an error of HTTP, which the browser notes as well.
    expect(complaints.filter(one => !one.includes('403'))).toEqual([])
  })

  it('say why somebody cannot enter, who is signed in, and that nobody is', async () => {
    const { page } = await open({ as: 'member', userId: 'zhangsan' })
    await page.goto(cas.address('login', { service: 'https://elsewhere.example.com/' }))
    await page.getByText('请求登录的地址没有登记').waitFor()
    await look(page, { dark: true })
    await page.goto(cas.address('login', {}))
    await page.getByText('张三 (zhangsan)').waitFor()
    await look(page, { dark: true })
    await page.getByRole('link', { name: '退出登录' }).click()
    await page.getByRole('heading', { name: '您已退出登录' }).waitFor()
    await look(page, { dark: true })
  })
})
