import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseEnv, startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { insertSession } from '../../callers/sessions/session-store.ts'
import { adminAccount } from '../../callers/sign-in/account-store.ts'
import { ensureAdministrator, resetAdministratorPassword } from '../../callers/sign-in/administrator.ts'
import { accountOf } from '../../callers/sign-in/password-sign-in.ts'
import { hashPassword, verifyPassword } from '../../callers/sign-in/passwords.ts'
import { issueTicket } from '../../callers/tickets/tickets.ts'
import { createContext } from '../../context.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { listRoles, memberOf, removeRole, setRole } from './administrators.ts'

describe('administrators', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.close())

  const lastAudit = () =>
    world.ctx.db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  const firstDepartments = () => world.ctx.mirrors.of(world.corpId).tree.order.map(one => one.department.id)

  it('loses a department that WeCom deletes, also when its id is given again', async () => {
    const { ctx, corpId } = world
    await world.connectCallback()
    const [kept = 0] = firstDepartments()
    const { id } = await world.admin('department/create', { name: '短命', parentid: 1 })
    await world.settle()
    const departments = [
      { departmentId: kept, manage: false },
      { departmentId: Number(id), manage: true },
    ]
    await setRole(ctx, 'test', corpId, 'zhangsan', { level: 3, departments })
    await world.admin('department/delete', { id })
    await world.settle()
    await world.admin('department/create', { id, name: '别的', parentid: 1 })
    await world.settle()
    expect(ctx.mirrors.of(corpId).tree.get(Number(id))?.department.name).toBe('别的')
    const [role] = await listRoles(ctx, corpId)
    expect(role?.departments.map(one => one.departmentId)).toEqual([kept])
    const member = memberOf(ctx, corpId, 'zhangsan')
    await until('known to the node', () => ctx.roles.of(member.id)?.departments.length === 1)
    const entry = await ctx.db
      .selectFrom('audit')
      .select(['actor', 'detail'])
      .where('act', '=', 'role.set')
      .orderBy('id', 'desc')
      .executeTakeFirst()
    expect(entry).toMatchObject({ actor: 'wisp' })
    await removeRole(ctx, 'test', corpId, 'zhangsan')
  })

  it('gives, changes and takes roles', async () => {
    const { ctx, corpId } = world
    const [a = 0, b = 0] = firstDepartments()
    await setRole(ctx, 'test', corpId, 'ZHANGSAN', {
      level: 3,
      departments: [
        { departmentId: a, manage: true },
        { departmentId: b, manage: false },
      ],
    })
    const [role] = await listRoles(ctx, corpId)
    expect(role).toMatchObject({ userId: 'zhangsan', level: 3 })
    expect(role?.departments.map(one => [one.departmentId, one.manage])).toEqual(
      [
        [a, true],
        [b, false],
      ].sort((x, y) => Number(x[0]) - Number(y[0])),
    )
    expect(await lastAudit()).toMatchObject({
      corp_id: corpId,
      actor: 'test',
      act: 'role.set',
      target: 'zhangsan',
    })

    await setRole(ctx, 'test', corpId, 'zhangsan', { level: 2 })
    expect(await listRoles(ctx, corpId)).toMatchObject([{ level: 2, departments: [] }])

    await removeRole(ctx, 'test', corpId, 'zhangsan')
    expect(await listRoles(ctx, corpId)).toEqual([])
    expect(await lastAudit()).toMatchObject({ act: 'role.remove', target: 'zhangsan' })
    await expect(removeRole(ctx, 'test', corpId, 'zhangsan')).rejects.toMatchObject({ code: '1000' })
  })

  it('refuses an unknown corp', async () => {
    const { ctx, corpId } = world
    await expect(setRole(ctx, 'test', 'nocorp', 'zhangsan', { level: 2 })).rejects.toMatchObject({
      code: '1000',
    })
    expect(await listRoles(ctx, corpId)).toEqual([])
  })

  it('resets the administrator and ends the sessions and tickets of the account', async () => {
    const { ctx, corpId } = world
    await ensureAdministrator(ctx)
    const at = new Date(ctx.now())
    const expiresAt = new Date(ctx.now() + 3_600_000)
    const sessions = [
      { id: 'of admin', memberId: null, adminName: 'admin' },
      { id: 'of member', memberId: memberOf(ctx, corpId, 'zhangsan').id, adminName: null },
    ]
    for (const one of sessions)
      await insertSession(ctx.db, { ...one, corpId, createdAt: at, expiresAt, acr: 2, amr: [] })
    const made = await resetAdministratorPassword(ctx, 'test')
    const open = await ctx.db.selectFrom('session').select('id').where('ended_at', 'is', null).execute()
    expect(open).toEqual([{ id: 'of member' }])
    const account = await adminAccount(ctx.db, 'admin')
    expect(await verifyPassword(made.password ?? '', account?.password ?? '')).toBe(true)

    expect(await resetAdministratorPassword(ctx, 'test', 'chosen by hand')).toEqual({
      user: 'admin',
      password: undefined,
    })
    const row = await ctx.db.selectFrom('admin_account').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ must_change: false, failures: 0 })
    expect(await verifyPassword('chosen by hand', row.password)).toBe(true)
    expect(JSON.stringify(await ctx.db.selectFrom('audit').selectAll().execute())).not.toContain(
      'chosen by hand',
    )
    await expect(resetAdministratorPassword(ctx, 'test', 'short')).rejects.toMatchObject({ code: '1000' })
  })

  it('leaves tickets of members alone', async () => {
    const { ctx, corpId } = world
    await ctx.db
      .insertInto('app')
      .values({
        id: 'app1',
        corp_id: corpId,
        name: 'a',
        dev_id: null,
        agent_id: null,
        created_at: new Date(),
      })
      .execute()
    const memberId = memberOf(ctx, corpId, 'zhangsan').id
    await issueTicket(ctx.db, ctx, { corpId, appId: 'app1', memberId })
    await resetAdministratorPassword(ctx, 'test')
    expect(await ctx.db.selectFrom('ticket').select('member_id').execute()).toEqual([{ member_id: memberId }])
  })
})

describe('the first start', () => {
  it('makes one account, and tells its password until somebody has signed in with it', async () => {
    const ctx = await createContext(readConfig(await databaseEnv()), { log: createLog('silent') })
    try {
      const made = await Promise.all([1, 2, 3].map(() => ensureAdministrator(ctx)))
      expect(new Set(made.map(one => one?.password)).size).toBe(1)
      const password = made[0]?.password ?? ''
      const row = await ctx.db.selectFrom('admin_account').selectAll().executeTakeFirstOrThrow()
      expect(row.must_change).toBe(true)
      expect(await verifyPassword(password, row.password)).toBe(true)
      expect(row.first_password).not.toContain(password)
      // A wrong password changes nothing.
      await expect(accountOf(ctx, '::1', { name: 'admin', password: 'wrong' })).rejects.toThrow()
      expect(await ensureAdministrator(ctx)).toEqual({ user: 'admin', password })
      expect(await accountOf(ctx, '::1', { name: 'admin', password })).toBe('admin')
      expect(await ensureAdministrator(ctx)).toBeUndefined()
      // A node of an earlier version sets another password and leaves the kept one.
      await ctx.db.updateTable('admin_account').set({ first_password: row.first_password }).execute()
      const other = await hashPassword('chosen by hand')
      await ctx.db.updateTable('admin_account').set({ password: other }).execute()
      expect(await ensureAdministrator(ctx)).toBeUndefined()
      expect((await adminAccount(ctx.db, 'admin'))?.firstPassword).toBe('')
    } finally {
      await ctx.close()
    }
  })

  it('makes one account when two nodes start at once', async () => {
    const env = await databaseEnv()
    const nodes = await Promise.all(
      [1, 2].map(() => createContext(readConfig(env), { log: createLog('silent') })),
    )
    try {
      const made = await Promise.all(nodes.map(ensureAdministrator))
      expect(made[0]).toBeDefined()
      expect(made[1]).toEqual(made[0])
      expect(await nodes[0]!.db.selectFrom('admin_account').selectAll().execute()).toHaveLength(1)
    } finally {
      await Promise.all(nodes.map(node => node.close()))
    }
  })

  it('takes WISP_ADMIN_PASSWORD as it is', async () => {
    const env = { ...(await databaseEnv()), WISP_ADMIN_PASSWORD: '给定的密码 1234' }
    const ctx = await createContext(readConfig(env), { log: createLog('silent') })
    try {
      expect(await ensureAdministrator(ctx)).toBeUndefined()
      const row = await ctx.db.selectFrom('admin_account').selectAll().executeTakeFirstOrThrow()
      expect(row.must_change).toBe(false)
      expect(await verifyPassword('给定的密码 1234', row.password)).toBe(true)
    } finally {
      await ctx.close()
    }
  })
})
