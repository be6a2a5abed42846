import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import type { Answer } from '../harness.ts'
import { createDatabaseAt, startPostgres } from '../postgres.ts'
import { isSoak } from '../soak.ts'
import { createSender, type Developer, findLost, prepareSender, type Sender } from './sender.ts'
import { eventually, type ServerProcess, startProcess } from './server-process.ts'

const disk = mkdtempSync(join(tmpdir(), 'wisp-disk-'))
/** A small separate disk requires root and the right to mount. */
const canMount =
  process.getuid?.() === 0 &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', disk]).status === 0
afterAll(() => {
  if (canMount) execFileSync('umount', [disk])
  rmSync(disk, { recursive: true, force: true })
})

/** A sandbox, a node whose database is on the small disk, and a developer who sends. */
async function withNode(
  env: Record<string, string>,
  work: (server: ServerProcess, developer: Developer) => Promise<void>,
): Promise<void> {
  const sandbox = await startSandbox({ members: 20, departments: 4, tags: 1, seed: 1 })
  const whole = { ...env, WISP_PORT: '0', WISP_OUTBOUND_ALLOW: '127.0.0.1', WISP_WECOM_URL: sandbox.url }
  const developer = await prepareSender(whole, sandbox)
  const server = await startProcess({ ...whole, WISP_LOG_LEVEL: 'error' })
  try {
    await work(server, developer)
    expect(await server.stop()).toBe(0)
  } finally {
    await server.kill()
    await sandbox.close()
  }
}

/** Fills the disk under a sender until calls are refused, and looks how each of them is. */
async function fillUnder({ send, accepted }: Sender, path: string): Promise<void> {
  for (let n = 0; n < 50; n++) expect((await send(`before ${n}`)).retCode).toBe('0')
  fill(path)
  const refused: Answer[] = []
  const sendMany = async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `full ${accepted.length} ${n} ${Math.random()}`)
    refused.push(...(await Promise.all(ids.map(send))).filter(one => one.retCode !== '0'))
    return refused.length >= 30
  }
  await eventually('refusals', sendMany, 90_000)
  for (const one of refused) {
    expect(one).toMatchObject({ status: 503, retCode: '1013' })
    expect(Number(one.headers.get('retry-after'))).toBeGreaterThan(0)
  }
}

async function goesOn(url: string, developer: Developer, { accepted, send }: Sender): Promise<void> {
  const isAccepted = async () => (await send(`after ${Math.random()}`)).retCode === '0'
  await eventually('a new message', isAccepted, 60_000)
  await eventually('a ready node', async () => (await readiness(url)).status === 200)
  expect(accepted.length).toBeGreaterThan(50)
  expect(await findLost(url, developer, accepted)).toEqual([])
}

it.runIf(canMount)(
  'a full disk is told by /readyz, loses nothing that was acknowledged, and wisp goes on when there is room',
  { timeout: 180_000 },
  async () => {
    const dataDir = join(disk, 'data')
    mkdirSync(dataDir, { mode: 0o700 })
    await withNode({ WISP_DATA_DIR: dataDir }, async (server, developer) => {
      const sender = createSender(server.url, developer)
      await fillUnder(sender, join(disk, 'filler'))
      expect(await readiness(server.url)).toMatchObject({
        status: 503,
        problems: [expect.stringMatching(`the disk of ${dataDir} is full`)],
      })
      expect(await (await fetch(`${server.url}/readyz`, { headers: { via: 'proxy' } })).json()).toEqual({
        status: 'not ready',
      })
      rmSync(join(disk, 'filler'))
      await goesOn(server.url, developer, sender)
    })
    rmSync(dataDir, { recursive: true })
  },
)

// Callers are told of the same errors as in the test before; what differs is who starts PostgreSQL again.
it.runIf(canMount && isSoak)(
  'the full disk of a PostgreSQL of one’s own is told to callers in the same way',
  { timeout: 180_000 },
  async () => {
    const usual = process.env['TMPDIR']
    process.env['TMPDIR'] = disk
    chmodSync(disk, 0o755)
    const postgres = await startPostgres({ durable: false, binaries: 'embedded' }).finally(() => {
      if (usual === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = usual
    })
    try {
      const env = {
        WISP_DATABASE_URL: await createDatabaseAt(postgres.adminUrl),
        WISP_SECRET_KEY: randomBytes(32).toString('base64'),
      }
      await withNode(env, async (server, developer) => {
        const sender = createSender(server.url, developer)
        await fillUnder(sender, join(disk, 'filler'))
        rmSync(join(disk, 'filler'))
        await goesOn(server.url, developer, sender)
      })
    } finally {
      await postgres.stop()
    }
  },
)

async function readiness(url: string): Promise<{ status: number; problems: string[] }> {
  const response = await fetch(`${url}/readyz`)
  return { problems: ((await response.json()) as { problems: string[] }).problems, status: response.status }
}

/** Writes until the disk is full. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  const bytes = Buffer.alloc(64 * 1024, 1)
  try {
    for (;;) writeSync(file, bytes)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
}
