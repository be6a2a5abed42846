import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linkFollower, openidsOf } from '../../server/features/official/templates/link.fixture.ts'
import { listSends } from '../../server/features/official/templates/sends/send-store.ts'
import { addToAccount, keywordsOf } from '../../server/features/official/templates/templates.ts'
import type { World } from '../harness.ts'
import { until } from '../until.ts'
import { closeBrowser, look, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe("an account's templates", () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ members: 10 })
    await world.bindOfficial()
  }, 60_000)
  afterAll(async () => {
    await closeBrowser()
    await world.close()
  })

  it('are added, tried with the preview, mapped for the message centre and followed', async () => {
    const { page, complaints, close } = await visit(world, { as: 'super' })
    const [account] = world.ctx.accounts.ofCorp(world.corpId)
    const [openid = ''] = await openidsOf(world, account!, 1)
    await page.goto('/console/official/templates')
    await page.getByText('还没有模板').waitFor()
    await page.getByRole('button', { name: '从微信同步' }).click()
    await page.getByText('会议', { exact: false }).first().waitFor()
    await page.getByRole('button', { name: '从模板库添加' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('类目').click()
    await page.getByText('企业管理', { exact: true }).click()
    await drawer.getByLabel('模板', { exact: true }).click()
    await page.getByText('会议通知', { exact: true }).last().click()
    for (const name of ['会议主题', '会议时间', '会议地点'])
      await drawer.getByRole('checkbox', { name: new RegExp(name) }).check()
    await look(page)
    await drawer.getByRole('button', { name: '从模板库添加' }).click()
    await drawer.getByRole('heading', { name: '会议通知' }).waitFor()
    await drawer.getByLabel('会议主题（thing1）').fill('长'.repeat(21))
    await drawer.getByText('会议主题）应为1 到 20 个字').waitFor()
    await drawer.getByLabel('会议主题（thing1）').fill('季度\n例会🎉')
    await drawer.getByText('微信会去掉：').waitFor()
    await drawer.getByLabel('粉丝的 OpenID').fill(openid)
    await look(page)
    await drawer.getByRole('button', { name: /^发\s?送$/ }).click()
    await page.getByText('微信已接收').waitFor()
    await drawer.getByRole('button', { name: '被拦截' }).click()
    await drawer.getByText('没有被拦截的消息').waitFor()
    await look(page)
    await drawer
      .getByRole('button', { name: /关闭|Close/ })
      .first()
      .click()
    await world.settleOfficial(account!)
    await until('the result', async () => {
      const { list } = await listSends(world.ctx.db, account!, { limit: 1, offset: 0 })
      return list[0]?.state === 'delivered'
    })
    await page.getByRole('link', { name: '发送记录' }).click()
    await page.getByText('已送达', { exact: true }).first().waitFor()
    await look(page)
    await page.getByRole('navigation', { name: '相关内容' }).getByRole('link').click()
    await page.getByRole('link', { name: '消息中心' }).last().click()
    await page.getByLabel('模板', { exact: true }).click()
    await page.getByText('会议通知 · 模板消息', { exact: true }).last().click()
    await page.getByLabel('会议主题（thing1）').waitFor()
    await look(page)
    await page.getByRole('button', { name: /^保\s?存$/ }).click()
    await page.getByText('已保存', { exact: true }).waitFor()
    await page.getByRole('link', { name: '‹ 模板' }).click()
    await page.getByText('消息中心使用').waitFor()
    await look(page)
    await linkFollower(world, account!, openid, 'zhangsan')
    await page.goto('/console/messages/settings?channel=official')
    await page.getByRole('dialog', { name: '公众号' }).getByRole('button', { name: '保存' }).waitFor()
    await look(page)
    expect(complaints).toEqual([])
    await close()
  })

  it('have a page on which followers agree to notices, one by one, and are counted', async () => {
    const [account] = world.ctx.accounts.ofCorp(world.corpId)
    const keywords = (await keywordsOf(account!, '47123')).slice(0, 3)
    const given = { kind: 'subscribe', libraryId: '47123', keywords, scene: '会议提醒' } as const
    const notice = await addToAccount(world.ctx, 'test', account!, given)
    const { page, complaints, close } = await visit(world, { as: 'super' })
    await page.goto(`/console/official/templates?open=${notice}`)
    const shown = await page.getByText('/official/subscribe/').last().textContent()
    const [address = ''] = /https?:\S+/.exec(shown ?? '') ?? []
    const wechat = await page.context().newPage()
    wechat.on('console', message => message.type() === 'error' && complaints.push(message.text()))
    await wechat.goto(address)
    const agree = wechat.getByRole('button', { name: '订阅' })
    const frame = wechat.frameLocator('iframe[title="订阅通知"]')
    const answer = async (name: string) => {
      await agree.click()
      await frame.getByRole('button', { name: /张三/ }).first().click()
      await frame.getByRole('checkbox', { name: '会议通知' }).waitFor()
      await look(wechat)
      await frame.getByRole('button', { name }).click()
    }
    await agree.waitFor()
    await look(wechat)
    await answer('拒绝')
    await wechat.getByText('没有订阅。').waitFor()
    await answer('允许')
    await wechat.getByText('已订阅，谢谢。').waitFor()
    await world.settleOfficial(account!)
    await page.goto('/console/official/templates')
    await page.getByText('同意 1 次（1 人），拒绝 1 次').waitFor()
    expect(complaints).toEqual([])
    const headers = { 'access-control-allow-origin': '*' }
    const json = { errMsg: 'config:invalid signature' }
    await wechat.route('**/open/js/check?*', route => route.fulfill({ json, headers }))
    await wechat.reload()
    await wechat.getByText('暂时无法订阅').waitFor()
    await wechat.close()
    await close()
  })
})
