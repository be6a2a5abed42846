import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../test/harness.ts'
import { UsageError } from '../platform/command/command.ts'
import { inLanguage } from '../platform/command/language.ts'
import { ApiError } from '../platform/http/errors.ts'
import { commands } from './commands.ts'
import { runCommand } from './in-process.fixture.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
})
afterAll(() => world.close())

/** Every command that only reads and needs nothing to be named. */
const readers = commands.filter(
  ({ needs, point, parts }) =>
    needs === 'context' &&
    point.endsWith(':read') &&
    Object.values(parts).every(one => !one.flags.startsWith('<')),
)

/** What the world of the test is called, and menus of WeCom, which are Chinese in every language. */
const names = /测试(?:企业)?|"name": "[^"]*"|(?:[\p{Script=Han}\w]+ → )+[\p{Script=Han}\w]+/gu

it('what commands print is English for those who speak it, without an object in place of its words', async () => {
  expect(readers.length).toBeGreaterThan(30)
  const wrong: string[] = []
  let ran = 0
  for (const { path } of readers) {
    const text = await inLanguage('en', () => runCommand(world.ctx, path.split(' '))).then(
      output => {
        ran++
        return output.text
      },
      error => {
        if (error instanceof ApiError) return error.messageIn('en')
        if (error instanceof UsageError) return error.words.en
        throw error
      },
    )
    const lines = text.replaceAll(names, '').split('\n')
    for (const line of lines) if (/\p{Script=Han}|\[object/u.test(line)) wrong.push(`${path}: ${line.trim()}`)
  }
  expect(wrong).toEqual([])
  expect(ran).toBeGreaterThan(30)
})
