import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../harness.ts'
import { closeBrowser, desktop, fitsWidth, look, resized, tablet, type Visit, visit } from './browser.ts'

const steps = [
  '接入企业',
  '通过体检',
  '完成首次同步',
  '验证通讯录回调',
  '配置登录应用',
  '配置并测试消息渠道',
  '指定管理员',
  '创建开发者',
  '添加应用',
]

describe('day one, when nothing is connected yet', () => {
  let world: World
  let view: Visit
  beforeAll(async () => {
    world = await startWorld({
      members: 90,
      synced: false,
      overrides: { wecomOptions: { timeoutMs: 5000, retries: 1 } },
    })
    view = await visit(world, { as: 'system' })
    view.page.setDefaultTimeout(30_000)
  }, 60_000)
  afterAll(async () => {
    expect(view?.complaints).toEqual([])
    await view?.close()
    await closeBrowser()
    await world.close()
  })

  it('shows the form and the nine steps at once, on every page that is about a corp', async () => {
    const { page } = view
    for (const path of ['/console/directory', '/console/system/corps', '/console']) {
      await page.goto(path)
      await page.getByLabel('企业 ID').waitFor()
      expect(await page.locator('.overview-steps b').allTextContents()).toEqual(steps)
      expect(await page.getByRole('dialog').count()).toBe(0)
    }
    const last = await page.locator('.overview-steps > li').last().boundingBox()
    const button = await page.getByRole('button', { name: '接入企业' }).boundingBox()
    for (const box of [last, button]) expect(box!.y + box!.height).toBeLessThanOrEqual(desktop.height)
    await look(page)
    await resized(page, tablet, () => fitsWidth(page))
  })

  it('marks what is required and says in words what is missing', async () => {
    const { page } = view
    await page.goto('/console')
    const marked = page.locator('label.ant-form-item-required')
    await marked.first().waitFor()
    expect(await marked.allTextContents()).toEqual(['企业 ID', '企业名称', '通讯录同步 Secret'])
    await page.getByRole('button', { name: '接入企业' }).click()
    for (const name of ['企业 ID', '企业名称', '通讯录同步 Secret'])
      await page.getByText(`请输入${name}`, { exact: true }).waitFor()
    await look(page)
  })

  it('shows the first sync as it goes, and what has come of it', async () => {
    const { page } = view
    await world.control('faults', { match: 'user/list', mode: 'slow', delayMs: 3000, probability: 1 })
    await page.goto('/console')
    await page.getByLabel('企业 ID').fill(world.corpId)
    await page.getByLabel('企业名称').fill('示例企业')
    await page.getByLabel('通讯录同步 Secret').fill(world.sandbox.contactSecret)
    await page.getByRole('button', { name: '接入企业' }).click()
    await page.getByText(/全量同步 #1 · 进行中/).waitFor()
    await page.getByRole('progressbar', { name: '全量同步 #1' }).waitFor()
    await look(page)
    await world.control('faults', undefined, 'DELETE')
    await page.getByText(/全量同步 #1 · 同步完成/).waitFor()
    await page.locator('.overview-steps > .is-done', { hasText: '完成首次同步' }).waitFor()
    await look(page)
  })

  it('has its callback set by hand in the sandbox, as in WeCom’s console', async () => {
    const { page, context } = view
    await page.goto('/console/system/corps?tab=settings')
    await page.getByText('企业微信还没有来验证过').waitFor()
    const [url = '', token = '', key = ''] = await page.locator('.corps-copy code').allTextContents()
    const wecom = await context.newPage()
    await wecom.goto(`${world.sandbox.url}/callback`)
    await wecom.getByText('没有设置').waitFor()
    await wecom.getByRole('button', { name: '保存' }).click()
    await wecom.getByText('请填写 EncodingAESKey').waitFor()
    await wecom.getByLabel('URL').fill(url)
    await wecom.getByRole('textbox', { name: 'Token' }).fill(token)
    await wecom.getByRole('button', { name: '随机获取 EncodingAESKey' }).click()
    await wecom.getByRole('button', { name: '保存' }).click()
    await wecom.getByRole('alert').getByText('回调地址请求不通过').waitFor()
    await look(wecom)
    await wecom.getByRole('textbox', { name: 'EncodingAESKey' }).fill(key)
    await wecom.getByRole('button', { name: '保存' }).click()
    await wecom.getByText('已通过验证').waitFor()
    await look(wecom)
    await page.reload()
    await page.getByText('已通过验证').waitFor()
    await wecom.getByRole('button', { name: '停用' }).click()
    await wecom.getByText('没有设置').waitFor()
    await wecom.close()
  })
})
