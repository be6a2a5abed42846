import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { languages } from '../../examples/languages.ts'
import { commands } from '../../server/cli/commands.ts'
import { adminCalls, endpoints, pushes } from '../../server/features.ts'
import { codes, type ErrorName } from '../../server/platform/http/errors.ts'
import { chapters } from '../../web/docs/content/contents.ts'
import { type Block, type Page, proseOf, readPages } from './pages.ts'

const server = join(import.meta.dirname, '../../server')
const examples = join(import.meta.dirname, '../../examples/typescript')
const sourcesWhere = (isMeant: (name: string) => boolean) =>
  readdirSync(server, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts') && isMeant(name))
    .map(name => readFileSync(join(server, name), 'utf8'))
    .join('\n')
const sources = sourcesWhere(() => true)
/** What starts the demo reads variables of its own. */
const start = readFileSync(join(server, '../scripts/start.ts'), 'utf8')
const zh = readPages('zh')
const en = readPages('en')
const englishOf = (page: Page) => en.find(one => one.name === page.name)!

describe('the pages of the site for developers', () => {
  it('are there in both languages', () => {
    expect(en.map(page => page.name)).toEqual(zh.map(page => page.name))
  })

  it.each([...zh, ...en])('$name begins with a title and a paragraph', ({ markdown }) => {
    expect(markdown).toMatch(/^# .+\n\n[^\n#`|>-].+\n\n/)
  })

  it.each(zh)('$name has the same snippets in both languages, and the same links', page => {
    expect(snippetsOf(englishOf(page))).toEqual(snippetsOf(page))
    expect(linksOf(englishOf(page))).toEqual(linksOf(page))
  })

  it.each(zh)('$name quotes examples as they are', ({ blocks }) => {
    const quoted = blocks.flatMap(({ file, text }) => {
      const path = join(examples, file ?? '')
      return file && existsSync(path)
        ? { file, text, isThere: readFileSync(path, 'utf8').includes(text) }
        : []
    })
    expect(quoted.filter(one => !one.isThere)).toEqual([])
  })

  it('stand in the contents, where nothing stands twice', () => {
    const listed = chapters.flatMap(chapter => chapter.pages)
    expect(new Set(listed).size).toBe(listed.length)
    const written = zh.map(page => page.name).filter(name => !name.startsWith('errors/'))
    expect(written.filter(name => !listed.includes(name))).toEqual([])
  })

  it.each(['zh', 'en'] as const)('have a row for every numbered section of the document (%s)', language => {
    const readme = readFileSync(join(import.meta.dirname, '../../docs/interface/README.md'), 'utf8')
    const table = readme.slice(readme.indexOf('## Sections'), readme.indexOf('The document numbers its'))
    const sections = [...table.matchAll(/^\| ([\d., ]+?) \|/gm)].flatMap(([, cell = '']) =>
      cell.startsWith('6, ') ? [cell.slice('6, '.length)] : cell.split(', '),
    )
    expect(sections).toHaveLength(27)
    const pages = { zh, en }[language]
    const guide = pages.find(page => page.name === 'build/moving-from-2019')?.markdown ?? ''
    const rows = [...guide.matchAll(/^\| (?:6 之 |6, )?([\d.]+) /gm)].map(([, section]) => section)
    expect(sections.filter(section => !rows.includes(section))).toEqual([])
    expect(rows.filter(section => section === '6.1')).toHaveLength(2)
  })

  it('has one for every error', () => {
    const known = Object.values(codes).map(({ code }) => `errors/${code}`)
    expect(zh.map(page => page.name).filter(name => name.startsWith('errors/'))).toEqual(known.sort())
  })
})

/** The first pages of what is made of declarations. */
const parts = ['reference', 'scopes', 'events', 'errors', 'examples', 'changelog', 'changelog.atom']

describe('what the pages name', () => {
  const paths = new Map<string, readonly string[]>(
    [
      ...endpoints,
      ...adminCalls.map(({ path, method }) => ({ path, methods: [method] })),
      ...pushes.map(({ path }) => ({ path, methods: ['GET', 'POST'] })),
    ].map(one => [one.path, one.methods]),
  )

  it.each([...zh, ...en])('$name: calls that there are', page => {
    const named = page.markdown.matchAll(/`(GET|POST) (\/(?:api|admin|mobile)\/[\w/]+)/g)
    const wrong = [...named].filter(([, method, path]) => !paths.get(path ?? '')?.includes(method ?? ''))
    expect(wrong.map(([text]) => text)).toEqual([])
  })

  it.each([...zh, ...en])('$name: pages that there are', page => {
    const names = new Set(zh.map(one => one.name))
    const wrong = linksOf(page).filter(link => {
      const path = link.replace(/^\/docs\//, '').replace(/#.*/, '')
      if (parts.includes(path)) return false
      if (path.startsWith('examples/')) return !languages.some(one => path === `examples/${one.folder}`)
      if (path.startsWith('reference/')) return !isReference(path.slice('reference/'.length))
      return !names.has(path)
    })
    expect(wrong).toEqual([])
  })

  it.each(zh)('$name: settings, figures and commands that there are', ({ markdown }) => {
    const named = [...markdown.matchAll(/\b(WISP_(?!URL)[A-Z_]+|wisp_[a-z_]+)\b/g)].map(([name]) => name)
    expect(named.filter(name => !sources.includes(name) && !start.includes(name))).toEqual([])
    const paths = commands.map(command => command.path)
    const typed = [...markdown.matchAll(/npx wisp ([a-z][a-z -]*)/g)].map(([, words]) => words ?? '')
    expect(typed.filter(words => !paths.some(path => `${words} `.startsWith(`${path} `)))).toEqual([])
  })

  /** As the site names them: the path without `/api/`, its parts joined by `-`. */
  const references = new Set(
    [...paths.keys()].map(path => path.replace(/^\/(api\/)?/, '').replaceAll('/', '-')),
  )
  const isReference = (name: string) => references.has(name)
})

describe('the messages on the pages of errors', () => {
  it.each(zh.filter(page => page.name.startsWith('errors/')))('$name are those of the code', page => {
    const quoted = [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, text]) => text ?? '')
    // Names, numbers and … stand for what the code puts in.
    const parts = quoted.flatMap(chineseIn)
    const unknown = parts.filter(part => !sources.includes(part))
    expect(unknown).toEqual([])
  })

  it.each(en.filter(page => page.name.startsWith('errors/')))(
    '$name are those of the code in English',
    page => {
      const parts = [...proseOf(page).matchAll(/^\| (`[^`\n]+`) \| `([^`\n]+)` \|/gm)].flatMap(
        ([, zhText = '', text]) =>
          chineseIn(zhText).length > 0 && !ofVendor.test(text ?? '') ? (text ?? '').split('…') : [],
      )
      const unknown = parts.filter(part => !sources.includes(part.trim()))
      expect(unknown).toEqual([])
    },
  )
})

/** What a vendor refused: its name and its code. */
const ofVendor = /^(?:WeCom|WeChat(?: Pay)?) [A-Z\d]/

describe('the changes of the API', () => {
  it.each([...zh, ...en].filter(page => page.name === 'build/api-changelog'))(
    '$title has every version of the changelog',
    ({ markdown }) => {
      const changelog = readFileSync(join(import.meta.dirname, '../../CHANGELOG.md'), 'utf8')
      const released = [...changelog.matchAll(/^## (\d\S*) — /gm)].map(([, version]) => version)
      const told = [...markdown.matchAll(/^## (\S+)$/gm)].map(([, version]) => version)
      expect(released.length).toBeGreaterThan(1)
      expect(told.slice(1)).toEqual(released)
    },
  )
})

/** What a person alone meets, in a page or a shell. 1000 and 1001 are left out: most of them are about what people enter. */
const ofPeople =
  /console|cli\/|break-glass\/|help-desk|sign-in|page-call|owners|official\/(?!api|templates\/sends)|payments\/payer|people\/administrators/

it('has every cause of an error that has words, but wrong parameters, on the page of its code', () => {
  const thrown = [
    ...sourcesWhere(name => !ofPeople.test(name)).matchAll(
      /ApiError\(\s*'(\w+)',\s*\{\s*zh:\s*(['`])(.*?)\2/gs,
    ),
  ].filter(([, error]) => error !== 'badParameter' && error !== 'missingParameter')
  expect(thrown.length).toBeGreaterThan(10)
  const missing = thrown.filter(([, error, , words = '']) => {
    const page = zh.find(one => one.name === `errors/${codes[error as ErrorName].code}`)
    return !chineseIn(words.replaceAll(/\$\{[^}]*\}/g, '…')).every(part => page?.markdown.includes(part))
  })
  expect(missing.map(([, error, , words]) => `${error}: ${words}`)).toEqual([])
})

/** All but prose: what is shown or run is not translated. */
function snippetsOf({ blocks }: Page) {
  const isSnippet = ({ language }: Block) => language !== 'text'
  return blocks.filter(isSnippet).map(({ language, file, text }) => ({ language, file, text }))
}

/** Inside the site, in order. */
function linksOf(page: Page): string[] {
  return [...proseOf(page).matchAll(/\]\((\/docs\/[^)\s]*)\)/g)].map(([, link]) => link ?? '')
}

/** The parts that are Chinese: what stands between names, numbers and the … that stands for what the code puts in. */
function chineseIn(text: string): string[] {
  return (text.match(/[\u3000-\u9fff\uff00-\uffef]+/g) ?? []).filter(part => /[\u4e00-\u9fff]/.test(part))
}
