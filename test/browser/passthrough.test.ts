import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addApp } from '../../server/features/apps/apps.ts'
import { putAgent } from '../../server/organisation/corps/corps.ts'
import type { Caller, World } from '../harness.ts'
import { closeBrowser, follow, look, phone, resized, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('calls that are passed on', () => {
  let world: World
  let dev: Caller
  let owner: Visit
  let admin: Visit
  let agentId: number
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4 })
    const { ctx, corpId, sandbox } = world
    const agent = sandbox.agents[0]!
    agentId = agent.agentId
    await putAgent(ctx, 'test', corpId, { ...agent, uses: [] })
    dev = await world.addDeveloper({ name: '考勤系统', scopes: ['directory:read'], owners: ['zhangsan'] })
    const homeUrl = 'https://attendance.example.com/home'
    await addApp(ctx, 'test', corpId, { name: '考勤', devId: dev.devId, homeUrl, agentId })
    owner = await visit(world, { as: 'member', userId: 'zhangsan' })
    admin = await visit(world, { as: 'super', userId: 'lisi' })
    for (const { page } of [owner, admin]) page.setDefaultTimeout(30_000)
  }, 60_000)
  afterEach(() => expect([...owner.complaints, ...admin.complaints]).toEqual([]))
  afterAll(async () => {
    await closeBrowser()
    await world.close()
  })

  it('are found by what they do, and chosen by an administrator', async () => {
    const { page } = admin
    await page.goto(`/console/apps/developers/${dev.devId}/settings`)
    await page.getByRole('button', { name: '代调用', exact: true }).click()
    const field = page.getByRole('combobox', { name: '可代调用的接口' })
    await field.fill('会议室')
    await page.locator('.ant-select-item-option[title="wecom/oa/meetingroom/list"]').click()
    await page.keyboard.press('Escape')
    await page.getByText('不能代调用的接口及原因').click()
    await page.getByText('wecom/gettoken').waitFor()
    await look(page)
    await resized(page, phone, () => look(page))
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存').waitFor()
    const { upstreamPaths } = world.ctx.developers.get(dev.devId)!
    expect([...upstreamPaths]).toEqual(['wecom/oa/meetingroom/list'])
  })

  it('are asked for by owners, and those about people are approved', async () => {
    const { page } = owner
    await page.goto(`/developer/${dev.devId}/scopes`)
    await page.getByText('查询会议室').waitFor()
    await look(page)
    await page.getByRole('button', { name: '申请权限' }).click()
    const dialog = page.getByRole('dialog', { name: '申请权限' })
    await dialog.getByRole('combobox', { name: '需要代调用的接口' }).fill('打卡记录')
    await page.locator('.ant-select-item-option[title="wecom/checkin/getcheckindata"]').click()
    await dialog.getByLabel('理由').fill('每月考勤要读打卡记录。')
    await look(page)
    await dialog.getByRole('button', { name: '提交申请' }).click()
    await page.getByText('等待管理员').waitFor()
    await look(page)

    await admin.page.goto(`/console/apps/developers/${dev.devId}/owners`)
    await admin.page.getByText('读取打卡记录').waitFor()
    await admin.page.getByRole('button', { name: '授予' }).click()
    await admin.page.getByText('其中有含个人信息的接口，授予即批准。').waitFor()
    await look(admin.page)
    await resized(admin.page, phone, () => look(admin.page))
    await admin.page.getByRole('dialog').getByRole('button', { name: '授予' }).click()
    await admin.page.getByText('已授予，申请人会收到消息').waitFor()
    expect(world.ctx.developers.get(dev.devId)!.upstreamPaths.size).toBe(2)
  })

  it('ask once more before a form gives calls about people', async () => {
    const { page } = admin
    await page.goto(`/console/apps/developers/${dev.devId}/settings`)
    const field = page.getByRole('combobox', { name: '可代调用的接口' })
    await field.fill('calendar/get')
    await page.locator('.ant-select-item-option[title="wecom/oa/calendar/get"]').click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '保存' }).click()
    const question = page.getByRole('dialog', { name: '批准读取个人信息的接口？' })
    await question.getByText('wecom/oa/calendar/get').waitFor()
    await look(page)
    await question.getByRole('button', { name: '批准并保存' }).click()
    await page.getByText('已保存').waitFor()
    expect(world.ctx.developers.get(dev.devId)!.upstreamPaths.size).toBe(3)
  })

  it('show what the vendor said in the request log', async () => {
    const call = `/api/wecom/checkin/getcheckindata?agentId=${agentId}`
    const at = Math.floor(Date.now() / 1000)
    const body = { opencheckindatatype: 3, starttime: at - 86_400, endtime: at, useridlist: ['nobody'] }
    const token = await dev.token()
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const answer = await fetch(`${world.server.url}${call}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    expect(await answer.json()).toMatchObject({ retCode: '0', body: { errcode: 301021 } })
    const { page } = owner
    await follow(page, `/developer/${dev.devId}/requests`)
    await page.getByText('errcode 301021').click()
    await page.getByText('企业微信 301021 打卡成员的 UserID 无效').waitFor()
    await look(page)
  })
})
