import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireSecondFactor } from '../../server/callers/sign-in/factor/second-factor.ts'
import { codesSent } from '../../server/callers/sign-in/sms-code/sms-code.ts'
import { saveWays } from '../../server/callers/sign-in/ways/ways.ts'
import { shownSms, useSms } from '../../server/features/messages/messages.fixture.ts'
import { putAgent, setCorp } from '../../server/organisation/corps/corps.ts'
import { setRole } from '../../server/organisation/people/administrators.ts'
import { putOutage } from '../../server/organisation/sync/outage-store.ts'
import type { World } from '../harness.ts'
import { signIn } from '../sign-in.ts'
import { withAuthenticator } from './authenticator.ts'
import { closeBrowser, desktop, launchBrowser, look, phone, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
/** The address of the corp is a name, as passkeys need. */
let local: string
const opened: Visit[] = []

beforeAll(async () => {
  // Builds the pages, which takes its time.
  await launchBrowser()
  world = await startWorld()
  local = world.server.url.replace('127.0.0.1', 'localhost')
  const [agent] = world.sandbox.agents
  if (agent) await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['signin'] })
  await setCorp(world.ctx, 'test', world.corpId, { publicUrl: local })
  await useSms(world, 'tencent')
  await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom', 'sms', 'passkey'], smsTemplate: 'code' })
}, 180_000)
afterAll(async () => {
  for (const one of opened) await one.close()
  await closeBrowser()
  await world.close()
})

const phoneBrowser =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36'

async function open(options: Parameters<typeof visit>[1] = {}, userId?: string): Promise<Visit> {
  const one = await visit(world, options)
  opened.push(one)
  if (userId !== undefined) {
    const { cookie } = await signIn(world, { userId })
    const [name = '', value = ''] = cookie.split('=')
    await one.context.addCookies([{ name, value, url: local, httpOnly: true, sameSite: 'Lax' }])
  }
  return one
}

async function codeOfLastSms(): Promise<string> {
  await codesSent()
  return /\d{6}/.exec((await shownSms(world)).at(-1)?.text ?? '')?.[0] ?? ''
}

async function mobileOf(userId: string): Promise<string> {
  const rows = world.ctx.db.selectFrom('member').select('mobile').where('user_id', '=', userId)
  return (await rows.executeTakeFirstOrThrow()).mobile
}

describe('a phone’s own browser', () => {
  it('signs in by a code by SMS, and leads into WeCom', async () => {
    const { page, complaints } = await open({ size: phone, userAgent: phoneBrowser })
    await page.goto(`${local}/signin?to=/mobile`)
    await page.getByRole('link', { name: '打开企业微信' }).waitFor()
    await look(page, { size: desktop, dark: true })
    await page.getByRole('button', { name: '短信验证码登录' }).click()
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByText('请填写').waitFor()
    await page.getByLabel('手机号').fill(await mobileOf('lisi'))
    await look(page, { size: desktop })
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '输入短信验证码' }).waitFor()
    await page.getByRole('button', { name: /秒后可重新发送/ }).waitFor()
    const code = await codeOfLastSms()
    await page.getByLabel('验证码').fill(code === '000000' ? '111111' : '000000')
    await page.keyboard.press('Enter')
    await page.getByText('验证码不对，还可以尝试 4 次').waitFor()
    await look(page, { size: desktop, dark: true })
    await page.getByLabel('验证码').fill(code)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/mobile')
    await page.getByRole('heading', { name: '工作台' }).waitFor({ state: 'attached' })
    expect(complaints.filter(text => !text.includes('Failed to load resource'))).toEqual([])
  })
})

describe('the sign-in page', () => {
  it('puts the other ways first while WeCom does not answer', async () => {
    const at = new Date(world.ctx.now())
    const outage = { since: at, attempts: 1, nextAt: new Date(at.getTime() + 3_600_000), reason: '连不上' }
    await putOutage(world.ctx.db, world.corpId, outage)
    const { page } = await open()
    await page.goto(`${local}/signin`)
    await page.getByText('企业微信暂时没有响应，可以用其他方式登录。').waitFor()
    await page.getByLabel('手机号').waitFor()
    await look(page, { dark: true })
    await world.ctx.db.deleteFrom('wecom_outage').execute()
    await page.reload()
    await page.getByRole('link', { name: '企业微信扫码登录' }).waitFor()
  })
})

describe('我的 → 设备与登录', () => {
  it('adds a passkey, by which the member signs in afterwards', async () => {
    const { page, context, complaints } = await open({}, 'zhangsan')
    await withAuthenticator(page)
    await page.goto(`${local}/portal?me=devices`)
    await page.getByText('当前设备').waitFor()
    await page.getByRole('button', { name: '添加通行密钥' }).click()
    await page.getByRole('list', { name: '恢复码' }).waitFor()
    expect(await page.getByRole('list', { name: '恢复码' }).getByRole('listitem').count()).toBe(10)
    await page.getByRole('button', { name: /^删除 / }).waitFor()
    await look(page, { dark: true })
    await context.clearCookies()
    await page.goto(`${local}/signin?to=/portal?me=devices`)
    await page.getByRole('button', { name: '用通行密钥' }).click()
    await page.waitForURL('**/portal?me=devices')
    await page
      .getByText(/通行密钥 · (现在|\d+ 秒前)/)
      .first()
      .waitFor()
    expect(complaints).toEqual([])
  })

  it('ends the other sessions, and shows the latest sign-ins', async () => {
    for (let n = 0; n < 2; n++) await signIn(world, { userId: 'wangwu' })
    const { page, complaints } = await open({ size: phone, userAgent: phoneBrowser }, 'wangwu')
    await page.goto(`${local}/mobile?tab=me`)
    await page.getByRole('button', { name: '设备与登录' }).click()
    await page.getByText('当前设备').waitFor()
    expect(await page.getByRole('button', { name: '退出', exact: true }).count()).toBe(2)
    await look(page, { size: desktop, dark: true })
    await page.getByRole('button', { name: '退出', exact: true }).first().click()
    await expect.poll(() => page.getByRole('button', { name: '退出', exact: true }).count()).toBe(1)
    await page.getByRole('button', { name: '退出其他全部设备' }).click()
    await expect.poll(() => page.getByRole('button', { name: '退出', exact: true }).count()).toBe(0)
    await page.getByText('企业微信扫码 · 未知设备').first().waitFor()
    expect(complaints).toEqual([])
  })

  it('sets up an authenticator after the member has confirmed that it is them', async () => {
    const stale = await signIn(world, { userId: 'zhaomin' }, { acr: 1, amr: ['wecom'] })
    const { page, context } = await open()
    const [name = '', value = ''] = stale.cookie.split('=')
    await context.addCookies([{ name, value, url: local, httpOnly: true, sameSite: 'Lax' }])
    await page.goto(`${local}/portal?me=devices`)
    await page.getByRole('link', { name: '设置两步验证' }).click()
    await page.getByRole('heading', { name: '确认是您本人' }).waitFor()
    await look(page, { dark: true })
    await page.getByRole('button', { name: '企业微信扫码登录' }).click()
    await page.waitForURL('**/wwlogin/sso/login?*')
    await page.getByText('zhaomin').first().click()
    await page.waitForURL('**/signin?setup=second-factor&to=*')
    await page.getByRole('heading', { name: '设置两步验证' }).waitFor()
    await page.getByRole('button', { name: '下一步' }).click()
    const secret = (await page.locator('.sign-in-secret code').textContent())?.replaceAll(' ', '') ?? ''
    await page.getByLabel('验证码').fill(new TOTP({ secret }).generate({ timestamp: world.ctx.now() }))
    await page.getByRole('button', { name: '启用' }).click()
    await page.getByRole('heading', { name: '保存恢复码' }).waitFor()
    await page.getByRole('button', { name: '我已保存好，继续' }).click()
    await page.waitForURL('**/portal?me=devices')
    await page.getByText('已设置验证器。 还有 10 个恢复码。').waitFor()
  })
})

describe('an administrator among the members', () => {
  it('gives the second factor that is required before the console opens', async () => {
    await setRole(world.ctx, 'test', world.corpId, 'zhangsan', { level: 2 })
    await requireSecondFactor(world.ctx, 'test', true)
    const { page } = await open({}, 'zhangsan')
    await page.goto(`${local}/portal`)
    await page.getByRole('main').waitFor()
    await page.goto(`${local}/console/system/sign-in-ways`)
    await page.waitForURL('**/signin?to=*')
    await page.getByRole('heading', { name: '两步验证' }).waitFor()
    await page.getByRole('button', { name: '用通行密钥' }).waitFor()
    await look(page, { dark: true })
    await page.getByRole('button', { name: '手机不在身边？用恢复码' }).click()
    await page.getByLabel('恢复码').waitFor()
    await requireSecondFactor(world.ctx, 'test', false)
  })

  it('orders the ways of the corp on one page', async () => {
    const { page, complaints } = await open({}, 'zhangsan')
    await page.goto(`${local}/console/system/sign-in-ways`)
    await page.getByRole('heading', { name: '登录方式', exact: true }).waitFor()
    await page.getByRole('button', { name: '短信验证码 上移' }).click()
    await page.getByRole('switch', { name: '通行密钥' }).click()
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('登录方式已保存').waitFor()
    await look(page, { dark: true })
    const settings = await world.ctx.db.selectFrom('sign_in_setting').select('ways').execute()
    expect(settings).toEqual([{ ways: ['sms', 'wecom'] }])
    expect(complaints).toEqual([])
  })
})
