import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MerchantCaller } from '../../sandbox/pay/test/merchant-caller.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { callbackKeys, type Receiver, startReceiver } from '../../sandbox/test-receiver.ts'
import { axe, closeBrowser, desktop, launchBrowser, look } from './browser.ts'
import { openWindow } from './windows.ts'

let sandbox: Sandbox
/** Where people are sent back to; answers every address with a page. */
let back: Server
let receiver: Receiver
beforeAll(async () => {
  sandbox = await startSandbox({ members: 300 })
  await launchBrowser()
  back = createServer((_request, response) => response.end('<title>back</title>')).listen(0, '127.0.0.1')
  await once(back, 'listening')
  receiver = await startReceiver()
})
afterAll(async () => {
  await closeBrowser()
  back?.close()
  await receiver?.close()
  await sandbox?.close()
})

const control = async (path: string, body?: object) => {
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  return (await (await fetch(`${sandbox.url}/_sandbox/${path}`, init)).json()) as any
}

function signInUrl(path: string, more: Record<string, string> = {}): string {
  const { port } = back.address() as AddressInfo
  const query = new URLSearchParams({
    appid: sandbox.corpId,
    agentid: String(sandbox.agents[0]!.agentId),
    redirect_uri: `http://127.0.0.1:${port}/callback?to=%2Fportal`,
    state: 'State1',
    ...more,
  })
  return `${sandbox.url}${path}?${query}`
}
const qrUrl = () => signInUrl('/wwlogin/sso/login', { login_type: 'CorpApp' })
const oauthUrl = (scope: string) =>
  `${signInUrl('/connect/oauth2/authorize', { response_type: 'code', scope })}#wechat_redirect`

async function openPage(): Promise<{ page: Page; close(): Promise<void> }> {
  const { context, close } = await openWindow(await launchBrowser(), {
    baseURL: sandbox.url,
    viewport: desktop,
  })
  return { page: await context.newPage(), close }
}

it('the tour of a sandbox without a platform says so', async () => {
  const { page, close } = await openPage()
  await page.goto(`${sandbox.url}/tour`)
  await page.getByText('旁边没有平台').waitFor()
  await close()
})

it.each([
  ['/phone#member=zhangsan&tab=wecom', '/phone#member=zhangsan&tab=mail', '.nav h1'],
  ['/corp#department=1', '/corp#department=2', '[aria-current=true]'],
])('%s gives way to another address that is pasted over it', async (first, second, place) => {
  const { page, close } = await openPage()
  await page.goto(`${sandbox.url}${first}`)
  const before = await page.locator(place).first().textContent()
  await page.goto(`${sandbox.url}${second}`)
  await page.locator(place).first().filter({ hasNotText: before! }).waitFor()
  await close()
})

describe('the pages of the sandbox', () => {
  let opened: Awaited<ReturnType<typeof openPage>>
  let page: Page
  let complaints: string[]
  beforeEach(async () => {
    await sandbox.reset({ members: 300 })
    complaints = []
    opened = await openPage()
    page = opened.page
    page.setDefaultTimeout(10_000)
    page.on('pageerror', error => complaints.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text())
    })
  })
  afterEach(async () => {
    await opened.close()
    expect(complaints).toEqual([])
  })

  const looksRight = async () => {
    await look(page, { dark: true })
    expect(await page.locator('.ribbon').textContent()).toContain('沙箱')
  }
  const cameBack = () => page.waitForURL(/\/callback\?/).then(() => new URL(page.url()).searchParams)

  it('who one is: found by keyboard alone, and back with a code', async () => {
    await page.goto(qrUrl())
    await page.getByAltText('登录用的二维码').waitFor()
    await looksRight()
    await page.getByLabel('搜索成员').focus()
    await page.keyboard.type('李四')
    await page.locator('.person').first().and(page.locator('[data-userid=lisi]')).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const query = await cameBack()
    expect([query.get('state'), query.get('to')]).toEqual(['State1', '/portal'])
    expect(query.get('code')).toMatch(/^[\w-]{40,}$/)
  })

  it('a phone confirms what a desktop waits for', async () => {
    await page.goto(qrUrl())
    const link = await page.getByRole('link', { name: '打开“手机”上的确认页' }).getAttribute('href')
    const other = await page.context().newPage()
    await other.goto(link!)
    await page.getByText('已扫码，请在手机上确认').waitFor()
    await other.locator('[data-userid=zhangsan]').click()
    await other.getByText('已以张三的身份确认').waitFor()
    expect((await cameBack()).get('code')).not.toBeNull()
  })

  it('consent shows what is given; refusing goes back without a code', async () => {
    await page.goto(oauthUrl('snsapi_privateinfo'))
    await page.locator('[data-userid=zhangsan]').click()
    await page.getByRole('heading', { name: /申请获取您的信息/ }).waitFor()
    await looksRight()
    await page.getByLabel('手机号').uncheck()
    await page.getByRole('button', { name: '返回' }).click()
    await page.getByRole('button', { name: '拒绝' }).click()
    const query = await cameBack()
    expect([query.get('code'), query.get('state')]).toEqual([null, 'State1'])
  })

  it('those who cannot sign in are shown with the reason', async () => {
    await control('admin/user/update', { userid: 'wangwu', status: 2 })
    await page.goto(oauthUrl('snsapi_base'))
    const row = page.locator('[data-userid=wangwu]')
    await row.waitFor()
    expect([await row.isDisabled(), await row.textContent()]).toEqual([
      true,
      expect.stringContaining('已禁用'),
    ])
    await page.goto(`${sandbox.url}/wwlogin/sso/login?appid=x`)
    await page.getByRole('heading', { name: '抱歉，出错了' }).waitFor()
    await looksRight()
    complaints = complaints.filter(text => !text.includes('400'))
  })

  it('the corp: departments and members are made, changed and removed', async () => {
    await page.goto(`${sandbox.url}/corp`)
    await page.getByRole('button', { name: '新建子部门' }).click()
    await page.getByLabel('名称').fill('创新部')
    await page.keyboard.press('Enter')
    await page.locator('.side').getByRole('button', { name: '创新部' }).click()
    await page.getByRole('button', { name: '新建成员' }).click()
    await page.getByLabel('账号').fill('newcomer')
    await page.getByLabel('姓名').fill('新来的')
    await page.getByRole('dialog').getByRole('button', { name: '新建' }).click()
    await page.getByRole('alert').getByText('手机号和邮箱至少填一个').waitFor()
    await looksRight()
    await page.getByLabel('手机号').fill('19900000001')
    await page.getByRole('dialog').getByRole('button', { name: '新建' }).click()
    await page.locator('[data-userid=newcomer]').click()
    await looksRight()
    await page.getByRole('button', { name: '改账号' }).click()
    await page.getByLabel('新账号').fill('newname')
    await page.keyboard.press('Enter')
    await page.locator('[data-userid=newname]').click()
    await page.getByRole('button', { name: '禁用' }).click()
    await page.locator('[data-userid=newname]', { hasText: '已禁用' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
    await page.getByText('不能恢复').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
    await page.getByText('这里没有成员').waitFor()
    await page.locator('.content').getByRole('button', { name: '删除' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
    await page.locator('.side').getByRole('button', { name: '创新部' }).waitFor({ state: 'detached' })
    await looksRight()
  })

  it('a department moves, a tag takes members in and out', async () => {
    await page.goto(`${sandbox.url}/corp#department=3`)
    await page.getByRole('button', { name: '移动' }).click()
    await page.getByLabel('移到哪个部门下面').fill('研发')
    await page.locator('.choices button', { hasText: '研发中心' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '移动' }).click()
    await page.locator('.path', { hasText: '研发' }).waitFor()
    await page.goto('about:blank')
    await page.goto(`${sandbox.url}/corp#tag=1`)
    await page.getByRole('button', { name: '加入成员或部门' }).click()
    await page.getByRole('searchbox', { name: '成员', exact: true }).fill('zhaomin')
    await page.locator('.choices button', { hasText: 'zhaomin' }).click()
    await page.getByText('已选 赵敏').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const row = page.locator('.member', { has: page.locator('[data-userid]') }).first()
    const userid = await row.locator('[data-userid]').getAttribute('data-userid')
    await row.getByRole('button', { name: /移出标签/ }).click()
    await page.locator(`[data-userid="${userid}"]`).waitFor({ state: 'detached' })
    const { members } = await control('corp/tag?tagid=1')
    expect(members.map((one: { userid: string }) => one.userid)).not.toContain(userid)
  })

  it('what is edited is called back, unless it is silent', async () => {
    await control('callback', { url: receiver.url, ...callbackKeys })
    await page.goto(`${sandbox.url}/corp#member=lisi`)
    const edit = async (name: string) => {
      await page.getByRole('button', { name: '编辑' }).click()
      await page.getByLabel('姓名').fill(name)
      await page.getByRole('button', { name: '保存' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await edit('李四光')
    await page.locator('.pushes summary', { hasText: '修改成员' }).getByText('已送达').waitFor()
    await page.getByLabel('不回调').check()
    await page.getByLabel('搜索成员').fill('lisi')
    await page.locator('[data-userid=lisi]').first().click()
    expect(await page.getByRole('button', { name: '改账号' }).count()).toBe(0)
    await edit('李四')
    await page.getByText('已保存，没有回调').waitFor()
    expect((await control('callback')).sent).toBeGreaterThan(0)
    expect(await page.locator('.pushes summary').count()).toBe(1)
    expect((await control('corp/member?userid=lisi')).name).toBe('李四')
    await control('callback', { url: null })
  })

  it('an agent hears what is written on the phone, once its address is entered', async () => {
    const [agent] = sandbox.agents
    await page.goto(`${sandbox.url}/agents`)
    await page.getByText('没有设置').waitFor()
    await page.getByLabel('URL').fill(receiver.url)
    await page.getByLabel('Token', { exact: true }).fill('wrong')
    await page.getByLabel('EncodingAESKey', { exact: true }).fill(callbackKeys.encodingAesKey)
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('回调地址请求不通过').waitFor()
    complaints = complaints.filter(text => !text.includes('400'))
    await page.getByLabel('Token', { exact: true }).fill(callbackKeys.token)
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('已通过验证').waitFor()
    await page.getByRole('button', { name: '长期未使用，将停用' }).click()
    await page.locator('.pushes summary', { hasText: 'inactive_alert' }).getByText('已送达').waitFor()
    await looksRight()
    await page.goto(`${sandbox.url}/phone#member=lisi`)
    await page.getByRole('button', { name: new RegExp(agent!.name) }).click()
    await page.getByLabel('写给应用').fill('在吗')
    await page.getByRole('button', { name: '发送' }).click()
    await page.locator('.message.mine').getByText('在吗').waitFor()
    await page.getByRole('button', { name: '图片', exact: true }).click()
    await page.locator('.message.mine').nth(1).waitFor()
    await looksRight()
    const { pushes } = await control(`agents/pushes?agentId=${agent!.agentId}`)
    expect(pushes.map((one: { name: string }) => one.name)).toEqual([
      'image',
      'text',
      'enter_agent',
      'inactive_alert',
    ])
    await control('agents/callback', { agentId: agent!.agentId, url: null })
  })

  it('faults are switched on and off, and count what they hit', async () => {
    await page.goto(`${sandbox.url}/faults`)
    await page.getByText('没有打开的故障').waitFor()
    await page.getByRole('button', { name: '60020 可信 IP' }).click()
    const row = page.locator('.fault-list li', { hasText: '错误码 60020' })
    await row.waitFor()
    const answer = await fetch(`${sandbox.url}/cgi-bin/gettoken?corpid=x&corpsecret=y`)
    expect(await answer.json()).toMatchObject({ errcode: 60020 })
    await row.getByText('命中 1 次').waitFor()
    await page.getByLabel('怎么坏').selectOption('指定错误码')
    await page.getByRole('button', { name: '打开', exact: true }).click()
    await page.getByText('请填写错误码').waitFor()
    await page.getByRole('textbox', { name: '错误码' }).fill('45009')
    await page.getByLabel('次数').fill('2')
    await page.getByRole('button', { name: '打开', exact: true }).click()
    await page.locator('.fault-list li', { hasText: '错误码 45009，还剩 2 次' }).waitFor()
    await looksRight()
    await page.getByRole('button', { name: '全部关闭' }).click()
    await page.getByText('没有打开的故障').waitFor()
    await page.getByRole('button', { name: '改为受限' }).click()
    await page.getByRole('button', { name: '改为不限' }).click()
    await page.getByRole('button', { name: '改为受限' }).waitFor()
  })

  it('the tour ticks what it sees, and the index leads everywhere', async () => {
    const tourOf = (admin: object) =>
      control('tour', {
        platformUrl: 'http://127.0.0.1:3000',
        sampleUrl: 'http://127.0.0.1:3002',
        appId: 'app1',
        signIn: { oidcUrl: 'http://127.0.0.1:3004', casUrl: 'http://127.0.0.1:3005' },
        admin,
      })
    await tourOf({ user: 'admin', password: 'secret word' })
    await page.goto(`${sandbox.url}/tour`)
    await page.getByText('secret word').waitFor()
    await looksRight()
    await control('admin/user/update', { userid: 'lisi', position: '顾问' })
    for (const step of ['popup', 'sso']) await control('tour/seen', { step })
    await page.getByText(/^更多（\d+）$/).click()
    for (const title of ['改一个人，看平台跟着变', '弹出平台的窗口', '登录一次，进两个别的系统'])
      await page
        .locator('.step.done', { has: page.getByRole('heading', { name: title }) })
        .getByLabel('已完成')
        .waitFor()
    expect(await control('tour/seen', { step: 'edit' })).toMatchObject({
      error: expect.stringContaining('step'),
    })
    await looksRight()
    await tourOf({ user: 'admin', password: null })
    await page.getByText('密码已经改过').waitFor()
    expect(await page.content()).not.toContain('secret word')
    await page.goto(sandbox.url)
    await page.getByRole('link', { name: /^一分钟导览/ }).waitFor()
    await looksRight()
    const links = await page.locator('.doors a').evaluateAll(all => all.map(one => one.getAttribute('href')))
    expect(links).toEqual([
      '/tour',
      '/phone',
      '/corp',
      '/callback',
      '/agents',
      '/pay/desk',
      '/faults',
      'http://127.0.0.1:3002',
      'http://127.0.0.1:3000/portal',
    ])
  })

  it("WeChat Pay's console, and a code that a phone scans and pays", async () => {
    const merchant = new MerchantCaller(sandbox)
    // Nobody listens at the address of the order, and without a key nobody is told.
    await control('pay/settings', { apiV3Key: null })
    const order = merchant.order({ description: '物业费 十二月' })
    await merchant.post('/v3/pay/transactions/native', order)
    await page.goto(`${sandbox.url}/pay/desk`)
    await page.getByText('物业费 十二月').waitFor()
    await looksRight()
    await page.goto(`${sandbox.url}/phone#member=zhangsan`)
    await page.getByRole('button', { name: '扫一扫' }).click()
    await page.getByRole('button', { name: /^物业费/ }).waitFor()
    await looksRight()
    await page.getByRole('button', { name: /^物业费/ }).click()
    await page.getByRole('button', { name: '立即支付' }).waitFor()
    await looksRight()
    await page.getByRole('button', { name: '立即支付' }).click()
    await page.getByRole('heading', { name: '支付成功' }).waitFor()
    await looksRight()
    await page.getByRole('button', { name: '完成' }).click()
    await page.goto(`${sandbox.url}/pay/dialog?prepayId=none`)
    await page.getByText('支付会话已过期').waitFor()
    await axe(page)
    await page.goto(`${sandbox.url}/pay/h5?prepay_id=none`)
    await page.getByText('支付会话已过期').waitFor()
    await axe(page)
  })

  it("a follower's phone and the authorisation of an official account", async () => {
    const { originalId, appId } = sandbox.official.accounts[0]!
    const { followers } = await control(`official/followers?originalId=${originalId}&limit=1`)
    const { openid } = followers[0]
    await control('official/act', { originalId, openid, act: 'text', content: '几点开门？' })
    await page.goto(`${sandbox.url}/phone#${new URLSearchParams({ originalId, openid })}`)
    await page.getByLabel('写消息').waitFor()
    await looksRight()
    await page.getByRole('button', { name: '更多' }).click()
    await page.getByRole('heading', { name: '更多' }).waitFor()
    await looksRight()
    await page.keyboard.press('Escape')
    await page.goto(`${sandbox.url}/phone#member=zhangsan&tab=wechat`)
    await page.locator('.conversation', { hasText: '几点开门' }).waitFor()
    await looksRight()
    const { port } = back.address() as AddressInfo
    const query = new URLSearchParams({
      appid: appId,
      redirect_uri: `http://127.0.0.1:${port}/in`,
      response_type: 'code',
      scope: 'snsapi_userinfo',
      state: 'S',
    })
    await page.goto(`${sandbox.official.authorizeUrl}?${query}#wechat_redirect`)
    await page.locator('.person').first().waitFor()
    await looksRight()
    await page.locator('.person').first().click()
    await looksRight()
    await page.getByRole('button', { name: '允许' }).click()
    await page.waitForURL(/\/in\?code=\w+&state=S$/)
    query.set('scope', 'all')
    await page.goto(`${sandbox.official.authorizeUrl}?${query}`)
    await page.getByText('10005').waitFor()
    await looksRight()
    expect(complaints).toEqual([expect.stringContaining('400 (Bad Request)')])
    complaints = []
  })
})
