import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addApp, setApp } from '../../server/features/apps/apps.ts'
import { menuOf } from '../../server/features/apps/catalog.ts'
import { saveMenu } from '../../server/features/apps/menus/versions.ts'
import { ensurePaymentApp } from '../../server/features/payments/merchants/payment-app.ts'
import type { World } from '../harness.ts'
import { closeBrowser, follow, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

const good = `{'menuList': [{'name': '二维码管理','path': '/gzh_list','children': [{'name': '新建','path': '/new','children': [],'orderNum': 1}],'orderNum': 1}]}`
const bad = '<!DOCTYPE html><html><head><title>请登录</title></head></html>'

describe('the app centre', () => {
  let world: World
  let app: Server
  let base: string
  let answer = good
  let seen: Visit
  beforeAll(async () => {
    app = createServer((_request, response) => response.end(answer))
    await new Promise<void>(resolve => app.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(app.address() as AddressInfo).port}`
    world = await startWorld({ members: 30, departments: 6, tags: 2 })
    seen = await visit(world, { as: 'super' })
    seen.page.setDefaultTimeout(10_000)
  })
  afterAll(async () => {
    await seen?.close()
    await closeBrowser()
    app.close()
    await world.close()
  })

  const find = (wanted: string) => world.ctx.apps.ofCorp(world.corpId).find(one => one.name === wanted)

  it('adds an app for some people, and shows what was wrong with its first menu', async () => {
    const { page } = seen
    answer = bad
    await page.goto('/console/apps')
    await page.getByText('还没有应用').waitFor()
    await look(page)
    await page.getByRole('button', { name: '添加应用' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByRole('button', { name: '保存' }).click()
    await form.getByText('请填写名称').waitFor()
    await form.getByLabel('名称').fill('二维码')
    await form.getByLabel('电脑端主页').fill('javascript:alert(1)')
    await form.getByText('请填写 http:// 或 https:// 开头的地址').waitFor()
    await form.getByLabel('电脑端主页').fill(`${base}/home`)
    await form.getByText('只给部分人').click()
    await form.getByLabel('成员', { exact: true }).pressSequentially('zs')
    await page.getByText(/zhangsan ·/).waitFor()
    await page.keyboard.press('Enter')
    await form.getByText('1 人可见').waitFor()
    await form.getByRole('switch', { name: '从应用同步菜单' }).click()
    await form.getByLabel('同步地址').fill(`${base}/menu`)
    await look(page)
    await form.getByRole('button', { name: '测试并同步' }).click()
    await page.getByRole('heading', { name: '二维码', level: 1 }).waitFor()
    await page.getByText('菜单没有同步，原来的菜单保持不变').waitFor()
    await page.getByText('答复是网页而不是 JSON').first().waitFor()
    await look(page)
    expect(find('二维码')).toMatchObject({
      syncUrl: `${base}/menu`,
      menuN: null,
      visibility: { everyone: false, memberIds: [expect.any(Number)] },
    })
  })

  it('syncs it from the menu page; a bad answer leaves the menu', async () => {
    const { page } = seen
    const id = find('二维码')?.id ?? ''
    answer = good
    await follow(page, `/console/apps/${id}/menu`)
    await page.getByRole('button', { name: '同步菜单' }).click()
    await page.getByText('菜单已同步，共 2 项，是版本 1').waitFor()
    await page.getByRole('region', { name: '工作台中的样子' }).getByText('新建').waitFor()
    await look(page)
    answer = bad
    await page.getByRole('button', { name: '同步菜单' }).click()
    await page.getByText('菜单没有同步，原来的菜单保持不变').waitFor()
    expect((await menuOf(world.ctx, id)).map(one => one.name)).toEqual(['二维码管理'])
    await page.getByRole('link', { name: '同步记录' }).click()
    await page.getByText('失败', { exact: true }).first().waitFor()
    await look(page)
  })

  it('edits a menu by hand and goes back to an earlier version', async () => {
    const { page } = seen
    const { id } = await addApp(world.ctx, 'test', world.corpId, {
      name: '报销',
      homeUrl: 'https://a.example/',
    })
    await follow(page, `/console/apps/${id}/menu`)
    await page.getByRole('note', { name: '同步菜单: 该应用没有开启同步菜单' }).waitFor()
    expect(await page.getByRole('button', { name: '同步菜单' }).isDisabled()).toBe(true)
    for (const [item, path] of [
      ['首页', '/'],
      ['报表', ''],
      ['月报', '#/month'],
    ] as const) {
      await page.getByRole('button', { name: '添加菜单项' }).click()
      await page.getByLabel('名称').fill(item)
      await page.getByLabel('地址').fill(path)
    }
    await page.getByRole('button', { name: '降为上一项的下级' }).press('Enter')
    await look(page)
    await page.getByRole('button', { name: '保存菜单' }).click()
    await page.getByText('菜单已保存为版本 1').waitFor()
    expect(await menuOf(world.ctx, id)).toMatchObject([
      { name: '首页', path: '/' },
      { name: '报表', children: [{ name: '月报', path: '#/month' }] },
    ])
    await page.getByRole('tree').getByText('报表').click()
    await page.getByRole('button', { name: '删除' }).click()
    await page.getByRole('button', { name: '保存菜单' }).click()
    await page.getByText('菜单已保存为版本 2').waitFor()
    await page.getByRole('link', { name: '版本' }).click()
    await page.getByRole('link', { name: '1', exact: true }).click()
    await page.getByRole('dialog').getByText('报表 / 月报').waitFor()
    await look(page)
    await page.getByRole('dialog').getByRole('button', { name: '恢复到此版本' }).click()
    await page.getByText('恢复到版本 1？').last().waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '恢复到此版本' }).last().click()
    await page.getByText('已恢复，当前是版本 3').waitFor()
    expect((await menuOf(world.ctx, id)).length).toBe(2)
  })

  it('publishes an announcement, changes it and withdraws it', async () => {
    const { page } = seen
    await follow(page, '/console/messages/announcements')
    await page.getByText('还没有公告').waitFor()
    await look(page)
    await page.getByRole('button', { name: '发布公告' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByRole('button', { name: '发布', exact: true }).click()
    await form.getByText('请填写标题').waitFor()
    await form.getByLabel('标题').fill('停水通知')
    await form.getByLabel('正文').fill('今晚停水。')
    await form.getByRole('switch', { name: '重要' }).click()
    await form.getByText('30 人可见').waitFor()
    await look(page)
    await form.getByText('只给部分人').click()
    await form.getByRole('button', { name: '发布', exact: true }).click()
    await form.getByText('请选择部门、成员、标签或人群，或改为全员可见', { exact: true }).waitFor()
    await form.getByText('全员可见', { exact: true }).click()
    await form.getByRole('button', { name: '发布', exact: true }).click()
    await form.waitFor({ state: 'hidden' })
    await page.getByRole('row', { name: /停水通知 ?重要 正在显示 全员/ }).click()
    await form.getByLabel('标题').fill('停水改期')
    await form.getByRole('button', { name: '保存' }).click()
    await form.waitFor({ state: 'hidden' })
    await page.getByRole('link', { name: '停水改期' }).click()
    expect(world.ctx.announcements.current(world.corpId)).toMatchObject([{ title: '停水改期' }])
    await form.getByRole('button', { name: '撤下' }).click()
    await page.getByRole('dialog').last().getByRole('button', { name: '撤下' }).click()
    await expect.poll(() => form.count()).toBe(0)
    await page.getByRole('row', { name: /停水改期 ?重要 已撤下/ }).click()
    await form.getByText('今晚停水。').waitFor()
    await look(page)
    expect(world.ctx.announcements.current(world.corpId)).toEqual([])
  })

  it('marks an app as 一码通, and leaves to wisp what belongs to a built-in app', async () => {
    const { page } = seen
    await follow(page, `/console/apps/${find('二维码')?.id}`)
    const form = page.getByRole('main')
    await form.getByRole('switch', { name: '一码通' }).click()
    await look(page)
    await form.getByRole('button', { name: '保存' }).click()
    await expect.poll(() => find('二维码')?.payShortcut).toBe(true)
    await world.ctx.db.transaction().execute(tx => ensurePaymentApp(tx, world.ctx, world.corpId))
    await world.ctx.reloadConfig(world.corpId)
    await follow(page, `/console/apps/${find('统一支付')?.id}`)
    await form.getByText(`地址为 ${world.ctx.publicUrl()}/pay`).waitFor()
    expect(await form.getByRole('button', { name: '更多' }).count()).toBe(0)
    await look(page)
    await form.getByLabel('名称', { exact: true }).fill('缴费')
    await form.getByRole('button', { name: '保存' }).click()
    await form.getByRole('heading', { name: '缴费', level: 1 }).waitFor()
    expect(find('缴费')).toMatchObject({ builtin: 'payments' })
  })

  it('says what disabling takes away, and saves over nothing that somebody else has changed', async () => {
    const { page } = seen
    const { id } = find('二维码') ?? { id: '' }
    await follow(page, `/console/apps/${id}`)
    await page.getByRole('main').getByRole('button', { name: '停用' }).click()
    await page.getByText(/jessionId）立即失效，重新启用后也不会恢复/).waitFor()
    await page.getByRole('button', { name: '停用' }).last().click()
    await page.getByRole('main').getByRole('button', { name: '启用' }).waitFor()
    expect(find('二维码')?.enabled).toBe(false)
    // The form was made before: by now the app is another one.
    await page.getByLabel('简介').fill('管理公众号二维码')
    await setApp(world.ctx, '李四', world.corpId, id, { category: '行政' })
    await page.getByRole('main').getByRole('button', { name: '保存' }).click()
    await page.getByText('已换成最新的：分类').waitFor()
    expect(await page.getByLabel('分类').inputValue()).toBe('行政')
    await page.getByRole('main').getByRole('button', { name: '保存' }).click()
    await expect.poll(() => find('二维码')?.description).toBe('管理公众号二维码')
    expect(find('二维码')?.category).toBe('行政')
    expect(seen.complaints).toEqual([])
  })

  it('asks before what was typed is left behind', async () => {
    const { page } = seen
    const { id } = find('报销') ?? { id: '' }
    await follow(page, `/console/apps/${id}`)
    const form = page.getByRole('main')
    await form.getByLabel('简介').fill('还没有保存')
    await form.getByRole('link', { name: '菜单' }).click()
    const question = page.getByRole('dialog', { name: '离开这里？' })
    await question.getByRole('button', { name: '取消' }).click()
    await question.waitFor({ state: 'detached' })
    expect(await form.getByLabel('简介').inputValue()).toBe('还没有保存')
    await form.getByRole('link', { name: '菜单' }).click()
    await question.getByRole('button', { name: '离开' }).click()
    await form.getByRole('button', { name: '添加菜单项' }).waitFor()
    await look(page)
    await form.getByRole('link', { name: '设置' }).click()
    await form.getByLabel('简介').fill('也没有保存')
    await form.getByRole('button', { name: '取消' }).click()
    expect(await form.getByLabel('简介').inputValue()).toBe('')
    expect(find('报销')?.description).toBe('')
  })

  it('keeps an edited menu when somebody else saves theirs, and refuses it then', async () => {
    const { page } = seen
    const app = find('报销')
    if (!app) throw new Error('an earlier test adds it')
    const { id } = app
    await page.goto(`/console/apps/${id}/menu`)
    await page.getByRole('tree').getByText('首页').click()
    await page.getByLabel('名称').fill('起始页')
    await saveMenu(
      world.ctx,
      '李四',
      app,
      [{ name: '李四的菜单', path: '/', children: [], orderNum: 1 }],
      app.menuN,
    )
    // Another window had the focus before.
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
    await page.getByRole('link', { name: '版本' }).click()
    await page.getByRole('dialog', { name: '离开这里？' }).getByRole('button', { name: '取消' }).click()
    await page.getByRole('button', { name: '保存菜单' }).click()
    await page.getByText('李四 刚刚保存过，您的修改没有保存').waitFor()
    expect(await page.getByLabel('名称').inputValue()).toBe('起始页')
    expect(await menuOf(world.ctx, id)).toMatchObject([{ name: '李四的菜单' }])
  })
})
