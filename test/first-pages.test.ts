import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { buildPages } from '../scripts/build-pages.ts'

const dist = resolve(import.meta.dirname, '../web/dist')
const mostFiles = 25
const mostBytes = 350_000

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
  expect(existsSync(join(dist, pages['console/overview/overview.tsx']?.[0] ?? ''))).toBe(true)
  expect(weights.filter(({ files, bytes }) => files > mostFiles || bytes > mostBytes)).toEqual([])
}, 300_000)
