import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addDeveloper } from '../server/callers/developers/developer-admin.ts'
import { registerDevice } from '../server/callers/packets/devices.ts'
import { firstPasswordPurpose, memberTotpPurpose, totpPurpose } from '../server/callers/sign-in/sealed.ts'
import { rotateKeys } from '../server/features/agents/callbacks/rotate.ts'
import { setUpCallback } from '../server/features/agents/callbacks/set-callback.ts'
import { setForward } from '../server/features/agents/forward/set-forward.ts'
import { setSignIn } from '../server/features/app-sign-in/set-sign-in.ts'
import { addApp, removeApp } from '../server/features/apps/apps.ts'
import { signingKey as auditKey } from '../server/features/audit-tree/checkpoints/key.ts'
import { setDestination } from '../server/features/audit-tree/set-destination.ts'
import { setPlan } from '../server/features/backup/plan/plan.ts'
import { bindAccount } from '../server/features/official/accounts/bind.ts'
import { signingKeys } from '../server/features/oidc/keys/keys.ts'
import { recordPurpose } from '../server/features/oidc/sealed.ts'
import { connectMerchant } from '../server/features/payments/merchants/merchant.fixture.ts'
import { addSource } from '../server/features/todo-sources/sources.ts'
import { attemptPurpose, secretPurpose } from '../server/features/webhooks/sealed.ts'
import { allFeatures } from '../server/features.ts'
import { putAgent } from '../server/organisation/corps/corps.ts'
import { readConfig } from '../server/platform/config.ts'
import { createLog } from '../server/platform/operation/log.ts'
import { createSeal } from '../server/platform/security/seal.ts'
import { purposeOf } from '../server/platform/security/sealed-columns.ts'
import type { Db } from '../server/platform/storage/db.ts'
import { startServer } from '../server/server.ts'
import { startWorld, type World } from './harness.ts'

const [oldKey, newKey] = ['the old key, of 32 characters and more', 'the new key, of 32 characters and more']
const sealedColumns = allFeatures.flatMap(one => one.sealed ?? [])
let world: World
beforeAll(async () => {
  world = await startWorld({
    members: 20,
    departments: 4,
    env: { WISP_SECRET_KEY: oldKey },
  })
})
afterAll(() => world.close())

/** Fills every sealed column in the way the product does; there are more messages than one batch of re-sealing reads. */
async function fill({ ctx, corpId }: World): Promise<void> {
  const agent = { agentId: 1000002, name: '消息', secret: 'an agent secret', uses: ['messages'] }
  await putAgent(ctx, 'test', corpId, agent)
  const { agentId } = agent
  await setUpCallback(ctx, 'test', corpId, agentId)
  await rotateKeys(ctx, 'test', corpId, agentId)
  const [token, encodingAesKey] = ['Token', 'A'.repeat(43)]
  await setForward(ctx, 'test', { corpId, agentId }, { url: 'http://127.0.0.1:1/', token, encodingAesKey })
  await sql`update agent_callback set old_token = token, old_aes_key = aes_key`.execute(ctx.db)
  for (const [channel, purpose] of [
    ['email', 'message_settings.smtp'],
    ['other', 'message_channel.other'],
  ] as const) {
    const sealed = ctx.seal.seal('{}', purpose)
    await ctx.db
      .insertInto('message_channel')
      .values({ corp_id: corpId, channel, settings: null, sealed })
      .execute()
  }
  await setPlan(ctx, 'test', {
    place: 's3',
    endpoint: 'https://s3.example',
    region: 'cn-north-1',
    bucket: 'backups',
    accessKey: 'an access key',
    secretKey: 'a secret key',
  })
  await sql`insert into message_list (corp_id, id, dev_id, variables, rows, made_at, used_at)
    values (${corpId}, 'list', 'operator', '{}', 1, now(), now())`.execute(ctx.db)
  const piece = { corp_id: corpId, list_id: 'list', n: 1, content: ctx.seal.seal('[]', 'message_list.rows') }
  await ctx.db.insertInto('message_list_piece').values(piece).execute()
  const bucket = {
    ...{ endpoint: 'https://s3.example', region: 'cn-north-1', bucket: 'audit' },
    ...{ addressing: 'path' as const, prefix: '', accessKey: 'an access key' },
  }
  await setDestination(ctx, 'test', corpId, { bucket, bucketSecret: 'a secret key' })
  const official = { originalId: 'gh_1', name: '公众号', appId: 'wx1', secret: 'an AppSecret' }
  await bindAccount(ctx, 'test', corpId, official)
  const account = { name: 'admin', password: '', updated_at: new Date(), locked_until: null }
  const totp = {
    totp_secret: ctx.seal.seal('secret', totpPurpose),
    first_password: ctx.seal.seal('secret', firstPasswordPurpose),
  }
  await ctx.db
    .insertInto('admin_account')
    .values({ ...account, ...totp })
    .onConflict(conflict => conflict.column('name').doUpdateSet(totp))
    .execute()
  const app = await addApp(ctx, 'test', corpId, { name: '登录', homeUrl: 'https://app.example.com/' })
  const gone = await addApp(ctx, 'test', corpId, { name: '删除的', homeUrl: 'https://gone.example.com/' })
  await removeApp(ctx, 'test', corpId, gone.id)
  const oidc = { redirectUris: ['https://app.example.com/callback'] }
  await setSignIn(ctx, { actor: 'test', approves: true }, corpId, app.id, { kind: 'oidc', oidc })
  const source = { kind: 'seeyon', name: '致远', match: 'userid', appId: app.id } as const
  await addSource(ctx, 'test', corpId, { ...source, userName: 'rest', password: 'a password' })
  await sql`
    insert into member_factor (corp_id, member_id, totp_secret)
    select corp_id, id, ${ctx.seal.seal('secret', memberTotpPurpose)} from member limit 1`.execute(ctx.db)
  await sql`
    insert into people_source (corp_id, name, kind, settings, secret, changed_at, changed_by)
    values (${corpId}, '人事', 'sql', '{}', ${ctx.seal.seal('x', 'people_source.secret')}, now(), 'wisp')`.execute(
    ctx.db,
  )
  const siemSeal = (column: string) => ctx.seal.seal('x', `siem_receiver.${column}`)
  await sql`
    insert into siem_receiver (id, corp_id, name, transport, address, format, private_key, authorization_header, is_on, made_at, since, next_at)
    values ('s', ${corpId}, 'SIEM', 'https', 'https://siem.example.com/', 'ocsf', ${siemSeal('private_key')},
      ${siemSeal('authorization_header')}, false, now(), now(), now())`.execute(ctx.db)
  await signingKeys(ctx, corpId)
  await auditKey(ctx)
  const sealed = ctx.seal.seal('{"jti":"x"}', recordPurpose)
  await sql`insert into oidc_record (corp_id, kind, id, payload, sealed, expires_at)
    values (${corpId}, 'DeviceCode', 'x', '{}', ${sealed}, now())`.execute(ctx.db)
  const { devId } = await addDeveloper(ctx, 'test', corpId, { name: '报文', packets: 'allowed' })
  const developer = ctx.developers.get(devId)
  if (!developer) throw new Error('no developer')
  const none = { publicKey: undefined, timestamp: undefined, nonce: undefined, proof: undefined }
  await registerDevice(ctx, developer, { deviceId: 'phone', ...none }, true)
  await connectMerchant(world)
  await ctx.db
    .insertInto('webhook')
    .values({
      corp_id: corpId,
      id: 'wh_1',
      dev_id: devId,
      url: '',
      types: [],
      description: '',
      seq: 0,
      secret: ctx.seal.seal('whsec_new', secretPurpose),
      old_secret: ctx.seal.seal('whsec_old', secretPurpose),
      created_at: new Date(),
    })
    .execute()
  await sql`insert into webhook_delivery (corp_id, webhook_id, seq, type, entity, created_at, next_at)
    values (${corpId}, 'wh_1', 1, 'x', 'x', now(), 'infinity')`.execute(ctx.db)
  await sql`insert into webhook_attempt (corp_id, webhook_id, seq, n, at, ms, content)
    values (${corpId}, 'wh_1', 1, 1, now(), 1, ${ctx.seal.seal('{}', attemptPurpose)})`.execute(ctx.db)
  const content = ctx.seal.seal('{"text":"x"}', 'message.content')
  await sql`
    insert into message (id, corp_id, dev_id, channel, agent_name, content, truncated, receivers, answer, created_at)
    select 'm' || n, ${corpId}, '', 'wecom', '', ${content}, '{}', 1, '{}', now()
    from generate_series(1, 1500) n`.execute(ctx.db)
  const { rows: held } = await sql<{ request: number; hold: number }>`
    with request as (insert into person_request (corp_id, kind, member_id, user_id, name, state, cause, reason, asked_by, asked_at)
      values (${corpId}, 'copy', 1, '', '', 'done', 'own', '', '', now()) returning id),
    hold as (insert into person_hold (corp_id, member_id, user_id, name, reason, held_by, held_at, until)
      values (${corpId}, 1, '', '', '', '', now(), now()) returning id)
    select request.id as request, hold.id as hold from request, hold`.execute(ctx.db)
  const { request, hold } = held[0]!
  const copy = ctx.seal.seal('{}', `person_copy_piece ${corpId} ${request} 0`)
  await sql`insert into person_copy_piece values (${corpId}, ${request}, 0, ${copy})`.execute(ctx.db)
  await sql`insert into person_hold_row values (${corpId}, ${hold}, 'h', 'member', ${ctx.seal.seal('{}', 'person_hold_row')}, now())`.execute(
    ctx.db,
  )
  await sql`insert into group_robot (corp_id, id, name, vendor, address, secret, changed_at)
    values (${corpId}, 'robot:1', '群', 'feishu', ${ctx.seal.seal('https://x', 'group_robot.address')},
      ${ctx.seal.seal('s', 'group_robot.secret')}, now())`.execute(ctx.db)
  await sql`insert into mail_key (corp_id, selector, domain, private_key, public_key, made_at)
    values (${corpId}, 'w1', 'x.example', ${ctx.seal.seal('pem', 'mail_key.private_key')}, '', now())`.execute(
    ctx.db,
  )
  await sql`insert into message_plan (corp_id, message_id, dev_id, call, input, state)
    values (${corpId}, 'm1', '', 'send', ${ctx.seal.seal('{}', 'message_plan.input')}, 'waiting')`.execute(
    ctx.db,
  )
}

/** Searches all text columns of all tables for those that hold a sealed value. */
async function columnsWithSealed(db: Db): Promise<string[]> {
  const columns = await sql<{ table: string; column: string }>`
    select c.relname as "table", a.attname as "column"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.atttypid = 'text'::regtype`.execute(
    db,
  )
  const found: string[] = []
  for (const { table, column } of columns.rows) {
    const rows = await sql`
      select 1 from ${sql.table(table)} where ${sql.ref(column)} ~ '^v1\\.[0-9a-f]{16}\\.' limit 1`.execute(
      db,
    )
    if (rows.rows.length > 0) found.push(`${table}.${column}`)
  }
  return found
}

it('another key seals every sealed column again, and all that is in the database is declared', async () => {
  await fill(world)
  const declared = sealedColumns.map(one => `${one.table}.${one.column}`)
  expect((await columnsWithSealed(world.ctx.db)).sort()).toEqual(declared.sort())
  await world.server.close()
  const log = createLog('silent')
  const rotating = { ...world.env, WISP_SECRET_KEY: newKey, WISP_SECRET_KEY_OLD: oldKey }
  const server = await startServer(readConfig(rotating), { log })
  try {
    const seal = createSeal(newKey)
    for (const column of sealedColumns) {
      const key = sql.join(column.key.map(name => sql`${sql.ref(name)}::text`))
      const { rows } = await sql<{ key: string[]; sealed: string }>`
        select array[${key}] as key, ${sql.ref(column.column)} as sealed from ${sql.table(column.table)}
        where ${sql.ref(column.column)} <> ''`.execute(server.ctx.db)
      expect(rows.length, column.table).toBeGreaterThan(0)
      for (const row of rows) expect(seal.open(row.sealed, purposeOf(column, row.key))).not.toBe('')
    }
    expect(await server.ctx.corps.get(world.corpId).contact.tagList()).not.toEqual([])
  } finally {
    await server.close()
  }
  await (await startServer(readConfig({ ...rotating, WISP_SECRET_KEY_OLD: '' }), { log })).close()
})
