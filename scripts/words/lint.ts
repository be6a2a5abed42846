import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { wrongInChinese } from './chinese.ts'
import { wrongInEnglish } from './english.ts'
import { type Unit, unitsOfComments, unitsOfPage } from './prose.ts'

/**
 * Holds texts and comments to docs/words.md. `node scripts/words/lint.ts FILE…` prints all that it finds in these files. Without files it
 * compares what each area has with `exceptions.json`; `--update` lowers its numbers to what is there and raises none.
 */
const root = resolve(import.meta.dirname, '../..')
const exceptionsFile = join(import.meta.dirname, 'exceptions.json')

export type Finding = { path: string; line: number; what: string }

/** Findings that an area may have. */
export type Exceptions = Record<string, number>

const looked =
  /^(?:(?:README|CONTRIBUTING|ARCHITECTURE|CHANGELOG)[^/]*\.md|(?:docs|web\/docs\/content|sdk)\/.*\.md|(?:server|sdk)\/.*\.ts)$/
/** Made by programs, built, or lists of the very words. */
const exempt =
  /\/(?:generated|node_modules|dist|esm|cjs)\/|^docs\/(?:terms|words)\.md$|\/run\/command-line\.md$/
/** Pages for contributors that quote what vendors and the interface document call things. */
const namesOfVendors = /^docs\/(?:upstream|interface|decisions)\//
const isChinesePage = (path: string) => /\/zh\/|\.zh-CN\.md$/.test(path)

/** Whether a unit is in Chinese: comments and README of the SDK are in both languages. */
const isChinese = (text: string) => (text.match(/\p{Script=Han}/gu)?.length ?? 0) * 3 > text.length

/** Released sections of the changelog stay as they are. */
const unreleased = (text: string) => text.split(/^## (?!Unreleased)/m)[0] ?? ''

/** Returns what is wrong in a file, given its path from the root. */
export function findingsIn(path: string, text: string): Finding[] {
  const isPage = path.endsWith('.md')
  const isZh = isChinesePage(path)
  const whole = path === 'CHANGELOG.md' ? unreleased(text) : text
  const isMixed = !isPage || path.startsWith('sdk/')
  const rules = { isPage, hasLabels: isPage && !isMixed && !namesOfVendors.test(path) }
  const wrong = (unit: Unit) =>
    isZh || (isMixed && isChinese(unit.text)) ? wrongInChinese(unit) : wrongInEnglish(unit, rules)
  return (isPage ? unitsOfPage(whole) : unitsOfComments(whole)).flatMap(unit =>
    wrong(unit).map(what => ({ path, line: unit.line, what })),
  )
}

/**
 * Returns what a number of exceptions is given for: a room of the server, a language of the site, the SDK, a folder below docs, or a file. Pages
 * may move within an area.
 */
export function areaOf(path: string): string {
  const area =
    /^server\/[^/]+(?:\/[^/]+(?=\/))?|^web\/docs\/content\/[^/]+(?=\/)|^sdk(?=\/)|^docs\/[^/]+(?=\/)/.exec(
      path,
    )
  // A file of the server itself, such as server/main.ts, is in the area `server`.
  return area?.[0].replace(/^server\/[^/]+\.ts$/, 'server') ?? path
}

export function countByArea(findings: readonly Finding[]): Exceptions {
  const counts: Exceptions = {}
  for (const { path } of findings) counts[areaOf(path)] = (counts[areaOf(path)] ?? 0) + 1
  return counts
}

/** Returns a line for each area that has more findings than its exceptions, or fewer, so that the number follows. */
export function differences(counts: Exceptions, allowed: Exceptions): string[] {
  return [...new Set([...Object.keys(counts), ...Object.keys(allowed)])].sort().flatMap(area => {
    const has = counts[area] ?? 0
    const may = allowed[area] ?? 0
    if (has > may)
      return [`${area}: ${has} findings, ${may} allowed; see them by node scripts/words/lint.ts ${area}`]
    return has < may
      ? [`${area}: ${has} findings, ${may} allowed; run node scripts/words/lint.ts --update`]
      : []
  })
}

/** Returns the numbers of exceptions, each lowered to what is there; an area without findings has none. */
export const lowered = (counts: Exceptions, allowed: Exceptions): Exceptions =>
  Object.fromEntries(
    Object.entries(allowed)
      .map(([area, may]) => [area, Math.min(may, counts[area] ?? 0)] as const)
      .filter(([, may]) => may > 0)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )

const tracked = (within: readonly string[]) =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...within], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
    .split('\n')
    .filter(path => looked.test(path) && !exempt.test(path) && existsSync(join(root, path)))

/** Returns what is wrong in all files, or in those within the given paths from the root. */
export const findAll = (within: readonly string[] = []): Finding[] =>
  tracked(within).flatMap(path => findingsIn(path, readFileSync(join(root, path), 'utf8')))

export const readExceptions = (): Exceptions => JSON.parse(readFileSync(exceptionsFile, 'utf8'))

function main(args: string[]): number {
  const files = args.filter(arg => !arg.startsWith('--')).map(arg => relative(root, resolve(arg)))
  if (files.length > 0) {
    const findings = findAll(files)
    for (const { path, line, what } of findings) console.log(`${path}:${line}: ${what}`)
    console.log(`${findings.length} findings`)
    return findings.length > 0 ? 1 : 0
  }
  const counts = countByArea(findAll())
  if (args.includes('--update')) {
    const allowed = existsSync(exceptionsFile) ? readExceptions() : counts
    writeFileSync(exceptionsFile, `${JSON.stringify(lowered(counts, allowed), null, 2)}\n`)
  }
  const wrong = differences(counts, readExceptions())
  for (const line of wrong) console.error(line)
  return wrong.length > 0 ? 1 : 0
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2))
