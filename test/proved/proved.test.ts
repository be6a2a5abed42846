import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { documentedCalls, documentedEvents } from '../../server/features.ts'
import { plainDocument } from '../../server/platform/http/openapi.ts'
import { declaredFor } from './declared.ts'
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
  cpSync(join(resolve(import.meta.dirname, '../..'), 'examples'), join(copy, 'examples'), { recursive: true })
  const before = hashOf(java, copy)
  appendFileSync(join(copy, 'examples/python/wisp.py'), '\n')
  expect(hashOf(java, copy)).toBe(before)
  appendFileSync(join(copy, 'examples/java/Wisp.java'), '\n')
  const after = hashOf(java, copy)
  expect(new Set([before, after, hashOf(java, copy, () => 'another call')]).size).toBe(3)
  rmSync(copy, { recursive: true })
})

it('of the declared calls and events those count that a program names, but not the words that explain them', () => {
  const document = plainDocument(documentedCalls, '', 'zh', documentedEvents)
  /** Which of these differ for a program with this text when something has changed. */
  const noticed = (text: string, change: (changed: typeof document) => void) => {
    const changed: typeof document = JSON.parse(JSON.stringify(document))
    change(changed)
    return declaredFor(text, changed) !== declaredFor(text, document)
  }
  const changing = (path: string) => (changed: typeof document) => {
    changed.paths[path]!['get'] = { parameters: [] }
  }
  const sdk = 'await wisp.user.get({ userId })'
  const userGet = changing('/api/user/get')
  expect(['curl $WISP_URL/api/user/get', sdk, 'wisp.org.list()'].map(text => noticed(text, userGet))).toEqual(
    [true, true, false],
  )
  expect(noticed(sdk, changing('/api/org/list'))).toBe(false)
  const words = (changed: typeof document) => {
    Object.assign(changed.paths['/api/user/get']!['get'] as object, { description: 'in other words' })
  }
  expect(noticed(sdk, words)).toBe(false)
  const event = (changed: typeof document) => {
    changed.webhooks['directory.member.put'] = {}
  }
  expect(['directory.member.put', 'card.pressed'].map(text => noticed(text, event))).toEqual([true, false])
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
