import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readPid } from '../../server/platform/storage/embedded/postmaster.ts'
import { databaseEnv } from '../harness.ts'
import { until } from '../until.ts'
import { eventually, startProcess } from './server-process.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wisp-signals-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const longGrace = { WISP_DRAIN_SECONDS: '600' }

it('SIGTERM gives balancers their time, and a second signal ends it at once, the embedded PostgreSQL too', {
  timeout: 120_000,
}, async () => {
  const one = await startProcess({ WISP_DATA_DIR: folder, WISP_PORT: '0', ...longGrace })
  process.kill(one.pid, 'SIGTERM')
  await eventually('the node is leaving', async () => (await fetch(`${one.url}/readyz`)).status === 404)
  const missing = await fetch(`${one.url}/api/user/get?devToken=none`)
  expect(await missing.json()).toMatchObject({ retCode: '1004' })
  const ended = one.ended()
  // npm repeats the terminal's signal within milliseconds, which is why the very next one does not count yet.
  await until('the end', async () => {
    try {
      process.kill(one.pid, 'SIGTERM')
    } catch {
      return true
    }
    return false
  })
  expect(await ended).toBe(143)
  expect(readPid(folder)).toBeUndefined()
})

it('SIGINT, a terminal’s Ctrl-C, leaves no time to balancers', { timeout: 120_000 }, async () => {
  const one = await startProcess({ ...(await databaseEnv()), ...longGrace })
  const ended = one.ended()
  process.kill(one.pid, 'SIGINT')
  process.kill(one.pid, 'SIGINT')
  expect(await ended).toBe(0)
})
