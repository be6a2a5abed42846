import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { hashOf, isDue } from './proved.ts'

it('a language runs again when its programs or the calls have changed since it was proved', () => {
  const [java, php] = [{ folder: 'java' }, { folder: 'php' }]
  const proved = { java: hashOf(java), php: hashOf(java) }
  expect([isDue(java, proved), isDue(php, proved), isDue(java, {})]).toEqual([false, true, true])
  expect(isDue({ folder: 'curl' }, { curl: hashOf({ folder: 'curl' }) })).toBe(true)

  const copy = mkdtempSync(join(tmpdir(), 'wisp-proved-'))
  for (const part of ['examples', 'sdk/server/generated'])
    cpSync(join(resolve(import.meta.dirname, '../..'), part), join(copy, part), { recursive: true })
  const before = hashOf(java, copy)
  appendFileSync(join(copy, 'examples/python/wisp.py'), '\n')
  expect(hashOf(java, copy)).toBe(before)
  appendFileSync(join(copy, 'examples/java/Wisp.java'), '\n')
  const after = hashOf(java, copy)
  appendFileSync(join(copy, 'sdk/server/generated/api.ts'), '\n')
  expect(new Set([before, after, hashOf(java, copy)]).size).toBe(3)
  rmSync(copy, { recursive: true })
})
