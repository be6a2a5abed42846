import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { call, databaseEnv } from '../../../test/harness.ts'
import { settles } from '../../features.ts'
import { callbackSettings } from '../../organisation/corps/corps.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { createSeal } from '../../platform/security/seal.ts'
import { type Database, openDatabase } from '../../platform/storage/database.ts'
import type { Db } from '../../platform/storage/db.ts'
import { dropMigrated, listMigrations, migrationsDir } from '../../platform/storage/migrate.ts'
import { startServer } from '../../server.ts'
import { restoreBackup } from './restore.ts'

const log = createLog('silent')
const dir = mkdtempSync(join(tmpdir(), 'wisp-restore-'))
afterAll(() => rmSync(dir, { recursive: true }))

/**
 * A backup written by version 0.1 at migration 0011: a sandbox corp of 12 invented members, of whom one was renamed
 * and one has left, with an administrator, an application, a message that was sent and one that was waiting.
 */
const fixture = join(import.meta.dirname, '0011.fixture.gz')
/** Backups had no signature then. */
const unsigned = { unsigned: true }
const key = 'the key of the fixture, no secret at all'
const corpId = 'wwfc0a8337de5343bb'
const developer = { devId: 'wd5268973a45a0d0e5', devSecret: 'yymiFnPrp24U6-AKGqeBKBuZ57hbRT_dpTPzkJXKVUU' }

let env: Record<string, string>
beforeEach(async () => {
  const nobody = 'http://127.0.0.1:9'
  env = { ...(await databaseEnv()), WISP_SECRET_KEY: key, WISP_WECOM_URL: nobody }
  await withDatabase(({ db }) => db.transaction().execute(tx => dropMigrated(tx)))
})

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(readConfig(env), log, 'restore')
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

async function names(db: Db, query: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`${sql.raw(query)}`.execute(db)
  return rows.map(row => row.name)
}

const relations = (db: Db) =>
  names(
    db,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace
     union all select proname from pg_proc where pronamespace = 'public'::regnamespace order by 1`,
  )

describe('a backup of version 0.1', () => {
  it('is restored into this version, whose server answers from it', async () => {
    const { rows } = await restoreBackup(readConfig(env), log, fixture, settles, unsigned)
    expect(rows).toMatchObject({ member: 12, message: 2, app: 1 })
    const server = await startServer(readConfig(env), { log })
    try {
      const token = await call(`${server.url}/api/token/getDevToken?${new URLSearchParams(developer)}`)
      const get = (userId: string) =>
        call(`${server.url}/api/user/get?${new URLSearchParams({ devToken: token.body.devToken, userId })}`)
      expect((await get('zhangsan')).body).toMatchObject({ userName: '张三丰', orgList: expect.anything() })
      expect((await get('wangwu')).retCode).toBe('1007')
      const { encodingAesKey } = callbackSettings(server.ctx, server.ctx.corps.get(corpId))
      expect(encodingAesKey).toMatch(/^\w{43}$/)
      const parts = await server.ctx.db.selectFrom('message_part').select('state').orderBy('id').execute()
      expect(parts).toEqual([{ state: 'sent' }, { state: 'unknown' }])
    } finally {
      await server.close()
    }
  })

  it('keeps what was set up for each channel, sealed as it was', async () => {
    const migrations = join(dir, 'before-channels')
    const until = listMigrations().indexOf('0018-message-channels.sql')
    for (const name of listMigrations().slice(0, until))
      cpSync(join(migrationsDir, name), join(migrations, name))
    await restoreBackup(readConfig(env), log, fixture, settles, { migrations, ...unsigned })
    const smtp = {
      host: 'mail.example',
      port: 465,
      security: 'tls',
      user: 'u',
      password: 'p',
      from: 'a@b.example',
    }
    const sms = { vendor: 'aliyun', accessKeyId: 'id', accessKeySecret: 'key', signName: '华宇' }
    const seal = createSeal(key)
    await withDatabase(({ db }) =>
      sql`
        update message_settings set keep_days = 30, smtp = ${seal.seal(JSON.stringify(smtp), 'message_settings.smtp')},
          sms = ${seal.seal(JSON.stringify(sms), 'message_settings.sms')}`.execute(db),
    )
    const server = await startServer(readConfig(env), { log })
    try {
      const settingsOf = (name: string) => server.ctx.messageSettings.setupOf(corpId, name).settings
      expect(['wecom', 'email', 'sms'].map(settingsOf)).toEqual([{ agentId: 1000002 }, smtp, sms])
      expect(await names(server.ctx.db, 'select keep_days::text as name from message_settings')).toEqual([
        '30',
      ])
    } finally {
      await server.close()
    }
  })

  it('is restored into a later version, which changes its tables after they are filled', async () => {
    const migrations = join(dir, 'later')
    cpSync(migrationsDir, migrations, { recursive: true })
    writeFileSync(
      join(migrations, '9999-later.sql'),
      `create table later (corp_id text, member_id bigint, name text not null, primary key (corp_id, member_id),
         foreign key (corp_id, member_id) references member on delete cascade);
       insert into later select corp_id, id, name from member;
       alter table member add column nickname text not null default 'none';
       alter table member drop column alias;
drop table node_address;
create function later() returns integer language sql as 'select 1';`,
    )
    await restoreBackup(readConfig(env), log, fixture, settles, { migrations, ...unsigned })
    await withDatabase(async ({ db }) => {
      expect(await names(db, 'select name from migration order by 1')).toEqual(listMigrations(migrations))
      expect(await names(db, "select name from later where name like '张三%'")).toEqual(['张三丰'])
      expect(await names(db, 'select distinct nickname as name from member')).toEqual(['none'])
      expect(await relations(db)).not.toContain('node_address')
      await db.transaction().execute(tx => dropMigrated(tx, migrations))
      expect(await relations(db)).toEqual([])
    })
  })

  it('takes the place of what a server without corps left, and of nothing else', async () => {
    const server = await startServer(readConfig(env), { log })
    await server.close()
    await withDatabase(async ({ db }) => {
      await sql`create table theirs (id bigint primary key)`.execute(db)
      await sql`create view their_view as select name from corp`.execute(db)
    })
    const refused = restoreBackup(readConfig(env), log, fixture, settles, unsigned)
    await expect(refused).rejects.toThrow(/依赖 wisp 的表.*their_view/)
    await withDatabase(({ db }) => sql`drop view their_view`.execute(db))
    await restoreBackup(readConfig(env), log, fixture, settles, unsigned)
    await withDatabase(async ({ db }) => {
      expect(await relations(db)).toEqual(expect.arrayContaining(['theirs', 'member']))
      expect(await names(db, 'select name from admin_account')).toEqual([])
    })
  })

  it('is refused by an older version, by the name of the migration that this one lacks', async () => {
    const migrations = join(dir, 'older')
    const last = listMigrations().indexOf('0011-less-to-write.sql')
    for (const name of listMigrations().slice(0, last))
      cpSync(join(migrationsDir, name), join(migrations, name))
    const refused = restoreBackup(readConfig(env), log, fixture, settles, { migrations, ...unsigned })
    await expect(refused).rejects.toThrow(/更新的 wisp.*0011-less-to-write\.sql/)
    await withDatabase(async ({ db }) => expect(await relations(db)).toEqual([]))
  })

  it('is restored once when two do so at once', async () => {
    const both = await Promise.allSettled(
      [1, 2].map(() => restoreBackup(readConfig(env), log, fixture, settles, unsigned)),
    )
    expect(both.map(one => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(one => one.status === 'rejected')?.reason.message).toContain('已有企业')
    await withDatabase(async ({ db }) => expect(await names(db, 'select name from member')).toHaveLength(12))
  })

  it('leaves an empty database when a later migration fails', async () => {
    const migrations = join(dir, 'broken')
    cpSync(migrationsDir, migrations, { recursive: true })
    writeFileSync(join(migrations, '9999-broken.sql'), 'create table broken (id bigint);\nselect 1 / 0;')
    await expect(
      restoreBackup(readConfig(env), log, fixture, settles, { migrations, ...unsigned }),
    ).rejects.toThrow('division')
    await withDatabase(async ({ db }) => expect(await relations(db)).toEqual([]))
  })
})
