import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { avatarPng } from '../../sandbox/avatar.ts'
import type { World } from '../harness.ts'
import { closeBrowser, follow, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

const shots = process.env['SHOTS']

describe('drafts and mass messages', () => {
  let world: World
  let follower: string
  let view: Visit
  let page: Page
  beforeAll(async () => {
    world = await startWorld({ members: 10 })
    const { originalId } = await world.bindOfficial()
    await world.control('official/rules', {
      massJobMs: 0,
      publishJobMs: 0,
      massToAllPerDay: 9,
      pushRetryDelayMs: 0,
    })
    const found = await world.control(`official/followers?originalId=${originalId}&limit=1`)
    const [{ openid } = { openid: '' }] = found['followers'] as { openid: string }[]
    follower = openid
    await world.control('official/act', { originalId, openid, act: 'text', content: '你好', wait: true })
    view = await visit(world, { as: 'super' })
    page = view.page
  }, 120_000)
  afterAll(async () => {
    await closeBrowser()
    await world.close()
  })

  afterEach(() => expect(view.complaints).toEqual([]))

  const see = async (what: string, { page } = view) => {
    if (shots) await page.screenshot({ path: `${shots}/${what}.png` })
    await look(page)
  }

  it('are written, looked at and saved', async () => {
    await page.goto('/console/official/drafts')
    await page.getByText('草稿箱是空的').waitFor()
    await page.getByRole('button', { name: '新建图文' }).first().click()
    await page.getByLabel('标题', { exact: true }).fill('春天来了')
    await page
      .getByLabel('上传封面')
      .first()
      .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: avatarPng(1, 200) })
    await page.getByRole('img', { name: '上传封面' }).waitFor()
    const text = page.getByRole('textbox', { name: '正文', exact: true })
    await text.click()
    await page.keyboard.type('春天')
    await page.getByRole('button', { name: '小标题' }).click()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: '正文段落' }).click()
    await page.keyboard.type('周末见，')
    await page.getByRole('button', { name: '加粗' }).click()
    await page.keyboard.type('欢迎')
    await page
      .getByLabel('插入图片')
      .setInputFiles({ name: 'b.png', mimeType: 'image/png', buffer: avatarPng(2, 200) })
    await expect
      .poll(() => text.locator('img[src]').evaluate((one: HTMLImageElement) => one.naturalWidth), {
        timeout: 30_000,
      })
      .toBe(200)
    await see('draft')
    const mode = (name: string) => page.getByRole('radiogroup', { name: '编辑方式' }).getByText(name).click()
    await mode('HTML')
    const html = page.getByLabel('正文（HTML）')
    const url = String(await html.inputValue()).match(/<img src="([^"]+)"/)?.[1]
    const written = `<h2>春天</h2><p>周末见，<strong>欢迎</strong></p><p><img src="${url}" alt=""></p>`
    expect(await html.inputValue()).toBe(written)
    await html.fill(`<p style="color: rgb(255, 0, 0)">红</p>${written}`)
    await mode('预览')
    const frame = page.frameLocator('iframe')
    await frame.getByRole('heading', { name: '春天来了' }).waitFor()
    const color = await frame.getByText('红').evaluate(one => getComputedStyle(one).color)
    expect(color).toBe('rgb(255, 0, 0)')
    await see('draft-view')
    await mode('编辑')
    await text.getByText('红').waitFor()
    await text.getByText('红').click()
    await page.keyboard.type('旗')
    await mode('HTML')
    expect(await html.inputValue()).toContain('<p style="color: rgb(255, 0, 0)">')
    await html.fill('<p>见</p>')
    await mode('编辑')
    await text.click()
    const pasted =
      '<style>p{}</style><div style="color: red" onclick="x()">粘贴<img src="/a.png"></div><div>二</div>'
    await text.evaluate((one, given) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/html', given)
      one.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, pasted)
    await page.getByRole('button', { name: '链接', exact: true }).click()
    const link = page.getByRole('dialog', { name: '链接地址' })
    await link.getByLabel('链接地址').fill('javascript:alert(1)')
    await link.getByRole('button', { name: /^确\s?定$/ }).click()
    await page.getByText('应以 http:// 或 https:// 开头').waitFor()
    await link.getByLabel('链接地址').fill('https://a.example/b')
    await link.getByRole('button', { name: /^确\s?定$/ }).click()
    await text.getByRole('link', { name: 'https://a.example/b' }).waitFor()
    await mode('HTML')
    const edited = String(await html.inputValue())
    expect(edited).toMatch(/^<p>见粘贴<\/p><p>二/)
    expect(edited).not.toMatch(/onclick|color|<img|<style/)
    await html.fill('<h2>春天</h2><p>正文<b></p></b>')
    await page.getByText('只能按 HTML 编辑').waitFor()
    const withScript = '<style>p { color: red }</style><h2>春天</h2><p>正文</p><script>alert(1)</script>'
    await html.fill(withScript)
    await mode('编辑')
    await text.getByText('脚本或样式').first().waitFor()
    await mode('HTML')
    expect(await html.inputValue()).toBe(withScript)
    await html.fill(withScript.replace(/<style.*style>/, ''))
    await see('draft-html')
    await page.getByRole('button', { name: /^保\s?存$/ }).click()
    await page.getByText('正文里的脚本会被微信删除').waitFor()
    await see('draft-removed')
    await page.getByRole('button', { name: /知道|确\s?定|OK/ }).click()
    await page.getByRole('link', { name: '春天来了' }).waitFor()
    await see('drafts')
  })

  it('are sent to everybody and told', async () => {
    await follow(page, '/console/official/mass')
    await page.getByText('还没有群发').waitFor()
    await see('mass-empty')
    await page.getByRole('button', { name: '新建群发' }).click()
    await page.getByText('将发给 1,200 人').waitFor()
    await page.getByLabel('正文', { exact: true }).fill('各位粉丝，周末见。')
    await page.getByRole('region', { name: '手机上的样子' }).getByText('各位粉丝，周末见。').waitFor()
    await see('mass-compose')
    await page.getByRole('combobox', { name: '预览者的 OpenID' }).fill(follower)
    await page.getByRole('button', { name: '发送预览' }).click()
    await page.getByText('预览已发出').waitFor()
    await page.getByRole('button', { name: /^发\s?送$/ }).click()
    await page.getByRole('dialog', { name: '群发给 1,200 人？' }).waitFor()
    await see('mass-confirm')
    await page
      .getByRole('dialog', { name: '群发给' })
      .getByRole('button', { name: /^发\s?送$/ })
      .click()
    await page.getByText('发送成功').first().waitFor()
    await page.getByText('总数 1,200').waitFor()
    await see('mass-detail')
    await follow(page, '/console/official/mass')
    await page.getByText('各位粉丝，周末见。').first().waitFor()
    await see('mass-list')
  })

  it('are published', async () => {
    await follow(page, '/console/official/drafts')
    await page.getByRole('link', { name: '去群发' }).click()
    await page.getByRole('region', { name: '手机上的样子' }).getByText('春天来了').waitFor()
    await see('mass-news')
    await follow(page, '/console/official/drafts')
    await page.getByRole('button', { name: /^发\s?布$/ }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^发\s?布$/ })
      .click()
    await page.getByRole('link', { name: '发布记录' }).click()
    await page.getByText('已发布').first().waitFor()
    await see('publications')
  })

  it('are timed, wait for a second administrator, and are stopped', async () => {
    const other = await visit(world, { as: 'super', userId: 'lisi' })
    await follow(page, '/console/official/mass')
    await page.getByRole('switch', { name: '群发须由第二位管理员审批' }).click()
    await page.getByText('已保存').waitFor()
    await page.getByRole('button', { name: '新建群发' }).click()
    await page.getByLabel('正文', { exact: true }).fill('下周放假通知')
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    await page.getByLabel('发送时间').fill(`${tomorrow} 09:30`)
    await page.getByLabel('发送时间').press('Enter')
    await page.getByText('提交后须由另一位管理员审批').waitFor()
    await page.getByText(/09:30\S* 发送/).waitFor()
    await see('mass-timed')
    await page.getByRole('button', { name: '提交审批' }).click()
    await page
      .getByRole('dialog', { name: '群发给' })
      .getByRole('button', { name: /^发\s?送$/ })
      .click()
    await page.getByText('提交者不能审批自己的群发').waitFor()
    expect(await page.getByRole('button', { name: /^批\s?准$/ }).count()).toBe(0)
    await see('mass-approval')

    await other.page.goto('/console/official/mass')
    await other.page.getByRole('link', { name: '下周放假通知' }).click()
    await other.page.getByRole('button', { name: /^批\s?准$/ }).waitFor()
    await see('mass-to-approve', other)
    const approve = /^批\s?准$/
    await other.page.getByRole('button', { name: approve }).click()
    await other.page
      .getByRole('dialog', { name: '批准群发给' })
      .getByRole('button', { name: approve })
      .click()
    await other.page.getByText('审批通过').waitFor()

    const stop = /^停\s?止$/
    await page.getByRole('button', { name: stop }).click()
    await page.getByRole('dialog', { name: '停止这次群发' }).getByRole('button', { name: stop }).click()
    await page.getByText('已停止').first().waitFor()
    await page
      .getByText(/lisi|李四/)
      .first()
      .waitFor()
    await see('mass-stopped')
    expect(other.complaints).toEqual([])
    await other.close()
  })
})
