import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { putAgent } from '../../corps/corps.ts'
import { findRun, readDrift } from '../../sync/runs/run-store.ts'
import { memberHistory } from '../feed-store.ts'
import { isListed } from '../mirror/members.ts'
import { supplementMembers } from './supplement.ts'
import { supplementRecords } from './supplement-store.ts'

const idOf = (world: World, userId: string) => {
  const core = world.ctx.mirrors.of(world.corpId).members.byKey(userId)
  if (!core) throw new Error(`no ${userId}`)
  return core.id
}
const shown = async (world: World, userId: string) => {
  const { body } = await world.dev.get('/api/user/get', { userId })
  return { mobile: body.mobile, email: body.email }
}

describe('personal data beside WeCom', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ overrides: { wecomOptions: { retries: 0 } } })
    await world.connectCallback()
  })
  afterAll(() => world.close())

  const give = (userId: string, values: object, source: 'consent' | 'import' = 'import') =>
    supplementMembers(
      world.ctx,
      'tester',
      world.corpId,
      [{ memberId: idOf(world, userId), ...values }],
      source,
    )
  const seq = () => world.ctx.mirrors.of(world.corpId).seq
  const drift = async () => {
    const run = await world.sync('reconcile')
    expect((await findRun(world.ctx.db, world.corpId, run))?.counts.member).toEqual({ put: 0, drop: 0 })
    return readDrift(world.ctx.db, run, 100)
  }

  it('fills what is empty within a second, once', async () => {
    await world.admin('user/update', { userid: 'lisi', email: '' })
    await world.settle()
    const before = seq()
    await give('lisi', { email: 'lisi@home.example', mobile: '13900000000' })
    const since = performance.now()
    await until('the e-mail is shown', async () => (await shown(world, 'lisi')).email !== '')
    expect(performance.now() - since).toBeLessThan(1000)
    expect((await shown(world, 'lisi')).mobile).not.toBe('13900000000')
    expect(seq()).toBe(before + 1)
    await give('lisi', { email: 'lisi@home.example' })
    await world.ctx.sync.drain(world.corpId)
    expect(seq()).toBe(before + 1)
    const found = await world.dev.post('/api/user/search', { searchName: 'lisi' })
    expect(found.body.list[0].email).toBe('lisi@home.example')
  })

  it('is no news to a sync and no drift', async () => {
    const before = seq()
    expect(await drift()).toEqual([])
    await world.sync('full')
    expect(seq()).toBe(before)
  })

  it('stays when WeCom tells something else of the member, and gives way when WeCom gives the field', async () => {
    await world.admin('user/update', { userid: 'lisi', position: '经理' })
    await world.settle()
    expect((await shown(world, 'lisi')).email).toBe('lisi@home.example')
    await world.admin('user/update', { userid: 'lisi', email: 'lisi@corp.example' })
    await world.settle()
    expect((await shown(world, 'lisi')).email).toBe('lisi@corp.example')
    await give('lisi', { email: 'new@home.example' })
    await world.ctx.sync.drain(world.corpId)
    expect((await shown(world, 'lisi')).email).toBe('lisi@corp.example')
    await world.admin('user/update', { userid: 'lisi', email: '', alias: 'ls' })
    await world.settle()
    expect((await shown(world, 'lisi')).email).toBe('new@home.example')
  })

  it('reports the drift of other fields only', async () => {
    await world.control('faults', { match: 'callback', mode: 'dropCallback', probability: 1 })
    await world.admin('user/update', { userid: 'lisi', position: '总监' })
    await world.control('faults', undefined, 'DELETE')
    const run = await world.sync('reconcile')
    const [entry] = await readDrift(world.ctx.db, run, 100)
    expect(entry).toMatchObject({ entityId: 'lisi', fields: { position: ['经理', '总监'] } })
    expect(Object.keys(entry?.fields ?? {})).toEqual(['position'])
  })

  it('can be taken back', async () => {
    await give('lisi', { email: '' })
    await world.ctx.sync.drain(world.corpId)
    expect((await shown(world, 'lisi')).email).toBe('')
    await give('lisi', { email: 'again@home.example' })
    await world.ctx.sync.drain(world.corpId)
    expect((await shown(world, 'lisi')).email).toBe('again@home.example')
    const [given, taken] = await memberHistory(world.ctx.db, world.corpId, idOf(world, 'lisi'), 2)
    expect([taken?.fields, given?.fields]).toEqual([
      { email: ['new@home.example', ''] },
      { email: ['', 'again@home.example'] },
    ])
  })

  it('follows a changed userid and is not inherited', async () => {
    await world.admin('user/rename', { userid: 'lisi', new_userid: 'lisi2' })
    await world.settle()
    expect((await shown(world, 'lisi2')).email).toBe('again@home.example')
    await world.admin('user/delete', { userid: 'lisi2' })
    await world.settle()
    await world.admin('user/create', {
      userid: 'lisi2',
      name: '李四',
      department: [3],
      mobile: '13900001234',
    })
    await world.settle()
    expect(await shown(world, 'lisi2')).toEqual({ mobile: '13900001234', email: '' })
  })

  it('fills under the restrictions, also over what WeCom said before them', async () => {
    await world.control('regime', { regime: 'restricted' })
    const agent = world.sandbox.agents[0]
    if (!agent) throw new Error('no agent')
    await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['names'] })
    await world.sync('full')
    const before = await shown(world, 'zhangsan')
    await give('zhangsan', { mobile: '13700007777' }, 'consent')
    await world.ctx.sync.drain(world.corpId)
    expect(await shown(world, 'zhangsan')).toEqual({ ...before, mobile: '13700007777' })
    expect(await drift()).toEqual([])
    await world.admin('user/update', { userid: 'zhangsan', position: '主任' })
    await world.settle()
    expect((await shown(world, 'zhangsan')).mobile).toBe('13700007777')
    const [stored] = await supplementRecords(world.ctx.db, world.corpId, [idOf(world, 'zhangsan')])
    expect(stored).toMatchObject({ field: 'mobile', source: 'consent', updatedBy: 'tester' })
  })

  it('audits fields, never values', async () => {
    const rows = await world.ctx.db
      .selectFrom('audit')
      .select(['target', 'detail'])
      .where('act', '=', 'member.supplement')
      .execute()
    expect(rows.at(-1)).toMatchObject({ target: 'zhangsan', detail: { fields: ['mobile'] } })
    expect(JSON.stringify(rows)).not.toMatch(/13700007777|home\.example/)
  })
})

it('takes over more than one transaction holds', async () => {
  const world = await startWorld({ members: 2100 })
  try {
    const { members } = world.ctx.mirrors.of(world.corpId)
    await world.control('regime', { regime: 'restricted' })
    await world.sync('full')
    const listed = [...members.all()].filter(isListed)
    const rows = listed.map(core => ({ memberId: core.id, mobile: '13500000000' }))
    expect(rows.length).toBeGreaterThan(2000)
    expect(await supplementMembers(world.ctx, 'tester', world.corpId, rows, 'import')).toBe(rows.length)
    await world.ctx.sync.drain(world.corpId)
    const shown = await world.ctx.db
      .selectFrom('member')
      .select('id')
      .where('mobile', '=', '13500000000')
      .execute()
    expect(shown).toHaveLength(rows.length)
  } finally {
    await world.close()
  }
})
