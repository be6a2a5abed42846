import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { hashOf, isDue, type Proof } from './proved.ts'

it('what was proved is due again when its inputs or the declared calls have changed', () => {
  const java: Proof = { name: 'java', inputs: ['examples/java/**/*.*'] }
  const php: Proof = { name: 'php', inputs: ['examples/php/**/*.*'] }
  const proved = { java: hashOf(java), php: hashOf(java) }
  expect([java, php].map(one => isDue(one, proved))).toEqual([false, true])
  expect(isDue(java, {})).toBe(true)
  expect(isDue({ ...java, text: 'another' }, proved)).toBe(true)

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
