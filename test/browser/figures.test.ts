import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../server/cli/in-process.fixture.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { connectMerchant } from '../../server/features/payments/merchants/merchant.fixture.ts'
import { newBills } from '../../server/features/payments/payments.fixture.ts'
import type { World } from '../harness.ts'
import { closeBrowser, follow, look, visit } from './browser.ts'
import { startWorld } from './world.ts'

/** What several pages and commands show is the same on all of them (docs/figures-shown.md). */
let world: World
beforeAll(async () => {
  world = await startWorld()
  await world.dev.get('/api/org/tagList')
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

describe('what needs an administrator', () => {
  const titles = async (page: Page) => {
    const region = page.getByRole('region', { name: '需要处理' })
    await region.getByRole('article').first().waitFor()
    return region.getByRole('article').getByRole('heading').allTextContents()
  }
  const listed = async (words: string[]) => (await runCommand(world.ctx, words)).text ?? ''

  it('is one list on the overview, at the bell and in a terminal, and is acknowledged', async () => {
    const { corpId, ctx } = world
    await ctx.db.deleteFrom('alert').execute()
    const settled = {
      kind: 'full',
      state: 'approval',
      created_at: new Date(),
      updated_at: new Date(),
    } as const
    const run = await ctx.db
      .insertInto('sync_run')
      .values({ ...settled, corp_id: corpId, error: '会删除 120 名成员' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { page, complaints, close } = await visit(world, { as: 'system' })
    await page.goto('/console')
    const expected = [
      ...['一次同步在等待批准', '还没有可用的消息渠道', '还没有接入商户号', '还没有绑定公众号'],
      '通讯录回调还没有验证',
    ]
    const shown = await titles(page)
    expect(shown.toSorted()).toEqual(expected)
    expect(shown[0]).toBe(expected[0])
    await look(page)
    // Opens the alert, which is the same row.
    await ctx.jobs.run('alerts')
    await page.goto('/console/sync')
    await page.getByRole('link', { name: '提醒，5 条未处理' }).click()
    await page.waitForURL('**/console')
    expect(await titles(page)).toEqual(shown)
    const alert = page.getByRole('region', { name: '需要处理' }).getByRole('article').first()
    await alert.getByText('没有能通知到的管理员').waitFor()
    await look(page)
    await alert.getByRole('button', { name: '知道了' }).click()
    await page.getByText('系统超级管理员 知道了').waitFor()
    await page.getByRole('link', { name: '提醒，4 条未处理' }).waitFor()
    const known = await titles(page)
    expect(known).toEqual([...shown.slice(1), shown[0]])
    for (const words of [
      ['alert', 'list'],
      ['corp', 'doctor'],
    ]) {
      const at = (title: string, text: string) => text.indexOf(title)
      const text = await listed(words)
      const places = known.map(title => at(`  ${title}  `, text))
      expect(places, words.join(' ')).toEqual(places.filter(place => place >= 0).toSorted((a, b) => a - b))
    }
    await page.goto('/console')
    await page
      .getByRole('article')
      .filter({ hasText: '一次同步在等待批准' })
      .getByRole('link', { name: '查看并批准' })
      .click()
    await page.waitForURL(`**/console/sync/runs/${run.id}`)
    await ctx.db.deleteFrom('sync_run').where('id', '=', run.id).execute()
    await ctx.jobs.run('alerts')
    await page.goto('/console')
    expect(await titles(page)).not.toContain('一次同步在等待批准')
    await page.getByRole('link', { name: '提醒记录' }).click()
    const past = page.getByRole('region', { name: '提醒记录' })
    await past.getByText('一次同步在等待批准').waitFor()
    await look(page)
    const checks: string[] = []
    page.on('request', request => {
      if (request.url().includes('/web/corps/doctor')) checks.push(request.method())
    })
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /搜索页面/ }).fill('体检')
    // Whoever sees nothing happen presses again.
    await page
      .getByRole('option', { name: '立即体检' })
      .first()
      .evaluate(option => {
        for (let n = 0; n < 2; n++) option.dispatchEvent(new Event('click', { bubbles: true }))
      })
    await page.waitForURL('**/console/system/corps')
    expect(checks).toEqual(['POST'])
    expect(complaints).toEqual([])
    await close()
    await ctx.db.deleteFrom('alert').execute()
  })
})

describe('a figure', () => {
  const strong = (page: Page, name: string) =>
    page.locator('.overview-figure').filter({ hasText: name }).locator('strong').textContent()
  const statistic = (page: Page, name: string) =>
    page.locator('.ant-statistic').filter({ hasText: name }).locator('.ant-statistic-content').textContent()
  const cell = async (page: Page, row: string, head: string) => {
    const line = page.getByRole('row').filter({ hasText: row }).first()
    await line.waitFor()
    const heads = await page.getByRole('columnheader').allTextContents()
    return line.getByRole('cell').nth(heads.indexOf(head)).textContent()
  }

  it('is the same wherever it is shown: calls, members, the quota that follows from them', async () => {
    const { corpId, ctx, dev } = world
    await dev.get('/api/user/get', { userId: 'nobody' })
    await world.admin('user/update', { userid: 'zhaomin', status: 5 })
    await world.sync()
    const { page, complaints, close } = await visit(world, { as: 'operator' })

    await page.goto('/console')
    await page.locator('.overview-figure').first().waitFor()
    const calls = await strong(page, '今日接口调用')
    const members = await strong(page, '成员')
    // One for the token, one that succeeded and one that failed.
    expect(Number(calls)).toBeGreaterThanOrEqual(3)
    expect(Number(members)).toBe(ctx.mirrors.of(corpId).members.size - 1)

    await follow(page, '/console/apps/developers')
    const { devId } = dev
    const { name } = ctx.developers.get(devId)!
    const called = await cell(page, name, '今日调用')
    await follow(page, `/console/apps/developers?open=${devId}&part=usage`)
    await page.locator('.ant-statistic').first().waitFor()
    expect(await statistic(page, '调用')).toBe(called)
    await follow(page, '/console/apps/requests')
    const logged = page.getByRole('main').locator('tbody tr[data-row-key]')
    await expect.poll(() => logged.count(), { timeout: 5000 }).toBe(Number(calls))
    const used = (await runCommand(ctx, ['developer', 'usage', devId, '--days', '1'])).data as {
      usage: { calls: number }[]
    }
    expect(String(used.usage.reduce((sum, one) => sum + one.calls, 0))).toBe(called)
    expect(called).toBe(calls)

    await follow(page, '/console/directory')
    await page.getByText(`共 ${members} 条`).first().waitFor()
    await follow(page, '/console/sync')
    await page.locator('.ant-statistic').first().waitFor()
    expect(await statistic(page, '成员')).toContain(members)
    await follow(page, '/console/operator')
    expect(await cell(page, corpId, '成员')).toBe(members)
    const corps = (await runCommand(ctx, ['corp', 'list'])).data
    expect(corps).toMatchObject([{ members: Number(members) }])
    await page.goto('/console/messages/settings?channel=wecom')
    const quota = (Number(members) * 200).toLocaleString('en')
    await page.getByText(`按现有成员 ${members} × 200，即 ${quota} 人次`).waitFor()
    await look(page)
    expect(complaints).toEqual([])
    await close()
  })

  it('leads to its rows on each of the five pages, which are as many as it says', async () => {
    const { corpId, ctx } = world
    await connectMerchant(world)
    await newBills(world, [100, 200, 300])
    const memberIds = ['zhangsan', 'wangwu'].map(key => ctx.mirrors.of(corpId).members.byKey(key)?.id ?? 0)
    const { id } = await addApp(ctx, 'test', corpId, {
      name: '只给两人',
      visibility: { everyone: false, departments: [], tags: [], memberIds },
    })
    const { page, complaints, close } = await visit(world, { as: 'operator' })
    // Beside the members of the address book stands how many departments there are.
    const counts = '.wisp-list-total, .directory-departments-side > .wisp-quiet'
    const totals = async () =>
      (await page.locator(counts).allTextContents()).map(words => Number(/\d+/.exec(words)?.[0]))
    /** Opens each link of a page that has rows, and compares the number in it with that above its list. */
    const compare = async (place: string, numberOf = (words: string) => Number(/\d+/.exec(words)?.[0])) => {
      await follow(page, place)
      const links = page
        .getByRole('main')
        .locator('a.wisp-figure[href*="?"], a.wisp-figure[href$="/directory"]')
      await links.first().waitFor()
      const shown = await links.allTextContents()
      for (const [n, words] of shown.entries()) {
        if (Number.isNaN(numberOf(words))) continue
        await links.nth(n).click()
        await page.waitForURL(url => url.pathname + url.search !== place)
        await expect.poll(totals, { message: `${place} ${words}` }).toContain(numberOf(words))
        await page.goBack()
        await links.first().waitFor()
      }
      return shown
    }
    expect(await compare('/console')).toEqual(
      expect.arrayContaining([expect.stringContaining('已激活'), expect.stringContaining('其中失败')]),
    )
    expect((await compare('/console/apps/developers')).length).toBe(3)
    await follow(page, '/console/payments/bills')
    await page.getByRole('link', { name: '待付款 ¥6.00' }).click()
    await page.waitForURL('**/console/payments/bills?state=open')
    await expect.poll(totals).toEqual([3])
    await follow(page, '/console/apps')
    await page.getByRole('link', { name: '2 位成员' }).click()
    await page.waitForURL(`**/console/apps/${id}`)
    await page.getByText('王五').first().waitFor()
    expect((await compare('/console/operator')).length).toBeGreaterThanOrEqual(5)
    expect(complaints).toEqual([])
    await close()
  })

  it('is kept as a view, and tables keep their columns and density', async () => {
    const { page, complaints, close } = await visit(world, { as: 'operator' })
    const named = (name: string) => page.getByRole('button', { name })
    await page.goto('/console/apps/requests?outcome=failed%2Cpartly')
    await named('视图').click()
    await page.getByLabel('把现在的筛选保存为视图').fill('要看的')
    await page.getByText('企业的所有管理员都能用').click()
    await look(page)
    await page.getByRole('tooltip').getByRole('button', { name: '保存', exact: true }).click()
    await named('删除视图 要看的').waitFor()
    await page.goto('/console/apps/requests?code=0')
    await named('视图').click()
    await named('要看的').first().click()
    await page.waitForURL('**/console/apps/requests?outcome=failed%2Cpartly')
    await named('列与密度').click()
    await page.getByRole('checkbox', { name: '耗时' }).uncheck()
    await page.getByText('紧凑').click()
    await page.reload()
    await page.locator('.ant-table-small').waitFor()
    expect(await page.getByRole('columnheader', { name: '耗时' }).count()).toBe(0)
    // What is empty without a filter has nothing to filter, and a filter that finds nothing can be taken away.
    await follow(page, '/console/payments/refunds')
    await page.getByText('还没有退款').waitFor()
    expect(await page.locator('.wisp-filters').first().isVisible()).toBe(false)
    await follow(page, '/console/payments/refunds?state=abnormal')
    await named('清除条件').waitFor()
    expect(await page.locator('.wisp-filters').first().isVisible()).toBe(true)
    expect(complaints).toEqual([])
    await close()
  })
})
