import { execFileSync, spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { readPid } from '../../server/platform/storage/embedded/postmaster.ts'
import { createSender, findLost, prepareSender } from './sender.ts'
import { eventually, startProcess } from './server-process.ts'

/**
 * A file system in a file. What the operating system has not written to it yet is missing from the file, as it would
 * be from a disk, so a copy of the file is what a power cut leaves.
 */
const dir = mkdtempSync(join(tmpdir(), 'wisp-power-'))
const [image, copy] = [join(dir, 'disk'), join(dir, 'after')]
const [live, left] = [join(dir, 'live'), join(dir, 'left')]
const mounted: string[] = []

function mount(file: string, folder: string): boolean {
  mkdirSync(folder)
  const isDone = spawnSync('mount', ['-o', 'loop', file, folder]).status === 0
  if (isDone) mounted.push(folder)
  return isDone
}

function makeDisk(): boolean {
  writeFileSync(image, '')
  truncateSync(image, 400 * 1024 * 1024)
  return spawnSync('mkfs.ext4', ['-q', image]).status === 0 && mount(image, live)
}

/** Requires root, loop devices and the right to mount. */
const hasDisk = process.getuid?.() === 0 && makeDisk()
afterAll(() => {
  for (const folder of mounted) execFileSync('umount', [folder])
  rmSync(dir, { recursive: true, force: true })
})

it.runIf(hasDisk)('a power cut takes nothing that was acknowledged', { timeout: 180_000 }, async () => {
  const sandbox = await startSandbox({ members: 20, departments: 4, tags: 1, seed: 1 })
  const envOf = (disk: string) => ({
    WISP_DATA_DIR: join(disk, 'data'),
    WISP_PORT: '0',
    WISP_OUTBOUND_ALLOW: '127.0.0.1',
    WISP_WECOM_URL: sandbox.url,
    WISP_LOG_LEVEL: 'error',
  })
  const developer = await prepareSender(envOf(live), sandbox)
  const before = await startProcess(envOf(live))
  try {
    const { accepted, send } = createSender(before.url, developer)
    let isOver = false
    const sending = Array.from({ length: 8 }, async (_, n) => {
      for (let m = 0; !isOver; m++) await send(`${n} ${m}`).catch(() => undefined)
    })
    await eventually('enough messages', async () => accepted.length > 400, 60_000)
    // Everything is stopped while the file is copied, because a power cut happens at a single moment.
    process.kill(before.pid, 'SIGSTOP')
    const frozen = processesIn(join(live, 'data/postgres-18'))
    expect(frozen).toContain(readPid(join(live, 'data')))
    for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    const acknowledged = [...accepted]
    execFileSync('cp', ['--sparse=always', image, copy])
    isOver = true
    await before.kill()
    for (const pid of frozen) process.kill(pid, 'SIGKILL')
    await Promise.all(sending)
    expect(mount(copy, left)).toBe(true)
    const after = await startProcess(envOf(left))
    const lost = await findLost(after.url, developer, acknowledged)
    expect(await after.stop()).toBe(0)
    expect(lost).toEqual([])
  } finally {
    await before.kill()
    await sandbox.close()
  }
})

function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder
      } catch {
        return false
      }
    })
}
