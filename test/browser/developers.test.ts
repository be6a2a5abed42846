import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { rotateSecret, setDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { sendText, tokenOf } from '../../server/features/compat-wecom/compat.fixture.ts'
import { bindAccount } from '../../server/features/official/accounts/bind.ts'
import { putAgent } from '../../server/organisation/corps/corps.ts'
import { call, callerOf, type World } from '../harness.ts'
import { signInAs } from '../sign-in.ts'
import { closeBrowser, fitsWidth, follow, look, phone, resized, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

/** What is told in passing stands apart from the buttons of a form. */
async function coversNothing(page: Page, button: Locator): Promise<void> {
  const toast = page.locator('.ant-message-notice').first()
  await toast.waitFor()
  const told = await toast.boundingBox()
  const acts = await button.boundingBox()
  if (!told || !acts) throw new Error('the notice or the button is not shown')
  const isApart =
    told.x + told.width <= acts.x || told.y + told.height <= acts.y || acts.y + acts.height <= told.y
  expect(isApart, JSON.stringify({ told, acts })).toBe(true)
}

describe('the developers page', () => {
  let world: World
  let view: Visit
  beforeAll(async () => {
    world = await startWorld({ members: 40, departments: 8, tags: 2 })
    view = await visit(world, { as: 'super' })
    view.page.setDefaultTimeout(30_000)
  }, 60_000)
  afterEach(() => expect(view.complaints).toEqual([]))
  afterAll(async () => {
    await view?.close()
    await closeBrowser()
    await world.close()
  })

  const made = { devId: '', devSecret: '' }

  it('creates a developer, whose secret is shown once and gets a devToken', async () => {
    const { page } = view
    await page.goto('/console/apps/developers')
    await page.getByRole('heading', { name: '开发者', level: 1 }).waitFor()
    await page.getByText('测试', { exact: true }).waitFor()
    await look(page)
    await page.getByRole('button', { name: '创建开发者' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('名称').fill('报修系统')
    const purpose = (name: string) => drawer.getByRole('button', { name, exact: true })
    await expect.poll(() => purpose('读通讯录').getAttribute('aria-pressed')).toBe('true')
    expect(await drawer.locator('input:visible, textarea:visible').count()).toBeLessThanOrEqual(6)
    expect(await drawer.getByRole('checkbox', { name: /directory:mobile/ }).isChecked()).toBe(false)
    await purpose('支付').click()
    expect(await drawer.getByRole('checkbox', { name: /pay:write/ }).isChecked()).toBe(true)
    expect(await drawer.getByRole('checkbox', { name: /pay:refund/ }).isChecked()).toBe(false)
    await look(page)
    await purpose('支付').click()
    await drawer.getByRole('button', { name: '设置到期日' }).click()
    await drawer
      .getByLabel(/directory:read/)
      .last()
      .waitFor()
    await drawer.getByText('高级', { exact: true }).click()
    await drawer.getByText('只限以下部门和标签').click()
    await drawer.getByRole('combobox', { name: '部门' }).click()
    await page.locator('.ant-select-tree-title').first().click()
    await drawer.getByText('可见 40 人').waitFor()
    await page.keyboard.press('Escape')
    await look(page)
    // The form is longer than a phone; its buttons stay in sight, and Enter is as good as the first of them.
    await resized(page, phone, async () => {
      const button = await drawer.getByRole('button', { name: '创建开发者' }).boundingBox()
      expect((button?.y ?? phone.height) + (button?.height ?? 0)).toBeLessThanOrEqual(phone.height)
    })
    await drawer.getByLabel('名称').press('Enter')
    await page.getByRole('dialog', { name: '开发者已创建' }).waitFor()
    const [devId = '', devSecret = ''] = await page.locator('.ant-modal code').allTextContents()
    Object.assign(made, { devId, devSecret })
    await look(page)
    await page.getByRole('button', { name: '我已保存好，关闭' }).click()
    await page.waitForURL(`**/console/apps/developers/${devId}`)
    expect([...(world.ctx.developers.get(devId)?.scopes ?? [])]).toEqual(['directory:read'])
    await page.getByRole('heading', { name: '报修系统', level: 1 }).waitFor()
    await expect.poll(() => page.title()).toMatch(/^报修系统 · /)
    await look(page)
    expect(await page.content()).not.toContain(devSecret)
    const token = await call(
      `${world.server.url}/api/token/getDevToken?${new URLSearchParams({ devId, devSecret })}`,
    )
    expect(token).toMatchObject({ retCode: '0', body: { expiresIn: 7200 } })
  })

  it('shows its calls and failures, and a sample with its devId', async () => {
    const { page } = view
    const caller = callerOf(world.server.url, made)
    await caller.get('/api/org/tagList')
    await caller.get('/api/user/get', { userId: 'nobody-here' })
    // Links of the time when it was a drawer of the list lead to the page.
    await page.goto(`/console/apps/developers?open=${made.devId}&part=usage`)
    await page.waitForURL(`**/console/apps/developers/${made.devId}/usage`)
    const own = page.getByRole('main')
    await own.getByText('/api/user/get').waitFor()
    // The two calls for tokens are calls of it, too.
    await own.getByText('25%').waitFor()
    await own.getByRole('img', { name: /每天的调用：成功 3 次，失败 1 次/ }).waitFor()
    await own.getByText('90 天').click()
    await own.getByRole('button', { name: '看数字' }).click()
    expect(await own.locator('section section .wisp-figures tbody tr').count()).toBe(90)
    await look(page)
    await own.getByRole('link', { name: '密钥' }).click()
    await own.getByRole('link', { name: '调用示例' }).click()
    await own.getByText(`getDevToken?devId=${made.devId}`).waitFor()
    await look(page)
  })

  it('adds a second secret and revokes the first, which ends its tokens', async () => {
    const { page } = view
    const token = await callerOf(world.server.url, made).token()
    await follow(page, `/console/apps/developers/${made.devId}/secrets`)
    await page.getByRole('button', { name: '添加密钥' }).click()
    await page.getByText('现有的密钥继续有效').waitFor()
    await page.getByRole('button', { name: '添加密钥' }).last().click()
    await page.getByRole('dialog', { name: '新的密钥' }).waitFor()
    await page.getByRole('button', { name: '我已保存好，关闭' }).click()
    await look(page)
    await page
      .getByRole('button', { name: /^吊销 #/ })
      .first()
      .click()
    await page.getByText('用它取得的所有 devToken 立即失效').waitFor()
    await page.getByRole('button', { name: '吊销', exact: true }).click()
    await page.getByText('已吊销').waitFor()
    const answer = await call(`${world.server.url}/api/org/tagList?devToken=${token}`)
    expect(answer.retCode).toBe('1004')
  })

  it('gives an old system what it needs to send in WeCom’s form, and shows what it sent', async () => {
    const { page } = view
    const [agent] = world.sandbox.agents
    await putAgent(world.ctx, 'test', world.corpId, { ...agent!, uses: ['messages'] })
    const app = {
      name: '旧报修',
      devId: made.devId,
      agentId: agent!.agentId,
      homeUrl: 'https://repair.example.com/',
    }
    await addApp(world.ctx, 'test', world.corpId, app)
    await setDeveloper(world.ctx, 'test', made.devId, { scopes: ['directory:read', 'message:send'] })
    await follow(page, `/console/apps/developers/${made.devId}/secrets?tab=compat`)
    const own = page.getByRole('main')
    await own.getByText('还没有兼容密钥').waitFor()
    await own.getByRole('button', { name: '生成兼容密钥' }).click()
    await page.getByRole('dialog', { name: '兼容密钥已生成' }).waitFor()
    const [address = '', corpid = '', corpsecret = ''] = await page
      .locator('.ant-modal code')
      .allTextContents()
    await page.getByRole('button', { name: '我已保存好，关闭' }).click()
    const base = `${address}/cgi-bin`
    const sent = await sendText({ base, corpid, corpsecret, agentid: agent!.agentId })
    expect(sent).toMatchObject({ errcode: 0 })
    await world.ctx.requests.flush()
    await page.reload()
    await own.getByText(`msgid ${sent['msgid']}`).waitFor()
    await look(page)
    await own.getByRole('button', { name: '吊销 #1' }).click()
    await page.getByRole('button', { name: '吊销', exact: true }).click()
    await own.getByText('还没有兼容密钥').waitFor()
    expect((await tokenOf({ base, corpid, corpsecret }))['errcode']).toBe(40001)
  })

  it('allows packets, lists the devices that registered, and revokes one', async () => {
    const { page } = view
    await follow(page, `/console/apps/developers/${made.devId}/devices`)
    const own = page.getByRole('main')
    await own.getByText('报文加密已关闭').waitFor()
    await own.getByText('没有登记的设备').waitFor()
    await look(page)
    await own.getByRole('link', { name: '设置' }).click()
    await own.getByText('高级', { exact: true }).click()
    await own.getByText('允许：明文和加密的调用都可以').click()
    await own.getByRole('switch', { name: '可以登记新设备' }).waitFor()
    await look(page)
    await own.getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存').waitFor()
    const answer = await callerOf(world.server.url, {
      ...made,
      devSecret: (await rotateSecret(world.ctx, 'test', made.devId, true)).devSecret,
    }).post('/api/security/device', { deviceId: 'phone:1' })
    expect(answer.retCode).toBe('0')
    await page.goto(`/console/apps/developers/${made.devId}/devices`)
    await own.getByText('phone:1').waitFor()
    await look(page)
    await own.getByRole('button', { name: '吊销 phone:1' }).click()
    await page.getByRole('dialog', { name: '吊销设备 phone:1？' }).waitFor()
    await page.getByRole('button', { name: '吊销', exact: true }).click()
    await own.getByText('没有登记的设备').waitFor()
  })

  it('limits a developer to some official accounts, and to all of them again', async () => {
    const { page } = view
    for (const originalId of ['gh_first', 'gh_second'])
      await bindAccount(world.ctx, 'test', world.corpId, {
        originalId,
        name: `号 ${originalId}`,
        appId: 'wx1',
        secret: 'made up',
      })
    const accounts = () => [...(world.ctx.developers.get(made.devId)?.accounts ?? ['all'])]
    await page.goto(`/console/apps/developers/${made.devId}`)
    const own = page.getByRole('main')
    await own.getByText('高级', { exact: true }).click()
    await own.getByRole('combobox', { name: '公众号' }).click()
    await page.getByTitle('号 gh_second').click()
    await page.keyboard.press('Escape')
    await look(page)
    await own.getByRole('button', { name: '保存' }).click()
    await coversNothing(page, own.getByRole('button', { name: '取消' }))
    // Its list, which cuts what does not fit, is as wide as it.
    const boxOf = async (part: string) =>
      (await page.locator(`.ant-message-${part}`).first().boundingBox()) ?? { x: 0, width: 0 }
    const [list, told] = [await boxOf('list'), await boxOf('notice')]
    expect(told.x).toBeGreaterThanOrEqual(list.x)
    expect(told.x + told.width).toBeLessThanOrEqual(list.x + list.width)
    expect(told.width).toBeGreaterThan(60)
    await expect.poll(accounts).toEqual(['gh_second'])
    await page.reload()
    await own.getByText('高级', { exact: true }).click()
    await own.getByText('号 gh_second').waitFor()
    await own.getByRole('combobox', { name: '公众号' }).press('Backspace')
    await own.getByText('全部公众号').waitFor()
    await resized(page, phone, async () => {
      await own.getByRole('button', { name: '保存' }).click()
      await coversNothing(page, own.getByRole('button', { name: '取消' }))
    })
    await expect.poll(accounts).toEqual(['all'])
  })

  it('keeps what was typed when the session ends, and saves it after signing in again', async () => {
    const { page, context, complaints } = view
    await page.goto(`/console/apps/developers/${made.devId}`)
    await page.getByLabel('名称').fill('还在这里')
    await context.clearCookies()
    // What the page reads by itself may find out first, and open the dialog above the button.
    await page.getByRole('button', { name: '保存' }).dispatchEvent('click')
    const dialog = page.getByRole('dialog', { name: '登录已失效' })
    await dialog.getByText('您填写的内容都还在这一页').waitFor()
    await resized(page, phone, () => fitsWidth(page))
    const opening = context.waitForEvent('page')
    await dialog.getByRole('button', { name: '重新登录' }).click()
    const beside = await opening
    await beside.waitForURL('**/signin?again=1&to=*')
    await signIn(context, 'member', 'wangwu')
    await page.evaluate(() => window.dispatchEvent(new Event('focus')))
    await dialog.getByText('现在登录的是王五').waitFor()
    await signIn(context, 'super')
    // It may close by itself before it was reloaded.
    await beside.reload().catch(() => undefined)
    await expect.poll(() => beside.isClosed(), { timeout: 10_000 }).toBe(true)
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('已保存').waitFor()
    await page.getByRole('heading', { name: '还在这里', level: 1 }).waitFor()
    expect(world.ctx.developers.get(made.devId)?.name).toBe('还在这里')
    // Refusals are what browsers note down.
    expect(complaints.splice(0).filter(text => !text.includes('status of 401'))).toEqual([])
  })

  async function signIn(context: Visit['context'], as: 'super' | 'member', userId?: string): Promise<void> {
    const { cookie } = await signInAs(world, as, userId)
    const [name = '', value = ''] = cookie.split('=')
    await context.addCookies([{ name, value, url: world.server.url, httpOnly: true, sameSite: 'Lax' }])
  }

  it('keeps what was typed when somebody else saves, says what they changed, and asks before it disables', async () => {
    const { page } = view
    await page.goto(`/console/apps/developers/${made.devId}`)
    const own = page.getByRole('main')
    await own.getByLabel('名称').fill('我的修改')
    // The server is away at first.
    await page.route('**/web/developers/save', route => route.abort('connectionrefused'))
    await own.getByRole('button', { name: '保存' }).click()
    await page.getByText('连不上服务器，请检查网络后重试。').first().waitFor()
    expect(await own.getByLabel('名称').inputValue()).toBe('我的修改')
    await page.unroute('**/web/developers/save')
    view.complaints.splice(0)
    await setDeveloper(world.ctx, '李四', made.devId, { name: '别人的修改', allowedIps: ['192.0.2.7'] })
    await own.getByRole('button', { name: '保存' }).click()
    const news = own.getByRole('alert').filter({ hasText: '刚被他人修改' })
    await news.getByText('已换成最新的：IP 白名单').waitFor()
    await news.getByText('名称：他人改为「别人的修改」').waitFor()
    expect(await own.getByLabel('名称').inputValue()).toBe('我的修改')
    expect(await own.getByLabel('IP 白名单').inputValue()).toBe('192.0.2.7')
    await look(page)
    await own.getByRole('button', { name: '保存' }).click()
    await own.getByRole('heading', { name: '我的修改' }).waitFor()
    await news.waitFor({ state: 'detached' })
    expect(world.ctx.developers.get(made.devId)).toMatchObject({ name: '我的修改' })
    await setDeveloper(world.ctx, '李四', made.devId, { name: '别人的修改' })
    await page.reload()
    await own.getByRole('heading', { name: '别人的修改' }).waitFor()
    await own.getByRole('switch', { name: '启用' }).click()
    await own.getByRole('button', { name: '保存' }).click()
    await page.getByRole('dialog', { name: '停用「别人的修改」？' }).waitFor()
    await page.getByRole('button', { name: '停用并保存' }).click()
    await page.getByText('已保存').waitFor()
    expect(world.ctx.developers.get(made.devId)?.enabled).toBe(false)
  })
})
