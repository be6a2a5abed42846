import { Command as Commander } from 'commander'
import { describe, expect, it } from 'vitest'
import { inLanguage } from '../platform/command/language.ts'
import { wisp } from './cli.fixture.ts'
import { framed, languageOf } from './frame.ts'

const english = { LANG: 'en_US.UTF-8' }
const chinese = { LANG: 'zh_CN.UTF-8' }

describe('the language of the command line', () => {
  it.each([
    ['that of the locale', ['corp', 'list'], english, 'en'],
    ['that of --lang', ['corp', 'list', '--lang', 'zh'], english, 'zh'],
    ['that of --lang before the command', ['--lang=en', 'corp', 'list'], chinese, 'en'],
    ['that of the last --lang', ['--lang', 'zh', 'corp', 'list', '--lang=en'], chinese, 'en'],
    ['that of the locale where --lang names none', ['--lang', 'fr', 'corp', 'list'], english, 'en'],
    ['that of the locale where --lang has no value', ['corp', 'list', '--lang'], english, 'en'],
    ['not that of --lang after --', ['backup', '--', '--lang=zh'], english, 'en'],
  ] as const)('is %s', (_what, argv, env, language) => {
    expect(languageOf(argv, env)).toBe(language)
  })

  it('is refused where --lang names none', async () => {
    expect(await wisp(english, ['corp', 'list', '--lang', 'fr'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'wisp: --lang <language> takes one of zh, en\nwisp --help shows the usage\n',
    })
  })
})

describe('help', () => {
  const help = (language: 'zh' | 'en') =>
    inLanguage(language, () => {
      const program = framed(new Commander('wisp')).helpCommand(false).option('--json', 'JSON')
      program.command('show').argument('<id>', 'ID')
      const leaf = program.command('list').argument('[id]', 'ID').option('--all', 'ALL')
      return [program.helpInformation(), leaf.helpInformation()].join('\n')
    })

  it('has its titles in Chinese', () => {
    const text = help('zh')
    expect(text).toContain('用法: wisp [选项] [命令]')
    expect(text).toContain('用法: wisp list [选项] [id]')
    for (const title of ['选项:', '命令:', '参数:']) expect(text).toContain(`\n${title}\n`)
    expect(text).not.toMatch(/Usage|Options|Commands|Arguments|\[options\]|\[command\]/)
  })

  it('has its titles in English', () => {
    const text = help('en')
    expect(text).toContain('Usage: wisp [options] [command]')
    for (const title of ['Options:', 'Commands:', 'Arguments:']) expect(text).toContain(`\n${title}\n`)
    expect(text).not.toMatch(/用法|选项|命令|参数/)
  })
})

describe('what is wrong with what was typed', () => {
  it.each([
    [['corpp'], '没有命令 corpp，是不是 corp？', 'there is no command corpp; did you mean corp?'],
    [
      ['corp', 'list', '--jsn'],
      '没有选项 --jsn，是不是 --json？',
      'there is no option --jsn; did you mean --json?',
    ],
    [['corp', 'list', '--zzzzzz'], '没有选项 --zzzzzz', 'there is no option --zzzzzz'],
    [['backup'], '缺少 <file>', '<file> is missing'],
    [['developer', 'add', '--name'], '--name <text> 缺少值', '--name <text> has no value'],
    [
      ['backup', 'a.gz', 'b.gz'],
      '参数应为 1 个，收到 2 个: a.gz, b.gz',
      'takes 1 argument, but got 2: a.gz, b.gz',
    ],
    [
      ['sync', 'run', '--kind', 'dry-run'],
      '--kind <kind> 应为 full、reconcile 之一',
      '--kind <kind> takes one of full, reconcile',
    ],
  ])('%j is said in the language of the user', async (argv, zh, en) => {
    expect(await wisp(chinese, argv)).toEqual({
      code: 2,
      stdout: '',
      stderr: `wisp: ${zh}\n用法见 wisp --help\n`,
    })
    expect(await wisp(english, argv)).toEqual({
      code: 2,
      stdout: '',
      stderr: `wisp: ${en}\nwisp --help shows the usage\n`,
    })
  })
})

describe('what is wrong before the database is asked', () => {
  const database = { WISP_DATABASE_URL: 'postgres://wisp@127.0.0.1:1/wisp' }

  it('is said in the language of the user, with what to do', async () => {
    const zh = await wisp({ ...chinese, ...database }, ['corp', 'list'])
    expect(zh).toMatchObject({ code: 1, stdout: '' })
    expect(zh.stderr).toBe(
      'wisp: 环境变量：WISP_SECRET_KEY 没有设置，设了 WISP_DATABASE_URL 就必须有它；可以设为 openssl rand -base64 48 的输出\n',
    )
    const en = await wisp({ ...english, ...database }, ['corp', 'list'])
    expect(en).toMatchObject({ code: 1, stdout: '' })
    expect(en.stderr).toBe(
      'wisp: environment: WISP_SECRET_KEY is required with WISP_DATABASE_URL; set it to the output of openssl rand -base64 48\n',
    )
  })

  it('says that the database cannot be reached', async () => {
    const away = { ...database, WISP_SECRET_KEY: 'a key for tests of the frame, 32 characters' }
    expect((await wisp({ ...english, ...away }, ['corp', 'list'])).stderr).toBe(
      'wisp: the database cannot be reached: check WISP_DATABASE_URL\n',
    )
  })
})
