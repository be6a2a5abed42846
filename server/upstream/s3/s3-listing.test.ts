import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createS3Client } from './s3-client.ts'

/** A store whose listing is whatever `answer` says for the number of the page, from 1. */
let answer: (page: number) => { keys: string[]; next?: string; afterMs?: number }
let pages = 0
let server: Server
const dispatcher = new Agent()

beforeAll(async () => {
  server = createServer((_request, response) => {
    const { keys, next, afterMs = 0 } = answer(++pages)
    const contents = keys.map(
      key =>
        `<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`,
    )
    const more = next === undefined ? 'false' : 'true'
    const body = `<ListBucketResult>${contents.join('')}<IsTruncated>${more}</IsTruncated><NextContinuationToken>${next ?? ''}</NextContinuationToken></ListBucketResult>`
    setTimeout(() => response.end(body), afterMs)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
})
beforeEach(() => {
  pages = 0
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise(done => server.close(done))
  await dispatcher.destroy()
})

function list(listMs?: number) {
  const { port } = server.address() as AddressInfo
  const address = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'x',
    bucket: 'b',
    addressing: 'path' as const,
  }
  const options = { dispatcher, now: Date.now, allow: async () => undefined, pausesMs: [] }
  const s3 = createS3Client(
    address,
    { accessKey: 'a', secretKey: 's' },
    { ...options, ...(listMs === undefined ? {} : { listMs }) },
  )
  return s3.list('wisp-', key => key.endsWith('.backup'))
}

it('a listing keeps only what was asked for, over all its pages', async () => {
  answer = page => ({
    keys: [`wisp-${page}.backup`, `wisp-${page}.txt`],
    ...(page < 200 ? { next: `${page}` } : {}),
  })
  const found = await list()
  expect(found).toHaveLength(200)
  expect(found[0]).toMatchObject({ key: 'wisp-1.backup', size: 1 })
})

it('a listing that never ends is given up after 200 pages', async () => {
  answer = page => ({ keys: [`wisp-${page}.backup`], next: `${page}` })
  await expect(list()).rejects.toThrow('超过 200 页')
  expect(pages).toBe(200)
})

it('a listing that leads to the same page again, or to none, is refused', async () => {
  answer = page => ({ keys: [], next: `${page % 2}` })
  await expect(list()).rejects.toThrow('两次指向同一页')
  expect(pages).toBe(3)
  pages = 0
  answer = () => ({ keys: [], next: '' })
  await expect(list()).rejects.toThrow('两次指向同一页')
  expect(pages).toBe(1)
})

it('a slow listing ends in time, however quick each page is', async () => {
  answer = page => ({ keys: [], next: `${page}`, afterMs: 40 })
  await expect(list(300)).rejects.toThrow('列出文件超过 0.3 秒')
  expect(pages).toBeLessThan(20)
})
