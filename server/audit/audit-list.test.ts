import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../test/harness.ts'
import { type SignedIn, signInAs } from '../../test/sign-in.ts'
import { addCorp } from '../corps/corps.ts'
import { requestSync } from '../sync/request.ts'
import { record } from './audit.ts'
import type { AuditRow } from './audit-list.ts'

let world: World
let system: SignedIn
let superAdministrator: SignedIn

const list = async (query: Record<string, string | number> = {}, as = system) =>
  (await as.get('/web/audit', query)).body as { list: AuditRow[]; total: number }

beforeAll(async () => {
  world = await startWorld({ synced: false })
  const { ctx } = world
  await addCorp(ctx, 'root', { corpId: world.corpId, name: '甲', contactSecret: world.sandbox.contactSecret })
  await addCorp(ctx, 'root', { corpId: 'ww0000000000000009', name: '乙', contactSecret: 'x'.repeat(43) })
  await requestSync(ctx, 'zhangsan', world.corpId, 'full')
  await ctx.sync.drain(world.corpId)
  for (let n = 1; n <= 30; n++) {
    const target = n === 7 ? '50%_off' : `t${n}`
    await record(ctx.db, ctx, {
      corpId: world.corpId,
      actor: 'li%si',
      act: 'demo.one',
      target,
      detail: { n },
    })
  }
  await record(ctx.db, ctx, { corpId: null, actor: 'root', act: 'backup', target: 'all', detail: {} })
  system = await signInAs(world, 'system')
  superAdministrator = await signInAs(world, 'super')
})
afterAll(() => world.close())

describe('the audit log', () => {
  it('is paged, the latest first', async () => {
    const query = { act: 'demo.one', pageSize: 20 }
    const first = await list(query)
    const second = await list({ ...query, pageNo: 2 })
    expect([first.total, first.list.length, second.list.length]).toEqual([30, 20, 10])
    expect(first.list[0]?.target).toBe('t30')
    expect(second.list.at(-1)?.target).toBe('t1')
    expect((await list({ ...query, sort: 'at' })).list[0]?.target).toBe('t1')
  })

  it('is filtered by letters as they are, by a family of acts and by time', async () => {
    expect((await list({ target: '50%_' })).list.map(row => row.target)).toEqual(['50%_off'])
    expect((await list({ target: '%' })).total).toBe(1)
    expect((await list({ actor: 'LI%' })).total).toBe(30)
    expect((await list({ act: 'demo' })).total).toBe(30)
    expect((await list({ act: 'dem' })).total).toBe(0)
    const soon = new Date(Date.now() + 60_000).toISOString()
    expect((await list({ from: soon })).total).toBe(0)
    expect((await list({ to: soon })).total).toBeGreaterThan(30)
    const broken = await system.get('/web/audit', { from: 'gestern' })
    expect([broken.retCode, broken.retMessage]).toEqual(['1000', expect.stringContaining('from')])
  })

  it('shows a super administrator the own corp, the system one also the installation or all', async () => {
    const corps = (rows: AuditRow[]) => [...new Set(rows.map(row => row.corpId))].sort()
    const own = await list({ pageSize: 200 }, superAdministrator)
    expect(corps(own.list)).toEqual([world.corpId])
    const asked = await list({ pageSize: 200, scope: 'all' }, superAdministrator)
    expect(corps(asked.list)).toEqual([world.corpId])
    const withInstallation = await list({ pageSize: 200, corpId: world.corpId })
    expect(withInstallation.list.some(row => row.corpId === null)).toBe(true)
    expect(withInstallation.list.some(row => row.corpId === 'ww0000000000000009')).toBe(false)
    const all = await list({ pageSize: 200, scope: 'all' })
    expect(all.list.some(row => row.corpId === 'ww0000000000000009')).toBe(true)
  })

  it('opens one entry, never one of another corp', async () => {
    const foreign = (await list({ scope: 'all', pageSize: 200 })).list.find(
      row => row.corpId === 'ww0000000000000009',
    )
    const own = (await list({ act: 'demo.one' })).list[0]
    expect((await superAdministrator.get('/web/audit/entry', { id: own?.id ?? 0 })).body.detail).toEqual({
      n: 30,
    })
    expect((await superAdministrator.get('/web/audit/entry', { id: foreign?.id ?? 0 })).retCode).toBe('1000')
  })

  it('names the acts there are', async () => {
    const { body } = await superAdministrator.get('/web/audit/acts')
    expect(body.list).toContain('demo.one')
    expect(body.list).not.toContain('backup')
  })

  it('is not for graded administrators', async () => {
    const graded = await signInAs(world, 'graded', 'lisi', [{ departmentId: 1, manage: true }])
    expect((await graded.get('/web/audit')).status).toBe(403)
  })
})
