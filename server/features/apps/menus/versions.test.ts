import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { addApp, setApp } from '../apps.ts'
import { menuOf } from '../catalog.ts'

const page = (name: string, orderNum = 1, children: object[] = []) => ({
  name,
  path: `/${name}`,
  children,
  orderNum,
})

describe('menus', () => {
  let world: World
  let admin: SignedInClient
  let id: string
  beforeAll(async () => {
    world = await startWorld({ members: 5, departments: 2, tags: 1 })
    admin = await signInAs(world, 'super')
    ;({ id } = await addApp(world.ctx, 'test', world.corpId, { name: '报销', homeUrl: 'https://a.example/' }))
  })
  afterAll(() => world.close())

  const save = (basedOn: number | null, ...menuList: object[]) =>
    admin.post('/web/apps/menu/save', { id, ...(basedOn === null ? {} : { basedOn }), menuList })
  const names = async () => (await menuOf(world.ctx, id)).map(one => one.name)

  it('are saved as versions; the same again makes none', async () => {
    expect((await admin.get('/web/apps/menu', { id })).body).toMatchObject({
      n: null,
      menu: [],
      lastAttempt: null,
    })
    expect((await save(null, page('a', 1, [page('deep')]), page('b', 2))).body).toEqual({
      outcome: 'new',
      n: 1,
    })
    expect((await save(1, page('a', 1, [page('deep')]), page('b', 2))).body).toEqual({
      outcome: 'same',
      n: 1,
    })
    expect((await save(1, page('b', 1), page('c', 2))).body).toEqual({ outcome: 'new', n: 2 })
    expect(await names()).toEqual(['b', 'c'])
    const { list, total } = (await admin.get('/web/apps/menu/versions', { id })).body
    expect(total).toBe(2)
    expect(list).toMatchObject([
      { n: 2, source: 'edit', items: 2, actor: 'zhangsan', isCurrent: true },
      { n: 1, source: 'edit', items: 3, isCurrent: false },
    ])
  })

  it('are not saved over what somebody else has saved since, nor when they are bad', async () => {
    expect((await save(1, page('x'))).retMessage).toContain('zhangsan 刚刚保存过')
    expect((await save(null, page('x'))).retMessage).toContain('保存过')
    expect((await save(2, { name: 'x' })).retMessage).toContain('menuList[0].path 缺失')
    expect((await admin.post('/web/apps/menu/save', { id, menuList: 'x' })).retCode).toBe('1000')
    expect(await names()).toEqual(['b', 'c'])
  })

  it('tell what differs and go back, as a version of its own', async () => {
    const { changes, menu } = (await admin.get('/web/apps/menu/difference', { id, from: 2, to: 1 })).body
    expect(changes.map((one: { kind: string; at: string[] }) => [one.kind, one.at.join('/')])).toEqual([
      ['added', 'a'],
      ['added', 'a/deep'],
      ['removed', 'c'],
    ])
    expect(menu[0].name).toBe('a')
    expect((await admin.post('/web/apps/menu/rollback', { id, n: 1 })).body).toEqual({ outcome: 'new', n: 3 })
    expect(await names()).toEqual(['a', 'b'])
    expect((await admin.post('/web/apps/menu/rollback', { id, n: 3 })).body).toEqual({
      outcome: 'same',
      n: 3,
    })
    expect((await admin.post('/web/apps/menu/rollback', { id, n: 9 })).retMessage).toContain('没有菜单版本 9')
    expect((await admin.get('/web/apps/menu/difference', { id, from: 1, to: 9 })).retCode).toBe('1000')
  })

  it('of synced apps are not edited by hand', async () => {
    await setApp(world.ctx, 'test', world.corpId, id, { syncMenu: true, syncUrl: 'https://a.example/menu' })
    expect((await save(3, page('x'))).retMessage).toContain('由同步得到，不能手工修改')
    await setApp(world.ctx, 'test', world.corpId, id, { syncMenu: false })
  })

  it('keep the last 50 versions', async () => {
    for (let n = 4; n <= 54; n++) await save(n - 1, page(`v${n}`))
    const { list, total } = (await admin.get('/web/apps/menu/versions', { id, pageSize: 200 })).body
    expect([total, list[0].n, list.at(-1).n]).toEqual([50, 54, 5])
  })

  it('are noted in the audit trail', async () => {
    const acts = await world.ctx.db.selectFrom('audit').select('act').where('target', '=', id).execute()
    expect(new Set(acts.map(one => one.act))).toEqual(
      new Set(['app.add', 'app.set', 'app.menu.edit', 'app.menu.rollback']),
    )
  })
})
