import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../server/features/official/accounts/accounts.ts'
import { saveQuickReply } from '../../server/features/official/talk/quick-replies.ts'
import { quickRepliesOf } from '../../server/features/official/talk/quick-reply-store.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, phone, resized, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let account: Account
let openids: string[]
beforeAll(async () => {
  world = await startWorld({ members: 8 })
  account = await world.bindOfficial()
  const found = await world.control(`official/followers?originalId=${account.originalId}&limit=10`)
  openids = (found['followers'] as { openid: string }[]).map(one => one.openid)
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

async function follower(openid: string, what: Record<string, unknown>) {
  await world.control('official/act', { originalId: account.originalId, openid, wait: true, ...what })
  await world.settleOfficial(account)
}
const received = async (openid: string) => {
  const query = `originalId=${account.originalId}&openid=${openid}`
  const { messages } = await world.control(`official/messages?${query}`)
  return (messages as { how: string; content: { content?: string } }[])
    .filter(message => message.how === 'custom')
    .map(message => message.content.content)
}

describe('conversations', () => {
  it('come in live, are answered within the window, and lock when the follower leaves', async () => {
    const openid = openids[0] ?? ''
    const { page, complaints, close } = await visit(world, { as: 'super', userId: 'lisi', isNew: true })
    await page.goto('/console/official/conversations?filter=unassigned')
    await page.getByRole('heading', { level: 1, name: '会话' }).waitFor()
    await page.getByText('没有未分配的会话').waitFor()
    await follower(openid, { act: 'text', content: '请问几点开门？' })
    const row = page.locator(`[data-openid="${openid}"]`)
    await row.getByText('请问几点开门？').waitFor()
    await look(page)
    await row.click()
    const lines = page.getByRole('log', { name: '消息' })
    await lines.getByText('请问几点开门？').waitFor()
    await page.getByText('还可发 5 条，剩余 47 小时 59 分').waitFor()
    await page.getByRole('textbox', { name: '回复内容' }).fill('九点')
    await page.getByText('6 / 2,048 字节').waitFor()
    await page.keyboard.press('Enter')
    await lines.getByText('已发送').waitFor()
    await page.getByText('还可发 4 条').waitFor()
    expect(await received(openid)).toEqual(['九点'])
    await follower(openid, { act: 'image' })
    await lines.getByRole('img', { name: '图片' }).waitFor()
    await look(page)
    await follower(openid, { act: 'unsubscribe' })
    await page.getByText('对方已取消关注，不能发送').waitFor()
    expect(await page.getByRole('textbox', { name: '回复内容' }).isDisabled()).toBe(true)
    await page.getByText('没有未分配的会话').waitFor()
    await resized(page, phone, async () => {
      await page.getByRole('button', { name: '返回会话列表' }).click()
      await page.getByText('没有未分配的会话').waitFor()
    })
    expect(complaints).toEqual([])
    await close()
  })
})

it('a quick reply is kept, found by its shortcut, changed and sent', async () => {
  const openid = openids[1] ?? ''
  await follower(openid, { act: 'text', content: '在吗' })
  const { page, complaints, close } = await visit(world, { as: 'super', userId: 'lisi', isNew: true })
  await page.goto(`/console/official/conversations?open=${openid}`)
  await page.getByRole('button', { name: '快捷回复' }).first().click()
  await page.getByRole('button', { name: /^新\s?增$/ }).click()
  await page.getByLabel('快捷码', { exact: true }).fill('hi')
  await page.getByLabel('内容', { exact: true }).fill('您好，请问有什么可以帮您？')
  await page.getByRole('button', { name: /^保\s?存$/ }).click()
  await page.getByRole('listitem').getByText('您好，请问').waitFor()
  await look(page)
  await page.getByRole('button', { name: /^修\s?改$/ }).click()
  await page.getByLabel('快捷码', { exact: true }).fill('hello')
  // Somebody else changes its words meanwhile; what was typed here stays, and both are kept.
  const [stored] = await quickRepliesOf(world.ctx.db, account)
  if (!stored) throw new Error('it was not stored')
  await saveQuickReply(world.ctx, 'test', account, { ...stored, content: '您好，有什么可以帮您？' })
  await page.getByText('刚被他人修改，您填写的内容都还在').first().waitFor()
  await look(page)
  await page.getByRole('button', { name: /^保\s?存$/ }).click()
  await page.getByRole('listitem').getByText('hello').waitFor()
  await page.getByRole('button', { name: '关闭' }).click()
  await page.locator('.oa-talk-tools').getByRole('button', { name: '快捷回复' }).click()
  await page.getByRole('textbox', { name: /按快捷码/ }).fill('hel')
  await page.keyboard.press('Enter')
  const say = page.getByRole('textbox', { name: '回复内容' })
  await say.fill(`${await say.inputValue()}（李四）`)
  await page.getByRole('button', { name: /^发\s?送$/ }).click()
  await page.getByRole('log').getByText('已发送').waitFor()
  expect(await received(openid)).toEqual(['您好，有什么可以帮您？（李四）'])
  expect(complaints).toEqual([])
  await close()
})

it('a conversation is given away and taken over with a note', async () => {
  const openid = openids[2] ?? ''
  await follower(openid, { act: 'text', content: '在吗' })
  await visit(world, { as: 'super', userId: 'wangwu' }).then(other => other.close())
  const { page, close } = await visit(world, { as: 'super', userId: 'lisi', isNew: true })
  await page.goto(`/console/official/conversations?open=${openid}`)
  await page.getByRole('button', { name: /^分\s?配$/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: '交给' }).fill('王五')
  await page.keyboard.press('Enter')
  await look(page)
  await dialog.getByRole('button', { name: /^确\s?定$/ }).click()
  await page.getByText('会话正由 王五 处理，接手后才能回复').waitFor()
  await page.getByRole('button', { name: '由 王五 处理' }).click()
  await dialog.getByRole('combobox', { name: '交给' }).fill('李四')
  await page.keyboard.press('Enter')
  await dialog.getByRole('textbox', { name: '说明' }).fill('王五请假')
  await dialog.getByRole('button', { name: /^确\s?定$/ }).click()
  await page.getByRole('log').getByText('李四 把会话交给 李四：王五请假').waitFor()
  await page.getByText('还可发 5 条').waitFor()
  await close()
})
