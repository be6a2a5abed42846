import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { avatarPng } from '../../sandbox/avatar.ts'
import { removeAccount } from '../../server/features/official/accounts/bind.ts'
import { setRole } from '../../server/organisation/people/administrators.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('the official accounts', () => {
  let world: World
  let seen: Visit
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4, tags: 1 })
    await setRole(world.ctx, 'test', world.corpId, 'lisi', {
      level: 3,
      departments: [{ departmentId: 1, manage: false }],
    })
    seen = await visit(world, { as: 'super' })
    seen.page.setDefaultTimeout(10_000)
  })
  afterAll(async () => {
    await seen?.close()
    await closeBrowser()
    await world.close()
  })

  const service = () => {
    const [account] = world.sandbox.official.accounts
    if (!account) throw new Error('the sandbox has an official account')
    return account
  }
  const bound = () => world.ctx.accounts.get(world.corpId, service().originalId)

  it('binds one in the dialog of the document, with an icon that is cropped', async () => {
    const { page } = seen
    await page.goto('/console/official')
    await page.getByText('还没有绑定公众号').waitFor()
    await look(page)
    await page.getByRole('button', { name: '添加绑定' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByRole('button', { name: /绑\s?定/ }).click()
    await form.getByText('请选择公众号图标').waitFor()
    await look(page)
    const svg = { name: 'x.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') }
    const icon = form.locator('input[type=file]')
    await icon.setInputFiles(svg)
    await form.getByText('请选择 PNG、JPEG 或 WebP 图片').waitFor()
    await icon.setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: avatarPng(3, 300) })
    await form.getByRole('slider', { name: '缩放' }).press('ArrowRight')
    await form.getByRole('img', { name: '选取的部分' }).press('ArrowUp')
    await form.getByLabel('公众号名称').fill('示例服务号')
    await form.getByLabel('原始ID').fill(service().originalId)
    await form.getByLabel('公众号APPID').fill(service().appId)
    await form.getByLabel('秘钥').fill(service().secret)
    await form.getByRole('switch', { name: '微信认证' }).click()
    await form.getByText('请选择公众号图标').waitFor({ state: 'detached' })
    await look(page)
    await form.getByRole('button', { name: /绑\s?定/ }).click()
    await page.getByText('微信还没有来验证过').waitFor()
    expect(bound()).toMatchObject({ name: '示例服务号', kind: 'service', verified: true })
    expect(bound().iconHash).toMatch(/^[0-9a-f]{64}$/)
    await look(page)
  })

  it('shows what the doctor finds, and what to copy', async () => {
    const { page } = seen
    const own = page.getByRole('main')
    await own.getByText(bound().callback.token).waitFor()
    const whitelist = ['192.0.2.1']
    await world.control('official/settings', { originalId: service().originalId, whitelist })
    await own.getByRole('button', { name: '开始体检' }).click()
    await own.getByText('微信拒绝了来自 127.0.0.1 的调用').waitFor()
    await own.getByText('出口地址', { exact: true }).first().waitFor()
    await look(page)
    await own.getByRole('link', { name: '能做什么' }).click()
    await own.getByRole('cell', { name: '模板消息' }).first().waitFor()
    await look(page)
  })

  it('changes it, gives it away, and unbinds it', async () => {
    const { page } = seen
    const own = page.getByRole('main')
    await own.getByRole('link', { name: '设置' }).click()
    await own.getByLabel('公众号名称').fill('改了名')
    await own.getByRole('button', { name: '保存' }).first().click()
    await page.getByText('已保存').first().waitFor()
    expect(bound()).toMatchObject({ name: '改了名', appId: service().appId })
    await look(page)
    await own.getByRole('combobox', { name: '分配' }).click()
    await page.getByText('李四 (lisi)').click()
    await page.keyboard.press('Escape')
    await own.getByRole('button', { name: '保存' }).last().click()
    await expect.poll(() => bound().grants.size).toBe(1)
    await own.getByRole('switch', { name: '启用' }).click()
    await page.getByRole('button', { name: '停用' }).click()
    await expect.poll(() => bound().enabled).toBe(false)
    await own.getByRole('button', { name: '解绑' }).click()
    await page.getByLabel(/以确认/).fill(service().originalId)
    await look(page)
    await page.getByRole('dialog', { name: '解绑' }).getByRole('button', { name: '解绑' }).click()
    await page.getByText('还没有绑定公众号').waitFor()
    expect(world.ctx.accounts.ofCorp(world.corpId)).toEqual([])
  })

  it('says why an account may not do what a page is for', async () => {
    const { page } = seen
    const first = await world.bindOfficial('service')
    const { originalId, name } = await world.bindOfficial('subscription')
    await page.goto(`/console/official/mass?account=${originalId}`)
    await page.getByText('群发给全部粉丝或标签需要微信认证，该账号未认证').waitFor()
    expect(await page.getByRole('button', { name: '新建群发' }).count()).toBe(0)
    await look(page)
    await page.getByRole('link', { name: '看看该账号能做什么' }).click()
    await page.waitForURL(url => url.pathname.endsWith(originalId) && url.search === '?tab=abilities')
    const own = page.getByRole('main')
    await own.getByText('模板消息只对已认证的服务号开放').waitFor()
    await look(page)
    // The account stays chosen for whoever leaves the pages about accounts and comes back.
    await page.goto('/console/official/followers')
    await page.getByText(first.name).first().waitFor({ state: 'detached' })
    await page.getByTitle(name).first().waitFor()
    for (const one of [first.originalId, originalId])
      await removeAccount(world.ctx, 'test', world.corpId, one)
    await page.goto('/console/official')
  })

  it('puts a file at the root that proves the domain', async () => {
    const { page } = seen
    await page.getByRole('button', { name: '高级' }).click()
    await page.getByRole('menuitem', { name: '域名校验文件' }).click()
    const dialog = page.getByRole('dialog', { name: '域名校验文件' })
    const buffer = Buffer.from('aB3')
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name: 'MP_verify_aB3.txt', mimeType: 'text/plain', buffer })
    await dialog.getByRole('link', { name: 'MP_verify_aB3.txt' }).waitFor()
    await look(page)
    expect(await (await fetch(`${world.server.url}/MP_verify_aB3.txt`)).text()).toBe('aB3')
    expect(seen.complaints).toEqual([])
  })
})
