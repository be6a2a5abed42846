import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../server/features/official/accounts/accounts.ts'
import type { World } from '../harness.ts'
import { closeBrowser, desktop, follow, look, phone, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('the followers of an official account', () => {
  let world: World
  let account: Account
  let seen: Visit
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4 })
    account = await world.bindOfficial()
    seen = await visit(world, { as: 'super', userId: 'lisi' })
    seen.page.setDefaultTimeout(10_000)
  })
  afterAll(async () => {
    await seen?.close()
    await closeBrowser()
    await world.close()
  })

  const act = (what: Record<string, unknown>) =>
    world.control('official/act', { originalId: account.originalId, wait: true, ...what })

  it('are pulled, found and told about', async () => {
    const { page } = seen
    await page.goto('/console/official/followers')
    await page.getByText('还没有拉取过').waitFor()
    await look(page)
    await page.getByRole('button', { name: '拉取粉丝' }).click()
    await page.getByText('1,200 / 1,200 人').waitFor()
    const first = page.getByRole('link', { name: /^o[\w-]{27}$/ }).first()
    await first.waitFor()
    await look(page)
    const openid = (await first.textContent()) ?? ''
    await first.click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('备注').fill('老王')
    await drawer.getByRole('button', { name: '保存备注' }).click()
    await drawer.getByText('老王').first().waitFor()
    await look(page)
    await follow(page, `/console/official/followers?text=${openid}`)
    await page.getByRole('link', { name: '老王' }).waitFor()
  })

  it('have tags and QR codes', async () => {
    const { page } = seen
    await follow(page, '/console/official/followers?tab=tags')
    await page.getByRole('button', { name: '新建标签' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('标签名').fill('十一个汉字就会超过限制')
    await dialog.getByText('33 / 30 字节').waitFor()
    expect(await dialog.getByRole('button', { name: /保\s?存/ }).isDisabled()).toBe(true)
    await dialog.getByLabel('标签名').fill('会员')
    await dialog.getByRole('button', { name: /保\s?存/ }).click()
    await page.getByRole('button', { name: '会员' }).waitFor()
    await look(page)
    await follow(page, '/console/official/followers?tab=qr')
    await page.getByRole('button', { name: '新建二维码' }).click()
    await dialog.getByLabel('场景值').fill('hall')
    await dialog.getByRole('button', { name: '新建二维码' }).click()
    await page.getByRole('img', { name: '场景 hall 的二维码' }).waitFor()
    await look(page)
    await page.keyboard.press('Escape')
    await act({ act: 'subscribe', scene: 'hall' })
    await world.settleOfficial(account)
    await page.reload()
    await page.getByRole('button', { name: '1', exact: true }).waitFor()
    await look(page)
  })

  it('have figures by day', async () => {
    const { page } = seen
    await follow(page, '/console/official/overview')
    await page.getByText('当前粉丝').waitFor()
    await page.getByText('1,201').first().waitFor()
    await look(page)
  })

  it('are told by pushes, which are shown and replayed', async () => {
    const { page } = seen
    const { openid } = await act({ act: 'subscribe' })
    await act({ openid, act: 'text', content: '我来了' })
    await world.settleOfficial(account)
    await follow(page, '/console/official/pushes?text=我来了')
    const row = page.getByRole('link', { name: /^#\d+$/ })
    await row.waitFor()
    await page.getByText('已处理').first().waitFor()
    await look(page)
    await row.click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('<Content>我来了</Content>').waitFor()
    await drawer.getByText('没有被动回复').waitFor()
    await look(page)
    await drawer.getByRole('button', { name: '重放这一条' }).click()
    await page.getByText('1 条已重新排队').waitFor()
    await page.goto('/console/official/pushes')
    await page.getByRole('row').getByRole('checkbox').last().check()
    await page.getByRole('button', { name: /^重放筛选出的全部/ }).click()
    await page.getByText('不会再次回复粉丝').waitFor()
    await look(page)
    await page.getByRole('button', { name: '重放', exact: true }).click()
    await page
      .getByText(/条已重新排队/)
      .last()
      .waitFor()
  })

  it('are linked to members, who see both names', async () => {
    const { page } = seen
    await page.goto('/portal')
    await page.locator('.portal-account').click()
    await page.getByRole('button', { name: '我的微信' }).click()
    await page.getByRole('button', { name: '绑定' }).click()
    await page.getByRole('img', { name: '绑定用的二维码' }).waitFor()
    await look(page)
    const link = (await page.getByRole('link', { name: '已在微信中：直接打开' }).getAttribute('href')) ?? ''
    const wechat = await page.context().newPage()
    await wechat.goto(link)
    await wechat.getByText(account.name).waitFor()
    await look(wechat)
    await wechat.getByRole('link', { name: '继续，并提供我的微信昵称和头像' }).click()
    await wechat.getByRole('button', { name: /张三/ }).first().click()
    await wechat.getByRole('button', { name: '允许' }).click()
    await wechat.getByText('张三', { exact: true }).waitFor()
    await wechat.getByText('李四（lisi）').waitFor()
    await look(wechat)
    await wechat.getByRole('button', { name: '确认绑定' }).click()
    await wechat.getByText('已绑定').first().waitFor()
    await wechat.close()
    await page.getByRole('button', { name: '解除' }).waitFor()
    await page.getByText('张三 · ').waitFor()
    await look(page)
    await page.getByRole('button', { name: '解除' }).click()
    await page.getByRole('button', { name: '绑定' }).waitFor()
  })

  it('of an account without web authorisation send a code', async () => {
    const { page } = seen
    const other = await world.bindOfficial('subscription')
    await page.setViewportSize(phone)
    await page.goto('/mobile')
    await page.getByRole('button', { name: '我的', exact: true }).click()
    await page.getByRole('button', { name: '我的微信' }).click()
    const row = page.getByRole('listitem').filter({ hasText: other.name })
    await row.getByRole('button', { name: '绑定' }).click()
    const code = await row.locator('strong').textContent()
    await look(page, { size: desktop })
    const { originalId } = other
    const found = await world.control(`official/followers?originalId=${originalId}&limit=1`)
    const [follower] = found['followers'] as { openid: string }[]
    const said = { originalId, openid: follower?.openid, act: 'text', content: code, wait: true }
    const { reply } = (await world.control('official/act', said)) as {
      reply: { content: { content: string } }
    }
    expect(reply.content.content).toContain('已收到验证码')
    await row.getByRole('button', { name: '解除' }).waitFor()
    await look(page, { size: desktop })
    expect(seen.complaints).toEqual([])
  })
})
