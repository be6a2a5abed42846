import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { allFeatures } from '../features.ts'
import { readParts, UsageError } from '../platform/command/command.ts'
import { asDatabaseAway } from '../platform/storage/availability.ts'
import { commands, groups } from './commands.ts'
import { failure, findCommand } from './execute.ts'
import { parseArguments } from './program.ts'
import { completeValues } from './typed.ts'

const read = (argv: string[]) => {
  const parsed = parseArguments(argv)
  if (!parsed) throw new Error('help was shown')
  return { ...parsed, input: readParts(findCommand(parsed.command).parts, parsed.values) }
}

describe('what is typed', () => {
  it('becomes the values that commands declare', () => {
    expect(
      read(['admin', 'role', 'set', 'zhangsan', '--level', '3', '--manage', '1, 2', '--json']),
    ).toMatchObject({
      command: 'admin role set',
      json: true,
      input: { userId: 'zhangsan', level: 3, manage: [1, 2], view: undefined },
    })
    expect(read(['sync', 'replay', '5', '9']).input).toEqual({ from: 5, to: 9, corp: undefined })
    expect(read(['sync', 'run', '--no-wait']).input).toMatchObject({ wait: false })
    expect(read(['sync', 'run']).input).toMatchObject({ wait: true, kind: undefined })
    expect(read(['developer', 'set', 'x', '--ips', '']).input).toMatchObject({
      allowedIps: [],
      wholeCorp: false,
    })
    expect(read(['--json', 'corp', 'list']).json).toBe(true)
    expect(read(['backup', 'check', 'a.gz'])).toMatchObject({
      command: 'backup check',
      input: { file: 'a.gz' },
    })
    expect(read(['backup', './check']).command).toBe('backup')
  })

  it.each([
    ['an unknown command', ['corp', 'remove']],
    ['an unknown option', ['corp', 'list', '--all']],
    ['too many arguments', ['backup', 'a', 'b']],
    ['a missing argument', ['backup']],
    ['a missing option', ['developer', 'add']],
    ['an option without its value', ['developer', 'add', '--name']],
    ['no number', ['sync', 'event', '1.5']],
    ['too large a number', ['admin', 'role', 'set', 'x', '--level', '5']],
    ['none of the choices', ['sync', 'run', '--kind', 'dry-run']],
  ])('is refused with %s', (_what, argv) => {
    expect(() => read(argv)).toThrow(UsageError)
  })

  it('finds every command under its own path, each in a described group', () => {
    expect(new Set(commands.map(one => one.path)).size).toBe(commands.length)
    for (const { path } of commands) {
      const words = path.split(' ').slice(0, -1)
      for (let n = 1; n <= words.length; n++) {
        const parent = words.slice(0, n).join(' ')
        expect(groups[parent] ?? commands.find(one => one.path === parent)?.summary).toBeTruthy()
      }
    }
    const described = allFeatures.flatMap(one => Object.keys(one.commandGroups ?? {}))
    expect(described.toSorted()).toEqual(Object.keys(groups).sort())
  })

  it('has words for every command, option and group in both languages', () => {
    const texts = commands.flatMap(({ path, summary, details, parts }) => [
      { path, words: summary },
      ...(details ? [{ path, words: details }] : []),
      ...Object.values(parts).map(one => ({ path, words: one.description })),
    ])
    for (const [path, words] of Object.entries(groups)) texts.push({ path, words })
    const wrong = texts.filter(({ words: { zh, en } }) =>
      [zh, en].some(text => text.trim() === '' || /\[object|undefined/.test(text)),
    )
    expect(wrong).toEqual([])
  })
})

describe('secrets from standard input', () => {
  const parts = (values: Record<string, string>, stdin: string) =>
    completeValues(findCommand('corp add'), values, Readable.from([stdin]), () => {})

  it('takes a line for each, in the order of the help, and leaves the others', async () => {
    const values = { encodingAesKey: '-', contactSecret: '-', callbackToken: 'given', name: '-' }
    expect(await parts(values, '第一 行 \r\nsecond\nthird\n')).toEqual({
      contactSecret: '第一 行 ',
      encodingAesKey: 'second',
      callbackToken: 'given',
      name: '-',
    })
  })

  it('says which one is missing', async () => {
    const values = { contactSecret: '-', callbackToken: '-' }
    await expect(parts(values, 'only one\n')).rejects.toThrow('--callback-token')
    await expect(parts(values, '')).rejects.toThrow('--contact-secret')
  })

  it('makes files absolute where they are typed', async () => {
    const values = await completeValues(findCommand('backup'), { file: 'x.gz' }, Readable.from([]), () => {})
    expect(values).toEqual({ file: `${process.cwd()}/x.gz` })
  })
})

it.each([
  ['53100', /磁盘、内存或连接数不够.*No space left on device（53100）/],
  ['08006', /^连不上数据库/],
])('a command that fails with %s of PostgreSQL says what is wrong', (code, words) => {
  const error = asDatabaseAway(Object.assign(new Error('No space left on device'), { code }))
  expect(failure(error).line).toMatch(words)
})
