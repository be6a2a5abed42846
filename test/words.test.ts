import { describe, expect, it } from 'vitest'
import {
  areaOf,
  countByArea,
  differences,
  findAll,
  findingsIn,
  lowered,
  readExceptions,
} from '../scripts/words/lint.ts'

const found = (path: string, text: string) =>
  findingsIn(path, text).map(({ line, what }) => `${line} ${what}`)

it('has in no area more findings than its exceptions, and no more exceptions than findings', () => {
  const counts = countByArea(findAll())
  expect(differences(counts, readExceptions())).toEqual([])
})

describe('in English', () => {
  it('refuses headless sentences and words that have gone out of use', () => {
    const text = ['# A page', '', 'Who has no number is left out. Nobody', 'mends it `by anew`.', ''].join(
      '\n',
    )
    expect(found('docs/terms.md', text)).toEqual([
      '3 “Nobody”: name the actor: member, administrator, your program, wisp',
      '3 “mends”: fix, repair',
      '3 begins with “Who”: subject and verb first',
    ])
    expect(
      found('docs/terms.md', 'Who may sign in?\n\nBy default it is off.\n\n```\nOf code.\n```\n'),
    ).toEqual([])
  })

  it('counts the words of a sentence, and on pages its colons', () => {
    const long = `wisp ${'word '.repeat(35)}ends.`
    expect(found('docs/terms.md', `${long}\n`)).toEqual(['1 37 words in a sentence, at most 35'])
    expect(found('docs/terms.md', 'One: two; three at 18:00.\n')).toEqual([
      '1 2 of ; and : in a sentence, at most 1',
    ])
    expect(found('server/a/b/c.ts', '/** One: two; three. */\n')).toEqual([])
  })

  it('wants English next to a Chinese label', () => {
    expect(found('web/docs/content/en/a.md', 'Open 应用管理 → 自建, then 功能 (Features).\n')).toEqual([
      '1 “应用管理 → 自建” has no English next to it',
    ])
    expect(found('web/docs/content/en/a.md', 'A WeCom app (自建应用) has `应用`.\n')).toEqual([])
  })

  it('reads comments of code, not its texts', () => {
    const code = [
      'type A = {',
      '  /** Of the last one. */',
      "  b: 'Who has somebody'",
      '}',
      '// Those of a',
      '// second line.',
    ].join('\n')
    expect(found('server/a/b/c.ts', code)).toEqual([
      '2 begins with “Of”: subject and verb first',
      '5 begins with “Those”: subject and verb first',
    ])
  })
})

describe('in Chinese', () => {
  it('refuses words, half-width punctuation and long sentences', () => {
    const text = [
      '# 页',
      '',
      '本平台认出成员,再登录。',
      '',
      '「名称」：一，二，三，四，五，六，七。',
      '',
    ].join('\n')
    expect(found('web/docs/content/zh/a.md', text)).toEqual([
      '3 “本平台”：wisp 或“平台”',
      '3 “认出”：识别',
      '3 “员,”：用全角标点',
      '5 「」：引号用“”',
      '5 一句 6 个逗号，最多 5 个',
    ])
    expect(found('web/docs/content/zh/a.md', '返回“参数错误: 缺少名称”，死锁除外。\n')).toEqual([])
  })

  it('finds both languages in the comments of the SDK', () => {
    const text = '/**\n * 返回码见文档。\n *\n * Of the last call.\n */\n'
    expect(found('sdk/server/a.ts', text)).toEqual([
      '2 “返回码”：错误码',
      '4 begins with “Of”: subject and verb first',
    ])
  })
})

it('gives exceptions to areas, and only lowers them', () => {
  expect(
    [
      'server/main.ts',
      'server/cli/run.ts',
      'server/features/todos/admin/a.ts',
      'web/docs/content/en/guides/a.md',
      'README.zh-CN.md',
      'docs/upstream/cas.md',
      'README.md',
    ].map(areaOf),
  ).toEqual([
    'server',
    'server/cli',
    'server/features/todos',
    'web/docs/content/en',
    'README.zh-CN.md',
    'docs/upstream',
    'README.md',
  ])
  expect(lowered({ a: 3, b: 1, c: 5 }, { a: 2, b: 4, gone: 7 })).toEqual({ a: 2, b: 1 })
  expect(differences({ a: 3, b: 1 }, { a: 3, b: 2, c: 1 })).toHaveLength(2)
})
