import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  findSoakTests,
  findTests,
  longest,
  notAboutSql,
  quickExcludes,
  storageTests,
  waiting,
  without,
} from '../scripts/test/paths.ts'
import { root } from '../scripts/test/run.ts'

const tests = findTests()
const text = (path: string) => readFileSync(join(root, path), 'utf8')

it('a file runs among those that wait or among the others, and is not left out by both', () => {
  const globs = waiting.map(path => without(path).replace('--exclude=', ''))
  const isWaiting = (test: string) => waiting.some(path => test.includes(path))
  const isLeftOut = (test: string) => globs.some(glob => matchesGlob(test, glob))
  expect(tests.filter(test => isWaiting(test) !== isLeftOut(test))).toEqual([])
  expect(tests.some(isWaiting)).toBe(true)
})

describe('a path of tests', () => {
  const contributing = text('CONTRIBUTING.md')
  const groups = contributing.slice(contributing.indexOf('| group |'), contributing.indexOf('## Style'))

  it.each([
    ...[...longest, ...waiting, ...quickExcludes, ...storageTests, ...notAboutSql].map(
      path => ['scripts/test/paths.ts', path] as const,
    ),
    ...[...groups.matchAll(/`((?:server|sandbox|test)\/[^`]*)`/g)].map(
      match => ['CONTRIBUTING.md', match[1] ?? ''] as const,
    ),
    ...[...contributing.matchAll(/npx vitest(?: run)? (\S+?)(?=[`\s])/g)].map(
      match => ['CONTRIBUTING.md', match[1] ?? ''] as const,
    ),
  ])('in %s is one where tests are: %s', (_file, path) => {
    expect(tests.filter(test => test.includes(path))).not.toEqual([])
  })
})

it('asks how much to do in files of tests alone, where npm run soak looks for it', () => {
  const helpers = tests.flatMap(test =>
    [...text(test).matchAll(/from '(\.[^']+(?<!\/soak|\.test)\.ts)'/g)].map(match =>
      join(test, '..', match[1] ?? ''),
    ),
  )
  const askers = [...new Set(helpers)].filter(
    path => path.startsWith('test/') && /\bsoak\(|\bisSoak\b/.test(text(path)),
  )
  expect(askers).toEqual([])
  expect(findSoakTests()).toContain('test/attacks/fuzz.test.ts')
  expect(findSoakTests()).toContain('server/features/message-types/decide/decide.test.ts')
})

/** Files and folders of the repository, without what is installed or built. */
const paths = (function below(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(one => {
    const path = folder === '' ? one.name : `${folder}/${one.name}`
    if (['.git', 'node_modules', 'dist'].includes(one.name) || path === 'data') return []
    return one.isDirectory() ? [path, ...below(path)] : [path]
  })
})('')

/** `read/view.ts` stands for every path that ends so. `<name>` and `…` stand for any name; of sources and pages the ending may be left out. */
function isThere(path: string): boolean {
  const ending = path
    .replace(/\/$/, '')
    .replaceAll(/[.+()[\]]/g, '\\$&')
    .replaceAll(/<[^>]+>|…/g, '[^/]*')
  const pattern = new RegExp(`(^|/)${ending}(\\.tsx?|\\.md)?$`)
  return paths.some(one => pattern.test(one))
}

/** What a page writes as code and looks like a path: with a slash inside, or with the ending of a file. */
function pathsOf(page: string): string[] {
  const prose = page.replaceAll(/^```+[\s\S]*?^```+$/gm, '')
  const code = [...prose.matchAll(/`([^`\n]+)`/g)].map(match => match[1] ?? '')
  return code.filter(
    one =>
      /^[\w.<][\w./<>…-]*$/.test(one) &&
      !one.startsWith('web/dist') &&
      (one.includes('/') || /\w\.(tsx?|m?js|md|sql|json|ya?ml|cfg)$/.test(one)),
  )
}

/** The paths of a tree that is drawn by two blanks a level. */
function pathsOfTree(page: string): string[] {
  const [, tree = ''] = /^## The tree\n+```\n([\s\S]*?)^```$/m.exec(page) ?? []
  const parents: string[] = []
  return [...tree.matchAll(/^( *)(\S+) /gm)].map(([, indent = '', name = '']) => {
    parents.splice(indent.length / 2, Infinity, name.replace(/\/$/, ''))
    return parents.join('/')
  })
}

describe('a page about the code', () => {
  const pages = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/decisions/README.md', 'docs/dependencies.md']
  it.each(pages)('%s names paths that are there', page => {
    const named = pathsOf(text(page))
    expect(named).not.toEqual([])
    expect(named.filter(path => !isThere(path))).toEqual([])
  })

  it('draws a tree of what is there, with every room', () => {
    const drawn = pathsOfTree(text('ARCHITECTURE.md'))
    expect(drawn.filter(path => !existsSync(join(root, path)))).toEqual([])
    const storeys = ['platform', 'upstream', 'organisation', 'callers', 'features']
    const rooms = paths.filter(path => new RegExp(`^server/(${storeys.join('|')})/[^/.]+$`).test(path))
    expect(rooms.length).toBeGreaterThan(60)
    expect(rooms.filter(room => !drawn.includes(room))).toEqual([])
  })

  it('lists foreign judges that are installed for development', () => {
    const [, table = ''] = /^## Foreign judges\n([\s\S]*?)^## /m.exec(text('CONTRIBUTING.md')) ?? []
    const judges = [...table.matchAll(/^\| ([\w@/-]+) \| (?!judges)/gm)].map(([, name = '']) => name)
    const installed: Record<string, string> = JSON.parse(text('package.json')).devDependencies
    expect(judges.length).toBeGreaterThan(8)
    expect(judges.filter(name => !(name in installed))).toEqual([])
  })

  it('is short', () => {
    expect(text('ARCHITECTURE.md').split(/\s+/).length).toBeLessThan(3000)
    for (const page of ['README.md', 'README.zh-CN.md'])
      expect(text(page).trimEnd().split('\n').length, page).toBeLessThanOrEqual(100)
  })

  it('would name a path that is gone', () => {
    const page =
      'by `developers/lenders.ts`, `alerts/causes.ts` and `sessions/lenders.ts`, of `ctx.offered` and `/docs`'
    expect(pathsOf(page).filter(path => !isThere(path))).toEqual([
      'developers/lenders.ts',
      'alerts/causes.ts',
    ])
  })
})
