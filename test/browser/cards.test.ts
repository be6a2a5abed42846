import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { press } from '../../server/features/cards/cards.fixture.ts'
import { fresh, useAgents } from '../../server/features/messages/messages.fixture.ts'
import { sampleCards } from '../../server/upstream/wecom/cards/card-samples.ts'
import type { World } from '../harness.ts'
import {
  closeBrowser,
  desktop,
  launchBrowser,
  look,
  phone,
  type Visit,
  type VisitOptions,
  visit,
} from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let agentId: number

beforeAll(async () => {
  world = await startWorld({ members: 330, isOneClock: true })
  await useAgents(world)
  agentId = await world.connectAgent()
  await launchBrowser()
})
afterAll(async () => {
  await closeBrowser()
  await world?.close()
})

const shots = process.env['SHOTS']
const shot = (page: Page, name: string) =>
  shots ? page.screenshot({ path: `${shots}/cards-${name}.png` }) : undefined
const console_ = (options: VisitOptions = {}) => visit(world, { as: 'super', userId: 'zhangsan', ...options })

/** The composer with a card. */
async function composer(options: VisitOptions = {}): Promise<Visit & { drawer: Locator; shown: Locator }> {
  const seen = await console_(options)
  seen.page.setDefaultTimeout(8000)
  await seen.page.goto('/console/messages/send')
  const drawer = seen.page.getByRole('main')
  await drawer.getByText('卡片', { exact: true }).click()
  return { ...seen, drawer, shown: drawer.getByRole('region', { name: '预览' }) }
}

/** The phone of somebody in the sandbox, with the agent's messages. */
async function phoneOf(context: Visit['context'], userId: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${world.sandbox.url}/phone#member=${userId}&tab=wecom&open=${agentId}`)
  await page.waitForSelector('.live.on')
  return page
}

/** Chooses a receiver. */
async function choose(page: Page, drawer: Locator, name: string): Promise<void> {
  await drawer.getByRole('combobox', { name: '发给' }).fill(name)
  await page.locator('.ant-select-item-option', { hasText: name }).first().click()
  await drawer.getByRole('combobox', { name: '发给' }).press('Escape')
}

const text = (around: Locator, label: string | RegExp) => around.getByRole('textbox', { name: label })
const line = (around: Locator, name: string) => around.getByRole('group', { name, exact: true })
const fold = (around: Locator, name: string) => around.locator('summary', { hasText: name }).click()
const problemOf = (field: Locator) =>
  field.locator('xpath=ancestor::*[contains(@class,"ant-form-item-has-error")]').first()

describe('the editor of cards', () => {
  it('says at the field what is wrong, warns of what is cut, and adds, moves and removes lines', async () => {
    const { page, drawer, shown, complaints, close } = await composer()
    await text(drawer, '应用名称').fill('行政')
    await choose(page, drawer, '张三')
    const wrong = drawer.locator('.ant-form-item-has-error')
    // Nothing is red before it was touched, or somebody wanted to send; and nobody reads a path.
    await page.waitForResponse(one => one.url().endsWith('/web/messages/preview'))
    expect(await wrong.count()).toBe(0)
    await text(drawer, '链接').focus()
    await text(drawer, '卡片标题').focus()
    await problemOf(text(drawer, '链接'))
      .getByText(/^没有填写/)
      .waitFor()
    await text(drawer, '链接').fill('https://oa.huayu.example/')
    await drawer.getByRole('button', { name: '发送', exact: true }).click()
    await problemOf(text(drawer, '卡片标题'))
      .getByText(/与 “二级文本” 至少填一个/)
      .waitFor()
    await shown.getByText(/“卡片标题” 与 “二级文本” 至少填一个/).waitFor()
    await text(drawer, '卡片标题').fill('题'.repeat(40))
    await drawer.getByText('建议不超过 36 个字，现有 40 个，超出的部分可能不显示').first().waitFor()
    await text(drawer, '卡片标题').fill('会议室已为您保留')
    await fold(drawer, '关键数据')
    await text(drawer, '关键数据内容').fill('14:00')
    await fold(drawer, '引用')
    await text(drawer, '引用标题').fill('第三会议室')
    await fold(drawer, '列表行')
    for (const [n, name] of [
      [1, '预订人'],
      [2, '时长'],
    ] as const) {
      await drawer.getByRole('button', { name: '添加行' }).click()
      await text(line(drawer, `行 ${n}`), /名称/).fill(name)
      await text(line(drawer, `行 ${n}`), '值').fill(`值 ${n}`)
    }
    await drawer.getByRole('button', { name: '上移行 2' }).click()
    await expect.poll(() => shown.locator('dt').allTextContents()).toEqual(['时长', '预订人'])
    await drawer.getByRole('button', { name: '删除行 1' }).click()
    await fold(drawer, '右上角菜单')
    await drawer.getByRole('button', { name: '添加菜单项' }).click()
    await text(drawer, '菜单文字').fill('取消预订')
    await shown.getByLabel('更多操作').click()
    await shown.getByText('取消预订').waitFor()
    await shown.getByText('14:00').waitFor()
    await shown.getByText('第三会议室').waitFor()
    await expect.poll(() => drawer.locator('.ant-form-item-has-error').count()).toBe(0)
    await shot(page, 'text-notice-1440')
    await look(page, { dark: true })
    expect(complaints).toEqual([])
    await close()
  })

  it('has every kind with its own fields, and keeps what they share', async () => {
    const { page, drawer, shown, complaints, close } = await composer()
    await text(drawer, '应用名称').fill('行政')
    await drawer.getByText('按钮交互', { exact: true }).click()
    await text(drawer, '卡片标题').fill('请假申请')
    await text(line(drawer, '按钮 1'), /按钮文字/).fill('同意')
    await drawer.getByRole('button', { name: '添加按钮' }).click()
    await text(line(drawer, '按钮 2'), /按钮文字/).fill('驳回')
    // The key is made of the text, and is shown to those who ask.
    expect(await text(line(drawer, '按钮 2'), /标识/).count()).toBe(0)
    await drawer.getByRole('checkbox', { name: '显示标识' }).check()
    expect(await text(line(drawer, '按钮 2'), /标识/).inputValue()).toBe('驳回')
    await text(line(drawer, '按钮 2'), /标识/).fill('同意')
    await problemOf(text(line(drawer, '按钮 2'), /标识/))
      .getByText(/与 “按钮 1 · 标识 key” 重复/)
      .waitFor()
    await text(line(drawer, '按钮 2'), /标识/).fill('reject')
    await shown.getByText('驳回').waitFor()
    await drawer.getByText('投票选择', { exact: true }).click()
    await text(line(drawer, '选项 1'), '选项文字').fill('公司大礼堂')
    await text(line(drawer, '选项 2'), '选项文字').fill('温泉酒店')
    await drawer.getByText('多选', { exact: true }).click()
    await drawer.getByRole('button', { name: '添加选项' }).click()
    await text(line(drawer, '选项 3'), '选项文字').fill('会展中心')
    await expect.poll(() => drawer.locator('.ant-form-item-has-error').count()).toBe(0)
    await look(page)
    await drawer.getByText('多项选择', { exact: true }).click()
    const asked = line(drawer, '选择题 1')
    await text(asked, '选择题标题').fill('午餐')
    await text(line(asked, '选项 1'), '选项文字').fill('米饭')
    await text(line(asked, '选项 2'), '选项文字').fill('面条')
    await expect.poll(() => drawer.locator('.ant-form-item-has-error').count()).toBe(0)
    await shot(page, 'multiple-1440')
    await drawer.getByText('图文展示', { exact: true }).click()
    await text(drawer, '链接').first().fill('https://oa.huayu.example/')
    await text(drawer, '图片地址').first().focus()
    await text(drawer, '卡片标题').focus()
    await text(drawer, '图片地址').first().fill(`${world.server.url}/icon.svg`)
    await fold(drawer, '垂直内容')
    await drawer.getByRole('button', { name: '添加内容' }).click()
    await text(drawer, /内容标题/).fill('报名截止')
    await expect.poll(() => drawer.locator('.ant-form-item-has-error').count()).toBe(0)
    // What only another kind has comes back with it.
    await drawer.getByText('按钮交互', { exact: true }).click()
    await shown.getByText('驳回').waitFor()
    expect(await text(drawer, '卡片标题').inputValue()).toBe('请假申请')
    expect(complaints).toEqual([])
    await close()
  })

  it('takes a card as JSON, says what is strange in it, and shows the call that sends it', async () => {
    const { page, drawer, shown, complaints, close } = await composer({ size: phone })
    await text(drawer, '应用名称').fill('行政')
    await drawer.getByText('JSON', { exact: true }).click()
    const json = text(drawer, '卡片 JSON')
    await json.fill('{"card_type":')
    await drawer.getByRole('button', { name: '用这段 JSON' }).click()
    await drawer.getByText(/^这不是一张卡片/).waitFor()
    const strange = { ...sampleCards.button_interaction, task_id: 'theirs', colour: 'red' }
    await json.fill(JSON.stringify({ touser: 'x', msgtype: 'template_card', template_card: strange }))
    await drawer.getByRole('button', { name: '用这段 JSON' }).click()
    await drawer.getByText('已去掉 task_id').waitFor()
    await shown.getByText(/card.colour/).waitFor()
    await json.fill(JSON.stringify(sampleCards.button_interaction))
    await drawer.getByRole('button', { name: '用这段 JSON' }).click()
    await shown.getByText('张三申请请假 2 天').first().waitFor()
    await expect.poll(() => shown.getByText(/card.colour/).count()).toBe(0)
    await drawer.getByText("-H 'content-type: application/json'").waitFor()
    await drawer.getByRole('radio', { name: '换成另一张卡片' }).check()
    await text(drawer, '按钮换成的文字').fill('已同意')
    await shown.getByText('已同意').waitFor()
    await shot(page, 'json-390')
    await look(page, { size: desktop })
    expect(complaints).toEqual([])
    await close()
  })
})

describe('a card that was sent', () => {
  it('is answered on the phone, counted, reminded of and changed', async () => {
    const { page, drawer, context, complaints, close } = await composer()
    await drawer.getByRole('button', { name: '投票', exact: true }).click()
    await text(drawer, '应用名称').fill('行政')
    const to = drawer.getByRole('combobox', { name: '发给' })
    await to.press('ArrowDown')
    await page.locator('.ant-select-item-option', { hasText: /全体成员/ }).click()
    await to.press('Escape')
    await drawer.getByRole('button', { name: '发送', exact: true }).click()
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '发送' }).click()
    await page.waitForURL(url => url.searchParams.has('open'))
    const msgId = new URL(page.url()).searchParams.get('open')!
    const answers = page.getByRole('dialog')
    await answers.getByText(/^0 人已回答/).waitFor()
    const bar = (name: string) => answers.locator('.wisp-bars li', { hasText: name })
    expect(await bar('12 月 19 日').textContent()).toContain('0 人')

    const lisi = await phoneOf(context, 'lisi')
    const card = lisi.locator('.template-card', { hasText: '年会选哪一天？' })
    // A sample has nothing chosen beforehand.
    expect(await card.getByRole('checkbox', { name: '12 月 20 日' }).isChecked()).toBe(false)
    await card.getByRole('checkbox', { name: '12 月 26 日' }).check()
    await card.getByRole('button', { name: '提交' }).click()
    await card.getByRole('button', { name: '已投票' }).waitFor()
    expect(await card.getByRole('button', { name: '已投票' }).isDisabled()).toBe(true)
    for (const userid of ['wangwu', 'zhangsan'])
      await press(world, msgId, userid, 'submit', { selected: { day: ['d2'] } })
    await answers.getByText(/^3 人已回答/).waitFor()
    expect(await bar('12 月 26 日').textContent()).toContain('1 人')
    expect(await bar('12 月 20 日').textContent()).toContain('2 人')
    await answers.getByRole('row', { name: /李四/ }).getByText('12 月 26 日').waitFor()
    await shot(page, 'answers-1440')
    await answers.getByText(/^未回答 3\d\d$/).click()
    await answers.getByRole('listitem', { name: '2', exact: true }).click()
    await expect.poll(() => answers.locator('.ant-table-row').count()).toBe(20)
    await look(page, { dark: true })
    const file = page.waitForEvent('download')
    await answers.getByRole('link', { name: '导出' }).click()
    expect((await file).suggestedFilename()).toMatch(/\.csv$/)

    await answers.getByRole('button', { name: '提醒未答' }).click()
    await page.locator('.ant-modal-confirm-title', { hasText: /再提醒没有回答的 3\d\d 人/ }).waitFor()
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '提醒未答' }).click()
    await answers.getByText(/提醒过 3\d\d 人/).waitFor()
    expect(await answers.getByRole('button', { name: '提醒未答' }).isDisabled()).toBe(true)

    await answers.getByText(/还能更新 3\d\d 人的卡片，最晚到/).waitFor()
    await answers.getByRole('button', { name: '更新卡片' }).click()
    const dialog = page.getByRole('dialog', { name: '更新卡片' })
    await text(dialog, '换成的文字').fill('投票已结束')
    await dialog.locator('.wecom-card').getByText('投票已结束').waitFor()
    await shot(page, 'update-1440')
    await look(page)
    await dialog.getByRole('button', { name: '更新卡片' }).click()
    await dialog.getByText(/^已更新 3\d\d 人的卡片/).waitFor()
    await card.getByRole('button', { name: '投票已结束' }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('ends with the first press at 390, and is shown to members, who answer in WeCom', async () => {
    world.clock.offsetMs += 120_000
    const { body } = await fresh(world).post('/api/message/send', {
      sendType: '0',
      msgType: '04',
      agentName: '请假',
      toUser: 'zhangsan|lisi',
      card: sampleCards.button_interaction,
      firstPressWins: '1',
      onPress: { replaceName: '已处理' },
    })
    const { page, context, complaints, close } = await console_({ size: phone })
    const lisi = await phoneOf(context, 'lisi')
    const card = lisi.locator('.template-card', { hasText: '张三申请请假 2 天' })
    await card.getByLabel('代理人').selectOption('赵六')
    await card.getByRole('button', { name: '同意' }).click()
    await card.getByRole('button', { name: '已处理' }).waitFor()
    await page.goto(`/console/messages?open=${body.msgId}`)
    const answers = page.getByRole('dialog')
    await answers.getByText(/李四 最先点击/).waitFor()
    await answers.locator('.wisp-bars', { hasText: '代理人' }).getByText('赵六').waitFor()
    await shot(page, 'answers-390')
    await look(page, { size: desktop })
    expect(complaints).toEqual([])
    await close()
    const member = await visit(world, { as: 'member', userId: 'lisi', size: phone })
    await member.page.goto('/mobile?tab=messages')
    await member.page
      .locator('.wecom-card', { hasText: '张三申请请假 2 天' })
      .getByText('请在企业微信中操作')
      .waitFor()
    await shot(member.page, 'mobile-390')
    await look(member.page, { size: desktop, dark: true })
    expect(member.complaints).toEqual([])
    await member.close()
  })
})
