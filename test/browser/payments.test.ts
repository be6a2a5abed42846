import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addApp } from '../../server/features/apps/apps.ts'
import { useAgents } from '../../server/features/messages/messages.fixture.ts'
import { connectMerchant } from '../../server/features/payments/merchants/merchant.fixture.ts'
import { ledger, openidsOf, payAt } from '../../server/features/payments/payments.fixture.ts'
import type { Caller, World } from '../harness.ts'
import {
  axe,
  closeBrowser,
  desktop,
  fitsWidth,
  phone,
  type Visit,
  type VisitOptions,
  visit,
} from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let dev: Caller

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 6 })
  await useAgents(world)
  await connectMerchant(world)
  await world.bindOfficial()
  dev = await world.addDeveloper({ scopes: ['directory:read', 'ticket:issue', 'pay:read', 'pay:write'] })
})
afterAll(async () => {
  await closeBrowser()
  await world?.close()
})

async function at(path: string, options: VisitOptions, run: (page: Page, visit: Visit) => Promise<void>) {
  const visited = await visit(world, { as: 'member', ...options })
  try {
    await visited.page.goto(path)
    await run(visited.page, visited)
    expect(visited.complaints).toEqual([])
  } finally {
    await visited.close()
  }
}

let numbers = 0
async function bill(userId: string, title: string, amount: number, more: object = {}): Promise<string> {
  const billNo = `J-${++numbers}`
  const given = { billNo, userId, title, amount, ...more }
  const made = await dev.post('/api/pay/bill/create', given)
  expect(made.retCode, made.retMessage).toBe('0')
  return billNo
}

const stateOf = async (billNo: string) => (await dev.get('/api/pay/bill/get', { billNo })).body.state

/** The order that was placed last at WeChat Pay, of those that wait. */
const lastOrder = async () => {
  const { outTradeNo = '' } = (await ledger(world)).findLast(order => order.state === 'NOTPAY') ?? {}
  return outTradeNo
}

describe('on a desktop', () => {
  it('several bills are chosen, a code is scanned, and there is a receipt for each', async () => {
    const soon = new Date(Date.now() + 5 * 86_400_000).toISOString()
    const numbers = [
      await bill('lisi', '住宿费 11 月', 120_050, { dueAt: soon }),
      await bill('lisi', '图书逾期赔偿', 1250, {
        items: [{ name: '《资治通鉴》', amount: 625, quantity: 2 }],
      }),
    ]
    await bill('lisi', '不付的账单', 99)
    await at('/pay', { userId: 'lisi', size: desktop }, async page => {
      await page.getByText('还有 5 天到期').waitFor()
      expect(new URL(page.url()).pathname).toBe('/pay/')
      await axe(page)
      await page.getByLabel('选择 住宿费 11 月').check()
      await page.getByLabel('选择 图书逾期赔偿').check()
      await page.getByText('¥1,213.00').waitFor()
      await page.getByRole('button', { name: '去支付' }).click()
      await page.getByRole('img', { name: '微信支付二维码' }).waitFor()
      await page.getByRole('timer').waitFor()
      await axe(page)
      // The code survives a reload, and the page goes on waiting.
      await page.reload()
      await page.getByRole('img', { name: '微信支付二维码' }).waitFor()
      await payAt(world, { outTradeNo: await lastOrder() })
      await page.getByRole('heading', { name: '支付成功' }).waitFor()
      await axe(page)
      await page.getByRole('button', { name: '图书逾期赔偿 的凭证' }).click()
      await page.getByText('壹拾贰元伍角整').waitFor()
      await page.getByText('《资治通鉴》').waitFor()
      await axe(page)
      await page.emulateMedia({ media: 'print' })
      expect(await page.getByRole('button', { name: '打印' }).isVisible()).toBe(false)
      await page.emulateMedia({ media: 'screen' })
      await page.getByRole('button', { name: '返回' }).click()
      await page.getByRole('button', { name: '完成' }).click()
      await page.getByText('1 项待付款').waitFor()
      await page.getByRole('button', { name: '缴费记录' }).click()
      await page.getByText('住宿费 11 月').waitFor()
      await axe(page)
    })
    for (const billNo of numbers) expect(await stateOf(billNo)).toBe('paid')
  })

  it('the workbench says how many wait, and opens the page in a frame', async () => {
    await bill('wangwu', '体检费', 15_000)
    await at('/portal', { userId: 'wangwu', size: desktop }, async page => {
      await page.getByRole('button', { name: /1 项等您处理/ }).click()
      const frame = page.frameLocator('iframe')
      await frame.getByText('体检费').waitFor()
      await frame.getByRole('button', { name: '去支付' }).click()
      await frame.getByRole('img', { name: '微信支付二维码' }).waitFor()
    })
  })

  it('a dead link is said to be one, and a browser without anybody is asked to sign in', async () => {
    await at('/pay?ticket=dead', { userId: 'zhangsan' }, async page => {
      await page.getByText('打开的链接已失效').waitFor()
    })
    const nobody = await visit(world, { size: phone })
    await nobody.page.goto('/pay?jessionId=dead')
    await nobody.page.getByRole('heading', { name: '链接已失效' }).waitFor()
    await axe(nobody.page)
    await nobody.page.getByRole('button', { name: '登录' }).click()
    await nobody.page.waitForURL(/\/signin\?to=%2Fpay%2F$/)
    await nobody.close()
  })
})

/** A window as the sandbox's phone opens it, in which pages see a client of WeChat. */
async function phoneWindow(client: string): Promise<Visit> {
  const visited = await visit(world, { size: phone })
  await visited.page.goto(`${world.sandbox.url}/`)
  await visited.page.evaluate(`window.name = ${JSON.stringify(`sandbox-phone:${client}`)}`)
  return visited
}

describe('on a phone', () => {
  it('a bill comes as a message of WeCom, is paid in its client, and has a receipt', async () => {
    const billNo = await bill('zhangsan', '2026 年秋季学费', 520_000, { notify: '1' })
    const { page, context, complaints, close } = await visit(world, { size: phone, as: 'member' })
    await page.goto(`${world.sandbox.url}/phone#member=zhangsan`)
    await page.locator('.conversation').first().click()
    const [opened] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link').filter({ hasText: '2026 年秋季学费' }).click(),
    ])
    await opened.getByRole('heading', { name: '2026 年秋季学费' }).waitFor()
    await axe(opened)
    await fitsWidth(opened)
    await opened.getByRole('button', { name: '去支付' }).click()
    const dialog = opened.frameLocator('iframe')
    await dialog.getByText('¥5200.00').or(dialog.getByText('¥5,200.00')).waitFor()
    await dialog.getByRole('button', { name: '立即支付' }).click()
    await dialog.getByRole('button', { name: '完成' }).click()
    await opened.getByRole('heading', { name: '支付成功' }).waitFor()
    await axe(opened)
    await opened.getByRole('button', { name: /的凭证$/ }).click()
    await opened.getByText('伍仟贰佰元整').waitFor()
    await axe(opened)
    await fitsWidth(opened)
    expect(await stateOf(billNo)).toBe('paid')
    expect(complaints).toEqual([])
    await close()
  })

  it('WeChat asks once who pays; a payment can be cancelled, fail, and succeed', async () => {
    const billNo = await bill('lisi', '党费', 3000)
    await bill('lisi', '工会费', 4000)
    const app = await addApp(world.ctx, 'test', world.corpId, {
      name: '一码通',
      devId: dev.devId,
      payShortcut: true,
    })
    const issued = await dev.post('/api/ticket/issue', { userId: 'lisi', appId: app.id })
    const [openid = ''] = await openidsOf(world)
    const { page, complaints, close } = await phoneWindow(`wechat:${openid}`)
    await page.goto(`${world.server.url}/pay?jessionId=${issued.body.jessionId}`)
    await page.getByLabel('选择 党费').check()
    const asked = page.waitForRequest(/connect\/oauth2\/authorize/)
    await page.getByRole('button', { name: '去支付' }).click()
    await asked
    // The phone tells WeChat who it is, and the page goes on by itself with what was chosen.
    const dialog = page.frameLocator('iframe')
    await dialog.getByRole('button', { name: '取消' }).click()
    await page.getByRole('heading', { name: '您取消了支付' }).waitFor()
    await axe(page)
    await page.getByRole('button', { name: '重新支付' }).click()
    await dialog.getByRole('button', { name: '失败' }).click()
    await dialog.getByRole('button', { name: '知道了' }).click()
    await page.getByRole('heading', { name: '支付没有成功' }).waitFor()
    await axe(page)
    await page.getByRole('button', { name: '返回账单' }).click()
    await page.getByLabel('选择 党费').check()
    await page.getByRole('button', { name: '去支付' }).click()
    await dialog.getByRole('button', { name: '立即支付' }).click()
    await dialog.getByRole('button', { name: '完成' }).click()
    await page.getByRole('heading', { name: '支付成功' }).waitFor()
    expect(await stateOf(billNo)).toBe('paid')
    expect(complaints).toEqual([])
    await close()
  })

  it('another browser is led to WeChat and back', async () => {
    const billNo = await bill('wangwu', '停车费', 500)
    const userAgent =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1'
    await at('/mobile', { userId: 'wangwu', size: phone, userAgent }, async page => {
      await page
        .getByRole('button', { name: /项等您处理/ })
        .first()
        .click()
      await page.waitForURL(/\/pay\/$/)
      await page.locator('.pay-bill-title', { hasText: '停车费' }).click()
      await page.getByRole('button', { name: '去支付' }).click()
      await page.getByRole('button', { name: '立即支付' }).click()
      await page.getByRole('button', { name: '返回商家' }).click()
      await page.waitForURL(/\/pay\/paying\?bills=\d+$/)
      await page.getByRole('heading', { name: '支付成功' }).waitFor()
      await axe(page)
    })
    expect(await stateOf(billNo)).toBe('paid')
  })
})

describe('the pages of a phone', () => {
  it('fit the narrowest, and can be touched', async () => {
    await bill('zhangsan', '一个很长很长的账单名称用来看它怎样换行'.repeat(3), 2_147_483_647, {
      remark: 'https://example.com/very/long/address/without/any/blank/in/it/at/all/as/people/paste/them',
      items: [{ name: '很长的明细名称'.repeat(8), amount: 2_147_483_647 }],
    })
    await bill('zhangsan', '餐费', 1, { dueAt: '2026-01-01T00:00:00+08:00' })
    await at('/pay/', { userId: 'zhangsan', size: { width: 360, height: 740 } }, async page => {
      await page.getByText(/已逾期 \d+ 天/).waitFor()
      await fitsWidth(page)
      await axe(page)
      for (const one of await page.getByRole('button').or(page.locator('.pay-choice')).all()) {
        const box = await one.boundingBox()
        expect(
          Math.min(box?.width ?? 0, box?.height ?? 0),
          (await one.textContent()) ?? '',
        ).toBeGreaterThanOrEqual(44)
      }
      await page.locator('.pay-bill-title').last().click()
      await page.getByText('账单号').waitFor()
      await fitsWidth(page)
      await axe(page)
      await page.getByRole('button', { name: 'English' }).click()
      await page.getByText('What happened').waitFor()
      await fitsWidth(page)
    })
  })
})
