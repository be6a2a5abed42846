import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { coverage } from '../sandbox/coverage.ts'
import { officialCoverage } from '../sandbox/official/coverage.ts'
import { payCoverage } from '../sandbox/pay/coverage.ts'
import { endpoints, pushes } from '../server/features.ts'

/** Follows every citation of a page, so that no comment and no link leads outside of the repository or to a heading that is gone. */
const root = resolve(import.meta.dirname, '..')
const text = (path: string) => readFileSync(join(root, path), 'utf8')

const folders = 'bench bin deploy docs examples sandbox scripts sdk server test web .ci'.split(' ')
/** Built, or made of declarations, whose own sources are looked at. */
const built = /^(web\/dist|sdk\/esm|sdk\/cjs|bench\/results)\/|\/(node_modules|generated)\//
const withText = /\.(tsx?|m?js|css|sql|md|ya?ml|py|go|java|php|cs|sh|cfg|conf|service)$/
const files = [
  ...readdirSync(root, { withFileTypes: true })
    .filter(one => one.isFile())
    .map(one => one.name),
  ...folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name => `${folder}/${name}`),
  ),
].filter(path => withText.test(path) && !built.test(path) && path !== 'test/citations.test.ts')

/** The pages of the public site link each other by addresses of the site, which test/docs follows. */
const isOfTheSite = (path: string) => path.startsWith('web/docs/content/')
const isMarkdown = (path: string) => path.endsWith('.md')

/** As GitHub makes them of a page's headings: in lower case, without punctuation, blanks as hyphens, a number behind a repetition. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of withoutBlocks(markdown).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const shown = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = shown.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-')
    let anchor = slug
    for (let number = 1; anchors.has(anchor); number++) anchor = `${slug}-${number}`
    anchors.add(anchor)
  }
  return anchors
}

/** Without blocks of code, but with as many lines. */
const withoutBlocks = (markdown: string) =>
  markdown.replaceAll(/^( *)(```+)[\s\S]*?^\1\2 *$/gm, block => block.replaceAll(/[^\n]/g, ''))

const kept = new Map<string, Set<string>>()
function anchors(path: string): Set<string> {
  const known = kept.get(path) ?? anchorsOf(text(path))
  kept.set(path, known)
  return known
}

/** What is wrong with a target that is a path of the repository, with or without a heading of the page. */
function wrongWith(target: string): string | undefined {
  const [path = '', anchor] = target.split('#')
  if (!existsSync(join(root, path))) return 'no such file'
  if (anchor === undefined) return undefined
  if (!isMarkdown(path)) return 'not a page'
  return anchors(path).has(decodeURIComponent(anchor)) ? undefined : 'no such heading'
}

type Citation = { at: string; target: string }

function findAll(path: string, content: string, pattern: RegExp): Citation[] {
  return [...content.matchAll(pattern)].map(match => ({
    at: `${path}:${content.slice(0, match.index).split('\n').length}`,
    target: match[1] ?? match[0],
  }))
}

const broken = (found: readonly Citation[]) =>
  found.flatMap(({ at, target }) => {
    const wrong = wrongWith(target)
    return wrong ? [`${at}: ${target} (${wrong})`] : []
  })

describe('a citation', () => {
  /** From the repository's root: a page of docs/, of a folder, or one that stands at the root. */
  const page =
    /(?<![\w/.-])((?:(?:docs|sandbox|sdk)\/[\w./-]+|[A-Z]{4,}(?:\.zh-CN)?)\.md(?:#[\p{L}\p{N}_-]+)?)/gu
  const citing = files.filter(path => !isOfTheSite(path))

  it('leads to a page that is there, and to a heading in it', () => {
    const found = citing.flatMap(path => findAll(path, text(path), page))
    expect(found.filter(one => one.target.includes('#')).length).toBeGreaterThan(200)
    expect(broken(found)).toEqual([])
  })

  it('names no page outside of the repository', () => {
    // A file of a migration is never changed once it was released; it says in comments of columns where the values come from.
    const released = ['server/platform/storage/migrations/0001-address-book.sql']
    const outside =
      /§ ?\d|(?<![\w/-])upstream(?:-\d)?\.md|(?<![\w/-])spec(?:-\d)?(?:\.md| ?§| \d\.\d)|\bseed,? (?:chapter )?\d\.\d|\bfact sheet/gi
    const found = files
      .filter(path => !released.includes(path))
      .flatMap(path => findAll(path, text(path), outside))
    expect(found).toEqual([])
    for (const path of released) expect(findAll(path, text(path), outside), path).not.toEqual([])
  })

  it('in the tables of what the sandbox answers is a heading of docs/upstream', () => {
    const found = [...coverage, ...officialCoverage, ...payCoverage].map(({ path, section }) => ({
      at: path,
      target: `docs/upstream/${section}`,
    }))
    expect(broken(found)).toEqual([])
  })

  it('of a section of the interface document is one that docs/interface tells of', () => {
    const told = new Set(
      [...text('docs/interface/README.md').matchAll(/^\| ([\d., ]+) \|/gm)].flatMap(
        match => match[1]?.split(', ') ?? [],
      ),
    )
    const named = [...endpoints, ...pushes].flatMap(one => one.section.split('、'))
    expect([...new Set(named)].filter(section => section !== 'wisp' && !told.has(section))).toEqual([])
  })
})

describe('a link in Markdown', () => {
  const pages = files.filter(path => isMarkdown(path) && !isOfTheSite(path))

  it('leads to a file that is there, and to a heading in it', () => {
    const found = pages.flatMap(path => {
      const prose = withoutBlocks(text(path)).replaceAll(/`[^`\n]*`/g, code => code.replaceAll(/\]\(/g, ')('))
      return findAll(path, prose, /\]\(([^)\s]+)\)/g)
        .filter(({ target }) => !/^([a-z]+:|\/)/.test(target))
        .map(({ at, target }) => ({
          at,
          target: target.startsWith('#') ? `${path}${target}` : normalize(join(dirname(path), target)),
        }))
    })
    expect(found.length).toBeGreaterThan(200)
    expect(broken(found)).toEqual([])
  })

  it('leads from the list of a folder to each of its pages', () => {
    for (const folder of ['docs/upstream', 'docs/interface']) {
      const list = text(`${folder}/README.md`)
      const others = readdirSync(join(root, folder)).filter(name => name !== 'README.md')
      expect(
        others.filter(name => !list.includes(`](${name}`)),
        folder,
      ).toEqual([])
    }
  })

  it('leads from the top of a page to each of its headings', () => {
    const listed = pages.filter(path => /^docs\/(upstream|interface)\/(?!README)/.test(path))
    const wrong = listed.flatMap(path =>
      [...anchors(path)]
        .slice(1)
        .filter(anchor => !text(path).includes(`](#${anchor})`))
        .map(anchor => `${path}#${anchor}`),
    )
    expect(wrong).toEqual([])
  })
})

it('makes anchors as GitHub does', () => {
  const page =
    '# 报文加密 · Packet `x_y`\n```md\n# not one\n```\n## A, b & c!\n## A, b & c!\n## [Link](x.md) to 2.3\n'
  expect([...anchorsOf(page)]).toEqual(['报文加密--packet-x_y', 'a-b--c', 'a-b--c-1', 'link-to-23'])
})
