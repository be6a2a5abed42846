import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildPages } from '../../scripts/build-pages.ts'
import { endpoints } from '../../server/features.ts'
import { codes } from '../../server/platform/http/errors.ts'
import { type Assets, readAssets } from '../../server/platform/http/files/assets.ts'
import { languages } from '../../web/docs/build/content.ts'
import { slugOf } from '../../web/docs/build/reference/calls.ts'
import type { Row } from '../../web/docs/build/search-index.ts'
import { search } from '../../web/docs/client/search/match.ts'
import { chapters } from '../../web/docs/content/contents.ts'

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
const isServed = (path: string) => ['/openapi.json', '/docs.md', '/docs/en.md'].includes(path)

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

describe('every language', () => {
  it.each(languages)('%s has a page for each call and each code, whose causes somebody wrote', language => {
    const folder = language === 'en' ? '/docs/en' : '/docs'
    const wanted = [
      ...endpoints.map(one => `${folder}/reference/${slugOf(one.path)}`),
      ...Object.values(codes).map(one => `${folder}/errors/${one.code}`),
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

describe('for tools', () => {
  it('llms.txt lists the Markdown of every page, each with a title', () => {
    const listed = [...text('/llms.txt').matchAll(/\]\(([^)]+)\)/g)].map(match => match[1] ?? '')
    const others = /\/(404|index)\.(md|html)$/
    const plain = [...assets.keys()].filter(path => /^\/docs\/.*\.md$/.test(path) && !others.test(path))
    expect(listed.sort()).toEqual(plain.sort())
    expect(plain.filter(path => !/^# \S/.test(text(path)))).toEqual([])
  })
})

it('weighs little: a first page with all that it loads at most 150 kB', () => {
  for (const page of ['/docs/index.html', '/docs/reference/org-list.html', '/docs/errors/1005.html']) {
    const loaded = [...text(page).matchAll(/(?:src|href)="(\/(?:assets\/|start)[^"]+)"/g)].map(
      one => one[1] ?? '',
    )
    const sizes = [page, ...loaded].map(path => gzipSync(assets.get(path)?.plain ?? '').length)
    expect(loaded.length).toBeGreaterThan(2)
    expect(
      sizes.reduce((sum, one) => sum + one, 0),
      page,
    ).toBeLessThan(60_000)
  }
})

describe('the search', () => {
  const rows = (language: string) => {
    const path = [...assets.keys()].find(one => one.startsWith(`/assets/search-${language}-`))
    return JSON.parse(text(path ?? '')) as Row[]
  }

  it.each([
    ['zh', 'fasongxiaoxi', '/docs/reference/message-send'],
    ['zh', 'fsxx', '/docs/reference/message-send'],
    ['zh', '发送 短信', '/docs/reference/message-sms'],
    ['zh', '/api/user/get', '/docs/reference/user-get'],
    ['zh', '1005', '/docs/errors/1005'],
    ['zh', 'pay:write', '/docs/reference/pay-bill-create'],
    ['en', 'recall', '/docs/en/reference/message-recall'],
    ['en', 'error 1009', '/docs/en/errors/1009'],
  ])('in %s finds by %s', (language, query, page) => {
    expect(
      search(rows(language), query)
        .slice(0, 3)
        .map(row => row.to),
    ).toContain(page)
  })

  it('finds nothing for what is nowhere', () => {
    expect(search(rows('zh'), 'qqqqzzzz')).toEqual([])
    expect(search(rows('zh'), '   ')).toEqual([])
  })
})
