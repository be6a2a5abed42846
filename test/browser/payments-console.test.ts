import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useAgents } from '../../server/features/messages/messages.fixture.ts'
import { connectMerchant } from '../../server/features/payments/merchants/merchant.fixture.ts'
import type { Merchant } from '../../server/features/payments/merchants/merchants.ts'
import { orderBills } from '../../server/features/payments/orders/order-bills.ts'
import { memberId, payAt, reconcileDay } from '../../server/features/payments/payments.fixture.ts'
import { dayOf } from '../../server/platform/operation/day.ts'
import type { World } from '../harness.ts'
import { closeBrowser, follow, look, phone, resized, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

const shots = process.env['SHOTS']
const address = '/console/payments/bills'
/** Two characters may be set apart on a button. */
const spaced = (name: string) => new RegExp(`^${[...name].join(' ?')}$`)

afterAll(() => closeBrowser())

describe('the console of payments', () => {
  let world: World
  let merchant: Merchant
  let seen: Visit
  let page: Page

  beforeAll(async () => {
    world = await startWorld({ members: 30, overrides: { payOptions: { retries: 0, timeoutMs: 3000 } } })
    await useAgents(world)
    merchant = await connectMerchant(world)
    seen = await visit(world, { as: 'super' })
    page = seen.page
  })
  afterAll(async () => {
    await seen.close()
    await world.close()
  })

  async function see(what: string): Promise<void> {
    if (shots) {
      await page.screenshot({ path: `${shots}/${what}.png` })
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.screenshot({ path: `${shots}/${what}-dark.png` })
      await page.emulateMedia({ colorScheme: 'light' })
    }
    await look(page)
  }

  const row = (text: string) => page.locator('tr', { hasText: text })
  const drawer = (title: string) => page.getByRole('dialog', { name: title })
  const asked = (question: string) => page.getByRole('dialog', { name: question }).waitFor()
  const confirm = (button: string) =>
    page
      .locator('.ant-modal-confirm')
      .getByRole('button', { name: spaced(button) })
      .click()

  /** Somebody scans the code of a bill's order and pays. */
  async function pay(billNo: string): Promise<void> {
    const { ctx, corpId } = world
    const bill = await ctx.db
      .selectFrom('pay_bill')
      .select('id')
      .where('bill_no', '=', billNo)
      .executeTakeFirstOrThrow()
    const payerId = await memberId(world, 'zhangsan')
    const place = { product: 'native' } as const
    const { outTradeNo } = await orderBills(ctx, { corpId, payerId, billIds: [bill.id], place })
    await payAt(world, { outTradeNo })
  }

  it('a bill is made from yuan and items, to the fen', async () => {
    await page.goto(address)
    await page.getByText('还没有账单').waitFor()
    await see('bills-empty')
    await page.getByRole('button', { name: '创建账单' }).click()
    const form = drawer('创建账单')
    await form.getByRole('button', { name: '创建账单' }).click()
    await form.getByText('请填写付款人').waitFor()
    await form.getByRole('combobox', { name: '付款人' }).fill('zhangsan')
    await page.locator('.ant-select-item-option', { hasText: '张三' }).click()
    await form.getByLabel('名称', { exact: true }).fill('11 月餐费')
    await form.getByLabel('金额（元）').fill('1.005')
    await form.getByText('最多两位小数，例如').waitFor()
    await see('bills-create')
    await form.getByLabel('金额（元）').fill('1,004.30')
    await form.getByLabel('到期时间').fill('2040-02-29 23:59')
    await page.keyboard.press('Enter')
    await form.getByLabel('备注').fill('食堂二楼')
    await form.getByLabel('账单号').fill('T-1')
    await form.getByRole('button', { name: '创建账单' }).click()
    await drawer('账单详情').getByText('¥1,004.30').waitFor()
    await drawer('账单详情').getByText('2040 年 2 月 29 日').waitFor()
    await drawer('账单详情').getByText('食堂二楼').waitFor()
    await see('bills-open')
    await page.locator('.ant-drawer-close').click()

    await page.getByRole('button', { name: '创建账单' }).click()
    await form.getByRole('combobox', { name: '付款人' }).fill('zhangsan')
    await page.locator('.ant-select-item-option', { hasText: '张三' }).click()
    await form.getByLabel('名称', { exact: true }).first().fill('图书赔偿')
    for (const [n, item] of [
      ['《资治通鉴》', '1.15', '3'],
      ['优惠', '-0.07', '1'],
    ].entries()) {
      await form.getByRole('button', { name: '添加明细' }).click()
      await form
        .getByPlaceholder('名称')
        .nth(n)
        .fill(item[0] ?? '')
      await form
        .getByPlaceholder('单价（元）')
        .nth(n)
        .fill(item[1] ?? '')
      await form
        .getByRole('spinbutton', { name: '数量' })
        .nth(n)
        .fill(item[2] ?? '')
    }
    // As floating numbers these prices are 114.99999999999999 and -7.000000000000001 fen.
    await form.getByText('¥3.38').waitFor()
    await see('bills-create-items')
    await form.getByLabel('账单号').fill('I-1')
    await form.getByRole('button', { name: '创建账单' }).click()
    await drawer('账单详情').getByRole('cell', { name: '−¥0.07' }).first().waitFor()
    const made = await world.ctx.db.selectFrom('pay_bill').select('amount').orderBy('id').execute()
    expect(made).toEqual([{ amount: 100_430 }, { amount: 338 }])
  })

  it('1,000 bills are imported, after the wrong lines were mended', async () => {
    const lines = Array.from(
      { length: 1000 },
      (_, n) => `N-${n},zhangsan,学费 ${n},${n + 1}.50,2027-01-31,是`,
    )
    const file = (rows: readonly string[]) => ({
      name: '学费.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(['账单号,账号,名称,金额（元）,到期日,通知', ...rows].join('\n')),
    })
    const wrong = [...lines]
    wrong[1] = 'N-1,nobody,学费 1,2.50,,'
    wrong[500] = 'N-500,zhangsan,学费 500,1.005,,'
    wrong[999] = 'N-0,zhangsan,别的,1,,'
    await follow(page, address)
    await page.getByRole('main').getByRole('link', { name: '导入' }).click()
    await page.getByText('点击选择文件').waitFor()
    await see('import-file')
    await page.locator('input[type=file]').setInputFiles(file(wrong))
    await page.getByText('3 行有错误，不会创建').waitFor()
    await page.getByText('无效的用户 id: 账号 nobody').waitFor()
    await page.getByText('金额 应为金额（元），最多两位小数').waitFor()
    await page.getByText('账单号 N-0 已用于内容不同的账单').waitFor()
    await see('import-wrong')
    await page.getByRole('button', { name: '换一个文件' }).click()
    await page.locator('input[type=file]').setInputFiles(file(lines))
    await page.getByRole('button', { name: '创建 1,000 张账单' }).click()
    await asked('创建 1,000 张账单，共 ¥501,000.00？')
    await confirm('创建')
    await page.getByText('已创建 1,000 张账单').waitFor()
    await see('import-done')
    await page.getByRole('link', { name: '查看账单' }).click()
    await page.getByText('待付款 1,002 张').waitFor()
    await see('bills-list')
    await resized(page, phone, () => page.locator('.wisp-cards > li', { hasText: '学费 999' }).waitFor())
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '导出 CSV' }).click(),
    ])
    const exported = readFileSync((await download.path()) ?? '', 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(exported).toHaveLength(1003)
    expect(exported[1]).toContain('N-999,zhangsan,张三,学费 999,1000.50,待付款,0.00')
  })

  it('a payment appears by itself, is refunded in part, and stands among the refunds', async () => {
    const billNo = 'T-1'
    await follow(page, `${address}?text=${billNo}`)
    await page.getByRole('link', { name: '11 月餐费' }).click()
    const detail = drawer('账单详情')
    await detail.getByText('待付款').first().waitFor()
    await pay(billNo)
    await detail.getByText('付款成功').waitFor()
    await detail.getByText('付款人发起支付').waitFor()
    await detail.getByText('通过企业微信').waitFor()
    await detail.getByRole('list', { name: '支付订单' }).getByText('扫码支付').waitFor()
    await detail.getByRole('list', { name: '支付订单' }).scrollIntoViewIfNeeded()
    await see('bills-paid')
    await detail.getByRole('button', { name: spaced('退款') }).click()
    const form = drawer('退款')
    expect(await form.getByLabel('退款金额（元）').inputValue()).toBe('1004.30')
    await form.getByLabel('退款金额（元）').fill('1,004.31')
    await form.getByText('最多可退 ¥1,004.30').last().waitFor()
    await form.getByLabel('退款金额（元）').fill('4.35')
    await form.getByLabel('退款原因').fill('多'.repeat(27))
    await form.getByText('81 / 80').waitFor()
    await form.getByText('最多 80 字节，即 26 个汉字或 80 个字母').waitFor()
    await see('refund-reason')
    await form.getByLabel('退款原因').fill('多收')
    await see('refund-form')
    await form.getByRole('button', { name: spaced('退款') }).click()
    await asked('退款 ¥4.35 给 张三？')
    await confirm('退款')
    await form.getByText(/^¥4\.35 · /).waitFor()
    await see('refund-answer')
    await form.getByRole('link', { name: '查看退款详情' }).click()
    await drawer('退款详情').getByText('¥4.35（账单 ¥1,004.30）').waitFor()
    await drawer('退款详情').getByText('已退款', { exact: true }).waitFor()
    await see('refund-page')
    await drawer('退款详情').getByRole('link', { name: '11 月餐费' }).click()
    await detail.getByText('部分退款').waitFor()
    await detail.getByText('退款成功').waitFor()
    await detail.getByRole('list', { name: '退款' }).scrollIntoViewIfNeeded()
    await see('bills-refunded')
    await detail.getByRole('button', { name: spaced('退款') }).click()
    expect(await form.getByLabel('退款金额（元）').inputValue()).toBe('999.95')
  })

  it('a bill is found by Ctrl K, and closed', async () => {
    await follow(page, '/console')
    await page.getByRole('heading').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /搜索页面/ }).fill('i-1')
    await page.getByRole('option', { name: '图书赔偿 ¥3.38' }).waitFor()
    await see('search-bill')
    await page.getByRole('option', { name: '图书赔偿 ¥3.38' }).click()
    await drawer('账单详情').getByRole('button', { name: '关闭账单' }).click()
    await asked('关闭「图书赔偿」¥3.38？')
    await see('bills-close')
    await confirm('关闭')
    await drawer('账单详情').getByRole('button', { name: '关闭账单' }).waitFor({ state: 'detached' })
    await see('bills-closed')
    await follow(page, `${address}?state=closed`)
    await row('图书赔偿').getByText('已关闭').waitFor()
    await follow(page, `${address}?view=totals`)
    await page
      .getByRole('img', { name: /^按创建日的金额/ })
      .locator('.u-legend')
      .waitFor()
    await page.getByRole('link', { name: '张三（zhangsan）' }).waitFor()
    await see('bills-totals')
    await page.getByText('开发者', { exact: true }).last().click()
    // The figures above and the sums below come from the same rows.
    const above = await page.locator('.bills-figures .ant-statistic').allTextContents()
    const sumOf = async (head: string) => {
      const shown = await page
        .locator('.ant-table')
        .last()
        .evaluate((table, name) => {
          const at = [...table.querySelectorAll('thead th')].findIndex(one => one.textContent === name)
          return [...table.querySelectorAll('tbody tr[data-row-key]')].map(
            row => row.children[at]?.textContent ?? '',
          )
        }, head)
      return shown.reduce((sum, one) => sum + Math.round(Number(one.replaceAll(/[¥,]/g, '')) * 100), 0)
    }
    await page.getByRole('main').getByRole('link', { name: '控制台' }).waitFor()
    for (const head of ['待付款', '已付款', '已退款', '实收', '已关闭']) {
      const shown = above.find(one => one.startsWith(head)) ?? ''
      const [, yuan = ''] = /([\d,]+\.\d\d)/.exec(shown) ?? []
      expect(Math.round(Number(yuan.replaceAll(',', '')) * 100), head).toBe(await sumOf(head))
    }
    await page.getByRole('main').getByRole('link', { name: '控制台' }).click()
    await row('学费 999').waitFor()
    expect(new URL(page.url()).searchParams.get('developer')).toBe('none')
  })

  it('a day is reconciled, and the other pages open', async () => {
    await world.control('pay/clock', { seconds: 48 * 3600 })
    await world.control('pay/settings', { billReadyHour: 0 })
    expect((await reconcileDay(world, merchant, dayOf(Date.now())))?.state).toBe('done')
    await follow(page, '/console/payments/reconciliation')
    await row(merchant.mchId).getByText('1 笔 · ¥1,004.30').waitFor()
    await see('reconciliation')
    await follow(page, '/console/payments/notifications')
    await row('#1').waitFor()
    await see('notifications')
    await follow(page, '/console/payments/merchants')
    await page.getByText(merchant.name).first().waitFor()
    await see('merchants')
    expect(seen.complaints).toEqual([])
  })

  it('a graded administrator sees neither orders nor the way to refund', async () => {
    const own = world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')?.departments ?? []
    const departments = own.map(departmentId => ({ departmentId, manage: true }))
    const graded = await visit(world, { as: 'graded', userId: 'lisi', departments })
    await graded.page.goto(`${address}?text=T-1`)
    await graded.page.getByRole('link', { name: '11 月餐费' }).click()
    const detail = graded.page.getByRole('dialog', { name: '账单详情' })
    await detail.getByText('付款成功').waitFor()
    expect(await detail.getByRole('button', { name: spaced('退款') }).count()).toBe(0)
    expect(await detail.getByRole('list', { name: '支付订单' }).count()).toBe(0)
    await look(graded.page)
    expect(graded.complaints).toEqual([])
    await graded.close()
  })
})
