import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ synced: false })
})
afterAll(() => world.close())

it('serves the SDK to pages of any site', async () => {
  const inbox = await fetch(`${world.server.url}/sdk/inbox.js`)
  expect(inbox.headers.get('access-control-allow-origin')).toBe('*')
  const script = await inbox.text()
  expect(script).toContain("customElements.define('wisp-inbox'")
  expect(gzipSync(script).length).toBeLessThan(25_000)
  const url = `${world.server.url}/sdk/wisp.js`
  const answer = await fetch(url)
  expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(await answer.text()).toContain('export const openPopup')
  const again = await fetch(url, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } })
  expect(again.status).toBe(304)
})
