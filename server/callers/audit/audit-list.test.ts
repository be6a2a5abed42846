import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { administratorPassword, type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { addCorp } from '../../organisation/corps/corps.ts'
import { requestSync } from '../../organisation/sync/request.ts'
import { record, settleRepetitions } from '../../platform/audit/audit.ts'
import { addDeveloper } from '../developers/developer-admin.ts'
import type { AuditRow } from './audit-list.ts'

let world: World
let system: SignedInClient
let superAdministrator: SignedInClient

const list = async (query: Record<string, string | number> = {}, as = system) =>
  (await as.get('/web/audit', query)).body as { list: AuditRow[]; total: number }

const file = async (query: Record<string, string>, as = system) => {
  const address = `${world.server.url}/web/audit/export?${new URLSearchParams(query)}`
  const response = await fetch(address, { headers: { cookie: as.cookie } })
  // A spreadsheet knows the encoding by the mark at the start, which text() would take away.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer())
  return { status: response.status, headers: response.headers, text }
}

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
      act: 'app.menu.edit',
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
    const query = { act: 'app.menu.edit', pageSize: 20 }
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
    expect((await list({ act: 'app' })).total).toBe(30)
    expect((await list({ act: 'ap' })).total).toBe(0)
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
    const own = (await list({ act: 'app.menu.edit' })).list[0]
    expect((await superAdministrator.get('/web/audit/entry', { id: own?.id ?? 0 })).body.detail).toEqual({
      n: 30,
    })
    expect((await superAdministrator.get('/web/audit/entry', { id: foreign?.id ?? 0 })).retCode).toBe('1000')
  })

  it('says who did what to whom by their names, from where, and what it was before', async () => {
    const { devId } = await addDeveloper(world.ctx, 'root', world.corpId, { name: '甲系统' })
    const save = async (name: string, allowedIps: string) => {
      const { version } = (await superAdministrator.get('/web/developers/one', { devId })).body
      const form = {
        devId,
        version,
        name,
        scopes: 'directory:read',
        allowedIps,
        listStyle: 'object',
        enabled: '1',
      }
      expect((await superAdministrator.post('/web/developers/save', form)).retCode).toBe('0')
    }
    await save('人事系统', '')
    await save('人事系统', '127.0.0.1')
    const [last, first] = (await list({ act: 'developer.set' })).list
    expect(last).toMatchObject({
      actorName: '张三',
      targetName: '人事系统',
      address: '127.0.0.1',
      detail: { changes: [{ field: 'allowedIps', before: [], after: ['127.0.0.1'] }] },
    })
    expect(JSON.stringify(first?.detail)).toContain('"after":"人事系统"')
    expect((await list({ target: '人事' })).total).toBe(2)
    expect((await list({ actor: '张三' })).total).toBeGreaterThanOrEqual(2)
  })

  it('has sign-ins and failed ones of accounts that exist, and no unknown name', async () => {
    const body = { name: 'admin', password: 'certainly not this one' }
    const before = (await list({ act: 'sign-in.failed' })).total
    const asked = (given: object) =>
      call(`${world.server.url}/web/sign-in/password`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(given),
      })
    await asked({ name: 'admin', password: administratorPassword })
    await asked(body)
    await asked({ ...body, name: 'my-pass-word-1' })
    await expect.poll(async () => (await list({ act: 'sign-in.failed' })).total).toBe(before + 1)
    const [failed] = (await list({ act: 'sign-in.failed' })).list
    expect(failed).toMatchObject({ actor: 'admin', target: 'admin', address: '127.0.0.1', corpId: null })
    expect((await list({ act: 'sign-in.password' })).list[0]).toMatchObject({ actor: 'admin' })
    const details = async () => (await list({ act: 'sign-in.failed' })).list.map(one => one.detail)
    const beside = async () =>
      (await world.ctx.db.selectFrom('audit_repetition').select('times').execute()).map(one => one.times)
    await asked(body)
    await asked(body)
    await expect.poll(beside).toEqual([2])
    expect((await details())[0]).toEqual({})
    world.clock.offsetMs += 10 * 60_000 + 1
    await settleRepetitions(world.ctx.db, world.ctx)
    await expect.poll(async () => (await details())[0]).toEqual({ times: 2 })
    await asked(body)
    await expect.poll(async () => (await list({ act: 'sign-in.failed' })).total).toBe(before + 3)
    expect((await details())[0]).toEqual({})
    const rows = await world.ctx.db.selectFrom('audit').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('my-pass-word-1')
  })

  it('is a file that a spreadsheet opens, of what is filtered and no more', async () => {
    const { status, headers, text } = await file({ act: 'app.menu.edit', sort: 'at' })
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    const lines = text.split('\r\n')
    expect(lines[0]).toMatch(/^\uFEFF时间,企业,操作人/)
    expect(lines[1]).toContain(',编辑菜单,')
    expect(lines[1]).toContain('版本：1')
    expect([lines.length, lines[1]?.includes(',t1,'), lines[30]?.includes(',t30,')]).toEqual([32, true, true])
    expect((await list({ act: 'export' })).list[0]).toMatchObject({
      target: 'audit',
      detail: { act: 'app.menu.edit' },
    })
    expect((await file({ scope: 'all' }, superAdministrator)).text).not.toContain('ww0000000000000009')
  })

  it('names the acts there are', async () => {
    const { body } = await superAdministrator.get('/web/audit/acts')
    expect(body.list).toContainEqual({ act: 'app.menu.edit', name: '编辑菜单' })
    expect(body.list.map((one: { act: string }) => one.act)).not.toContain('backup')
  })

  it('is not for graded administrators', async () => {
    const graded = await signInAs(world, 'graded', 'lisi', [{ departmentId: 1, manage: true }])
    expect((await graded.get('/web/audit')).status).toBe(403)
  })
})
