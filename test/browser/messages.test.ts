import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { avatarPng } from '../../sandbox/avatar.ts'
import {
  faultSend,
  sendText,
  shownMail,
  smtpOf,
  useAgents,
  useSms,
} from '../../server/features/messages/messages.fixture.ts'
import { setSendApproval } from '../../server/features/send-approval/set-approval.ts'
import { standard } from '../../server/features/send-approval/settings.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('the message centre in the console', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    await useAgents(world)
    await useSms(world, 'tencent')
    await world.admin('user/create', {
      userid: 'disabled',
      name: '停用',
      department: [1],
      mobile: '13812340001',
    })
    await world.admin('user/update', { userid: 'disabled', status: 2 })
    await world.sync()
  })
  afterAll(async () => {
    await closeBrowser()
    await world.close()
  })

  const open = async (path: string): Promise<Visit> => {
    const seen = await visit(world, { as: 'super', userId: 'zhangsan' })
    await seen.page.goto(path)
    return seen
  }

  it('takes the mail settings, refuses a wrong one at its field, and shows the real answer to a test', async () => {
    const { page, complaints, close } = await open('/console/messages/settings?channel=email')
    const smtp = smtpOf(world)
    const form = page.locator('form#email')
    await form.getByLabel('服务器').fill(smtp.host)
    await form.getByLabel('用户名').fill(smtp.user)
    await form.getByLabel('密码', { exact: true }).fill('a wrong one')
    await form.getByRole('button', { name: '保存' }).click()
    await page.getByText('必填').waitFor()
    await choose(page, form.getByLabel('加密'), 'STARTTLS')
    await form.getByLabel('端口').fill(String(smtp.port))
    await form.getByLabel('发件人').fill(smtp.from)
    await form.getByText('更多').click()
    await form.getByLabel('证书机构（PEM）').fill(smtp.ca)
    expect(await test(page, true)).toContain('535')
    await form.getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存', { exact: true }).waitFor()
    const drawer = page.getByRole('dialog', { name: '邮件' })
    await drawer.getByText(/^测试失败/).waitFor()
    expect(await test(page)).toContain('授权码')
    await form.getByLabel('密码', { exact: true }).fill(smtp.password)
    expect(await test(page, true)).toContain('服务商已接受')
    await form.getByRole('button', { name: '保存' }).click()
    expect((await shownMail(world)).at(-1)?.to).toEqual(['someone@elsewhere.example'])
    await drawer.getByText('测试通过').waitFor()
    expect(await page.content()).not.toContain(smtp.password)
    expect(complaints).toEqual([])
    await close()
  })

  it('finds a message, shows its way and sends it again', async () => {
    await sendText(world, '到了的', { toUser: 'zhangsan|lisi' })
    await faultSend(world, 'code:40008')
    const { msgId } = await sendText(world, '没到的那条')
    const { page, complaints, close } = await open('/console/messages?state=failed')
    await page.locator(`a[href*="${msgId}"]`).click()
    await page.waitForURL(url => url.searchParams.get('open') === msgId)
    const drawer = page.getByRole('dialog')
    await drawer.getByText('上游拒绝 · 张三').waitFor()
    expect(await drawer.textContent()).toContain('40008')
    expect(await drawer.textContent()).not.toContain('没到的')
    await look(page)
    await drawer.getByRole('link', { name: '内容' }).click()
    await drawer.getByRole('button', { name: '查看内容' }).click()
    await drawer.getByText('没到的那条').waitFor()
    await drawer.getByRole('link', { name: '‹ 经过' }).click()
    await drawer.getByRole('link', { name: '收件人' }).click()
    await drawer.getByText('张三', { exact: true }).waitFor()
    await drawer.getByRole('button', { name: '再次发送' }).click()
    await page.locator('.ant-modal-confirm-title', { hasText: '没收到的 1 人' }).waitFor()
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '再次发送' }).click()
    await drawer.getByRole('link', { name: '经过' }).click()
    await drawer.getByText('上游已接受 · 张三').waitFor()
    await drawer.locator('.ant-descriptions').getByText('已发出').waitFor()
    await look(page)
    await drawer.getByRole('link', { name: '已读与回执' }).click()
    await drawer.getByText('1 人的消息列表中有这条消息：0 人看到，0 人打开过。').waitFor()
    await look(page)
    await drawer.getByRole('button', { name: '催办' }).click()
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '催办' }).click()
    await drawer.getByText(/30 分钟内已催办过/).waitFor()
    await drawer.getByText('1 次').waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('says who did not get it, and why,', async () => {
    const { msgId } = await sendText(world, '不全的', { toUser: 'zhangsan|lisi|disabled' })
    const { page, complaints, close } = await open(`/console/messages?open=${msgId}`)
    const drawer = page.getByRole('dialog')
    await drawer.getByText('上游已接受 · 张三、李四', { exact: true }).waitFor()
    await drawer.getByText('停用 没有收到').waitFor()
    await drawer.getByText(/^成员已禁用。请在企业微信管理后台/).waitFor()
    await look(page)
    await setSendApproval(world.ctx, 'test', world.corpId, { receivers: 1, untyped: true })
    const asked = await sendText(world, '先看一看的', { toUser: 'zhangsan|lisi' })
    await setSendApproval(world.ctx, 'test', world.corpId, standard)
    await page.goto(`/console/messages?open=${asked.msgId}`)
    await drawer.getByText('发给 2 人，超过 1 人须批准').waitFor()
    await drawer.getByRole('button', { name: '查看内容' }).click()
    await drawer.getByText('先看一看的').waitFor()
    await look(page)
    await drawer.getByRole('button', { name: '批准', exact: true }).click()
    await drawer.getByText(/^张三.*批准$/).waitFor()
    await drawer.locator('.ant-descriptions').getByText('已发出').waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('shows what will be cut off, foresees and sends', async () => {
    const { page, complaints, close } = await open('/console/messages?compose=new')
    await page.waitForURL('**/console/messages/send')
    const drawer = page.getByRole('main')
    await drawer.getByText('发送前还要填写：发给、应用名称、正文').waitFor()
    expect(await drawer.getByText('按钮文字').count()).toBe(0)
    await drawer.getByText('图片', { exact: true }).click()
    await drawer.getByText('发送前还要填写：发给、应用名称、文件').waitFor()
    const large = { name: '大图.png', mimeType: 'image/png', buffer: Buffer.alloc(11 * 1024 * 1024) }
    await drawer.locator('input[type=file]').setInputFiles(large)
    await drawer.getByText('大图.png 有 12 MB，最大 10 MB').waitFor()
    const file = { name: '海报.png', mimeType: 'image/png', buffer: avatarPng(1, 40) }
    await drawer.locator('input[type=file]').setInputFiles(file)
    await drawer
      .getByText(/^图片 · \d+ B$/)
      .first()
      .waitFor()
    await drawer.getByRole('region', { name: '预览' }).getByRole('img', { name: '海报.png' }).waitFor()
    await look(page)
    await drawer.getByText('文本卡片').click()
    await drawer.getByText('发送前还要填写：发给、应用名称、标题、正文、跳转链接').waitFor()
    const field = (label: string) => drawer.getByRole('textbox', { name: label })
    await field('标题').fill('题')
    await drawer.getByRole('region', { name: '预览' }).getByText('（正文）').waitFor()
    const to = drawer.getByRole('combobox', { name: '发给' })
    const option = (name: RegExp) => page.locator('.ant-select-item-option', { hasText: name })
    await to.fill('zhangsan')
    await option(/张三.*zhangsan/).click()
    await to.fill('renli')
    await option(/人力资源部/)
      .first()
      .click()
    await look(page)
    await to.press('ArrowDown')
    await option(/全体成员.*\d+ 人/).click()
    await to.press('Escape')
    // Everybody takes nobody beside it.
    expect(await drawer.locator('.ant-select .ant-tag').allTextContents()).toEqual(['全体成员'])
    await drawer.getByText(/共 \d+ 人，分 1 次发出/).waitFor()
    await drawer.getByText(/^\d+ 人收不到：成员已禁用$/).waitFor()
    await drawer.getByText('发送前还要填写：应用名称、正文、跳转链接').waitFor()
    await field('应用名称').fill('行政')
    await field('标题').fill('题'.repeat(45))
    await field('正文').fill('这里的正文')
    await field('跳转链接').fill('javascript:alert(1)')
    await drawer.getByText('应为完整的 http(s) 地址').waitFor()
    await field('跳转链接').fill('https://oa.huayu.example/')
    await drawer.getByText('标题 147 / 128 字节').waitFor()
    await drawer.getByText(`装不下、会被截掉：${'题'.repeat(7)}`).waitFor()
    await look(page)
    await drawer.getByRole('button', { name: '发送', exact: true }).click()
    await page.locator('.ant-modal-confirm-title', { hasText: '发送给全体成员' }).waitFor()
    // WeCom's messages can be taken back.
    expect(await page.locator('.ant-modal-confirm').getByText('不能撤回').count()).toBe(0)
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '发送' }).click()
    await page.waitForURL(/\/console\/messages\?open=/)
    await page.getByText(/张三 \(zhangsan\) 提交/).waitFor()
    // What was foreseen is what became of it.
    await page.getByRole('dialog').getByRole('link', { name: '收件人' }).click()
    await page
      .getByRole('dialog')
      .getByText(/\d+ 人：成员已禁用/)
      .waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('registers a template with its live preview', async () => {
    const { page, complaints, close } = await open('/console/messages/templates?open=:new')
    const id = 'visit'
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('模板 ID').fill(id)
    await drawer.getByLabel('服务商的模板编号').fill('1234567')
    await drawer.getByLabel('变量').fill('name,')
    await drawer.getByLabel('模板内容').fill(`{1}您好，${'请'.repeat(60)}。`)
    await drawer.getByLabel('示例值 · name').fill('张三')
    await drawer.getByText(/】张三您好，/).waitFor()
    await drawer.getByText('按 2 条计费').waitFor()
    await look(page)
    await drawer.getByRole('button', { name: '保存' }).click()
    await page.getByRole('link', { name: id, exact: true }).waitFor()
    await look(page)
    expect(complaints).toEqual([])
    await close()
  })

  it('makes a message type beside how it looks', async () => {
    const { page, complaints, close } = await open('/console/messages/types?open=new')
    const drawer = page.getByRole('dialog')
    await drawer.getByText('填写名称和内容后，这里显示收件人看到的样子。').waitFor()
    await drawer.getByLabel('名称').fill('餐费')
    await drawer.getByLabel('key', { exact: true }).fill('meal-paid')
    await drawer.getByLabel('内容').first().fill('{{ member.name }}，{{ fen | money }} 已到账')
    await drawer.getByLabel('fen').fill('2850')
    await drawer.getByText('张三，¥28.50 已到账').waitFor()
    await drawer.getByText('什么时候').click()
    await choose(page, drawer.getByLabel('合并发送'), '收集一段时间')
    await look(page)
    await drawer.getByRole('button', { name: '保存' }).click()
    await page.waitForURL('**/console/messages/types/meal-paid')
    await page.getByRole('heading', { name: '餐费' }).waitFor()
    await page.getByText('张三，¥28.50 已到账').waitFor()
    await look(page)
    await page.getByRole('link', { name: '什么时候' }).click()
    await page.getByText('收集 30 分钟，合并为一条。').waitFor()
    await page.getByLabel('若现在发给').last().fill('lisi')
    await page.locator('.ant-select-item-option', { hasText: '李四' }).click()
    await page.getByText(/收集到.*，合并发出/).waitFor()
    await look(page)
    await page.goto('/console/messages/send')
    await sendToList(page)
    await seeFigures(page)
    expect(complaints).toEqual([])
    await close()
  })

  /** Sends by the type that was made to a list file, with a look at what it would say. */
  const sendToList = async (page: Page) => {
    const main = page.getByRole('main')
    await page.getByRole('button', { name: '用哪一个' }).click()
    await page.getByText('等成员去办，办完才结束').waitFor()
    await page.keyboard.press('Escape')
    await choose(page, main.getByRole('combobox', { name: '消息类型' }), '餐费')
    await main.getByText('发送前还要填写：发给、fen').waitFor()
    await main.getByText('名单文件').click()
    const file = {
      name: '名单.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('账号,fen\nlisi,990\nnobody,1\n'),
    }
    await main.locator('input[type=file]').setInputFiles(file)
    await main.getByText('名单.csv：1 人').waitFor()
    await main.getByText('没有进入名单的行').first().click()
    await main.getByText('没有这个成员，或不在数据范围内').waitFor()
    await main.getByText('张三，¥9.90 已到账').waitFor()
    await look(page)
    await main.getByRole('button', { name: '发送', exact: true }).click()
    await page.locator('.ant-modal-confirm-title', { hasText: '发送给 1 人' }).waitFor()
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '发送' }).click()
    await page.waitForURL(/\/console\/messages\?open=/)
    await page
      .getByRole('dialog')
      .getByText(/张三 \(zhangsan\) 提交/)
      .waitFor()
  }

  /** The figures of that type, of which one leads to the message. */
  const seeFigures = async (page: Page) => {
    await page.goto('/console/messages/types/meal-paid/figures')
    const main = page.getByRole('main')
    await main.getByText('每天的消息').waitFor()
    await main.getByText('1 人次').waitFor()
    await look(page)
    await main.locator('.wisp-type-totals').getByRole('link', { name: '1', exact: true }).first().click()
    await page.waitForURL(/\/console\/messages\?.*figure=accepted/)
    await main.getByText('餐费').first().waitFor()
    await page.goto('/console/messages/types?open=-')
    await page.getByRole('dialog').getByText('每天的消息').waitFor()
    await look(page)
  }

  it('has its settings and list readable', async () => {
    await sendText(world, '没有标题的正文')
    await sendText(world, '正文', { toUser: 'zhangsan|lisi', title: '标题在这里' })
    const { page, complaints, close } = await open('/console/messages/settings')
    await page.getByRole('heading', { name: '消息渠道' }).waitFor()
    await page.getByText('可以使用').first().waitFor()
    await look(page)
    await page.goto('/console/messages')
    await page.getByRole('heading', { name: '消息记录' }).waitFor()
    await page.getByText('已发出').first().waitFor()
    await page.getByText('标题在这里').waitFor()
    await page.getByText('没有标题的正文', { exact: true }).waitFor()
    await page.getByText('张三 等 2 人').first().waitFor()
    await look(page)
    await page.getByText('标题在这里').click()
    await page.getByRole('link', { name: '收件人' }).click()
    await page.getByRole('button', { name: '展开行' }).first().click()
    await page.getByText('企业微信 · 渠道已接受').waitFor()
    await look(page)
    expect(complaints).toEqual([])
    await close()
  })
})

/** Opens a select and takes the option that begins so. */
async function choose(page: Page, field: ReturnType<Page['locator']>, words: string): Promise<void> {
  await field.click()
  await page.locator('.ant-select-item-option', { hasText: words }).click()
}

/** Sends a test mail to an address and answers what the page says of it. */
async function test(page: Page, isUnsaved = false): Promise<string | null> {
  await page.locator('form#email').getByRole('button', { name: '发送测试' }).click()
  const dialog = page.getByRole('dialog', { name: /^发送测试/ })
  await dialog.getByText('邮箱地址').waitFor()
  expect(await dialog.getByText('还没有保存').count()).toBe(isUnsaved ? 1 : 0)
  await dialog.getByText('邮箱地址').click()
  await dialog.locator('#test-to').fill('someone@elsewhere.example')
  await dialog.getByRole('button', { name: '发送测试' }).click()
  const said = await dialog.getByRole('status').textContent()
  await dialog.getByRole('button', { name: '关闭' }).click()
  await dialog.waitFor({ state: 'hidden' })
  return said
}
