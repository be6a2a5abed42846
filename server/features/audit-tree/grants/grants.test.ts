import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Manager, managerBy } from '../../../../test/admin-token.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { resetAdministratorPassword } from '../../../callers/sign-in/administrator.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { endRuleDepartments } from '../../../organisation/groups/groups.ts'
import { readLine } from '../../../platform/audit/grants.ts'
import { setSignIn } from '../../app-sign-in/set-sign-in.ts'
import { addApp } from '../../apps/apps.ts'
import { applySettings, exportSettings, readSettings } from '../../settings-file/apply-settings.ts'
import { allEntered } from '../entered.fixture.ts'
import { findingWords } from '../tree/finding.ts'
import { verifyAll } from '../verify/verify-all.ts'
import { checkAllGrants, checkGrants } from './check.ts'
import { compareGrants } from './compare.ts'
import { grantsRow } from './grants-store.ts'

let world: World
let admin: SignedInClient
let manager: Manager
let tokenId: number
let roleId: number
let ruleGroup: number
let listGroup: number
let robotId: string
let templateId: string
let appId: string
let originalId: string
beforeAll(async () => {
  world = await startWorld({ members: 12, departments: 4 })
  const { ctx, corpId } = world
  admin = await signInAs(world, 'super', 'lisi')
  manager = await managerBy(world)
  tokenId = (await managerBy(world, { corpId })).id
  roleId = (
    await admin.post('/web/roles/save', { name: '查看', points: ['sync:read'], range: { kind: 'corp' } })
  ).body.id
  appId = (await addApp(ctx, 'test', corpId, { name: '图书馆', homeUrl: 'https://lib.example.com/' })).id
  originalId = (await world.bindOfficial()).originalId
  const address = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-0000-0000-0000-000000000001'
  const robot = ['message', 'robot', 'add', '值班群', '--address', address]
  robotId = ((await runCommand(ctx, robot)).data as { id: string }).id
  const template = ['approval', 'template', 'put', 'own-flow', '--flow', 'own', '--name', '用印']
  templateId = ((await runCommand(ctx, template)).data as { templateId: string }).templateId
  await allEntered(ctx)
  await checkAllGrants(ctx)
})
afterAll(() => world.close())

const wisp = (...words: string[]) => runCommand(world.ctx, words)
const ok = async (answer: Promise<{ retCode: string; retMessage: string }>) => {
  const { retCode, retMessage } = await answer
  expect([retCode, retMessage]).toEqual(['0', retMessage])
}
const memberId = (userId: string) => world.ctx.mirrors.of(world.corpId).members.byKey(userId)!.id

/** What the next look finds, by kind and what. */
async function found(tree = world.corpId): Promise<string[]> {
  await checkGrants(world.ctx, tree)
  const row = await grantsRow(world.ctx.db, tree)
  const whole = await compareGrants(world.ctx, world.ctx.offered.grants, tree, { isWhole: true })
  const named = (findings: typeof whole.findings) => findings.map(one => `${one.source} ${one.what}`).sort()
  expect(named(whole.findings)).toEqual(named(row!.findings))
  return named(row!.findings)
}

async function apply(change: (file: Record<string, unknown[]>) => void): Promise<void> {
  const { ctx, corpId } = world
  const file = JSON.parse(await exportSettings(ctx, corpId))
  change(file)
  await applySettings(ctx, 'test', readSettings(ctx, JSON.stringify(file), corpId))
}

type KindCase = {
  /** The installation's tree. */
  isOfInstallation?: boolean
  table: string
  /** The row that the acts are about. */
  where(): ReturnType<typeof sql>
  /** All acts that give or change it, each another way. */
  give: (() => Promise<unknown>)[]
  /** Changes it by SQL, and what that is found as. */
  change: () => ReturnType<typeof sql>
  changed: string[]
  take?: () => Promise<unknown>
}

const developer = (): string => world.dev.devId
const places = () => world.ctx.mirrors.of(world.corpId).tree.order.map(one => String(one.department.id))
const rule = (field: string, op: string, values: string[]) => JSON.stringify({ field, op, values })
const groupOf = async (...words: string[]) =>
  ((await wisp('group', 'add', `人群 ${words[1]}`, ...words)).data as { id: number }).id
const cases: Record<string, KindCase> = {
  role: {
    table: 'member_role',
    where: () => sql`corp_id = ${world.corpId} and member_id = ${memberId('zhangsan')}`,
    give: [
      () => wisp('admin', 'role', 'set', 'zhangsan', '--level', '4'),
      async () => {
        await wisp('admin', 'role', 'remove', 'zhangsan')
        await ok(admin.post('/web/directory/role-set', { userId: 'zhangsan', level: '4' }))
      },
    ],
    change: () => sql`update member_role set level = 2 where member_id = ${memberId('zhangsan')}`,
    changed: ['role grantChanged'],
    take: () => wisp('admin', 'role', 'remove', 'zhangsan'),
  },
  'own-role': {
    table: 'own_role',
    where: () => sql`id = ${roleId}`,
    give: [
      () => wisp('role', 'set', String(roleId), '--points', 'sync:read,console:use'),
      () => wisp('role', 'set', String(roleId), '--points', 'sync:read'),
      () =>
        apply(file => {
          file['roles'] = [{ ...(file['roles']![0] as object), points: ['sync:read', 'audit:read'] }]
        }),
    ],
    change: () => sql`update own_role set points = '{role:edit}' where id = ${roleId}`,
    changed: ['own-role grantChanged'],
  },
  'own-role-holder': {
    table: 'own_role_holder',
    where: () => sql`role_id = ${roleId} and member_id = ${memberId('zhangsan')}`,
    give: [
      () => wisp('role', 'give', String(roleId), 'zhangsan', '--until', '2099-01-01T00:00:00Z'),
      () => ok(admin.post('/web/roles/give', { id: roleId, userId: 'zhangsan' })),
    ],
    change: () => sql`update own_role_holder set until = '2100-01-01' where role_id = ${roleId}`,
    changed: ['own-role-holder grantChanged'],
    take: () => wisp('role', 'take', String(roleId), 'zhangsan'),
  },
  'role-group': {
    table: 'member_group',
    where: () => sql`id = ${ruleGroup}`,
    give: [
      async () => {
        ruleGroup = await groupOf('--rule', rule('department', 'below', ['1', places()[1]!]))
        listGroup = await groupOf('--members', 'lisi')
        await wisp('role', 'set', String(roleId), '--groups', `${ruleGroup},${listGroup}`)
      },
      () => wisp('group', 'set', String(ruleGroup), '--rule', rule('department', 'below', places())),
      // A department that goes changes the rule without anybody.
      () =>
        world.ctx.db
          .transaction()
          .execute(tx => endRuleDepartments(tx, world.ctx, world.corpId, [Number(places()[1])])),
    ],
    change: () =>
      sql`update member_group set rule = ${rule('status', 'is', ['active'])}::jsonb where id = ${ruleGroup}`,
    changed: ['role-group grantChanged'],
  },
  'role-group-member': {
    table: 'member_group_member',
    where: () => sql`group_id = ${listGroup} and member_id = ${memberId('zhangsan')}`,
    give: [() => wisp('group', 'set', String(listGroup), '--members', 'zhangsan')],
    // Not even on the list: in the group all the same.
    change: () => sql`
      insert into member_group_member (corp_id, group_id, member_id, is_in, seq, at)
      values (${world.corpId}, ${listGroup}, ${memberId('wangwu')}, true, 9, now())`,
    changed: ['role-group-member grantAdded'],
    take: () => wisp('group', 'set', String(listGroup), '--members', ''),
  },
  'admin-token': {
    table: 'admin_token',
    where: () => sql`id = ${tokenId}`,
    // The list has it; that a token is made is looked at where tokens are.
    give: [],
    change: () =>
      sql`update admin_token set scopes = '{admin:read}', addresses = '{0.0.0.0/0}' where id = ${tokenId}`,
    changed: ['admin-token grantChanged'],
    take: () => wisp('admin', 'token', 'revoke', String(tokenId)),
  },
  developer: {
    table: 'developer',
    where: () => sql`dev_id = ${developer()}`,
    give: [
      () => wisp('developer', 'set', developer(), '--name', '考勤'),
      async () => {
        const { id } = (await wisp('group', 'add', '范围', '--members', 'zhangsan')).data as { id: number }
        await wisp('developer', 'set', developer(), '--groups', String(id))
        await past(sql`update developer set scope_groups = '{}' where dev_id = ${developer()}`)
        expect(await found()).toContain('developer grantChanged')
        await past(
          sql`update developer set scope_groups = array[${id}::bigint] where dev_id = ${developer()}`,
        )
      },
      async () => {
        const settings = { scopes: ['directory:read'] }
        await ok(
          manager.post('/api/admin/developer/set', { corpId: world.corpId, devId: developer(), settings }),
        )
      },
      () =>
        apply(file => {
          file['developers'] = file['developers']!.map(one => ({
            ...(one as object),
            allowedIps: ['10.0.0.0/8'],
          }))
        }),
    ],
    change: () => sql`update developer set scopes = scopes || '{message:send}' where dev_id = ${developer()}`,
    changed: ['developer grantChanged'],
  },
  'developer-owner': {
    table: 'developer_owner',
    where: () => sql`dev_id = ${developer()} and member_id = ${memberId('zhangsan')}`,
    give: [
      async () => {
        const settings = { owners: ['zhangsan'] }
        await ok(
          manager.post('/api/admin/developer/set', { corpId: world.corpId, devId: developer(), settings }),
        )
      },
    ],
    change: () =>
      sql`update developer_owner set member_id = ${memberId('wangwu')} where dev_id = ${developer()} and member_id = ${memberId('zhangsan')}`,
    changed: ['developer-owner grantAdded', 'developer-owner grantRemoved'],
    take: async () => {
      const settings = { owners: [] }
      await ok(
        manager.post('/api/admin/developer/set', { corpId: world.corpId, devId: developer(), settings }),
      )
    },
  },
  account: {
    isOfInstallation: true,
    table: 'admin_account',
    where: () => sql`name = 'admin'`,
    give: [() => resetAdministratorPassword(world.ctx, 'root', 'Quite another phrase 77')],
    change: () => sql`update admin_account set name = 'root' where name = 'admin'`,
    changed: ['account grantAdded', 'account grantRemoved'],
  },
  official: {
    table: 'official_grant',
    where: () => sql`original_id = ${originalId} and member_id = ${memberId('zhangsan')}`,
    give: [
      async () => {
        await wisp('role', 'give', String(roleId), 'zhangsan')
        await wisp('official', 'grant', originalId, '--administrators', 'zhangsan')
      },
    ],
    change: () =>
      sql`update official_grant set member_id = ${memberId('lisi')} where original_id = ${originalId}`,
    changed: ['official grantAdded', 'official grantRemoved'],
    take: () => wisp('official', 'grant', originalId, '--administrators', ''),
  },
  approval: {
    table: 'approval_grant',
    where: () => sql`template_id = ${templateId}`,
    give: [
      () => wisp('approval', 'template', 'put', templateId, '--apply', developer()),
      async () => {
        const grants = [{ devId: developer(), applies: true, reads: true }]
        const given = { corpId: world.corpId, templateId, grants }
        await ok(manager.post('/api/admin/approvalTemplate/put', given))
      },
    ],
    change: () => sql`update approval_grant set reads = false where template_id = ${templateId}`,
    changed: ['approval grantChanged'],
    take: () => wisp('approval', 'template', 'put', templateId, '--apply', '', '--read', ''),
  },
  robot: {
    table: 'group_robot_grant',
    where: () => sql`robot_id = ${robotId}`,
    give: [
      () => wisp('message', 'robot', 'set', robotId, '--developers', developer()),
      async () => {
        const robot = { devIds: [developer()], name: '值班' }
        await ok(manager.post('/api/admin/groupRobot/set', { corpId: world.corpId, id: robotId, robot }))
      },
    ],
    change: () => sql`delete from group_robot_grant where robot_id = ${robotId}`,
    changed: ['robot grantRemoved'],
    take: async () => {
      await ok(
        manager.post('/api/admin/groupRobot/set', {
          corpId: world.corpId,
          id: robotId,
          robot: { devIds: [] },
        }),
      )
    },
  },
  'app-sign-in': {
    table: 'app_sign_in',
    where: () => sql`app_id = ${appId}`,
    give: [
      async () => {
        const oidc = { redirectUris: ['https://lib.example.com/callback'] }
        await setSignIn(world.ctx, { actor: 'test', approves: true }, world.corpId, appId, {
          kind: 'oidc',
          oidc,
        })
      },
    ],
    change: () =>
      sql`update app_sign_in set claims = '[{"name":"phone","purpose":"x","approvedBy":"lisi","approvedAt":"2026-01-01"}]' where app_id = ${appId}`,
    changed: ['app-sign-in grantChanged'],
    take: () =>
      setSignIn(world.ctx, { actor: 'test', approves: true }, world.corpId, appId, { kind: 'jession' }),
  },
}

const rowsIn = async ({ table, where }: KindCase): Promise<string> => {
  const { rows } = await sql<{ all: string }>`
    select coalesce(json_agg(t), '[]')::text as all from ${sql.table(table)} t where ${where()}`.execute(
    world.ctx.db,
  )
  return rows[0]!.all
}
/** As somebody with the database does it, who leaves what hangs on the row alone. */
const past = (statement: ReturnType<typeof sql>) =>
  world.ctx.db.transaction().execute(async tx => {
    await sql`set local session_replication_role = replica`.execute(tx)
    await statement.execute(tx)
  })
const remove = ({ table, where }: KindCase) => past(sql`delete from ${sql.table(table)} where ${where()}`)
const putBack = ({ table }: KindCase, rows: string) =>
  past(sql`insert into ${sql.table(table)} overriding system value
    select * from json_populate_recordset(null::${sql.table(table)}, ${rows}::json) on conflict do nothing`)

it('has a case for each kind that a room declares', () => {
  const names = world.ctx.offered.grants.map(one => one.name)
  // What the three do takes several of them: callers/three-administrators tries it.
  expect(Object.keys(cases).sort()).toEqual(names.filter(name => name !== 'three').sort())
})

describe.for(Object.keys(cases))('%s', name => {
  it('is no finding by whatever act, and one by SQL that changes, deletes or puts it back', async () => {
    const one = cases[name]!
    const tree = one.isOfInstallation ? '' : world.corpId
    // Whether it is the token of a test, which has no act, or one that a program made for this test.
    const own = async () => (await found(tree)).filter(said => said.startsWith(`${name} `))
    for (const [way, give] of one.give.entries()) {
      await give()
      expect([way, await own()]).toEqual([way, []])
    }
    const rows = await rowsIn(one)
    expect(JSON.parse(rows)).toHaveLength(1)
    await past(one.change())
    expect(await own()).toEqual(one.changed)
    // What the change made of it goes, and the row is as it was.
    if (name === 'developer-owner')
      await past(sql`delete from developer_owner where member_id = ${memberId('wangwu')}`)
    if (name === 'role-group-member')
      await past(
        sql`delete from member_group_member where group_id = ${listGroup} and member_id = ${memberId('wangwu')}`,
      )
    if (name === 'official') await past(sql`delete from official_grant where original_id = ${originalId}`)
    if (name === 'account') await past(sql`delete from admin_account where name = 'root'`)
    await remove(one)
    expect(await own()).toEqual([`${name} grantRemoved`])
    await putBack(one, rows)
    expect(await own()).toEqual([])
    if (!one.take) return
    await one.take()
    expect(await own()).toEqual([])
    // The row of an older time.
    await remove(one)
    await putBack(one, rows)
    expect(await own()).toEqual([`${name} grantAdded`])
    await remove(one)
  })
})

it('finds a role that was written past wisp, tells of it, and takes it where the auditor confirms it', async () => {
  const { ctx, corpId } = world
  const id = memberId('wangwu')
  await past(sql`insert into member_role (corp_id, member_id, level) values (${corpId}, ${id}, 2)`)
  expect(await found()).toContain('role grantAdded')
  await allEntered(ctx)
  const { trees } = await verifyAll(ctx, { tree: corpId })
  const words = trees[0]!.findings.filter(one => one.what === 'grantAdded').map(one => findingWords(one).zh)
  expect(words).toContain('绕过平台写入的授权：管理员 wangwu，审计里没有对应的操作')
  const causes = await ctx.offered.causes['auditGrantFound']!.find()
  expect(causes.found).toContainEqual(expect.objectContaining({ corpId }))
  await expect(wisp('audit', 'grants')).resolves.toMatchObject({ failed: true })
  const { body } = await admin.get('/web/audit/grants')
  expect(body).toMatchObject({ isListed: true, confirmedAt: null })
  const given = Object.fromEntries(
    body.grants.map((one: { kind: string; gives: string }) => [one.kind, one.gives]),
  )
  expect(body.grants).toContainEqual(
    expect.objectContaining({ kind: 'role', target: 'wangwu', gives: '管理员等级：超级管理员' }),
  )
  expect(given['own-role']).toContain('权限：')
  expect(given['developer']).toContain('读取通讯录')
  const stale = await admin.post('/web/audit/grants/confirm', { version: 'older' })
  expect(stale.retMessage).toContain('又有变化')
  await ok(admin.post('/web/audit/grants/confirm', { version: body.version }))
  expect(await found()).toEqual([])
  expect((await admin.get('/web/audit/integrity')).body.grants).toMatchObject({
    found: 0,
    confirmedBy: 'lisi',
  })
  const read = await manager.get('/api/admin/audit/grants', { corpId })
  expect(read.body).toMatchObject({ findings: [], confirmedAt: expect.any(String) })
  await sql`delete from member_role where corp_id = ${corpId} and member_id = ${id}`.execute(ctx.db)
  expect(await found()).toEqual(['role grantRemoved'])
  expect((await wisp('audit', 'confirm-grants')).text).toContain('已确认 1 项')
  expect(await found()).toEqual([])
})

it('takes in what a node of an older version gave, once its act is there', async () => {
  const { ctx, corpId } = world
  const id = memberId('wangwu')
  await past(sql`insert into member_role (corp_id, member_id, level) values (${corpId}, ${id}, 4)`)
  await sql`insert into audit (corp_id, actor, act, target, detail, at)
    values (${corpId}, 'li', 'role.set', 'wangwu', '{}', now())`.execute(ctx.db)
  expect(await found()).toEqual([])
  await past(sql`update member_role set level = 2 where member_id = ${id}`)
  expect(await found()).toEqual(['role grantChanged'])
  await wisp('admin', 'role', 'remove', 'wangwu')
  expect(await found()).toEqual([])
})

it('believes no act that is in no tree, and makes a new list each month', async () => {
  const { ctx, corpId } = world
  const id = memberId('wangwu')
  const { held } = await compareGrants(ctx, ctx.offered.grants, corpId)
  world.clock.offsetMs += 31 * 86_400_000
  expect(await found()).toEqual([])
  const lists = await sql<{ lists: number }>`
    select count(distinct detail ->> 'list')::int as lists from audit where corp_id = ${corpId} and act = 'audit.grants.list'`.execute(
    ctx.db,
  )
  expect(lists.rows[0]!.lists).toBe(2)
  expect((await compareGrants(ctx, ctx.offered.grants, corpId)).expected).toHaveLength(held.length)
  await past(sql`insert into member_role (corp_id, member_id, level) values (${corpId}, ${id}, 2)`)
  await past(sql`insert into audit (corp_id, actor, act, target, detail, at)
    values (${corpId}, 'li', 'role.set', 'wangwu', '{}', now())`)
  expect(await found()).toEqual(['role grantAdded'])
})

it('reads no line that wisp has not written', () => {
  for (const line of ['', 'role', 'role 1', 'role 1 x not-a-time', 'role %E0% x', 'a b c d e'])
    expect([line, readLine(line)]).toEqual([line, undefined])
})
