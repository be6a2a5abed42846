import { constants, inflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { setCorpProtection } from '../../server/callers/protection/set-protection.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { wordsAtMost, wordsOfPage } from './words-of-page.ts'
import { startWorld } from './world.ts'

let world: World
const opened: Visit[] = []
beforeAll(async () => {
  world = await startWorld({ members: 60, departments: 3, tags: 1 })
})
afterAll(async () => {
  for (const one of opened) await one.close()
  await closeBrowser()
  await world.close()
})

async function open(options: Parameters<typeof visit>[1], path: string): Promise<Visit> {
  const one = await visit(world, options)
  opened.push(one)
  await one.page.goto(path)
  return one
}

const settings = () => world.ctx.protection.ofCorp(world.corpId)

it('is set on one page by the corp, and by the system super administrator for their own account', async () => {
  const { page, complaints } = await open({ as: 'super' }, '/console/system/protection')
  await page.getByText('须包含您当前的地址 127.0.0.1').waitFor()
  expect(await page.getByText('系统超级管理员', { exact: true }).count()).toBe(0)
  await page.getByLabel('管理员多少分钟不用就退出').fill('30')
  await page.getByLabel('允许使用控制台的网段').fill('10.0.0.0/8 ')
  await look(page)
  await page.getByRole('button', { name: /保\s*存/ }).click()
  await page.getByText(/您当前的地址 127\.0\.0\.1 不在这些网段内/).waitFor()
  await page.getByLabel('允许使用控制台的网段').fill('127.0.0.0/8 ')
  await page.getByRole('button', { name: /保\s*存/ }).click()
  await page.getByText('登录保护已保存').waitFor()
  expect(settings()).toMatchObject({
    adminIdleMinutes: 30,
    consoleNetworks: ['10.0.0.0/8', '127.0.0.0/8'],
  })
  const system = await open({ as: 'system' }, '/console/system/protection')
  await system.page.getByLabel('密码至少几类字符').fill('3')
  await system.page
    .getByRole('button', { name: /保\s*存/ })
    .last()
    .click()
  await system.page.getByText('登录保护已保存').waitFor()
  expect(world.ctx.protection.ofInstallation().passwordKinds).toBe(3)
  expect(await system.page.evaluate<number>(wordsOfPage)).toBeLessThanOrEqual(wordsAtMost.any)
  expect([...complaints, ...system.complaints]).toEqual([])
})

it('leads from each clause of the self-check to where it is set', async () => {
  const { page, complaints } = await open({ as: 'super' }, '/console/system/compliance')
  const row = page.getByRole('row', { name: /8\.1\.4\.4 c/ })
  await row.getByText('部分符合').waitFor()
  await page
    .getByRole('row', { name: /8\.1\.4\.1 c/ })
    .getByText('不符合')
    .waitFor()
  await look(page)
  // What the system super administrator alone sets is no link for others.
  expect(
    await page
      .getByRole('row', { name: /8\.1\.4\.9 a/ })
      .getByRole('link')
      .count(),
  ).toBe(0)
  await row.getByRole('link', { name: '登录保护' }).click()
  await page.getByText('须包含您当前的地址').waitFor()
  expect(complaints).toEqual([])
})

/** How many sheets a PDF has, and how many drawings with texts that slant by 20°, as those of the watermark alone do. */
function sheetsOf(pdf: Buffer): { sheets: number; marked: number } {
  const text = pdf.toString('latin1')
  const drawings = text
    .split(/(?<!end)stream\r?\n/)
    .slice(1)
    .flatMap(rest => {
      const body = Buffer.from(rest.slice(0, rest.indexOf('endstream')), 'latin1')
      try {
        return [inflateSync(body, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1')]
      } catch {
        return []
      }
    })
  const marked = drawings.filter(one =>
    [...one.matchAll(/(-?[\d.]+) (-?[\d.]+) -?[\d.]+ -?[\d.]+ -?[\d.]+ -?[\d.]+ (?:cm|Tm)/g)].some(
      ([, along, across]) =>
        Math.abs(Math.abs(Number(across) / Number(along)) - Math.tan(Math.PI / 9)) < 1e-3,
    ),
  )
  return { sheets: text.match(/\/Type\s*\/Page\b/g)?.length ?? 0, marked: marked.length }
}

it('writes a watermark across pages and each sheet of their prints, which comes back when it is removed', async () => {
  const { page } = await open({ as: 'super' }, '/console/directory?pageSize=50')
  await page.getByRole('row').nth(3).waitFor()
  expect(await page.locator('.wisp-watermark').count()).toBe(0)
  const plain = sheetsOf(await page.pdf({ format: 'A4' }))
  expect(plain.sheets).toBeGreaterThan(1)
  expect(plain.marked).toBe(0)
  await setCorpProtection(world.ctx, 'test', world.corpId, { watermark: true })
  await page.reload()
  await page.getByRole('row').nth(3).waitFor()
  const mark = page.locator('.wisp-watermark')
  await mark.waitFor({ state: 'attached' })
  expect(await mark.locator('text').first().textContent()).toMatch(/^\S+ \d{4}\s/)
  const { sheets, marked } = sheetsOf(await page.pdf({ format: 'A4' }))
  expect(marked).toBe(sheets)
  await page.evaluate(() => document.querySelector('.wisp-watermark')?.remove())
  await mark.waitFor({ state: 'attached' })
  await page.evaluate(() => document.querySelector('.wisp-watermark')?.setAttribute('style', 'display:none'))
  await page.waitForFunction(() => !document.querySelector('.wisp-watermark')?.hasAttribute('style'))
  // It lies over everything and takes no click.
  await page.getByRole('row').nth(2).click()
  await page.getByRole('dialog').waitFor()
  await look(page)
  const member = await open({ as: 'member', userId: 'lisi' }, '/portal')
  await member.page.locator('.wisp-watermark').waitFor({ state: 'attached' })
})

it('says from which address the console cannot be used, and leaves the portal open', async () => {
  await setCorpProtection(world.ctx, 'test', world.corpId, { consoleNetworks: ['192.0.2.0/24'] })
  const { page } = await open({ as: 'super' }, '/console')
  await page.getByRole('heading', { name: '不能从这里使用控制台' }).waitFor()
  await page.getByText(/您的地址 127\.0\.0\.1/).waitFor()
  await look(page)
  await page.goto('/portal')
  await page.locator('.portal-home').waitFor()
})
