import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseEnv, embeddedEnv, startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { settles } from '../../features.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { createSeal } from '../../platform/security/seal.ts'
import { type Database, openDatabase } from '../../platform/storage/database.ts'
import type { Db } from '../../platform/storage/db.ts'
import { checkCauses } from '../alerts/check.ts'
import { allEntered } from '../audit-tree/entered.fixture.ts'
import { writeBackup } from './backup.ts'
import { BackupError } from './backup-error.ts'
import { readCatalog } from './catalog-store.ts'
import type { Footer } from './dump-store.ts'
import { checkBackup, restoreBackup } from './restore.ts'

const log = createLog('silent')
const dir = mkdtempSync(join(tmpdir(), 'wisp-backup-'))
afterAll(() => rmSync(dir, { recursive: true }))
let files = 0
/** Deflate has unused bits between its blocks, so a changed byte may leave the content unchanged. */
function isUnpackedTo(bytes: Buffer, content: Buffer): boolean {
  try {
    return gunzipSync(bytes).equals(content)
  } catch {
    return false
  }
}

const newFile = () => join(dir, `${++files}.gz`)

type Env = Record<string, string>

async function withDatabase<T>(env: Env, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(readConfig(env), log)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** Every row as the database prints it, which is independent of how backups read rows. */
async function contents(db: Db): Promise<Record<string, string[]>> {
  return db.connection().execute(async one => {
    await sql`set timezone = 'UTC'`.execute(one)
    const all: Record<string, string[]> = {}
    for (const { name } of await readCatalog(one)) {
      const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} as t`.execute(
        one,
      )
      // A restore is said in the audit trees, which it enters from there; a node may tell its address at any moment.
      all[name] = ['audit_pending', 'node_address'].includes(name) ? [] : rows.map(({ row }) => row).sort()
    }
    return all
  })
}

/** A new database with the world's key. */
async function freshEnv(key: string): Promise<Env> {
  return { ...(await databaseEnv()), WISP_SECRET_KEY: key }
}

/** A data directory for an embedded PostgreSQL that does not exist yet, with the world's key in it. */
function embeddedWithKey(key: string): Env {
  const env = embeddedEnv()
  writeFileSync(join(env['WISP_DATA_DIR'] ?? '', 'secret.key'), key, { mode: 0o600 })
  return env
}

/** Adds values that a conversion to JavaScript's types would change. */
async function addAwkwardRows(db: Db, corpId: string): Promise<void> {
  const text = fc.string({ unit: 'binary', maxLength: 30 }).map(one => one.replaceAll('\0', ''))
  const rows = fc.sample(
    fc.tuple(text, fc.jsonValue(), fc.array(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n))),
    200,
  )
  for (const [index, [key, value, ids]] of rows.entries()) {
    const json = JSON.stringify(value).replaceAll('\\u0000', '')
    if (!key.isWellFormed() || !json.isWellFormed() || /\\ud[89a-f]/i.test(json)) continue
    await sql`insert into setting values (${`${index} ${key}`}, ${json}::jsonb)`.execute(db)
    await sql`
      insert into directory_change (corp_id, seq, kind, op, entity_id, departments_before, at)
      values (${corpId}, ${1_000_000 + index}, 'member', 'put', ${key}, ${`{${ids}}`}::bigint[],
        timestamptz '2026-01-01 00:00:00.000001+00' + ${index} * interval '1.000007 seconds')`.execute(db)
  }
  await sql`
    insert into setting values ('numbers', '[12345678901234567890123, 0.1000, 1e400, -0, null]'), ('null', 'null'),
      ('empty', '""')`.execute(db)
  await sql`
    insert into inbox_event (corp_id, stream, source, kind, entity, state, raw, plain, received_at,
      next_attempt_at, done_at)
    values (${corpId}, 'directory', 'callback', 'null', 'none', 'done', ${'line\nbreak\r\t\u2028"\\'}, '', '0044-03-15 12:00 BC', 'infinity',
        '-infinity'), (${corpId}, 'directory', 'callback', '', 'x', 'parked', repeat('长', 300000), 'null', now(), now(), null)`.execute(
    db,
  )
  await sql`
    insert into developer (dev_id, corp_id, name, scopes, scope_departments, scope_tags, created_at)
    values ('a', ${corpId}, '', '{}', null, '{}', now()), ('b', ${corpId}, 'NULL', array['', null, 'NULL', 'a,"b'],
      '{}', '{9007199254740993}', now())`.execute(db)
  await sql`insert into developer_usage values ('a', '2028-02-29', '/x', 9007199254740993, 0)`.execute(db)
  await sql`insert into audit (actor, act, target, at) values ('gone', '', '', now())`.execute(db)
  await sql`delete from audit where actor = 'gone'`.execute(db)
}

describe('a backup of a live server', () => {
  let world: World
  let key = ''
  let original: Record<string, string[]>
  const backup = newFile()

  beforeAll(async () => {
    world = await startWorld({ members: 300, departments: 40, tags: 6 })
    key = world.env['WISP_SECRET_KEY'] ?? ''.trim()
    await world.connectCallback()
    await world.admin('user/update', { userid: 'zhangsan', name: '张三丰' })
    await world.settle()
    await addAwkwardRows(world.ctx.db, world.corpId)
    // An awkward row is one for an alert, which a look of the server itself would write at any time.
    await checkCauses(world.ctx, world.ctx.offered.causes)
    await allEntered(world.ctx)
    await until('no node at work', async () => {
      const { rows } = await sql<{ at: boolean }>`
        select exists (select from queue where lease is not null) as at`.execute(world.ctx.db)
      return rows[0]?.at === false
    })
    original = await contents(world.ctx.db)
    await writeBackup(world.ctx, backup)
  })
  afterAll(() => world.close())

  it('holds every table that the migrations made, but for the unlogged ones', async () => {
    const made = await sql<{ name: string }>`
      select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition and c.relpersistence = 'p' and c.relname <> 'migration' order by 1`.execute(
      world.ctx.db,
    )
    expect(Object.keys(original).sort()).toEqual(made.rows.map(row => row.name))
    expect(original['member']?.length).toBeGreaterThanOrEqual(300)
    expect(original['inbox_event']?.length).toBeGreaterThan(2)
  })

  it('is for its owner only and is never written over', async () => {
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    await expect(writeBackup(world.ctx, backup)).rejects.toThrow('已存在')
    expect(readdirSync(dir).filter(name => name.endsWith('.partial'))).toEqual([])
  })

  it('leaves nothing when it is given up', async () => {
    const file = newFile()
    await expect(writeBackup(world.ctx, file, { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(readdirSync(dir).filter(name => name.startsWith(file))).toEqual([])
  })

  it('goes to the embedded PostgreSQL and back, row for row', async () => {
    const embedded = embeddedWithKey(key)
    await restoreBackup(readConfig(embedded), log, backup, settles)
    expect(await withDatabase(embedded, ({ db }) => contents(db))).toEqual(original)
    const fromEmbedded = newFile()
    const seal = createSeal(key)
    await withDatabase(embedded, ({ db }) =>
      writeBackup({ db, direct: db, seal, now: Date.now }, fromEmbedded),
    )
    const back = await freshEnv(key)
    await restoreBackup(readConfig(back), log, fromEmbedded, settles)
    expect(await withDatabase(back, ({ db }) => contents(db))).toEqual(original)
  })

  it('goes on numbering where it stood, above rows that were deleted', async () => {
    const next = (db: Db) =>
      db.transaction().execute(async tx => {
        const { rows } = await sql<{ id: number }>`
          insert into audit (actor, act, target, at) values ('x', '', '', now()) returning id`.execute(tx)
        return rows[0]?.id
      })
    const env = await freshEnv(key)
    await restoreBackup(readConfig(env), log, backup, settles)
    const last = await sql<{ last: number }>`select last_value as last from audit_id_seq`.execute(
      world.ctx.db,
    )
    expect(await withDatabase(env, ({ db }) => next(db))).toBe((last.rows[0]?.last ?? 0) + 1)
  })

  describe('is refused with nothing restored', () => {
    let env: Env
    let before: Record<string, string[]>
    const fails = async (file: string, text: string | RegExp) => {
      await expect(restoreBackup(readConfig(env), log, file, settles)).rejects.toThrow(text)
      expect(await withDatabase(env, ({ db }) => contents(db))).toEqual(before)
    }
    const altered = (change: (text: string) => string) => {
      const file = newFile()
      writeFileSync(file, gzipSync(change(gunzipSync(readFileSync(backup)).toString('utf8'))))
      return file
    }
    beforeAll(async () => {
      env = await freshEnv(key)
      before = await withDatabase(env, async ({ db }) => {
        await sql`insert into audit (actor, act, target, at) values ('kept', '', '', now())`.execute(db)
        return contents(db)
      })
    })

    it('when it is cut off anywhere', async () => {
      const whole = readFileSync(backup)
      const file = newFile()
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: whole.length - 1 }), async length => {
          writeFileSync(file, whole.subarray(0, length))
          await expect(restoreBackup(readConfig(env), log, file, settles)).rejects.toThrow('不完整')
        }),
        { numRuns: 25 },
      )
      await fails(file, '不完整')
    })

    it('when any byte is another', async () => {
      const whole = readFileSync(backup)
      const file = newFile()
      // The first ten bytes are gzip's header, which does not affect the content.
      const anywhere = fc.tuple(
        fc.integer({ min: 10, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
      )
      await fc.assert(
        fc.asyncProperty(anywhere, async ([at, mask]) => {
          const bytes = Buffer.from(whole)
          bytes[at]! ^= mask
          fc.pre(!isUnpackedTo(bytes, gunzipSync(whole)))
          writeFileSync(file, bytes)
          // A changed byte in the first line may make the file look like one from another program.
          const refusal = /已损坏|不完整|不是 wisp 的备份/
          await expect(restoreBackup(readConfig(env), log, file, settles)).rejects.toThrow(refusal)
        }),
        { numRuns: 25 },
      )
      await fails(file, /已损坏|不完整|不是 wisp 的备份/)
    })

    it('when somebody edited it', async () => {
      await fails(
        altered(text => text.replace('张三丰', '张三疯')),
        '校验和不符',
      )
      await fails(
        altered(text => text.replace(/^\["\d+".*\n/m, '')),
        /校验和不符|应有/,
      )
      await fails(
        altered(text => text.slice(0, text.lastIndexOf('\n{') + 1)),
        '没有结尾',
      )
      await fails(
        altered(text => `${text}["1"]\n`),
        '结尾之后',
      )
      await fails(
        altered(text => text.replace('"format":1', '"format":2')),
        '更新的 wisp',
      )
    })

    it('when it is something else', async () => {
      const file = newFile()
      writeFileSync(file, '{}')
      await fails(file, '不是 wisp 的备份')
      writeFileSync(file, gzipSync('{"hello":1}\n'))
      await fails(file, '不是 wisp 的备份')
      writeFileSync(file, '')
      await fails(file, '不完整')
      await fails(join(dir, 'absent.gz'), '没有文件')
    })

    /** With the right sums, as anybody can make them who can write where backups are. */
    const forged = (change: (text: string) => string, ofFooter: (footer: Footer) => Footer = one => one) =>
      altered(text => {
        const lines = text.trimEnd().split('\n')
        const { tables: _tables, ...footer } = JSON.parse(lines.pop() ?? '') as Footer
        const body = `${change(`${lines.join('\n')}\n`)}`
        footer.sha256 = createHash('sha256').update(body).digest('hex')
        return `${body}${JSON.stringify(ofFooter(footer))}\n`
      })
    const withoutSignature = ({ signature: _signature, ...footer }: Footer) => footer
    const evil = (text: string) => text.replace('张三丰', '张三疯')

    it('when somebody edited it and made the sums anew', async () => {
      await fails(forged(evil), '签名不对')
      await fails(forged(evil, withoutSignature), '没有签名')
      await fails(
        altered(text =>
          text.replace(/"signature":"(.)/, (_, first) => `"signature":"${first === 'A' ? 'B' : 'A'}`),
        ),
        '签名不对',
      )
      const config = readConfig(env)
      expect(await checkBackup(config, forged(evil))).toMatchObject({ isSigned: false })
      expect(await checkBackup(config, backup)).toMatchObject({
        isSigned: true,
        keyFingerprint: createSeal(key).fingerprint,
      })
    })

    it('unless somebody vouches for it, which is written down', async () => {
      const used = await freshEnv(key)
      const file = forged(evil, withoutSignature)
      const vouched = { unsigned: true, actor: 'cli' }
      const restored = await restoreBackup(readConfig(used), log, file, settles, vouched)
      expect(restored.isSigned).toBe(false)
      await withDatabase(used, async ({ db }) => {
        const { rows } = await sql<{ actor: string; target: string }>`
          select actor, target from audit where act = 'backup.restoreUnsigned'`.execute(db)
        expect(rows).toEqual([{ actor: 'cli', target: file }])
      })
    })

    it('in words, when the database does not take what is in it', async () => {
      const file = forged(
        text => text.replace(/("table":"department".*\n\["[^"]*", ")\d+/, '$1no number'),
        withoutSignature,
      )
      const vouched = { unsigned: true, actor: 'cli' }
      const refused = restoreBackup(readConfig(env), log, file, settles, vouched)
      await expect(refused).rejects.toThrow(
        /^文件里有数据库不接受的值.*（表 department）.*没有恢复任何内容.*no number/,
      )
      await expect(refused).rejects.toBeInstanceOf(BackupError)
      expect(await withDatabase(env, ({ db }) => contents(db))).toEqual(before)
    })

    it('when it names a migration that this version does not know', async () => {
      const migration =
        readdirSync(join(import.meta.dirname, '../../platform/storage/migrations')).sort()[0] ?? ''
      await fails(
        forged(text => text.replace(migration, '0000-other.sql')),
        /更新的 wisp.*0000-other.sql/,
      )
    })

    it('when the key is another', async () => {
      const other = 'another key of at least 32 characters'
      const wrong = { ...env, WISP_SECRET_KEY: other }
      await expect(restoreBackup(readConfig(wrong), log, backup, settles)).rejects.toThrow(
        `指纹是 ${createSeal(other).fingerprint}`,
      )
      const rotated = { ...(await databaseEnv()), WISP_SECRET_KEY: other, WISP_SECRET_KEY_OLD: key }
      await restoreBackup(readConfig(rotated), log, backup, settles)
    })

    it('when there is no key, and makes none that would be in the way', async () => {
      const absent = join(dir, 'not made')
      const config = readConfig({ WISP_DATA_DIR: absent })
      await expect(restoreBackup(config, log, backup, settles)).rejects.toThrow('secret.key')
      expect(existsSync(absent)).toBe(false)
    })

    it('when the database has a corp', async () => {
      await expect(restoreBackup(readConfig(world.env), log, backup, settles)).rejects.toThrow('已有企业')
      const used = await freshEnv(key)
      await restoreBackup(readConfig(used), log, backup, settles)
      await expect(restoreBackup(readConfig(used), log, backup, settles)).rejects.toThrow('已有企业')
    })
  })
})

describe('a backup of PostgreSQL', () => {
  it('is of one moment while others write', async () => {
    const env = await databaseEnv()
    const file = newFile()
    await withDatabase(env, async ({ db }) => {
      const corp = {
        name: '',
        contact_secret: '',
        callback_token: '',
        callback_aes_key: '',
        created_at: new Date(),
      }
      const addCorp = (corp_id: string) =>
        db
          .insertInto('corp')
          .values({ ...corp, corp_id, callback_verified_at: null, public_url: '' })
          .execute()
      await addCorp('before')
      let later: Promise<unknown> | undefined
      const onProgress = () => {
        later ??= addCorp('later').then(() =>
          sql`insert into department values ('later', 1, '', 0, 0), ('before', 1, '', 0, 0)`.execute(db),
        )
      }
      const seal = createSeal(env['WISP_SECRET_KEY'] ?? '')
      const { rows } = await writeBackup({ db, direct: db, seal, now: Date.now }, file, { onProgress })
      await later
      expect(rows).toMatchObject({ corp: 1, department: 0 })
    })
  })
})
