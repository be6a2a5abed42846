import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { hashOf, isDue, note, type Proof } from './proved.ts'

it('what was proved is due again when its inputs or the declared calls have changed', () => {
  const java: Proof = { name: 'java', inputs: ['examples/java/**/*.*'] }
  const php: Proof = { name: 'php', inputs: ['examples/php/**/*.*'] }
  const proved = { java: hashOf(java), php: hashOf(java) }
  expect([java, php].map(one => isDue(one, proved))).toEqual([false, true])
  expect(isDue(java, {})).toBe(true)
  expect(isDue({ ...java, text: 'another' }, proved)).toBe(true)
  const on = (version: string) => hashOf({ ...java, versions: [['echo', `openjdk version "${version}"`]] })
  expect([on('17.0.2') === on('17.0.9'), on('17.0.9') === on('21.0.1')]).toEqual([true, false])

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

it('what was proved is noted beside what was noted meanwhile, in a file that is whole at any time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wisp-proved-'))
  const into = join(folder, 'proved.json')
  note({ php: '1' }, into)
  note({ java: '2', php: '3' }, into)
  expect(JSON.parse(readFileSync(into, 'utf8'))).toEqual({ java: '2', php: '3' })
  expect(readdirSync(folder)).toEqual(['proved.json'])
  rmSync(folder, { recursive: true })
})
