import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type S3Sandbox, startS3 } from '../../sandbox/s3/s3.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let s3: S3Sandbox
const folder = mkdtempSync(join(tmpdir(), 'wisp-backups-page-'))
const opened: Visit[] = []
beforeAll(async () => {
  s3 = await startS3()
  world = await startWorld({
    members: 10,
    departments: 3,
    tags: 1,
    env: { WISP_BACKUP_DIR: folder, WISP_OUTBOUND_ALLOW: '127.0.0.1' },
  })
})
afterAll(async () => {
  for (const one of opened) await one.close()
  await closeBrowser()
  await world.close()
  await s3.close()
  rmSync(folder, { recursive: true })
})

async function open(options: Parameters<typeof visit>[1]): Promise<Visit> {
  const one = await visit(world, options)
  opened.push(one)
  await one.page.goto('/console/system/backups')
  return one
}

it('sets up a plan after it was tried, backs up, and tests the backup', { timeout: 120_000 }, async () => {
  const { page, complaints } = await open({ as: 'system' })
  await page.getByText('还没有备份计划').waitFor()
  await look(page)
  await page.getByRole('button', { name: '设置备份计划' }).click()
  const form = page.getByRole('dialog')
  await form.getByText(`写到 ${folder}`).waitFor()
  await form.getByRole('radio', { name: 'MinIO' }).check()
  await form.getByLabel('地址', { exact: true }).fill(s3.url)
  // MinIO has its buckets in the path and a region by default; what else there is is folded away.
  expect(await form.getByText('时间表达式（cron）').isVisible()).toBe(false)
  await look(page)
  await form.locator('summary', { hasText: '高级' }).click()
  expect(await form.getByLabel('地域').inputValue()).toBe('us-east-1')
  await form.getByLabel('地域').fill(s3.keys.region)
  await form.getByLabel('存储桶', { exact: true }).fill(s3.keys.bucket)
  await form.getByLabel('Access Key').fill(s3.keys.accessKey)
  await form.getByLabel('Secret Key').fill('wrong')
  await form.getByRole('button', { name: '试一试' }).click()
  await form.getByText(/Secret Key 不对/).waitFor()
  await form.getByLabel('Secret Key').fill(s3.keys.secretKey)
  await form.getByRole('button', { name: '试一试' }).click()
  await form.getByText(/能写、能列、能读、能删/).waitFor()
  await form.getByRole('radiogroup', { name: '多久一次' }).getByText('每周').click()
  await form.getByRole('checkbox', { name: '周三' }).click()
  await form.getByText('每周一、周三 03:30').waitFor()
  await form.getByLabel('时间表达式（cron）').fill('90 3 * * *')
  await form.getByRole('button', { name: /保\s?存/ }).click()
  await form.getByText(/的“分”是 "90"，应为 0 到 59/).waitFor()
  await form.getByLabel('时间表达式（cron）').fill('30 3 * * *')
  await form.getByRole('button', { name: /保\s?存/ }).click()
  await page.getByText('备份计划已保存').waitFor()
  await page.getByText('每天 03:30').waitFor()
  await page.getByRole('button', { name: '立即备份' }).click()
  const row = page.getByRole('row', { name: /手动/ })
  await row.getByText('成功').first().waitFor()
  // The first backup is tested by itself.
  await row.getByText(/个密钥与文件一致/).waitFor({ timeout: 60_000 })
  expect(s3.bucket.objects.size).toBe(1)
  await page.getByRole('button', { name: '查看文件' }).click()
  await page
    .getByText(/^s3:\/\/backups\/wisp\/ @/)
    .first()
    .waitFor()
  // A button that was just pressed changes its colours for a moment.
  await page.mouse.move(0, 0)
  await page.locator('.ant-btn-loading').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '查看文件' }).blur()
  await look(page)
  // Node says that the refused calls failed.
  expect(complaints.filter(one => !/status of (200|4\d\d)/.test(one))).toEqual([])
})

it('says why a backup failed, in the dark and on a phone too', async () => {
  s3.fault = ({ query }) =>
    query.has('partNumber') ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined
  const { page } = await open({ as: 'system', dark: true })
  await page.getByRole('button', { name: '立即备份' }).click()
  await page
    .getByText(/没有写入的权限/)
    .first()
    .waitFor()
  await look(page)
})

it('is the local system administrator’s alone', async () => {
  const { page } = await open({ as: 'super' })
  await page.getByText('没有权限').first().waitFor()
})
