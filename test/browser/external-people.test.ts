import { afterAll, beforeAll, expect, it } from 'vitest'
import { linksSent } from '../../server/features/external-people/sign-in/mail-link.ts'
import { shownMail, useSmtp } from '../../server/features/messages/messages.fixture.ts'
import { putAgent, setCorp } from '../../server/organisation/corps/corps.ts'
import type { World } from '../harness.ts'
import { closeBrowser, launchBrowser, look, phone, resized, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let own: Visit
beforeAll(async () => {
  // Builds the pages, which takes its time.
  await launchBrowser()
  world = await startWorld({ members: 10, departments: 3, tags: 1 })
  const [agent] = world.sandbox.agents
  if (agent) await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['signin', 'messages'] })
  await useSmtp(world)
  await setCorp(world.ctx, 'test', world.corpId, { publicUrl: world.server.url })
  own = await visit(world, { as: 'super' })
}, 240_000)
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

it('adds somebody, with a sponsor and an end, and says what is wrong at the field', async () => {
  const { page } = own
  await page.goto('/console/directory/external')
  await page.getByText('没有外部人员').first().waitFor()
  await look(page)
  await page.getByRole('button', { name: '添加外部人员' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: '姓名' }).fill('王师傅')
  await dialog.getByRole('textbox', { name: '单位' }).fill('甲公司')
  await dialog.getByRole('textbox', { name: '手机' }).fill('1390')
  await dialog.getByRole('textbox', { name: '邮箱' }).fill('wang@outside.example')
  await dialog.getByRole('combobox', { name: '担保人' }).fill('zhangsan')
  await page.locator('.ant-select-item-option', { hasText: '张三' }).click()
  await dialog.getByRole('button', { name: '6 个月' }).click()
  await dialog.getByRole('button', { name: '添加外部人员' }).click()
  await dialog.getByText(/1390 不是完整的手机号/).waitFor()
  await look(page)
  await dialog.getByRole('textbox', { name: '手机' }).fill('13900000001')
  await dialog.getByRole('button', { name: '添加外部人员' }).click()
  // What the person is told is shown at once, to be copied.
  await dialog.getByText(/王师傅，您好.*way=mail.*wang@outside\.example/).waitFor()
  await look(page)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('row', { name: /王师傅/ }).waitFor()
})

it('lets them in by a link in a mail, which is pressed in the same browser', async () => {
  const guest = await visit(world, { as: 'nobody' })
  const { page } = guest
  await page.goto('/signin')
  await page.getByRole('button', { name: '外部人员：邮件链接登录' }).click()
  await page.getByRole('textbox', { name: '邮箱' }).fill('wang@outside.example')
  await look(page)
  await page.getByRole('button', { name: '发送登录链接' }).click()
  await page.getByText(/登录链接会发到这个邮箱/).waitFor()
  await linksSent()
  const mail = (await shownMail(world)).at(-1)
  const link = /http\S+\/mail\/sign-in\?t=[\w.-]+/.exec(mail?.text ?? '')?.[0] ?? ''
  await page.goto(new URL(link).pathname + new URL(link).search)
  await page.getByRole('button', { name: '登录' }).click()
  await page.waitForURL(/\/portal/)
  await resized(page, phone, async () => {
    await page.goto('/mobile')
    await page.getByText('我的').last().waitFor()
  })
  await guest.close()
})

it('ends them from the list, after a question', async () => {
  const { page } = own
  await page.getByRole('button', { name: '结束 王师傅' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /结\s*束/ })
    .click()
  await page.getByText('没有外部人员').first().waitFor()
  const rows = await world.ctx.db.selectFrom('external_person').select('ended_by').execute()
  expect(rows).toHaveLength(1)
})
