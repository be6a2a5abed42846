import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { avatarPng } from '../../sandbox/avatar.ts'
import type { Account } from '../../server/features/official/accounts/accounts.ts'
import { callbackSettings } from '../../server/features/official/accounts/bind.ts'
import type { World } from '../harness.ts'
import { closeBrowser, follow, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

/** What an organisation does with an account from its binding on, each step by what the one before it left. */
describe('an official account', () => {
  let world: World
  let view: Visit
  let openid: string
  beforeAll(async () => {
    world = await startWorld({ members: 10, departments: 2, tags: 1 })
    const { originalId } = bindable()
    const found = await world.control(`official/followers?originalId=${originalId}&limit=1`)
    openid = (found['followers'] as { openid: string }[])[0]?.openid ?? ''
    await world.control('official/act', { originalId, openid, act: 'unsubscribe' })
    view = await visit(world, { as: 'super', userId: 'lisi' })
  }, 60_000)
  afterAll(async () => {
    await view?.close()
    await closeBrowser()
    await world.close()
  })

  const bindable = () => {
    const [account] = world.sandbox.official.accounts
    if (!account) throw new Error('the sandbox has an official account')
    return account
  }
  const account = (): Account => world.ctx.accounts.get(world.corpId, bindable().originalId)
  const fits = async () => {
    await look(view.page)
    expect(view.complaints).toEqual([])
  }
  const follower = async (what: Record<string, unknown>) => {
    const asked = { originalId: bindable().originalId, openid, wait: true, ...what }
    const { reply } = await world.control('official/act', asked)
    return (reply as { content: { content: string } } | null)?.content.content
  }

  it('is bound in the dialog, and verified by WeChat', async () => {
    const { page } = view
    await page.goto('/console/official')
    await page.getByRole('button', { name: '添加绑定' }).first().click()
    const form = page.getByRole('dialog')
    const icon = { name: 'x.png', mimeType: 'image/png', buffer: avatarPng(3, 300) }
    await form.locator('input[type=file]').setInputFiles(icon)
    await form.getByLabel('公众号名称').fill('示例服务号')
    await form.getByLabel('原始ID').fill(bindable().originalId)
    await form.getByLabel('公众号APPID').fill(bindable().appId)
    await form.getByLabel('秘钥').fill(bindable().secret)
    await form.getByRole('switch', { name: '微信认证' }).click()
    await form.getByRole('button', { name: /绑\s?定/ }).click()
    await page.getByText('微信还没有来验证过').waitFor()
    const { originalId } = account()
    const { callbackUrl: url, ...callback } = callbackSettings(world.ctx, account())
    const saved = await world.control('official/configure', { originalId, url, ...callback })
    expect(saved['ok']).toBe(true)
    await expect.poll(() => account().callbackVerifiedAt).not.toBeNull()
    await page.goto('/console/official')
    await page.getByText('微信还没有来验证过').waitFor({ state: 'detached' })
    await fits()
  })

  it('answers a new follower, a keyword and a flow of three steps', async () => {
    const { page } = view
    await page.goto('/console/official/replies?tab=flows')
    await page.getByRole('button', { name: '添加流程' }).click()
    const flow = page.getByRole('dialog', { name: '添加流程' })
    await flow.getByLabel('名称').fill('预约')
    await flow.getByLabel('文字').fill('哪一天来？')
    for (const said of ['请留下电话', '已预约，到时见']) {
      await flow.getByRole('button', { name: '添加步骤' }).click()
      await flow.getByLabel('文字').last().fill(said)
    }
    await flow.getByRole('radio', { name: '等待回答' }).nth(1).check()
    for (const [n, next] of [/步骤 2/, /步骤 3/].entries()) {
      await flow.getByRole('combobox', { name: '其他回答' }).nth(n).click()
      await page.locator('.ant-select-dropdown:visible').getByText(next).click()
    }
    await flow.getByRole('button', { name: '保存' }).click()
    await page.getByText('3 步，等待回答 30 分钟').waitFor()
    await page.getByRole('link', { name: '规则' }).click()
    await page.getByRole('button', { name: '添加规则' }).first().click()
    const rule = page.getByRole('dialog', { name: '添加规则' })
    await rule.getByLabel('关键词', { exact: true }).fill('预约,')
    await rule.getByRole('textbox', { name: '文字' }).fill('欢迎预约')
    await rule.getByLabel('然后进入流程').click()
    await page.locator('.ant-select-dropdown:visible').getByText('预约').click()
    await rule.getByRole('button', { name: '保存' }).click()
    await page.getByText('全匹配：预约').waitFor()
    await fits()
    await follower({ act: 'subscribe' })
    const said: unknown[] = []
    for (const content of ['预约', '周一', '138']) said.push(await follower({ act: 'text', content }))
    expect(said).toEqual(['欢迎预约', '请留下电话', '已预约，到时见'])
  })

  it('shows a menu, whose clicks are counted', async () => {
    const { page } = view
    await follow(page, '/console/official/menu')
    await page.getByRole('button', { name: '添加按钮' }).click()
    await page.getByLabel('名称', { exact: true }).fill('人工')
    await page.getByLabel('点击后').click()
    await page.getByText('触发关键词或自动回复', { exact: true }).click()
    await page.getByLabel('按钮 KEY').fill('service')
    await page.getByRole('button', { name: /^保\s?存$/ }).click()
    await page.getByText('已保存为版本 1').waitFor()
    const publish = /^发\s?布$/
    await page.getByRole('button', { name: publish }).click()
    await page.getByRole('dialog').getByRole('button', { name: publish }).click()
    await page.getByText('微信显示的是版本 1').waitFor()
    await follower({ act: 'click', key: 'service' })
    await world.settleOfficial(account())
    await page.getByRole('link', { name: '点击' }).click()
    await page.getByRole('cell', { name: '人工' }).waitFor()
    await fits()
  })

  it('has the whole conversation, which a person goes on with', async () => {
    const { page } = view
    await follow(page, '/console/official/conversations')
    await page.locator(`[data-openid="${openid}"]`).click()
    const lines = page.getByRole('log', { name: '消息' })
    await lines.getByText('点击了菜单 service').waitFor()
    const said = ['关注了公众号', '欢迎预约', '138', '已预约，到时见']
    for (const text of said) await lines.getByText(text).first().waitFor()
    await page.getByText(/^还可发 \d+ 条/).waitFor()
    await page.getByRole('textbox', { name: '回复内容' }).fill('我是李四，有什么可以帮您？')
    await page.getByRole('button', { name: /^发\s?送$/ }).click()
    await lines.getByText('已发送').last().waitFor()
    await fits()
    const query = `originalId=${account().originalId}&openid=${openid}`
    const { messages } = await world.control(`official/messages?${query}`)
    const last = (messages as { how: string; content: { content?: string } }[]).at(-1)
    expect(last).toMatchObject({ how: 'custom', content: { content: '我是李四，有什么可以帮您？' } })
  })

  it('sends everybody a message, and hears how many got it', async () => {
    const { page } = view
    await follow(page, '/console/official/mass')
    await page.getByRole('button', { name: '新建群发' }).click()
    await page.getByText(/^将发给 [\d,]+ 人/).waitFor()
    await page.getByLabel('正文', { exact: true }).fill('周六开放日，欢迎来访。')
    await page.getByRole('button', { name: /^发\s?送$/ }).click()
    const asked = page.getByRole('dialog', { name: /^群发给 [\d,]+ 人/ })
    await asked.getByRole('button', { name: /^发\s?送$/ }).click()
    await page.getByText('发送成功').first().waitFor()
    await page.getByText(/^总数 [\d,]+/).waitFor()
    await fits()
  })

  it('sends a template message, which is shown as WeChat cuts it', async () => {
    const { page } = view
    await follow(page, '/console/official/templates')
    await page.getByRole('button', { name: '从模板库添加' }).first().click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('类目').click()
    await page.getByText('企业管理', { exact: true }).click()
    await drawer.getByLabel('模板', { exact: true }).click()
    await page.getByText('会议通知', { exact: true }).last().click()
    for (const name of ['会议主题', '会议地点'])
      await drawer.getByRole('checkbox', { name: new RegExp(name) }).check()
    await drawer.getByRole('button', { name: '从模板库添加' }).click()
    await drawer.getByLabel('会议主题（thing1）').fill('季度例会🎉')
    await drawer.getByText('微信会去掉：').waitFor()
    await drawer.getByLabel('会议地点（thing3）').fill('一号楼')
    await drawer.getByLabel('粉丝的 OpenID').fill(openid)
    await drawer.getByRole('button', { name: /^发\s?送$/ }).click()
    await page.getByText('微信已接收').waitFor()
    await fits()
    const query = `originalId=${account().originalId}&openid=${openid}`
    const { messages } = await world.control(`official/messages?${query}`)
    const shown = (messages as { how: string; content: { rows?: { value: string }[] } }[]).at(-1)
    expect(shown?.how).toBe('template')
    expect(shown?.content.rows?.map(row => row.value)).toEqual(['季度例会', '一号楼'])
  })
})
