import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildPages } from '../../scripts/build-pages.ts'
import { adminCalls, documentedCalls, documentedEvents, endpoints } from '../../server/features.ts'
import { codes } from '../../server/platform/http/errors.ts'
import { type Assets, readAssets } from '../../server/platform/http/files/assets.ts'
import { plainDocument } from '../../server/platform/http/openapi.ts'
import { scopes } from '../../server/platform/http/scope.ts'
import { languages } from '../../web/docs/build/content.ts'
import { callsOf, inputsOf, type OpenApi, slugOf } from '../../web/docs/build/reference/calls.ts'
import { eventSlugOf, eventsOf } from '../../web/docs/build/reference/events.ts'
import { createEngine } from '../../web/docs/client/search/engine.ts'
import { chapters } from '../../web/docs/content/contents.ts'
import { moved, movedSections } from '../../web/docs/content/moved.ts'
import type { Schema } from '../../web/docs/shared/call.ts'
import type { Row } from '../../web/docs/shared/search/row.ts'
import { freshSearches } from '../docs/fresh-searches.ts'
import { laterSearches } from '../docs/later-searches.ts'
import { readers } from '../docs/readers.ts'
import { fromOutside, ownWords } from '../docs/searches.ts'

const root = resolve(import.meta.dirname, '../..')
const content = join(root, 'web/docs/content')

let assets: Assets
beforeAll(async () => {
  await buildPages()
  assets = readAssets(join(root, 'web/dist'))
}, 120_000)

const text = (path: string) => assets.get(path)?.plain.toString() ?? ''
const pages = () => [...assets.keys()].filter(path => /^\/docs\/.*\.html$/.test(path))
/** The file that the server sends for an address of the site. */
const fileOf = (address: string) =>
  /^\/docs(\/en)?$/.test(address)
    ? `${address}/index.html`
    : address.endsWith('.md')
      ? address
      : `${address}.html`
const isServed = (path: string) =>
  ['/openapi.json', '/docs.md', '/docs/en.md', '/docs/changelog.atom'].includes(path)

describe('links', () => {
  it('lead to pages and places that exist', () => {
    const ids = new Map(
      pages().map(path => [path, new Set([...text(path).matchAll(/ id="([^"]+)"/g)].map(one => one[1]))]),
    )
    const dead = pages().flatMap(page =>
      [...text(page).matchAll(/ (?:href|src)="([^"]+)"/g)].flatMap(([, address = '']) => {
        if (/^https?:\/\//.test(address) || isServed(address) || page.endsWith('/404.html')) return []
        const [path = '', place] = address.replaceAll('&amp;', '&').split('#')
        const isPage = /^\/docs(\/|$)/.test(path)
        const file = path === '' ? page : isPage ? fileOf(path) : path
        const isThere = assets.has(file) || /^\/(console|portal|mobile|developer|signin|pay)(\/|$)/.test(file)
        const isPlace = place === undefined || ids.get(file)?.has(decodeURIComponent(place))
        return isThere && isPlace ? [] : [`${page} -> ${address}`]
      }),
    )
    expect(dead).toEqual([])
  })

  it('make nothing load from elsewhere', () => {
    const foreign = pages().flatMap(page =>
      [
        ...text(page).matchAll(
          /<(?:script|link|img|iframe|source|video|audio)\b[^>]*?(?:src|href)="(https?:|\/\/)[^"]*"/g,
        ),
      ].map(match => `${page}: ${match[0]}`),
    )
    expect(foreign).toEqual([])
    const styles = [...assets.keys()].filter(path => /^\/assets\/docs.*\.css$/.test(path))
    expect(styles.filter(path => /url\(|@import/.test(text(path)))).toEqual([])
  })

  it('have nothing inline that the policy would refuse', () => {
    const inline = /<script(?![^>]*(src=|type="application\/json"))|<style| style="| on\w+="/
    expect(pages().filter(page => inline.test(text(page)))).toEqual([])
  })
})

describe('from the first page', () => {
  const questions = Object.entries(readers).flatMap(([reader, list]) =>
    languages.flatMap(language => list.map(one => [reader, language, one.question, one] as const)),
  )
  /** Pages that a page's own text leads to; the navigation is left out. */
  const linkedFrom = (file: string) => {
    const main = /<main[\s\S]*<\/main>/.exec(text(file))?.[0] ?? ''
    return [...main.matchAll(/ href="(\/docs[^"#]*)/g)].map(([, address = '']) => fileOf(address))
  }

  it.each(questions)('somebody who %s (%s) is two clicks from: %s', (_reader, language, _question, one) => {
    const folder = language === 'en' ? '/docs/en' : '/docs'
    const first = linkedFrom(`${folder}/index.html`)
    const within = new Set([...first, ...first.flatMap(linkedFrom)])
    expect([...within]).toContain(`${folder}/${one.page}.html`)
    expect(text(`${folder}/${one.page}.html`)).toMatch(one[language])
  })

  it('has six questions of each reader', () => {
    expect(Object.values(readers).map(list => list.length)).toEqual([6, 6, 6, 6])
  })

  it('leads from every former address to a page that there is', () => {
    const gone = Object.entries(moved).filter(([from, to]) =>
      languages.some(language => {
        const folder = language === 'en' ? '/docs/en' : '/docs'
        return assets.has(`${folder}/${from}.html`) || !assets.has(`${folder}/${to}.html`)
      }),
    )
    expect(gone).toEqual([])
  })
})

describe('every language', () => {
  it.each(languages)('%s has a page for each call and each code, whose causes somebody wrote', language => {
    const folder = language === 'en' ? '/docs/en' : '/docs'
    const wanted = [
      ...[...endpoints, ...adminCalls].map(one => `${folder}/reference/${slugOf(one.path)}`),
      ...Object.values(codes).map(one => `${folder}/errors/${one.code}`),
      ...Object.keys(documentedEvents).map(type => `${folder}/events/${eventSlugOf(type)}`),
      ...['reference', 'scopes', 'events', 'errors', 'examples', 'changelog'].map(
        part => `${folder}/${part}`,
      ),
    ]
    expect(wanted.filter(page => !assets.has(`${page}.html`) || !assets.has(`${page}.md`))).toEqual([])
    const written = Object.values(codes).map(one => join(content, language, 'errors', `${one.code}.md`))
    expect(written.filter(file => !existsSync(file))).toEqual([])
  })

  it('has the written pages that the other has, all of them in the contents', () => {
    const [zh, en] = ['zh', 'en'].map(language =>
      readdirSync(join(content, language), { recursive: true, encoding: 'utf8' })
        .filter(name => name.endsWith('.md'))
        .map(name => name.slice(0, -3))
        .sort(),
    )
    expect(en).toEqual(zh)
    const listed = chapters.flatMap(chapter => chapter.pages)
    expect(zh?.filter(name => !name.startsWith('errors/') && !listed.includes(name))).toEqual([])
  })

  it('leads former pages and sections to pages that there are', () => {
    const sections = Object.entries(movedSections).flatMap(([page, to]) => [page, ...Object.values(to)])
    const names = [...Object.values(moved), ...sections]
    expect(names.filter(name => !assets.has(`/docs/${name}.html`))).toEqual([])
    expect(names.filter(name => !assets.has(`/docs/en/${name}.html`))).toEqual([])
  })

  it('has the fences of a page in the same order in both', () => {
    const fences = (language: string, name: string) =>
      [...readFileSync(join(content, language, `${name}.md`), 'utf8').matchAll(/^```(\w+)/gm)].map(
        one => one[1],
      )
    const names = chapters
      .flatMap(one => one.pages)
      .filter(name => existsSync(join(content, 'zh', `${name}.md`)))
    for (const name of names) expect(fences('en', name), name).toEqual(fences('zh', name))
  })
})

describe('Markdown', () => {
  const markdown = () => [...assets.keys()].filter(path => /^\/docs\/.*\.md$/.test(path))

  it('leads to pages of its language, which there are', () => {
    const wrong = markdown().flatMap(file =>
      [
        ...text(file)
          .replace(/^```[\s\S]*?^```$/gm, '')
          .matchAll(/\]\((\/docs[^)\s]*)\)/g),
      ].flatMap(([, to = '']) => {
        const [path = ''] = to.split('#')
        const isEnglish = /^\/docs\/en(\/|$)/.test(path)
        const isOfAll = isServed(path)
        const isThere = isOfAll || assets.has(fileOf(path))
        return isThere && (isOfAll || isEnglish === /^\/docs\/en[./]/.test(file)) ? [] : [`${file} -> ${to}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  it('has what the changelog leads to', () => {
    const source = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
    const links = [...source.matchAll(/\]\(([^)]+)\)/g)].map(([, to = '']) => to)
    expect(links.length).toBeGreaterThan(20)
    for (const [file, folder] of [
      ['/docs/changelog.md', '/docs'],
      ['/docs/en/changelog.md', '/docs/en'],
    ] as const) {
      const shown = text(file)
      const lost = links.filter(to => {
        const page = /^web\/docs\/content\/\w+\/([\w/-]+)\.md(.*)$/.exec(to)
        return !shown.includes(page ? `](${folder}/${page[1]}${page[2]})` : to)
      })
      expect(lost, file).toEqual([])
    }
  })

  it('has all fields of calls and events, those of objects that may be null among them', () => {
    const document = plainDocument(documentedCalls, '', 'zh', documentedEvents) as unknown as OpenApi
    const names = (schema: Schema | undefined): string[] => [
      ...Object.entries(schema?.properties ?? {}).flatMap(([name, inner]) => [name, ...names(inner)]),
      ...[...(schema?.items ? [schema.items] : []), ...(schema?.anyOf ?? [])].flatMap(names),
    ]
    const pagesOf = [
      ...callsOf(document).map(call => [`reference/${call.slug}`, call.body, inputsOf(call)] as const),
      ...eventsOf(document).map(event => [`events/${event.slug}`, event.data, undefined] as const),
    ]
    const missing = pagesOf.flatMap(([page, ...schemas]) =>
      [...new Set(schemas.flatMap(names))].flatMap(name =>
        ['html', 'md'].flatMap(kind => {
          const shown = text(`/docs/${page}.${kind}`)
          return shown.includes(`<code>${name}</code>`) || shown.includes(`\`${name}\``)
            ? []
            : [`${page}.${kind} ${name}`]
        }),
      ),
    )
    expect(missing).toEqual([])
    expect(text('/docs/reference/admin-todo-settings.html')).toContain('<code>timeZone</code>')
  })

  it('has the scopes with all calls and events that need each', () => {
    for (const scope of scopes) {
      const needs = [
        ...endpoints.flatMap(({ path, access }) =>
          access.by === 'developer' && access.scope === scope ? [path] : [],
        ),
        ...Object.entries(documentedEvents).flatMap(([type, event]) => (event.scope === scope ? [type] : [])),
      ]
      for (const file of ['/docs/scopes.md', '/docs/en/scopes.md']) {
        const row = text(file)
          .split('\n')
          .find(line => line.startsWith(`| \`${scope}\` |`))
        expect(
          needs.filter(one => !row?.includes(`\`${one}\``)),
          `${file} ${scope}`,
        ).toEqual([])
      }
    }
  })
})

it('has the same sections in both languages, so that the switch between them keeps the place', () => {
  const count = (path: string) => (text(path).match(/<h[23] id="/g) ?? []).length
  const english = pages().filter(path => path.startsWith('/docs/en/'))
  const other = english.filter(path => count(path) !== count(path.replace('/docs/en/', '/docs/')))
  expect(english.length).toBeGreaterThan(100)
  expect(other).toEqual([])
})

describe('for tools', () => {
  it('has a feed of releases and a map of the site, each with all that there is', () => {
    const versions = [...readFileSync(join(root, 'CHANGELOG.md'), 'utf8').matchAll(/^## \d.* — /gm)]
    expect(text('/docs/changelog.atom').match(/<entry>/g)).toHaveLength(versions.length)
    const listed = [...text('/docs/sitemap.xml').matchAll(/<loc>https:\/\/wisp\.example\.com([^<]+)</g)]
    const addresses = pages().filter(path => !path.endsWith('/404.html'))
    expect(listed.map(([, path = '']) => fileOf(path)).sort()).toEqual(addresses.sort())
  })

  it('llms.txt lists the Markdown of every page, each with a title', () => {
    const listed = [...text('/llms.txt').matchAll(/\]\(([^)]+)\)/g)].map(match => match[1] ?? '')
    const others = /\/(404|index)\.(md|html)$/
    const plain = [...assets.keys()].filter(path => /^\/docs\/.*\.md$/.test(path) && !others.test(path))
    expect(listed.sort()).toEqual(plain.sort())
    expect(plain.filter(path => !/^# \S/.test(text(path)))).toEqual([])
  })
})

it('weighs little: a first page with all that it loads at most 40 kB', () => {
  for (const page of ['/docs/index.html', '/docs/reference/org-list.html', '/docs/errors/1005.html']) {
    const loaded = [...text(page).matchAll(/(?:src|href)="(\/(?:assets\/|start)[^"]+)"/g)].map(
      one => one[1] ?? '',
    )
    const sizes = [page, ...loaded].map(path => gzipSync(assets.get(path)?.plain ?? '').length)
    expect(loaded.length).toBeGreaterThan(2)
    expect(
      sizes.reduce((sum, one) => sum + one, 0),
      page,
    ).toBeLessThan(40_000)
  }
})

describe('the search', () => {
  const engines = new Map<string, ReturnType<typeof createEngine>>()
  beforeAll(() => {
    for (const language of languages) {
      const path = [...assets.keys()].find(one => one.startsWith(`/assets/search-${language}-`))
      engines.set(language, createEngine(JSON.parse(text(path ?? '')) as Row[]))
    }
  })
  const found = (language: string, query: string) => engines.get(language)?.search(query) ?? []

  const all = languages.flatMap(language =>
    [...fromOutside[language], ...ownWords[language]].map(
      ([query, page]) => [language, query, page] as const,
    ),
  )
  it.each(all)('in %s finds by %s', (language, query, page) => {
    const pages = found(language, query).map(one => one.to.replace(/^\/docs\/(en\/)?|#.*/g, ''))
    expect(pages.slice(0, 3)).toContain(page)
  })

  it.each([
    ['at first', freshSearches],
    ['later', laterSearches.first],
    ['after that', laterSearches.second],
    ['last', laterSearches.third],
  ])(
    'leads nine of ten people who do not know its words to a page that helps, by what they typed %s',
    (_, searches) => {
      const asked = languages.flatMap(language => searches[language].map(one => ({ language, one })))
      expect(asked.length).toBeGreaterThanOrEqual(60)
      const named = new Set(asked.flatMap(({ one: [, ...wanted] }) => wanted))
      expect([...named].filter(name => !assets.has(`/docs/${name}.html`))).toEqual([])
      const misled = asked.flatMap(({ language, one: [query, ...wanted] }) => {
        const shown = found(language, query)
          .slice(0, 3)
          .map(one => one.to.replace(/^\/docs\/(en\/)?|#.*/g, ''))
        return shown.some(page => wanted.includes(page)) ? [] : [`${query} -> ${shown.join(', ')}`]
      })
      expect(misled.length / asked.length, misled.join('\n')).toBeLessThanOrEqual(0.1)
    },
  )

  it('is asked in many ways, half of them from outside', () => {
    expect(all.length).toBeGreaterThanOrEqual(60)
    const outside = languages.flatMap(language => fromOutside[language]).length
    expect(outside / all.length).toBeGreaterThanOrEqual(0.5)
  })

  it('shows the hit in its text, also where another word led to the page', () => {
    const hits = (query: string) =>
      found('zh', query)
        .slice(0, 3)
        .flatMap(one => one.snippet.flatMap(part => (part.isHit ? [part.text] : [])))
    expect(hits('短信模板变量')).toContain('短信模板变量')
    expect(hits('断线重连')).toContain('断线重连')
  })

  it('finds nothing for what is nowhere, and takes anything in little time', () => {
    for (const query of ['qqqqzzzz', '   ', '😀😀😀', '.*+?^{}()|[]\\'])
      expect(found('zh', query), query).toEqual([])
    const startedAt = performance.now()
    for (const query of ['x'.repeat(500), '发'.repeat(500), 'a b '.repeat(125), '<b>'])
      for (const one of found('zh', query)) expect(one.to).toMatch(/^\/docs\//)
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })
})
