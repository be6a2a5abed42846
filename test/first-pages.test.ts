import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { buildPages } from '../scripts/build-pages.ts'

const dist = resolve(import.meta.dirname, '../web/dist')
/** Of the overview, which most open first; of half of the pages; and of any. A page that grew over these loads too much at once. */
const limits = {
  overview: { files: 25, bytes: 310_000 },
  half: { files: 25, bytes: 352_000 },
  any: { files: 29, bytes: 384_000 },
}

/** What is loaded by whoever opens a page first, as the build says (`web/build/page-chunks.ts`). */
it('loads few files and bytes for any first page of the console', async () => {
  await buildPages()
  const pages = JSON.parse(readFileSync(join(dist, 'first-pages.json'), 'utf8')) as Record<string, string[]>
  const sizes = new Map<string, number>()
  const sizeOf = (file: string) => {
    const size = sizes.get(file) ?? gzipSync(readFileSync(join(dist, file)), { level: 9 }).length
    sizes.set(file, size)
    return size
  }
  const weights = Object.entries(pages).map(([page, files]) => ({
    page,
    files: files.length,
    bytes: files.reduce((sum, file) => sum + sizeOf(file), 0),
  }))
  expect(weights.length).toBeGreaterThan(50)
  expect(weights.every(({ bytes }) => bytes > 150_000)).toBe(true)
  const fits = (limit: { files: number; bytes: number }) =>
    weights.filter(({ files, bytes }) => files <= limit.files && bytes <= limit.bytes).map(({ page }) => page)
  expect(fits(limits.overview)).toContain('console/overview/overview.tsx')
  expect(fits(limits.half).length).toBeGreaterThan(weights.length / 2)
  expect(fits(limits.any)).toEqual(weights.map(({ page }) => page))
}, 300_000)

it('has no file that only names another one, and every file that is named', () => {
  const assets = readdirSync(join(dist, 'assets'))
  const missing = new Set<string>()
  const passingOn: string[] = []
  for (const file of assets.filter(name => name.endsWith('.js'))) {
    const code = readFileSync(join(dist, 'assets', file), 'utf8')
    if (/^export\s*\{\s*\w+ as text\s*\}\s*from/.test(code)) passingOn.push(file)
    for (const [, named = ''] of code.matchAll(/["'`](?:\.\/|assets\/)([\w.-]+\.(?:js|css))["'`]/g))
      if (!assets.includes(named)) missing.add(named)
  }
  expect(passingOn).toEqual([])
  expect([...missing]).toEqual([])
})
