import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const tracked = execFileSync('git', ['ls-files', 'web', 'server', 'docs', 'README.md', 'README.zh-CN.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean)

type Term = { zh: string; en: string; notZh: string[]; notEn: string[] }

/** The rows of the first table of docs/terms.md. */
const terms: Term[] = [...(read('docs/terms.md').split('## Numbers')[0] ?? '').matchAll(/^\| (.+) \|$/gm)]
  .map(row => row[1]!.split('|').map(cell => cell.trim()))
  .filter(([zh]) => zh !== 'Chinese')
  .map(([zh = '', en = '', notZh = '', notEn = '']) => {
    const listed = (cell: string) => cell.split('、').filter(Boolean)
    return { zh, en, notZh: listed(notZh), notEn: listed(notEn) }
  })

/** What is said to people: texts of pages, what code puts between quotes, and whole pages of documents. */
const ofPages = tracked.filter(path => path.startsWith('web/text/'))
const ofServer = tracked.filter(
  path => path.startsWith('server/') && path.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(path),
)
const ofGuides = tracked.filter(
  path => path.endsWith('.md') && !/^docs\/(upstream|interface|decisions)\/|^docs\/terms\.md$/.test(path),
)

/** Names that are not ours: columns that people's files have, texts of the interface document, pages of vendors. */
const names: readonly [path: RegExp, words: RegExp][] = [
  [/import-file\.ts$/, /帐号/g],
  [/person-headers\.ts$/, /帐号|员工(?:工号|编号|号)/g],
  [/read\/profile\.ts$/, /员工(?:工号|编号|号)/g],
  [/./, /employee number/gi],
  [/^web\/text\/zh\/official\.ts$/, /formSecret: '秘钥'/g],
  [/(http\/errors\.ts|errors\/1003\.md)$/, /无效的应用秘钥/g],
  [/run\/(alerts|monitoring)\.md$/, /dashboards?/gi],
  [/./, /企业微信管理后台|WISP_\w+/g],
]

/** What an English reader meets in Chinese too: parts of the vendors' consoles and apps, and names that nobody translates. */
const keptChinese =
  `产品中心 开发配置 账户中心 商户信息 商户API证书 管理证书 APIv3密钥 API安全 微信支付公钥 AppID账号管理 支付授权目录 H5支付域名 使用完整服务
  服务器配置 白名单 微信认证 公众号 服务号 订阅号 订阅通知 接口安全域名 查看 应用管理 自建 管理工具 通讯录同步 设置接收事件服务器 接收消息 设置API接收 我的企业 企业信息 企业可信
  一码通 中文 京ICP备 京公网安备 号`
    .split(/\s+/)
    .filter(Boolean)

function wordsOf(path: string): string {
  const whole = read(path)
  const code = path.endsWith('.ts')
    ? whole.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/g, '').replaceAll(/^import .*$/gm, '')
    : whole
  return names.reduce((text, [where, words]) => (where.test(path) ? text.replaceAll(words, '') : text), code)
}

it('lists each thing once', () => {
  expect(terms.length).toBeGreaterThan(30)
  expect(new Set(terms.map(({ zh }) => zh)).size).toBe(terms.length)
  const chosen = new Set(terms.flatMap(({ zh, en }) => [zh, en]))
  expect(terms.flatMap(({ notZh, notEn }) => [...notZh, ...notEn]).filter(word => chosen.has(word))).toEqual(
    [],
  )
})

it('calls nothing by another word than the listed one', () => {
  const wrong = [...ofPages, ...ofServer, ...ofGuides].flatMap(path => {
    const text = wordsOf(path)
    const isEnglish = path.startsWith('web/text/en/') || path.startsWith('web/docs/content/en/')
    return terms.flatMap(({ zh, en, notZh, notEn }) => [
      ...notZh.filter(word => text.includes(word)).map(word => `${path}: ${word}, not ${zh}`),
      ...(isEnglish ? notEn : [])
        .filter(word => new RegExp(`\\b${word}s?\\b`, 'i').test(text))
        .map(word => `${path}: ${word}, not ${en}`),
    ])
  })
  expect(wrong).toEqual([])
})

it('uses each listed word', () => {
  const zh = ofPages
    .concat(ofGuides)
    .filter(path => /^web\/(text|docs\/content)\/zh\//.test(path))
    .map(read)
    .join('\n')
  expect(terms.map(one => one.zh).filter(word => !zh.includes(word))).toEqual([])
})

it('keeps Chinese out of the English pages, and whole English sentences out of the Chinese ones', () => {
  const lines = (path: string) =>
    wordsOf(path)
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '' && !line.startsWith('export '))
  const kept = new RegExp(keptChinese.join('|'), 'g')
  const inEnglish = ofPages
    .filter(path => path.startsWith('web/text/en/'))
    .flatMap(path => lines(path).map(line => [path, line] as const))
    .filter(([, line]) => /[\u4e00-\u9fff]/.test(line.replaceAll(kept, '')))
  expect(inEnglish.map(([path, line]) => `${path}: ${line}`)).toEqual([])
  const inChinese = ofPages
    .filter(path => path.startsWith('web/text/zh/'))
    .flatMap(path => lines(path).map(line => [path, line] as const))
    .filter(([, line]) => /(?:\b[a-z]{2,} ){3,}/.test(line.replaceAll(/\b(?:npx )?wisp [a-z -]+/g, '')))
  expect(inChinese.map(([path, line]) => `${path}: ${line}`)).toEqual([])
})

it('leads to places by the names that the navigation has', () => {
  const zh = ofPages
    .filter(path => path.startsWith('web/text/zh/'))
    .map(read)
    .join('\n')
  const entries = [...read('web/console/entries.ts').matchAll(/(?:name|group): '(\w+)'/g)].map(
    match => match[1],
  )
  const values = new Set([...zh.matchAll(/: '([^']+)'/g)].map(match => match[1]))
  const nameOf = (key: string) =>
    new RegExp(`^  ${key}: '([^']+)'`, 'm').exec(read('web/text/zh/console.ts'))?.[1]
  const starts = new Set(entries.map(key => nameOf(key ?? '')))
  const wrong = ofServer.flatMap(path =>
    [...wordsOf(path).matchAll(/「([^」]*? → [^」]*)」/g)].flatMap(match => {
      const steps = match[1]!.split(' → ')
      // Other places are in the consoles of vendors.
      if (!starts.has(steps[0])) return []
      return steps.every(step => values.has(step)) ? [] : [`${path}: ${match[1]}`]
    }),
  )
  expect(wrong).toEqual([])
})

it('formats numbers, times, durations and money in one place', () => {
  const places = [
    'web/ui/language.ts',
    'web/ui/values/format.ts',
    'web/ui/values/money.ts',
    'server/platform/format.ts',
  ]
  /** /docs shows programmers what a call took, without the texts of the pages; in a sum of fen the decimals are exact. */
  const exempt = /^web\/docs\/|^server\/features\/payments\/money\.ts$/
  const raw =
    /\.toFixed\(|\.toLocale(?:Date|Time)?String\(|Intl\.(?:NumberFormat|RelativeTimeFormat)|\} (?:ms|毫秒)(?=[`'<])/
  const code = tracked.filter(
    path =>
      /^(web|server)\/.*\.tsx?$/.test(path) && !/\.(test|fixture)\.tsx?$/.test(path) && !exempt.test(path),
  )
  expect(code.filter(path => !places.includes(path) && raw.test(wordsOf(path)))).toEqual([])
})

it('reads and writes times by the clocks of a zone that is named, never by those of the process or the browser', () => {
  const zoneless =
    /\bIntl\.DateTimeFormat\(|\.[gs]et(?:Hours|Minutes|Seconds|Milliseconds|Date|Day|Month|FullYear)\(|\.toLocale(?:Date|Time)String\(|\.to(?:Date|Time)String\(|\.getTimezoneOffset\(|^import dayjs\b/m
  // The first has the zone as a parameter; the other gives what antd's pickers show.
  const places = ['server/platform/time-zone.ts', 'web/ui/values/picked.ts']
  const code = tracked.filter(
    path => /^(web|server)\/.*\.tsx?$/.test(path) && !/\.(test|fixture)\.tsx?$/.test(path),
  )
  expect(code.filter(path => zoneless.test(read(path))).sort()).toEqual(places.toSorted())
  const deployed = execFileSync('git', ['ls-files', 'Dockerfile', 'compose.yaml', 'deploy'], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(deployed.split('\n').filter(path => path !== '' && /\bTZ\b/.test(read(path)))).toEqual([])
})
