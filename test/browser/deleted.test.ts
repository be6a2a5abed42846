import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addApp, removeApp } from '../../server/features/apps/apps.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, phone, resized, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('what was deleted', () => {
  let world: World
  let view: Visit
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4, tags: 1 })
    view = await visit(world, { as: 'super' })
    view.page.setDefaultTimeout(30_000)
  }, 60_000)
  afterEach(() => expect(view.complaints).toEqual([]))
  afterAll(async () => {
    await view?.close()
    await closeBrowser()
    await world.close()
  })

  it('a developer is deleted and brought back', async () => {
    const { page } = view
    const { devId } = await world.addDeveloper({ name: '报修系统' })
    await page.goto(`/console/apps/developers/${devId}`)
    await page.getByRole('button', { name: '更多操作' }).click()
    await page.getByRole('menuitem', { name: '删除' }).click()
    const asked = page.getByRole('dialog')
    await asked.getByText('30 天内可以在“最近删除”中恢复').waitFor()
    await look(page)
    await asked.getByRole('button', { name: /删\s?除/ }).click()
    await page.getByRole('heading', { name: '开发者', level: 1 }).waitFor()
    expect(world.ctx.developers.get(devId)).toBeUndefined()
    await page.getByRole('button', { name: '最近删除' }).click()
    const drawer = page.getByRole('dialog', { name: '最近删除' })
    await drawer.getByText(devId).waitFor()
    await look(page)
    await resized(page, phone, () => drawer.getByText('可恢复至').waitFor())
    await drawer.getByRole('button', { name: '恢复 报修系统' }).click()
    await page.getByText('已恢复 报修系统').waitFor()
    await drawer.getByText('30 天内没有删除过').waitFor()
    expect(world.ctx.developers.get(devId)?.name).toBe('报修系统')
  })

  it('an app is in its own list, and is brought back', async () => {
    const { page } = view
    const { ctx, corpId } = world
    const { id } = await addApp(ctx, 'test', corpId, { name: '财务', homeUrl: 'https://a.example/' })
    await removeApp(ctx, 'zhangsan', corpId, id)
    await page.goto('/console/apps')
    await page.getByRole('button', { name: '最近删除' }).click()
    const drawer = page.getByRole('dialog', { name: '最近删除' })
    await drawer.getByText('待办和登录凭证不恢复').waitFor()
    await look(page)
    await drawer.getByRole('button', { name: '恢复 财务' }).click()
    await page.getByText('已恢复 财务').waitFor()
    expect(ctx.apps.get(corpId, id).name).toBe('财务')
  })
})
