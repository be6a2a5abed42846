import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { databaseEnv } from '../../../test/harness.ts'
import { settles } from '../../features.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { createSeal } from '../../platform/security/seal.ts'
import { openDatabase } from '../../platform/storage/database.ts'
import { listMigrations } from '../../platform/storage/migrate.ts'
import { writeBackup } from './backup.ts'
import { restoreBackup } from './restore.ts'

const log = createLog('silent')
const dir = mkdtempSync(join(tmpdir(), 'wisp-sizes-'))
afterAll(() => rmSync(dir, { recursive: true }))

let env: Record<string, string>
beforeEach(async () => {
  env = await databaseEnv()
})

describe('a file that unpacks to far more than a backup ends within seconds, with a reason', () => {
  /** Of processors: what else runs does not count. */
  const secondsAtMost = 10
  const head = (lines: string) =>
    gzipSync(
      `${JSON.stringify({ wisp: 'backup', format: 1, createdAt: '', migrations: listMigrations(), keyFingerprint: '' })}\n${lines}`,
    )
  const repeat = (file: string, start: Buffer, part: Buffer, times: number) => {
    writeFileSync(file, start)
    for (let n = 0; n < times; n++) appendFileSync(file, part)
  }
  const refuses = async (file: string, text: string) => {
    const before = process.cpuUsage()
    await expect(restoreBackup(readConfig(env), log, file, settles)).rejects.toThrow(text)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1e6).toBeLessThan(secondsAtMost)
  }
  const zeros = gzipSync(Buffer.alloc(64 << 20))

  it('200 MB of zeros, packed', async () => {
    const file = join(dir, 'zeros.gz')
    repeat(file, Buffer.alloc(0), zeros, Math.ceil((200 << 20) / zeros.length))
    await refuses(file, '第一行太长')
  })

  it('200 MB of zeros after a first line', async () => {
    const file = join(dir, 'line.gz')
    repeat(file, head(''), zeros, Math.ceil((200 << 20) / zeros.length))
    await refuses(file, '大得不合常理')
  })

  it('a long line that is not all the same', async () => {
    const file = join(dir, 'long.gz')
    const text = Buffer.from(Array.from({ length: 200_000 }, (_, n) => `${n * n} `).join(''))
    repeat(file, head('{"table":"corp","columns":[]}\n['), gzipSync(text), 60)
    await refuses(file, '有一行超过 128 MB')
  })

  it('short lines without end', async () => {
    const file = join(dir, 'short.gz')
    const table = '{"table":"corp","columns":[]}\n'
    repeat(file, head(table), gzipSync('["a long row, of which there are many"]\n'.repeat(1_000_000)), 200)
    await refuses(file, '大得不合常理')
  })
})

it('writes no row that is too long to be restored', { timeout: 60_000 }, async () => {
  const database = await openDatabase(readConfig(env), log)
  try {
    const file = join(dir, 'too-long.gz')
    const { db } = database
    await sql`insert into audit (actor, act, target, at) values ('', '', repeat('x', 129 << 20), now())`.execute(
      db,
    )
    const writing = writeBackup(
      { db, direct: db, seal: createSeal(env['WISP_SECRET_KEY'] ?? ''), now: Date.now },
      file,
    )
    await expect(writing).rejects.toThrow(/表 audit 有一行超过 128 MB/)
  } finally {
    await database.close()
  }
})
