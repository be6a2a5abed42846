import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { createSender, findLost, prepareSender } from './sender.ts'
import { eventually, startProcess } from './server-process.ts'

const disk = mkdtempSync(join(tmpdir(), 'wisp-disk-'))
/** A small separate disk requires root and the right to mount. */
const canMount =
  process.getuid?.() === 0 &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', disk]).status === 0
afterAll(() => {
  if (canMount) execFileSync('umount', [disk])
  rmSync(disk, { recursive: true, force: true })
})

it.runIf(canMount)(
  'a full disk is told by /readyz, loses nothing that was acknowledged, and wisp goes on when there is room',
  {
    timeout: 180_000,
  },
  async () => {
    const sandbox = await startSandbox({ members: 20, departments: 4, tags: 1, seed: 1 })
    const dataDir = join(disk, 'data')
    mkdirSync(dataDir, { mode: 0o700 })
    const common = { WISP_DATA_DIR: dataDir, WISP_PORT: '0', WISP_OUTBOUND_ALLOW: '127.0.0.1' }
    const env = { ...common, WISP_WECOM_URL: sandbox.url }
    const developer = await prepareSender(env, sandbox)
    const server = await startProcess({ ...env, WISP_LOG_LEVEL: 'error' })
    try {
      const { accepted, send } = createSender(server.url, developer)
      for (let n = 0; n < 50; n++) expect((await send(`before ${n}`)).retCode).toBe('0')
      fill(join(disk, 'filler'))
      const sendMany = () =>
        Promise.all(
          Array.from({ length: 20 }, (_, n) => send(`full ${accepted.length} ${n} ${Math.random()}`)),
        )
      const refused = await eventually(
        'a refusal',
        async () => (await sendMany()).find(one => one.retCode !== '0'),
        90_000,
      )
      expect(refused.retCode).toBe('9999')
      expect(await readiness(server.url)).toMatchObject({
        status: 503,
        problems: [expect.stringMatching(`the disk of ${dataDir} is full`)],
      })
      expect(await (await fetch(`${server.url}/readyz`, { headers: { via: 'proxy' } })).json()).toEqual({
        status: 'not ready',
      })
      rmSync(join(disk, 'filler'))
      const isAccepted = async () => (await send(`after ${Math.random()}`)).retCode === '0'
      await eventually('a new message', isAccepted, 60_000)
      await eventually('a ready node', async () => (await readiness(server.url)).status === 200)
      expect(accepted.length).toBeGreaterThan(50)
      expect(await findLost(server.url, developer, accepted)).toEqual([])
      expect(await server.stop()).toBe(0)
    } finally {
      await server.kill()
      await sandbox.close()
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
