import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { putConsent } from '../../server/features/app-sign-in/consent-store.ts'
import { setSignIn } from '../../server/features/app-sign-in/set-sign-in.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import type { Caller, World } from '../harness.ts'
import { closeBrowser, follow, look, phone, resized, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('signing in to other systems, on pages', () => {
  let world: World
  let dev: Caller
  let admin: Visit
  let owner: Visit
  let id: string
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4, tags: 2 })
    dev = await world.addDeveloper({ name: '图书馆系统', scopes: ['directory:read'], owners: ['zhangsan'] })
    const homeUrl = 'https://lib.example.com/'
    id = (await addApp(world.ctx, 'test', world.corpId, { name: '图书馆', devId: dev.devId, homeUrl })).id
    admin = await visit(world, { as: 'super', userId: 'lisi' })
    owner = await visit(world, { as: 'member', userId: 'zhangsan' })
    for (const { page } of [owner, admin]) page.setDefaultTimeout(30_000)
  }, 120_000)
  afterEach(() => expect([...admin.complaints, ...owner.complaints]).toEqual([]))
  afterAll(async () => {
    await closeBrowser()
    await world.close()
  })

  it('lets people sign in to a known program, of which nothing but the address is asked', async () => {
    const { page } = admin
    await page.goto('/console/apps')
    await page.getByRole('button', { name: '接入软件' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('button', { name: 'GitLab' }).waitFor()
    await look(page, { dark: true })
    await drawer.getByRole('button', { name: 'Grafana' }).click()
    await drawer.getByText('Grafana 会得到：').waitFor()
    expect(await drawer.locator('input:visible').count()).toBe(1)
    await drawer.getByLabel('Grafana 的地址').fill('http://grafana.example.com')
    await drawer.getByRole('button', { name: /保\s?存/ }).click()
    await drawer.getByText('应为 https').first().waitFor()
    await look(page)
    await drawer.getByLabel('Grafana 的地址').fill('https://grafana.example.com')
    await drawer.getByRole('button', { name: /保\s?存/ }).click()
    await page.waitForURL(/\/console\/apps\/app\w+\/sign-in/)
    await page.getByRole('heading', { name: '填到 Grafana 里' }).waitFor()
    const [recipe = ''] = await page.locator('pre.sign-in-code').allTextContents()
    expect(recipe).toMatch(/client_secret = [\w-]{43}\n/)
    expect(recipe).toMatch(/client_id = wisp-\w+\n/)
    await look(page)
    const made = world.ctx.apps.ofCorp(world.corpId).find(one => one.name === 'Grafana')
    expect(made).toMatchObject({ homeUrl: 'https://grafana.example.com/', iconHash: expect.any(String) })
  })

  it('makes a client, whose secret is shown once', async () => {
    const { page } = admin
    await follow(page, `/console/apps/${id}/sign-in`)
    await page.getByRole('radio', { name: 'OpenID Connect' }).click()
    await page.getByLabel('重定向地址').fill('http://lib.example.com/callback')
    await page.getByRole('button', { name: /保\s?存/ }).click()
    await page.getByText('应为 https').first().waitFor()
    await page.getByLabel('重定向地址').fill('https://lib.example.com/callback')
    await page.getByRole('button', { name: /保\s?存/ }).click()
    await page.getByText('只显示这一次').waitFor()
    const secret = (await page.locator('.sign-in-once code').textContent()) ?? ''
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(await page.locator('pre.sign-in-code').first().textContent()).toContain(secret)
    await look(page)
    await page.getByRole('button', { name: '我已保存好，关闭' }).click()
    await page.getByText('把 CLIENT_SECRET 换成客户端密钥。').waitFor()
    expect(await page.content()).not.toContain(secret)
    const { issuer } = world.ctx.appSignIns.addressesOf(world.corpId)
    await page.getByText(issuer, { exact: true }).waitFor()
    await page.getByRole('link', { name: '试登录' }).waitFor()
    await look(page)
    await look(page, { dark: true })
  })

  it('is tried the whole way, to what the application receives', async () => {
    const { page } = admin
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: '试登录' }).click(),
    ])
    await tab.getByText('登录成功，应用收到的是：').waitFor()
    const told = await tab.locator('pre').allTextContents()
    expect(JSON.parse(told[1] ?? '')).toMatchObject({ sub: expect.any(String) })
    expect(told.join()).not.toMatch(/"access_token": "[\w-]{10}/)
    await look(tab)
    await tab.close()
  })

  it('shows what the app would receive about somebody, before it is saved', async () => {
    const { page } = admin
    await page.getByRole('checkbox', { name: /姓名、用户名、头像/ }).click()
    await page.getByLabel('profile 的用途').fill('显示借书人')
    await page.getByRole('combobox', { name: '选择一个人' }).fill('张三')
    await page.getByText('张三').last().click()
    await page.getByText('"preferred_username": "zhangsan"').waitFor()
    await look(page)
    await page.getByRole('button', { name: /保\s?存/ }).click()
    await page.getByText('登录方式已保存').waitFor()
    await page.getByText(/批准于/).waitFor()
  })

  it('has configurations of software with these values', async () => {
    const { page } = admin
    await page.getByRole('combobox', { name: '软件' }).click()
    await page.getByRole('option', { name: 'GitLab' }).or(page.getByTitle('GitLab')).last().click()
    await page.getByText('omniauth_providers').waitFor()
    await page.getByText('未试', { exact: true }).waitFor()
  })

  it('lets an owner change addresses and ask for information, and tells administrators', async () => {
    const { page } = owner
    await page.goto(`/developer/${dev.devId}/sign-in`)
    await page.getByLabel('重定向地址').fill('https://lib.example.com/new')
    await page.getByRole('button', { name: /保\s?存/ }).click()
    await page.getByText('地址已保存，管理员会收到提醒').waitFor()
    await page.getByRole('button', { name: '申请信息' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('checkbox', { name: '邮箱' }).click()
    await dialog.getByLabel('用途').fill('到期通知')
    await look(page)
    await dialog.getByRole('button', { name: /申\s?请/ }).click()
    await page.getByText('等待批准', { exact: true }).waitFor()
    await look(page)

    await admin.page.goto('/console')
    await admin.page.getByText('应用「图书馆」申请获取信息').first().waitFor()
    await admin.page.goto(`/console/apps/${id}/sign-in`)
    await admin.page.getByText(/负责人 张三 于 .* 修改了 重定向地址/).waitFor()
    await look(admin.page)
    await admin.page.getByRole('button', { name: '已核实' }).click()
    await admin.page.getByText('已记下').waitFor()
    await admin.page.getByRole('switch', { name: '批准 email' }).click()
    await admin.page.getByRole('button', { name: /保\s?存/ }).click()
    await admin.page.getByText('登录方式已保存').waitFor()
    expect(world.ctx.appSignIns.of(id)?.claims.every(one => one.approvedAt !== '')).toBe(true)
  })

  it('sets up CAS', async () => {
    const { page } = admin
    await page.goto(`/console/apps/${id}/sign-in`)
    await page.getByRole('radio', { name: 'CAS', exact: true }).click()
    await page.getByLabel('服务地址').fill('https://lib.example.com/')
    await page.getByRole('button', { name: /保\s?存/ }).click()
    await page.getByText('CAS 服务器地址').waitFor()
    await page.getByText('mod_auth_cas').or(page.getByText('phpCAS')).first().waitFor()
    await look(page)
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: '试登录' }).click(),
    ])
    await tab.getByText('<cas:user>lisi</cas:user>').waitFor()
    await tab.close()
  })

  it('lists sign-ins and refusals with the reason', async () => {
    const { id: memberId, name } = world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!
    const request = { id: 'req-abc', ip: '192.0.2.7', headers: { 'user-agent': 'Mozilla/5.0' } }
    const member = { id: memberId, userId: 'zhangsan', name }
    const app = { id, name: '图书馆' }
    const shared = { request, corpId: world.corpId, member, app, way: 'oidc' as const }
    world.ctx.signInLog.note({ ...shared, acr: 2, amr: ['qr'], released: ['profile'] })
    world.ctx.signInLog.note({ ...shared, reason: 'not-visible', request: { ...request, id: 'req-def' } })
    await world.ctx.signInLog.settled()
    const { page } = admin
    await follow(page, '/console/system/sign-ins')
    await page.getByText('应用没有对此人开放').first().waitFor()
    await look(page)
    await follow(page, '/console/system/sign-ins?result=refused&person=zhangsan')
    await page
      .getByRole('row')
      .nth(1)
      .getByRole('button')
      .or(page.getByRole('row').nth(1).getByRole('link'))
      .first()
      .click()
    await page.getByText('req-def').waitFor()
    await look(page)
  })

  it('shows members what apps were given, to be taken back', async () => {
    const { id: memberId } = world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!
    const by = { actor: 'test', approves: true }
    await setSignIn(world.ctx, by, world.corpId, id, { kind: 'cas', relation: 'third-party' })
    const consent = { corpId: world.corpId, appId: id, memberId, claims: ['profile', 'phone'] }
    await putConsent(world.ctx.db, { ...consent, agreedAt: new Date() })
    const { page } = owner
    await page.goto('/portal')
    await page.getByRole('button', { name: '张三' }).click()
    await page.getByRole('button', { name: '授权' }).click()
    await page.getByText('得到：姓名、用户名、头像、手机号').waitFor()
    await look(page)
    await resized(page, phone, async () => {
      await page.goto('/mobile')
      await page.getByRole('button', { name: '我的' }).click()
      await page.getByRole('button', { name: '授权' }).click()
      await page.getByRole('button', { name: '撤回', exact: true }).click()
      await page.getByText(/会收到退出通知/).waitFor()
      await page.getByRole('button', { name: '撤回', exact: true }).click()
      await page.getByText('得到：姓名、用户名、头像', { exact: true }).waitFor()
    })
  })

  it('opens such an app in a tab of the browser', async () => {
    const { page } = owner
    await page.context().route('https://lib.example.com/**', route => route.fulfill({ body: 'the library' }))
    await page.goto('/portal')
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: '图书馆', exact: true }).click(),
    ])
    await tab.waitForURL('https://lib.example.com/')
    expect(tab.url()).not.toContain('jessionId')
    await tab.close()
    expect(new URL(page.url()).pathname).toBe('/portal')
    await page.goto(`/portal/app/${id}`)
  })

  it('opens LDAP for a program, at which a member signs in with an application password', async () => {
    const { id: nexus } = await addApp(world.ctx, 'test', world.corpId, {
      name: 'Nexus',
      homeUrl: 'https://nexus.example.com/',
    })
    const { page } = admin
    await follow(page, `/console/apps/${nexus}/sign-in?part=ldap`)
    await page.getByLabel('名称').fill('Nexus')
    await page.getByRole('button', { name: /保\s?存/ }).click()
    await page.getByText('小写字母开头').first().waitFor()
    await page.getByLabel('名称').fill('nexus')
    await page.getByRole('button', { name: /保\s?存/ }).click()
    await page.getByRole('dialog').locator('code').waitFor()
    await look(page)
    await page.getByRole('button', { name: '我已保存好，关闭' }).click()
    await page.getByText(`cn=nexus,o=${world.corpId}`).first().waitFor()
    expect(await page.locator('pre.sign-in-code').first().textContent()).not.toContain('BIND_PASSWORD')
    await look(page)
    await owner.page.goto('/portal?me=devices')
    await owner.page.getByRole('button', { name: '创建应用密码' }).click()
    const made = owner.page.locator('.wb-codes code').first()
    await made.waitFor()
    expect(await made.textContent()).toMatch(/^([a-z2-7]{4}-){5}[a-z2-7]{4}$/)
    await look(owner.page)
    await owner.page.getByRole('button', { name: '停用 Nexus 的应用密码' }).click()
    await owner.page.getByRole('button', { name: '停用 Nexus 的应用密码' }).waitFor({ state: 'detached' })
  })
})
