import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAssets } from './assets.ts'
import { registerDocs } from './docs.ts'

const dir = mkdtempSync(join(tmpdir(), 'wisp-docs-'))
const app = fastify()

beforeAll(() => {
  mkdirSync(join(dir, 'docs/en'), { recursive: true })
  for (const [file, text] of [
    ['index.html', '首页'],
    ['bills.html', '账单'],
    ['404.html', '没有'],
    ['en/index.html', 'first page'],
    ['en/bills.html', 'bills'],
    ['moved.json', '{"guides/bills":"bills"}'],
  ] as const)
    writeFileSync(join(dir, 'docs', file), text)
  const assets = readAssets(dir)
  registerDocs(
    app,
    () => assets,
    () => 'https://wisp.example.org',
  )
})
afterAll(async () => {
  await app.close()
  rmSync(dir, { recursive: true, force: true })
})

const ask = (url: string, language?: string) =>
  app.inject({ url, headers: language === undefined ? {} : { 'accept-language': language } })

describe('/docs', () => {
  it.each(['en', 'en-GB,en;q=0.9', 'fr,en;q=0.5', 'zh;q=0.3,en-US;q=0.9'])(
    'is English for %s',
    async language => {
      for (const url of ['/docs', '/docs?from=mail']) {
        const { statusCode, headers } = await ask(url, language)
        expect([statusCode, headers.location], url).toEqual([302, '/docs/en'])
        expect(headers.vary, url).toContain('accept-language')
      }
    },
  )

  it.each([undefined, 'zh-CN,zh;q=0.9,en;q=0.8', 'fr', '*', ''])('is Chinese for %s', async language => {
    const answer = await ask('/docs', language)
    expect([answer.statusCode, answer.body]).toEqual([200, '首页'])
    expect(answer.headers.vary).toBe('accept-language, accept-encoding')
  })

  it('has an address for each language, which nobody is led away from', async () => {
    for (const [url, text] of [
      ['/docs/index', '首页'],
      ['/docs/bills', '账单'],
      ['/docs/en', 'first page'],
      ['/docs/en/bills', 'bills'],
    ] as const)
      for (const language of ['en', 'zh']) {
        const answer = await ask(url, language)
        expect([answer.statusCode, answer.body], `${url} ${language}`).toEqual([200, text])
      }
  })

  it('leads from the former address of a page to its present one, in its language', async () => {
    for (const [url, to] of [
      ['/docs/guides/bills', '/docs/bills'],
      ['/docs/en/guides/bills', '/docs/en/bills'],
      ['/docs/en/guides/bills.md?x=1', '/docs/en/bills.md'],
    ] as const) {
      const { statusCode, headers } = await ask(url)
      expect([statusCode, headers.location], url).toEqual([301, to])
    }
    for (const url of ['/docs/guides/toString', '/docs/guides', '/docs/moved/guides/bills'])
      expect((await ask(url)).statusCode, url).toBe(404)
  })
})
