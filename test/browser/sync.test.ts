import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { callerOf } from '../../sandbox/test-caller.ts'
import type { World } from '../harness.ts'
import { readUpstream } from '../journeys/mirror-check.ts'
import { closeBrowser, follow, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('the synchronisation pages', () => {
  let world: World
  let view: Visit
  beforeAll(async () => {
    world = await startWorld({
      members: 90,
      departments: 12,
      overrides: { wecomOptions: { timeoutMs: 5000, retries: 1 } },
    })
    await world.connectCallback()
    view = await visit(world, { as: 'super' })
    view.page.setDefaultTimeout(30_000)
  }, 60_000)
  afterEach(async () => {
    await world.control('faults', undefined, 'DELETE')
    expect(view.complaints).toEqual([])
  })
  afterAll(async () => {
    await view?.close()
    await closeBrowser()
    await world.close()
  })

  const upstream = async (path: string, body: Record<string, unknown>) => {
    const caller = await callerOf(world.sandbox)
    expect(await caller.post(path, body)).toMatchObject({ errcode: 0 })
  }

  it('runs a full sync and sees it under way and end', async () => {
    const { page } = view
    await page.goto('/console/sync')
    await page.getByRole('heading', { name: '同步', exact: true }).waitFor()
    await look(page)
    await world.control('faults', { match: 'user/list', mode: 'slow', delayMs: 3000, probability: 1 })
    await page.getByRole('button', { name: '全量同步' }).click()
    await page.getByRole('progressbar').waitFor()
    await page.getByText(/全量同步 #\d+ · 进行中/).waitFor()
    await page.getByRole('button', { name: '停止同步' }).waitFor()
    await world.control('faults', undefined, 'DELETE')
    await page.getByText(/全量同步 #\d+ · 同步完成/).waitFor()
    await page.getByRole('link', { name: /^全量同步 #2$/ }).waitFor()
    await look(page)
  })

  it('says how WeCom lets it read in a word that stays beside its dot', async () => {
    const { page } = view
    await world.control('regime', { regime: 'restricted' })
    await world.sync('reconcile')
    await page.goto('/console/sync')
    const regime = page.locator('.sync-regime .wisp-state', { hasText: /^受限$/ })
    await regime.waitFor()
    const card = await page.locator('.wisp-panel', { has: regime }).boundingBox()
    const box = await regime.boundingBox()
    expect(box!.height).toBeLessThan(30)
    expect(box!.x + box!.width).toBeLessThan(card!.x + card!.width)
    await world.control('regime', { regime: 'full' })
    await world.sync('full')
  })

  it('cancels one under way', async () => {
    const { page } = view
    await follow(page, '/console/sync')
    await world.control('faults', { match: 'user/list', mode: 'slow', delayMs: 3000, probability: 1 })
    await page.getByRole('button', { name: '核对', exact: true }).click()
    await page.getByRole('button', { name: '停止同步' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('已经写入的内容会保留').waitFor()
    await dialog.getByRole('button', { name: '停止同步' }).click()
    await page.getByText(/核对 #\d+ · 已停止/).waitFor()
  })

  it('shows what a dry run finds, field by field', async () => {
    const { page } = view
    const [first] = (await readUpstream(world.sandbox)).members
    await upstream('user/update', { userid: first?.userid, position: '首席顾问' })
    await follow(page, '/console/sync')
    await page.getByRole('button', { name: '试运行' }).click()
    await page.getByText('试运行完成，没有改动任何数据').waitFor()
    await page.getByRole('link', { name: '查看详情' }).click()
    await page.getByRole('heading', { name: /试运行 #\d+/ }).waitFor()
    await page.getByText('首席顾问').waitFor()
    expect(await page.getByText('职务：').count()).toBe(1)
    await look(page)
  })

  it('asks before many are deleted, naming some, and goes on when told', async () => {
    const { page } = view
    const { members } = await readUpstream(world.sandbox)
    const gone = members.map(one => one.userid).filter(one => one !== 'zhangsan')
    await upstream('user/batchdelete', { useridlist: gone.slice(-40) })
    await follow(page, '/console/sync')
    await page.getByRole('button', { name: '全量同步' }).click()
    await page.getByText('批准后最多删除 40 个成员').waitFor()
    await look(page)
    await page.getByRole('button', { name: '批准删除' }).click()
    const question = page.getByRole('dialog', { name: '批准删除 40 个成员？' })
    await question.getByRole('button', { name: '批准删除' }).click()
    await page.getByText(/全量同步 #\d+ · 同步完成/).waitFor()
    expect(world.ctx.mirrors.of(world.corpId).members.size).toBe(50)
  })

  it('shows an event raw and decrypted, and replays it', async () => {
    const { page } = view
    await world.admin('user/update', { userid: 'zhangsan', position: '总监' })
    await world.settle()
    const before = await world.ctx.db.selectFrom('directory_change').select('seq').execute()
    await follow(page, '/console/sync/events')
    await page.getByText('修改成员').first().waitFor()
    await look(page)
    await page.getByRole('link', { name: '#1', exact: true }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('<ChangeType>update_user</ChangeType>').waitFor()
    await look(page)
    await drawer.getByText('收到的原文', { exact: true }).click()
    const { raw } = await world.ctx.db
      .selectFrom('inbox_event')
      .select('raw')
      .where('id', '=', 1)
      .executeTakeFirstOrThrow()
    await drawer.getByText(raw?.slice(0, 40) ?? 'nothing').waitFor()
    await drawer.getByRole('button', { name: '重放这一条' }).click()
    await page.getByText('1 条已重新排队').waitFor()
    await world.settle()
    await drawer.getByText('已处理').waitFor()
    expect(await world.ctx.db.selectFrom('directory_change').select('seq').execute()).toEqual(before)
    await page.keyboard.press('Escape')
    // What is done with many stands there once some are chosen.
    expect(await page.getByRole('button', { name: /^重放/ }).count()).toBe(0)
    await page.getByRole('checkbox', { name: '事件 #1' }).check()
    await page.getByRole('button', { name: '重放筛选出的全部 1 条' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '重放', exact: true }).click()
    await page.getByText('1 条已重新排队').first().waitFor()
    await world.settle()
  })

  it('tells what the doctor finds wrong below the steps of going live', async () => {
    const { page } = view
    await follow(page, '/console/system/corps')
    await page.getByRole('button', { name: '开始体检' }).click()
    await page.getByText('没有用于登录、消息的应用').waitFor()
    await page.getByText(/可以使用，有 \d 项值得留意/).waitFor()
    await look(page)
  })

  it('adds an application, showing what WeCom says to a wrong secret', async () => {
    const { page } = view
    const agent = world.sandbox.agents[0]
    if (!agent) throw new Error('no agent')
    await follow(page, '/console/system/corps/agents')
    await page.getByRole('button', { name: '添加应用' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('AgentId').fill(String(agent.agentId))
    await drawer.getByLabel('名称').fill('工作台')
    await drawer.getByRole('textbox', { name: 'Secret' }).fill('certainly-wrong')
    await drawer.getByRole('button', { name: '保存', exact: true }).click()
    await drawer.getByText('企业微信没有接受，尚未保存').waitFor()
    await drawer.getByText(/Secret 错误（企业微信返回 40001）/).waitFor()
    await look(page)
    await drawer.getByRole('textbox', { name: 'Secret' }).fill(agent.secret)
    await drawer.getByRole('button', { name: '保存', exact: true }).click()
    await drawer.waitFor({ state: 'hidden' })
    await page.getByText('读取姓名、登录、消息').waitFor()
    await page.getByRole('link', { name: '工作台' }).click()
    await page.getByRole('button', { name: '测试' }).click()
    await page.getByText('Secret 有效').waitFor()
  })
})
