import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type ReceivedEvent,
  startTarget,
  type Target,
  verify,
} from '../../server/features/webhooks/target.fixture.ts'
import type { Caller, World } from '../harness.ts'
import { until } from '../until.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('the webhooks of a developer', () => {
  let world: World
  let view: Visit
  let dev: Caller
  let target: Target
  beforeAll(async () => {
    world = await startWorld({ members: 40, departments: 8, tags: 2 })
    await world.connectCallback()
    dev = await world.addDeveloper({ name: '人事系统', scopes: ['directory:read', 'webhook:manage'] })
    target = await startTarget()
    view = await visit(world, { as: 'super' })
    view.page.setDefaultTimeout(30_000)
  }, 60_000)
  afterEach(() => expect(view.complaints).toEqual([]))
  afterAll(async () => {
    await view?.close()
    await closeBrowser()
    await world.close()
    await target.close()
  })

  const rename = async (name: string) => {
    expect(await world.admin('user/update', { userid: 'zhangsan', name })).toMatchObject({ errcode: 0 })
    await world.settle()
  }
  let secret = ''

  it('are created with a secret that is shown once, and tried', async () => {
    const { page } = view
    await page.goto(`/console/apps/developers/${dev.devId}/webhooks`)
    const own = page.getByRole('main')
    await own.getByText('还没有订阅').waitFor()
    await look(page)
    await own.getByRole('button', { name: '新建订阅' }).click()
    const form = page.getByRole('dialog', { name: '新建事件订阅' })
    await form.getByLabel('接收地址').fill('http://169.254.169.254/')
    await form.getByRole('button', { name: '创建' }).click()
    await page.getByText(/不允许访问的地址/).waitFor()
    await form.getByLabel('接收地址').fill(target.url)
    await form.getByLabel('说明').fill('员工主数据')
    await look(page)
    await form.getByRole('button', { name: '创建' }).click()
    await page.getByRole('dialog', { name: '订阅已创建' }).waitFor()
    secret = (await page.locator('.ant-modal code').first().textContent()) ?? ''
    await look(page)
    await page.getByRole('button', { name: '我已保存好，关闭' }).click()
    await own.getByRole('heading', { name: target.url }).waitFor()
    await own.getByRole('button', { name: '发送测试事件' }).click()
    await own.getByText(/已收到：HTTP 200/).waitFor()
    expect(verify(secret, target.got[0]!).type).toBe('webhook.test')
    await own.getByLabel('发送哪种事件的示例').click()
    await page.getByTitle('bill.paid', { exact: true }).click()
    await own.getByRole('button', { name: '发送测试事件' }).click()
    await until('the sample', () => target.got.find(({ event }) => event.type === 'bill.paid'))
    await look(page)
  })

  it('show what was sent and answered, and send it again', async () => {
    const { page } = view
    const own = page.getByRole('main')
    target.answer(({ event }, response) => {
      response.statusCode = event.data.value?.userName === '不收' ? 500 : 200
      response.end('记下了')
    })
    const called = (userName: string) =>
      target.got.filter(({ event }) => event.data.value?.userName === userName)
    await rename('收')
    // An event is sent with what is true by then, so it has to be there before there is another name.
    const received = await until('the first', () => called('收')[0])
    await rename('不收')
    const refused = await until('the second', () => called('不收')[0])
    await page.goto(`/console/apps/developers/${dev.devId}/webhooks`)
    await own.getByRole('button', { name: /员工主数据/ }).click()
    await own.getByText(/没有一次成功/).waitFor()
    await own.getByText('HTTP 500', { exact: true }).waitFor()
    await own.getByRole('button', { name: /directory.member.put .*已收到/ }).click()
    await own.getByText(/记下了/).waitFor()
    await own.getByText(/webhook-signature/).waitFor()
    await look(page)
    target.answer((_received, response) => void response.end())
    // wisp itself repeats what was refused, sooner or later than somebody clicks; what was received it never repeats.
    const again = async ({ id, event }: ReceivedEvent) => {
      const before = target.got.length
      await own.getByRole('button', { name: `重放 #${event.data.seq}`, exact: true }).click()
      await until('the same again', () => target.got.slice(before).some(one => one.id === id))
    }
    await again(refused)
    await own.getByText('待投递 1').waitFor({ state: 'detached' })
    await again(received)
    await own.getByRole('button', { name: '重放', exact: true }).first().click()
    await page.getByRole('dialog', { name: '重放一段时间的事件' }).waitFor()
    await look(page)
    await page.keyboard.press('Escape')
  })

  it('get another secret, are switched off and deleted', async () => {
    const { page } = view
    const own = page.getByRole('main')
    await own.getByRole('button', { name: '更换密钥' }).click()
    await page
      .getByRole('dialog', { name: '更换签名密钥？' })
      .getByRole('button', { name: '更换密钥' })
      .click()
    await page.getByRole('dialog', { name: '新的签名密钥' }).waitFor()
    await page.getByRole('button', { name: '我已保存好，关闭' }).click()
    await own.getByText(/旧密钥在 .* 前同时签名/).waitFor()
    await own.getByRole('button', { name: '停用' }).click()
    await page.getByRole('dialog', { name: '停用这个订阅？' }).getByRole('button', { name: '停用' }).click()
    await own.getByText(/由开发者或管理员停用/).waitFor()
    await look(page)
    await own.getByRole('button', { name: '删除' }).click()
    await page.getByRole('dialog', { name: '删除这个订阅？' }).getByRole('button', { name: '删除' }).click()
    await own.getByText('还没有订阅').waitFor()
  })
})
