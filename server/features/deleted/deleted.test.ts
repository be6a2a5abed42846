import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Manager, managerBy } from '../../../test/admin-token.ts'
import { type Caller, call, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { removeDeveloper } from '../../callers/developers/developer-admin.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { allFeatures } from '../../features.ts'
import { listDeleted } from '../../platform/deleted/deleted.ts'
import { clientSecretPurpose } from '../app-sign-in/sealed.ts'
import { addApp, removeApp, setApp } from '../apps/apps.ts'
import { newSource } from '../todo-sources/source.fixture.ts'
import { bindPersons, boundPersons } from '../todo-sources/source-store.ts'
import { addWebhook } from '../webhooks/webhooks.ts'
import { restoreDeleted } from './restore.ts'

let world: World
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 10 })
  as = await signInAs(world, 'super')
})
afterAll(() => world.close())

const page = async (path: string, body: object) => {
  const answer = await as.post(path, body)
  expect(answer.retCode, answer.retMessage).toBe('0')
  return answer.body
}
const listed = async () => (await as.get('/web/deleted')).body.list as { kind: string; id: string }[]
const restore = (kind: 'app' | 'developer', id: string) =>
  restoreDeleted(world.ctx, 'test', world.corpId, { kind, id })
const canCall = async (token: string) =>
  (
    await call(
      `${world.server.url}/api/user/get?${new URLSearchParams({ devToken: token, userId: 'zhangsan' })}`,
    )
  ).retCode === '0'
const newToken = ({ devId, devSecret }: Caller) =>
  call(`${world.server.url}/api/token/getDevToken?${new URLSearchParams({ devId, devSecret })}`)
const quota = (developers: number | null) =>
  sql`update corp set quotas = ${developers === null ? '{}' : JSON.stringify({ developers })}::jsonb`.execute(
    world.ctx.db,
  )

describe('a developer that was deleted', () => {
  it('calls nothing, and comes back with id, secret, owners, webhooks and apps', async () => {
    const dev = await world.addDeveloper({
      name: '报修系统',
      scopes: ['directory:read', 'webhook:manage'],
      owners: ['zhangsan'],
    })
    const { devId } = dev
    const made = await addWebhook(
      world.ctx,
      'test',
      { corpId: world.corpId, devId },
      { url: world.server.url, types: ['directory'] },
    )
    const { id: appId } = await addApp(world.ctx, 'test', world.corpId, { name: '报修', devId })
    const token = await dev.token()
    expect(await canCall(token)).toBe(true)
    await page('/web/developers/remove', { devId })
    expect(await canCall(token)).toBe(false)
    expect(await newToken(dev)).toMatchObject({ retCode: '1002' })
    expect(world.ctx.apps.get(world.corpId, appId).devId).toBeNull()
    expect((await as.get('/web/developers/one', { devId })).retCode).toBe('1002')
    expect(await listed()).toMatchObject([{ kind: 'developer', id: devId, name: '报修系统' }])

    expect(await page('/web/deleted/restore', { kind: 'developer', id: devId })).toEqual({
      id: devId,
      name: '报修系统',
      sameName: [],
    })
    expect(await canCall((await newToken(dev)).body.devToken)).toBe(true)
    expect(world.ctx.apps.get(world.corpId, appId).devId).toBe(devId)
    expect(world.ctx.developers.get(devId)?.owners.size).toBe(1)
    const { rows } = await sql<{
      secret: string
    }>`select secret from webhook where dev_id = ${devId}`.execute(world.ctx.db)
    expect(rows.map(row => world.ctx.seal.open(row.secret, 'webhook.secret'))).toEqual([made.secret])
    expect(await listed()).toEqual([])
    const acts = await sql<{ act: string; name: string }>`
      select act, target_name as name from audit where target = ${devId} order by id desc limit 2`.execute(
      world.ctx.db,
    )
    expect(acts.rows).toEqual([
      { act: 'developer.restore', name: '报修系统' },
      { act: 'developer.remove', name: '报修系统' },
    ])
  })

  it('frees its place in the quota, and comes back only where there is one; equal names are told', async () => {
    const { devId } = await world.addDeveloper({ name: '同名' })
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from developer where enabled`.execute(
      world.ctx.db,
    )
    await quota(rows[0]!.n)
    await removeDeveloper(world.ctx, 'test', world.corpId, devId)
    const other = await world.addDeveloper({ name: '同名' })
    await expect(restore('developer', devId)).rejects.toThrow(/配额|上限/)
    expect(await listed()).toMatchObject([{ id: devId }])
    await quota(null)
    expect(await restore('developer', devId)).toMatchObject({ sameName: [other.devId] })
  })

  it('comes back without owners that are gone by then, and once when two bring it back', async () => {
    const { devId } = await world.addDeveloper({ owners: ['lisi'] })
    await removeDeveloper(world.ctx, 'test', world.corpId, devId)
    await sql`delete from member where user_id = 'lisi'`.execute(world.ctx.db)
    const both = await Promise.allSettled([restore('developer', devId), restore('developer', devId)])
    expect(both.map(one => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(world.ctx.developers.get(devId)?.owners.size).toBe(0)
  })

  it('is gone for good after 30 days', async () => {
    const { devId } = await world.addDeveloper()
    await removeDeveloper(world.ctx, 'test', world.corpId, devId)
    world.clock.offsetMs = 30 * 86_400_000 + 1000
    try {
      expect(await listDeleted(world.ctx, world.corpId)).toEqual([])
      await expect(restore('developer', devId)).rejects.toThrow('30')
    } finally {
      world.clock.offsetMs = 0
    }
    await restore('developer', devId)
  })
})

describe('an app that was deleted', () => {
  const putClient = (appId: string, clientId: string, secret: string) =>
    sql`insert into app_sign_in (app_id, corp_id, way, relation, is_framed, least_acr, user_name_field, claims, attributes,
        groups, client_id, client_secret, updated_at, updated_by)
      values (${appId}, ${world.corpId}, 'oidc', 'x', false, 1, 'userid', '[]', '[]', '{}', ${clientId},
        ${world.ctx.seal.seal(secret, clientSecretPurpose)}, now(), '')`.execute(world.ctx.db)

  it('comes back with its client, its icon and its menu', async () => {
    const { id } = await addApp(world.ctx, 'test', world.corpId, {
      name: '财务',
      homeUrl: 'https://a.example/',
    })
    await putClient(id, 'finance', 'the secret')
    await sql`insert into app_menu_version (app_id, n, source, items, actor, menu, created_at)
      values (${id}, 1, 'edit', 1, '', '[{"name":"首页"}]', now())`.execute(world.ctx.db)
    const before = world.ctx.apps.get(world.corpId, id)
    await removeApp(world.ctx, 'test', world.corpId, id)
    expect(world.ctx.apps.find(id)).toBeUndefined()
    const wisp = await runCommand(world.ctx, ['deleted', 'list'])
    expect(wisp.text).toContain(id)
    expect((await runCommand(world.ctx, ['deleted', 'restore', 'app', id])).text).toContain('已恢复应用')
    expect(world.ctx.apps.get(world.corpId, id)).toEqual(before)
    const { rows } = await sql<{ sealed: string }>`
      select client_secret as sealed from app_sign_in where app_id = ${id}`.execute(world.ctx.db)
    expect(world.ctx.seal.open(rows[0]!.sealed, clientSecretPurpose)).toBe('the secret')
    expect(rows[0]!.sealed).not.toContain('the secret')
    const menus = await sql`select from app_menu_version where app_id = ${id}`.execute(world.ctx.db)
    expect(menus.rows).toHaveLength(1)
  })

  it('is refused, in words, while another has its client id; its secrets are sealed until then', async () => {
    const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '一' })
    await putClient(id, 'taken', 'a very secret secret')
    await removeApp(world.ctx, 'test', world.corpId, id)
    const kept = await sql<{ rows: string }>`select rows from deleted_object where id = ${id}`.execute(
      world.ctx.db,
    )
    expect(kept.rows[0]!.rows).toMatch(/^v1\./)
    const { id: other } = await addApp(world.ctx, 'test', world.corpId, { name: '二' })
    await putClient(other, 'taken', 'x')
    await expect(restore('app', id)).rejects.toThrow('client_id')
    await sql`delete from app_sign_in where app_id = ${other}`.execute(world.ctx.db)
    await restore('app', id)
  })

  it('comes back without its developer when that is deleted too, by a call of management', async () => {
    const all: Manager = await managerBy(world)
    const { devId } = await world.addDeveloper()
    const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '孤' })
    await setApp(world.ctx, 'test', world.corpId, id, { devId })
    await removeApp(world.ctx, 'test', world.corpId, id)
    expect((await all.post('/api/admin/developer/remove', { devId })).retCode).toBe('0')
    expect((await all.get('/api/admin/deleted')).body.list.map((one: { id: string }) => one.id)).toEqual([
      devId,
      id,
    ])
    expect((await all.post('/api/admin/app/restore', { id })).body).toMatchObject({ id, name: '孤' })
    expect(world.ctx.apps.get(world.corpId, id).devId).toBeNull()
    expect((await all.post('/api/admin/developer/restore', { id: devId })).retCode).toBe('0')
  })

  it('comes back without its developer when that is being deleted at this moment', async () => {
    const { devId } = await world.addDeveloper()
    const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '同时', devId })
    await removeApp(world.ctx, 'test', world.corpId, id)
    const coming = await world.ctx.db.transaction().execute(async tx => {
      await sql`delete from developer where dev_id = ${devId}`.execute(tx)
      const back = restore('app', id).then(
        () => 'back',
        (error: Error) => error.message,
      )
      await until('it waits for that', async () => {
        const { rows } = await sql`select from pg_locks where not granted`.execute(world.ctx.db)
        return rows.length > 0
      })
      return { back }
    })
    expect(await coming.back).toBe('back')
    expect(world.ctx.apps.get(world.corpId, id).devId).toBeNull()
  })

  it('comes back with the settings of its to-dos', async () => {
    const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '待办' })
    await sql`insert into todo_app_setting values (${world.corpId}, ${id}, '{-60}', 120, true, false, now(), '')`.execute(
      world.ctx.db,
    )
    await removeApp(world.ctx, 'test', world.corpId, id)
    await restore('app', id)
    const { rows } = await sql`
      select escalate_minutes as minutes from todo_app_setting where app_id = ${id}`.execute(world.ctx.db)
    expect(rows).toEqual([{ minutes: 120 }])
  })
})

describe('an app that was deleted with a source of to-dos', () => {
  it('comes back with the people whom its sender has bound', async () => {
    const { appId, id: sourceId } = await newSource(world, { kind: 'seeyon' })
    const bound = new Map(
      Array.from({ length: 1200 }, (_, at) => [`u-${at}`, at === 7 ? 'lisi' : `"\\${at}`]),
    )
    await bindPersons(world.ctx.db, world.corpId, sourceId, bound, new Date(world.ctx.now()))
    await removeApp(world.ctx, 'test', world.corpId, appId)
    expect(await boundPersons(world.ctx.db, world.corpId, sourceId, ['u-7'])).toEqual(new Map())
    await restore('app', appId)
    expect(await boundPersons(world.ctx.db, world.corpId, sourceId, [...bound.keys()])).toEqual(bound)
  })
})

/** What ends with an app or a developer, and why it does not come back. */
const lost: Record<string, string> = {
  app_menu_attempt: 'what the last calls for the menu answered',
  app_consent: 'people are asked again',
  app_session: 'people sign in again',
  app_logout: 'of sessions that have ended',
  ticket: 'ends with the app',
  cas_ticket: 'good for seconds',
  cas_import: 'what an import said',
  todo: 'the program of the app sends its to-dos again (todo/reconcile)',
  app_badge: 'the program sets it again',
  ldap_card: 'good for two minutes',
  ldap_password: 'people make others: one who left meanwhile has none',
  todo_workbench_app: 'made again by itself',
  todo_workbench: 'made again by itself',
  developer_usage: 'figures of past days',
  scope_request: 'asked for again',
  agent_media: 'good for three days',
  webhook_delivery: 'events that come again (event/replay) or are read in the feed',
  packet_session: 'good for hours',
  developer_code: 'good for five minutes',
  todo_pushed: 'of to-dos, which the source sends again',
  approval: 'stays, but for whose it was: WeCom has its history',
  approval_setting: 'the app is chosen again',
  todo_unrecognised: 'the source sends them again',
}

it('every table that goes with an app or a developer comes back, or is known not to', async () => {
  const kept = allFeatures.flatMap(one => one.kept ?? [])
  const parents = [...new Set(['app', 'developer', ...kept.map(one => one.table)])]
  const { rows } = await sql<{ child: string; parent: string }>`
    select distinct conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint
    where contype = 'f' and confrelid = any(${parents}::regclass[])`.execute(world.ctx.db)
  const isKept = ({ child, parent }: { child: string; parent: string }) =>
    kept.some(one => one.table === child && (one.through?.table ?? one.of) === parent)
  const unknown = rows.filter(row => !isKept(row) && !(row.child in lost))
  expect(unknown).toEqual([])
  const children = new Set(rows.map(row => row.child))
  expect(Object.keys(lost).filter(table => !children.has(table))).toEqual([])
})
