import { createSign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchChromium } from '../../../test/browser/chromium.ts'
import { until } from '../../../test/until.ts'
import { type Sandbox, startSandbox } from '../../sandbox.ts'
import { callerOf, control } from '../../test-caller.ts'
import { MerchantCaller, payControl } from '../test/merchant-caller.ts'

let sandbox: Sandbox
let merchant: MerchantCaller
let browser: Browser
let context: BrowserContext
let openid: string
let complaints: string[]
/** The page of a merchant, as others write it, without and with a policy against frames. */
let shop: Server
let shopUrl: string

beforeAll(async () => {
  sandbox = await startSandbox({ members: 20 })
  merchant = new MerchantCaller(sandbox)
  await payControl(sandbox, 'settings', { apiV3Key: null })
  const { originalId } = sandbox.official.accounts[0]!
  const { body } = await control(sandbox, 'GET', `official/followers?originalId=${originalId}&limit=1`)
  openid = (body['followers'] as { openid: string }[])[0]!.openid
  shop = createServer((request, response) => {
    if (request.url!.startsWith('/strict'))
      response.setHeader(
        'content-security-policy',
        `script-src ${sandbox.url} 'unsafe-inline'; frame-src 'none'`,
      )
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(
      `<!doctype html><title>shop</title><script src="${sandbox.pay.scriptUrl}"></script><p id="agent"></p><p id="result"></p><button id="pay">pay</button><a id="h5">h5</a><script>document.querySelector('#agent').textContent = navigator.userAgent + (window.WeixinJSBridge ? ' bridge' : ' none')</script>`,
    )
  }).listen(0, '127.0.0.1')
  await once(shop, 'listening')
  shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await sandbox.close()
  shop.close()
})
beforeEach(async () => {
  complaints = []
  context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })
  context.on('weberror', error => complaints.push(error.error().message))
})
afterEach(async () => {
  await context.close()
  expect(complaints).toEqual([])
})

interface Prepayment {
  number: string
  prepayId: string
}

async function prepare(more: object = {}): Promise<Prepayment> {
  const order = merchant.order({ amount: { total: 12_345 }, payer: { openid }, ...more })
  const { body } = await merchant.post('/v3/pay/transactions/jsapi', order)
  return { number: String(order['out_trade_no']), prepayId: String(body['prepay_id']) }
}

/** What a merchant's page gives to getBrandWCPayRequest. */
function signed({ prepayId }: Prepayment, appId = merchant.account.appIds[0]!): Record<string, string> {
  const [timeStamp, nonceStr, wrapped] = [
    '1554208460',
    '593BEC0C930BF1AFEB40B4A08C8FB242',
    `prepay_id=${prepayId}`,
  ]
  const paySign = createSign('sha256')
    .update(`${appId}\n${timeStamp}\n${nonceStr}\n${wrapped}\n`)
    .sign(merchant.account.privateKey, 'base64')
  return { appId, timeStamp, nonceStr, package: wrapped, signType: 'RSA', paySign }
}

const stateOf = async (number: string): Promise<Record<string, unknown>> =>
  (await payControl<{ orders: Record<string, unknown>[] }>(sandbox, `ledger?outTradeNo=${number}`)).orders[0]!

/** Opens the shop as the phone of this follower does. */
async function inClient(client: string, person: string, path = '/'): Promise<Page> {
  const page = await context.newPage()
  await page.goto(shopUrl)
  await page.evaluate(`window.name = ${JSON.stringify(`sandbox-phone:${client}:${person}`)}`)
  await page.goto(shopUrl + path)
  return page
}

/** Lets the page ask for the payment when its button is clicked; the answer comes into #result. */
const onPay = (page: Page, params: Record<string, string>): Promise<void> =>
  page.evaluate(`document.querySelector('#pay').onclick = () =>
    WeixinJSBridge.invoke('getBrandWCPayRequest', ${JSON.stringify(params)}, answer => {
      document.querySelector('#result').textContent = answer.err_msg
    })
    undefined`)

const result = (page: Page, words: string) =>
  page.locator('#result', { hasText: `get_brand_wcpay_request:${words}` }).waitFor()

test('a page in the phone’s WeChat sees WeChat, pays in the dialog and hears so', async () => {
  const page = await inClient('wechat', openid)
  await page.locator('#agent', { hasText: /MicroMessenger\/8.*bridge/ }).waitFor()
  const order = await prepare()
  await onPay(page, signed(order))
  await page.locator('#pay').click()
  const dialog = page.frameLocator('iframe')
  await dialog.getByText('¥123.45').waitFor()
  await dialog.getByText('付款给 微科技').waitFor()
  await dialog.getByRole('button', { name: '立即支付' }).click()
  await dialog.getByRole('heading', { name: '支付成功' }).waitFor()
  expect(await stateOf(order.number)).toMatchObject({ state: 'SUCCESS', payer: openid })
  await dialog.getByRole('button', { name: '完成' }).click()
  await result(page, 'ok')
  expect(await page.locator('iframe').count()).toBe(0)
})

test('cancelling, failing, paying twice and a wrong signature', async () => {
  const page = await inClient('wechat', openid)
  const order = await prepare()
  await onPay(page, signed(order))
  const dialog = page.frameLocator('iframe')
  await page.locator('#pay').click()
  await dialog.getByRole('button', { name: '取消' }).click()
  await result(page, 'cancel')
  await page.locator('#pay').click()
  await dialog.getByRole('button', { name: '失败' }).click()
  await dialog.getByRole('button', { name: '知道了' }).click()
  await result(page, 'fail')
  expect(await stateOf(order.number)).toMatchObject({ state: 'NOTPAY', failures: 1 })
  await payControl(sandbox, 'pay', { prepayId: order.prepayId })
  await page.locator('#pay').click()
  await dialog.getByText('该订单已支付').waitFor()
  const wrong = async (question: object): Promise<unknown> =>
    (await payControl(sandbox, 'cashier', { client: 'wechat', person: openid, ...question }))['problem']
  const other = await prepare()
  expect(await wrong({ request: { ...signed(other), paySign: 'AAAA' } })).toBe('支付验证签名失败')
  expect(await wrong({ request: signed(other, merchant.account.appIds[1]) })).toBe('支付验证签名失败')
  const { paySign: _, ...unsigned } = signed(other)
  expect(await wrong({ request: unsigned })).toBe('调用支付JSAPI缺少参数：paySign')
  expect(await wrong({ request: signed(other), client: 'miniprogram' })).toBe('system:access_denied')
  await payControl(sandbox, 'settings', { payDirectories: ['https://pay.example.com/pay/'] })
  const at = (page: string) => wrong({ request: signed(other), page })
  expect(await at('https://pay.example.com/other/?a=1')).toBe(
    '当前页面的URL未注册：https://pay.example.com/other/',
  )
  expect(await at('https://pay.example.com/pay/?a=1')).toBeNull()
  await payControl(sandbox, 'settings', { payDirectories: null })
})

test('WeCom’s phone pays as its member, in a window where frames are not allowed', async () => {
  const wecom = await callerOf(sandbox)
  const { openid: own } = await wecom.post('user/convert_to_openid', { userid: 'zhangsan' })
  const page = await inClient('wecom', 'zhangsan', '/strict')
  await page.locator('#agent', { hasText: /wxwork/ }).waitFor()
  const order = await prepare({ appid: sandbox.corpId, payer: { openid: own } })
  await onPay(page, signed(order, sandbox.corpId))
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.locator('#pay').click()])
  await popup.getByText('张三').waitFor()
  await popup.getByRole('button', { name: '立即支付' }).click()
  await popup.getByRole('button', { name: '完成' }).click()
  await result(page, 'ok')
  expect(await stateOf(order.number)).toMatchObject({ state: 'SUCCESS', payer: own })
})

test('outside of the phone the script does nothing', async () => {
  const page = await context.newPage()
  await page.goto(shopUrl)
  await page.locator('#agent', { hasText: /Chrome.* none$/ }).waitFor()
})

test('the page of an h5_url pays and leads back, when it is told where from', async () => {
  const order = merchant.order({ scene_info: { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } } })
  const { h5_url: address } = (await merchant.post('/v3/pay/transactions/h5', order)).body
  const page = await context.newPage()
  await page.goto(String(address))
  await page.getByText('商家参数格式有误，请联系商家解决').waitFor()
  await page.goto(shopUrl)
  const go = (to: string) => page.evaluate(`location.href = ${JSON.stringify(to)}`)
  const back = `${shopUrl}/back`
  await go(`${address}&redirect_url=${encodeURIComponent(back)}`)
  await page.getByRole('button', { name: '立即支付' }).click()
  await page.getByRole('button', { name: '返回商家' }).click()
  await page.waitForURL(back)
  expect(await stateOf(String(order['out_trade_no']))).toMatchObject({ state: 'SUCCESS', tradeType: 'MWEB' })
  await payControl(sandbox, 'settings', { h5Domains: ['pay.example.com'] })
  const other = { ...order, out_trade_no: `${order['out_trade_no']}2` }
  await go(String((await merchant.post('/v3/pay/transactions/h5', other)).body['h5_url']))
  await page.getByText('商家存在未配置的参数').waitFor()
  await payControl(sandbox, 'settings', { h5Domains: null })
})

test('the phone’s two clients scan a QR code, and open links in their client', async () => {
  const order = merchant.order({ description: '停车费' })
  await merchant.post('/v3/pay/transactions/native', order)
  const page = await context.newPage()
  await page.goto(`${sandbox.url}/phone#member=zhangsan`)
  await page.getByRole('button', { name: '扫一扫' }).click()
  await page.getByRole('button', { name: /^停车费/ }).click()
  await page.getByRole('button', { name: '立即支付' }).click()
  await page.getByRole('button', { name: '完成' }).click()
  expect(await stateOf(String(order['out_trade_no']))).toMatchObject({
    state: 'SUCCESS',
    tradeType: 'NATIVE',
  })

  const agent = await callerOf(sandbox, sandbox.agents[0]!.secret)
  const { agentId: agentid } = sandbox.agents[0]!
  const text = { content: `<a href="${shopUrl}/">账单</a>` }
  await agent.post('message/send', { touser: 'zhangsan', agentid, msgtype: 'text', text })
  await page.locator('.conversation').click()
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: '账单' }).click(),
  ])
  await opened.locator('#agent', { hasText: /wxwork/ }).waitFor()
  expect(await opened.evaluate('window.name')).toBe('sandbox-phone:wecom:zhangsan')

  const { originalId } = sandbox.official.accounts[0]!
  await page.goto(`${sandbox.url}/phone#originalId=${originalId}&openid=${openid}`)
  await page.getByRole('button', { name: '更多' }).click()
  await page.getByRole('button', { name: '打开网页' }).click()
  await page.getByLabel('地址').fill(`${shopUrl}/`)
  await page.getByLabel('在哪里').selectOption('小程序的网页')
  const [mini] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('button', { name: '打开', exact: true }).click(),
  ])
  await mini.locator('#agent', { hasText: /miniProgram/ }).waitFor()
})

test('the merchants’ console shows orders, decides refunds and moves the clock', async () => {
  const order = merchant.order({ description: '垃圾费' })
  await merchant.post('/v3/pay/transactions/native', order)
  const page = await context.newPage()
  await page.goto(`${sandbox.url}/pay/desk`)
  const row = page.getByRole('listitem').filter({ hasText: '垃圾费' })
  await row.getByRole('button', { name: '付款' }).click()
  await page.getByRole('button', { name: '立即支付' }).click()
  await page.getByRole('button', { name: '完成' }).click()
  await row.getByText('已支付').waitFor()
  await page.getByLabel('退款的结果').selectOption('一直处理中')
  await until('the outcome of refunds', async () => {
    const { settings } = await payControl<{ settings: { refundOutcome: string } }>(sandbox, 'settings', {})
    return settings.refundOutcome === 'PROCESSING'
  })
  await merchant.post('/v3/refund/domestic/refunds', {
    out_trade_no: order['out_trade_no'],
    out_refund_no: 'DESK1',
    amount: { refund: 40, total: 100, currency: 'CNY' },
  })
  await row.getByRole('button', { name: '异常：退款 DESK1' }).click()
  await row.getByText('退款异常').waitFor()
  await row.getByRole('button', { name: '成功：退款 DESK1' }).click()
  await row.getByText('已退款').waitFor()
  const { now } = await payControl<{ now: string }>(sandbox, 'ledger?latest=1')
  await page.getByRole('button', { name: '快进 1 小时' }).click()
  await until('the moved clock', async () => {
    const ledger = await payControl<{ now: string }>(sandbox, 'ledger?latest=1')
    return Date.parse(ledger.now) - Date.parse(now) >= 3_600_000
  })
  await payControl(sandbox, 'settings', { refundOutcome: 'SUCCESS' })
})

test('in a phone nobody is asked who they are: the sign-in pages know the window', async () => {
  const back = encodeURIComponent(`${shopUrl}/back`)
  const asked = `appid=${sandbox.official.accounts[0]!.appId}&redirect_uri=${back}&response_type=code&state=7`
  const follower = await inClient('wechat', openid)
  await follower.goto(`${sandbox.official.authorizeUrl}?${asked}&scope=snsapi_base#wechat_redirect`)
  await follower.waitForURL(/\/back\?code=[0-9a-f]{32}&state=7$/)
  await follower.goto(`${sandbox.official.authorizeUrl}?${asked}&scope=snsapi_userinfo#wechat_redirect`)
  await follower.getByRole('button', { name: '允许' }).waitFor()
  const member = await inClient('wecom', 'zhangsan')
  const { agentId } = sandbox.agents[0]!
  await member.goto(
    `${sandbox.url}/connect/oauth2/authorize?appid=${sandbox.corpId}&redirect_uri=${back}&response_type=code&scope=snsapi_base&agentid=${agentId}&state=8#wechat_redirect`,
  )
  await member.waitForURL(/\/back\?code=[\w-]+&state=8/)
  const agent = await callerOf(sandbox, sandbox.agents[0]!.secret)
  const code = new URL(member.url()).searchParams.get('code')!
  expect(await agent.get('auth/getuserinfo', { code })).toMatchObject({ userid: 'zhangsan' })
})
