import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { putAdminAccount } from '../../server/callers/sign-in/account-store.ts'
import { requireSecondFactor, resetSecondFactor } from '../../server/callers/sign-in/factor/second-factor.ts'
import { hashPassword } from '../../server/callers/sign-in/passwords.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { addCorp, putAgent } from '../../server/organisation/corps/corps.ts'
import type { World } from '../harness.ts'
import { axe, closeBrowser, fitsWidth, look, phone, type Visit, visit } from './browser.ts'
import { followLoading } from './chromium.ts'
import { startWorld } from './world.ts'

let world: World
const opened: Visit[] = []

async function open(options: Parameters<typeof visit>[1] = {}): Promise<Visit> {
  const one = await visit(world, options)
  opened.push(one)
  return one
}

beforeAll(async () => {
  world = await startWorld()
  const agent = { agentId: 1000002, name: '登录', secret: 's'.repeat(43), uses: ['signin' as const] }
  await putAgent(world.ctx, 'test', world.corpId, agent)
  await setPassword('generated-password', true)
})

afterAll(async () => {
  for (const one of opened) await one.close()
  await closeBrowser()
  await world.close()
})

async function setPassword(password: string, mustChange: boolean): Promise<void> {
  const account = { name: 'admin', password: await hashPassword(password), mustChange }
  await putAdminAccount(world.ctx.db, account, new Date())
}

describe('the sign-in page', () => {
  it('offers WeCom first, without fault for axe and without overflow', async () => {
    const { page, complaints } = await open()
    await page.goto('/signin?to=%2Fconsole%2Fsync%3Fa%3D1')
    const link = page.getByRole('link', { name: '企业微信扫码登录' })
    // The page's own styles have the last word over those that it shares with others.
    expect(await link.evaluate(one => getComputedStyle(one).display)).toBe('flex')
    await link.waitFor()
    const target = new URL((await link.getAttribute('href')) ?? '', world.server.url)
    expect(target.pathname).toBe('/signin/wecom')
    expect(target.searchParams.get('to')).toBe('/console/sync?a=1')
    expect(target.searchParams.get('corpId')).toBe(world.corpId)
    await look(page)
    await page.getByRole('button', { name: '管理员登录' }).click()
    await page.getByLabel('密码', { exact: true }).waitFor()
    await look(page)
    // Whoever administrates by WeCom is led on from here, to the console.
    await page.getByRole('link', { name: '企业的管理员：用企业微信登录控制台' }).click()
    await page.locator('a[href*="to=%2Fconsole"]', { hasText: '企业微信扫码登录' }).waitFor()
    expect(complaints).toEqual([])
  })

  it('says on the open page of somebody who left why it ended, and no error', async () => {
    const { page } = await open({ as: 'member', userId: 'wangwu' })
    await page.goto('/portal')
    await page.getByText('现在没有等您处理的事').waitFor()
    await world.admin('user/delete', { userid: 'wangwu' })
    await world.sync()
    await page.getByRole('button', { name: '王五' }).click()
    await page.getByText('您的账号已从企业通讯录中移除').waitFor()
    await look(page)
  })

  it('says in words why the person was refused, with the number', async () => {
    const { page, complaints } = await open()
    await page.goto('/signin/wecom?corpId=ww9999999999999999&to=%2Fportal')
    await page.getByText('没有找到这个企业，请重新选择。').waitFor()
    const number = new URL(page.url()).searchParams.get('refused') ?? ''
    await page.getByText(number).waitFor()
    await look(page)
    expect(complaints).toEqual([])
  })

  it.each(['/signin', '/pay/', '/mobile/pick', '/portal', '/cas/CORP/login', '/oidc/CORP/auth'])(
    'shows nothing of an address that somebody wrote: %s',
    async path => {
      const { page } = await open({ as: path === '/portal' || path === '/mobile/pick' ? 'member' : 'nobody' })
      const words = '请拨打4001234567'
      const names = [
        ...[
          'error',
          'detail',
          'refused',
          'number',
          'fault',
          'code',
          'error_description',
          'service',
          'path',
          'todo',
        ],
        ...[
          'client_id',
          'redirect_uri',
          'state',
          'title',
          'to',
          'corpId',
          'me',
          'tab',
          'name',
          'reason',
          'message',
        ],
      ]
      const query = new URLSearchParams(names.map(name => [name, words]))
      query.set('fault', 'weixin')
      const origin = 'http://app.example'
      query.set('options', JSON.stringify({ title: words }))
      const chosen = encodeURIComponent(JSON.stringify([{ userId: 'lisi', userName: words }]))
      if (path === '/mobile/pick') {
        await addApp(world.ctx, 'test', world.corpId, {
          name: '报修',
          homeUrl: `${origin}/page`,
          devId: world.dev.devId,
        })
        query.set('to', `${origin}/page`)
        query.set('id', '1')
        query.set('act', 'pickMembers')
      }
      const loaded = followLoading(page)
      await page.goto(`${path.replace('CORP', world.corpId)}?${query}#${chosen}`)
      await page.locator('h1, h2').first().waitFor()
      await loaded()
      if (path === '/mobile/pick') await page.getByText('已选 1').waitFor()
      expect(await page.getByText(words).count()).toBe(0)
      expect(await page.title()).not.toContain(words)
    },
  )
})

describe('the sign-in page in a phone’s own browser', () => {
  const userAgent =
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36'

  it('leads into WeCom with the page’s address, instead of showing the phone a code to scan', async () => {
    const { page, context, complaints } = await open({ size: phone, userAgent })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto('/signin?to=%2Fmobile%2Fapp%2Fa1%3Fpath%3D%252Fx')
    const link = (await page.getByRole('link', { name: '打开企业微信' }).getAttribute('href')) ?? ''
    const target = new URL(new URL(link).searchParams.get('url') ?? '')
    expect([new URL(link).protocol, target.origin, target.pathname]).toEqual([
      'wxwork:',
      world.server.url,
      '/signin/wecom',
    ])
    expect(target.searchParams.get('to')).toBe('/mobile/app/a1?path=%2Fx')
    await page.getByText('打不开？').click()
    await page.getByRole('button', { name: '复制链接' }).click()
    await page.getByText('已复制').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      `${world.server.url}/mobile/app/a1?path=%2Fx`,
    )
    expect(await page.getByRole('link', { name: '企业微信扫码登录' }).count()).toBe(0)
    await axe(page)
    await fitsWidth(page)
    await page.getByRole('button', { name: '管理员登录' }).click()
    await page.getByLabel('密码', { exact: true }).waitFor()
    expect(complaints).toEqual([])
  })

  it('offers sign-in without a code within WeCom and WeChat', async () => {
    const { page } = await open({ size: phone, userAgent: `${userAgent} MicroMessenger/8.0` })
    await page.goto('/signin')
    await page.getByRole('link', { name: '企业微信登录' }).waitFor()
  })
})

describe('the local administrator', () => {
  it('is told what was wrong, changes the generated password, and arrives where they wanted', async () => {
    await setPassword('generated-password', true)
    const { page, complaints } = await open()
    await page.goto('/console/system/about')
    await page.waitForURL('**/signin?to=*')
    await page.getByRole('button', { name: '管理员登录' }).click()
    await page.getByLabel('密码', { exact: true }).fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByText(/^用户名或密码错误，还可以尝试 \d 次$/).waitFor()
    await page.getByLabel('密码', { exact: true }).fill('generated-password')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '设置新密码' }).waitFor()
    await axe(page)
    expect(await page.getByLabel('当前密码').count()).toBe(0)
    await page.getByLabel('新密码', { exact: true }).fill('1qaz2wsx3edc')
    await page.getByText('太常见，很容易被猜到').waitFor()
    await axe(page)
    await page.getByLabel('新密码', { exact: true }).fill('my own password')
    await page.getByText('不错').waitFor()
    await page.getByLabel('再输入一次').fill('another password')
    await page.getByRole('button', { name: '保存并继续' }).click()
    await page.getByText('两次输入不一样').waitFor()
    await page.getByLabel('再输入一次').fill('my own password')
    await page.getByRole('button', { name: '保存并继续' }).click()
    await page.waitForURL('**/console/system/about')
    await page.getByRole('heading', { name: '关于' }).waitFor()
    // The wrong password is answered as a refusal, which browsers note down.
    expect(complaints.filter(text => !text.includes('Failed to load resource'))).toEqual([])
  })

  it('is never sent to another site', async () => {
    await setPassword('some password', false)
    for (const to of [
      'https://evil.example/',
      '//evil.example/portal',
      '/\\evil.example/portal',
      '/signin/wecom',
    ]) {
      const { page, close } = await visit(world)
      // Where it leads to is all that is asked; the console itself takes longest to load.
      await page.route('**/console', route => route.fulfill({ body: 'the console' }))
      await page.goto(`/signin?to=${encodeURIComponent(to)}`)
      await page.getByRole('button', { name: '管理员登录' }).click()
      await page.getByLabel('密码', { exact: true }).fill('some password')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/console')
      expect(new URL(page.url()).origin, to).toBe(world.server.url)
      await close()
    }
  })
})

describe('the second factor', () => {
  it('is set up when it is required, and asked for at the next sign-in, or a recovery code', async () => {
    const { ctx } = world
    await setPassword('some password', false)
    await requireSecondFactor(ctx, 'test', true)
    const { page, complaints } = await open()
    const signIn = async () => {
      await page.goto('/signin?to=%2Fconsole%2Fsystem%2Fsecond-factor')
      await page.getByRole('button', { name: '管理员登录' }).click()
      await page.getByLabel('密码', { exact: true }).fill('some password')
      await page.keyboard.press('Enter')
    }
    await signIn()
    await page.getByRole('heading', { name: '设置两步验证' }).waitFor()
    await look(page)
    // The password was typed just now.
    expect(await page.getByLabel('当前密码').count()).toBe(0)
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('img', { name: '验证器的二维码' }).waitFor()
    await look(page)
    await page.getByRole('button', { name: '换一个账号登录' }).click()
    await page.waitForURL('**/signin?out=1')
    await signIn()
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('img', { name: '验证器的二维码' }).waitFor()
    const secret = ((await page.locator('.sign-in-secret code').textContent()) ?? '').replaceAll(' ', '')
    await page.getByLabel('验证码').fill(new TOTP({ secret }).generate({ timestamp: ctx.now() }))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '保存恢复码' }).waitFor()
    await look(page)
    const codes = await page.getByRole('list', { name: '保存恢复码' }).getByRole('listitem').allTextContents()
    const [recovery = ''] = codes
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: '复制全部恢复码' }).click()
    await page.getByText('已复制', { exact: true }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(codes.join('\n'))
    await page.getByRole('button', { name: '我已保存好，继续' }).click()
    await page.waitForURL('**/console/system/second-factor')
    await page.getByText('还有 10 个恢复码没有用过').waitFor()
    await look(page)

    await page.context().clearCookies()
    await signIn()
    await page.getByRole('heading', { name: '两步验证' }).waitFor()
    await look(page)
    await page.getByLabel('验证码').fill('000000')
    await page.keyboard.press('Enter')
    await page.getByText('还可以尝试 9 次').waitFor()
    await page.getByRole('button', { name: '手机不在身边？用恢复码' }).click()
    await page.getByLabel('恢复码').fill(recovery)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/console/system/second-factor')
    await page.getByText('还有 9 个恢复码没有用过').waitFor()

    await page.getByRole('switch', { name: '要求所有系统账号和管理员使用两步验证' }).click()
    await page.getByRole('button', { name: '确定' }).click()
    await page.getByRole('button', { name: '关闭两步验证' }).waitFor()
    await resetSecondFactor(ctx, 'test', { adminName: 'admin' })
    expect(complaints.filter(text => !text.includes('Failed to load resource'))).toEqual([])
  })
})

describe('with several corps', () => {
  it('asks which one', async () => {
    const other = 'ww0000000000000002'
    await addCorp(world.ctx, 'test', { corpId: other, name: '乙公司', contactSecret: 'x'.repeat(43) })
    const agent = { agentId: 1, name: '登录', secret: 's'.repeat(43), uses: ['signin' as const] }
    await putAgent(world.ctx, 'test', other, agent)
    const { page } = await open()
    await page.goto('/signin')
    await page.getByRole('combobox', { name: '选择企业' }).selectOption({ label: '乙公司' })
    const link = page.getByRole('link', { name: '企业微信扫码登录' })
    expect(await link.getAttribute('href')).toContain(other)
    await axe(page)
  })
})
