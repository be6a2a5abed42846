import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../server/features/official/accounts/accounts.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('automatic replies', () => {
  let world: World
  let account: Account
  let view: Visit
  beforeAll(async () => {
    world = await startWorld({ members: 10, departments: 2, tags: 1 })
    account = await world.bindOfficial()
    view = await visit(world, { as: 'super' })
    view.page.setDefaultTimeout(30_000)
  }, 60_000)
  afterEach(() => expect(view.complaints).toEqual([]))
  afterAll(async () => {
    await view?.close()
    await closeBrowser()
    await world.close()
  })

  it('begin with a flow of three steps that a rule leads to', async () => {
    const { page } = view
    await page.goto('/console/official/replies?tab=flows')
    await page.getByRole('button', { name: '添加流程' }).click()
    const drawer = page.getByRole('dialog', { name: '添加流程' })
    await drawer.getByLabel('名称').fill('预约')
    await drawer.getByLabel('文字').fill('哪一天来？')
    for (const said of ['请留下电话', '已预约，到时见']) {
      await drawer.getByRole('button', { name: '添加步骤' }).click()
      await drawer.getByLabel('文字').last().fill(said)
    }
    await drawer.getByRole('radio', { name: '等待回答' }).nth(1).check()
    const choose = async (n: number, label: RegExp) => {
      await drawer.getByRole('combobox', { name: '其他回答' }).nth(n).click()
      await page.locator('.ant-select-dropdown:visible').getByText(label).click()
    }
    await drawer.getByLabel('超时提示').fill('没有收到您的回答，预约已取消。')
    await choose(0, /步骤 2/)
    await choose(1, /步骤 3/)
    await look(page)
    await drawer.getByRole('button', { name: '保存' }).click()
    await page.getByText('3 步，等待回答 30 分钟').waitFor()
    await page.getByText('还没有规则进入它').waitFor()
    await look(page)
  })

  it('take a rule with a keyword, which begins the flow', async () => {
    const { page } = view
    await page.getByRole('link', { name: '规则' }).click()
    await page.getByText('还没有规则', { exact: true }).waitFor()
    await look(page)
    await page.getByRole('button', { name: '添加规则' }).first().click()
    const drawer = page.getByRole('dialog', { name: '添加规则' })
    await drawer.getByLabel('关键词', { exact: true }).fill('预约,约时间,')
    await drawer.getByRole('textbox', { name: '文字' }).fill('汉'.repeat(683))
    await drawer.getByText('2,049 / 2,048 字节').waitFor()
    await drawer.getByRole('textbox', { name: '文字' }).fill('欢迎预约')
    await drawer.getByLabel('然后进入流程').click()
    await page.locator('.ant-select-dropdown:visible').getByText('预约').click()
    await drawer.getByRole('switch', { name: '只在这些时间回复' }).click()
    await look(page)
    await drawer.getByRole('switch', { name: '只在这些时间回复' }).click()
    await drawer.getByRole('button', { name: '保存' }).click()
    await page.getByText('全匹配：预约、约时间').waitFor()
    await look(page)
  })

  it('are tried like a chat, with the reasons of the rules that do not answer', async () => {
    const { page } = view
    const chat = page.getByRole('region', { name: '试一试' })
    const write = async (text: string) => {
      await chat.getByLabel('输入消息').fill(text)
      await chat.getByRole('button', { name: '发送' }).click()
    }
    await write('约时间')
    await chat.getByText('哪一天来？').waitFor()
    await chat.getByText('由“预约”回复，进入流程“预约”').waitFor()
    await write('周一')
    await chat.getByText('请留下电话').waitFor()
    await chat.getByRole('button', { name: '不回答，等到超时' }).click()
    await chat.getByText('没有收到您的回答，预约已取消。').waitFor()
    await look(page)
    await write('约时间')
    await chat.getByText('哪一天来？').nth(1).waitFor()
    await write('周一')
    await chat.getByText('请留下电话').nth(1).waitFor()
    await write('138')
    await chat.getByText('已预约，到时见').waitFor()
    await write('别的')
    await chat.getByText('不回复').waitFor()
    await chat.getByText('文字不等于任何关键词').waitFor()
    await look(page, { dark: true })
  })

  it('answer a follower in the sandbox as they were tried', async () => {
    const found = await world.control(`official/followers?originalId=${account.originalId}`)
    const [{ openid } = { openid: '' }] = found['followers'] as { openid: string }[]
    const said: unknown[] = []
    for (const content of ['预约', '周一', '138']) {
      const asked = { originalId: account.originalId, openid, act: 'text', content, wait: true }
      const { reply } = await world.control('official/act', asked)
      said.push((reply as { content: { content: string } }).content.content)
    }
    expect(said).toEqual(['欢迎预约', '请留下电话', '已预约，到时见'])
  })

  it('show a conflict, and what can be taken over from the site of WeChat', async () => {
    const { page } = view
    await world.control('official/settings', {
      originalId: account.originalId,
      autoReply: {
        is_autoreply_open: 1,
        message_default_autoreply_info: { type: 'text', content: '稍后回复您' },
        keyword_autoreply_info: {
          list: [
            {
              rule_name: '预约电话',
              reply_mode: 'reply_all',
              keyword_list_info: [{ type: 'text', match_mode: 'equal', content: '约时间' }],
              reply_list_info: [{ type: 'text', content: '电话 12345' }],
            },
            {
              rule_name: '宣传片',
              reply_mode: 'reply_all',
              keyword_list_info: [{ type: 'text', match_mode: 'equal', content: '宣传片' }],
              reply_list_info: [{ type: 'video', content: 'm' }],
            },
          ],
        },
      },
    })
    await page.getByRole('button', { name: '从微信网站导入' }).click()
    const drawer = page.getByRole('dialog', { name: '从微信网站导入' })
    await drawer.getByText('不支持的回复类型 video，不能导入').waitFor()
    await look(page)
    await drawer.getByRole('button', { name: '导入 2 条' }).click()
    await page.getByText('1 条规则与前面的规则冲突').waitFor()
    await page.getByRole('button', { name: '预约电话' }).click()
    const rule = page.getByRole('dialog', { name: '修改规则' })
    await rule.getByRole('button', { name: '删除' }).click()
    await page
      .getByRole('dialog', { name: '删除规则“预约电话”？' })
      .getByRole('button', { name: '删除' })
      .click()
    await page.getByText('1 条规则与前面的规则冲突').waitFor({ state: 'detached' })
    await look(page)
  })
})
