import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { backupsBeside } from '../scripts/demo/data-directory.ts'

const folder = mkdtempSync(join(tmpdir(), 'wisp-demo-backups-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('the demo keeps backups beside its data, and starts without them where no folder can be made', () => {
  const made = backupsBeside(join(folder, 'data'))
  expect(made).toBe(join(folder, 'data-backups'))
  expect(statSync(made).mode & 0o777).toBe(0o700)
  expect(backupsBeside(join(folder, 'data'))).toBe(made)
  writeFileSync(join(folder, 'other-backups'), '')
  expect(backupsBeside(join(folder, 'other'))).toBe('')
})
