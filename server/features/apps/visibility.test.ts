import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { userKey } from '../../organisation/directory/mirror/members.ts'
import { ancestors } from '../../organisation/directory/mirror/tree.ts'
import { memberPerson } from '../../organisation/directory/permissions/person.ts'
import { memberOf } from '../../organisation/people/administrators.ts'
import type { Visibility } from './app.ts'
import { addApp, setApp } from './apps.ts'
import { visibleApps } from './catalog.ts'
import { countVisible, toEveryone } from './visibility.ts'

describe('who may see an app', () => {
  let world: World
  let id: string
  beforeAll(async () => {
    world = await startWorld({ members: 60, departments: 12, tags: 4 })
    await world.connectCallback()
    ;({ id } = await addApp(world.ctx, 'test', world.corpId, { name: '报销', homeUrl: 'https://a.example/' }))
  })
  afterAll(() => world.close())

  const mirror = () => world.ctx.mirrors.of(world.corpId)
  const sees = (userId: string) => {
    const { ctx, corpId } = world
    const person = memberPerson(ctx, corpId, memberOf(ctx, corpId, userId))
    return visibleApps(ctx, corpId, person).some(app => app.id === id)
  }
  const show = (visibility: Partial<Visibility>) =>
    setApp(world.ctx, 'test', world.corpId, id, {
      visibility: { ...toEveryone, everyone: false, ...visibility },
    })
  /** Members who see the app, checked one by one; their number must match the count. */
  const seers = () => [...mirror().members.all()].filter(one => sees(one.userId))
  const checkCount = () => {
    const { visibility } = world.ctx.apps.get(world.corpId, id)
    const all = seers()
    const counted = countVisible(mirror(), visibility)
    expect(counted).toEqual({ members: all.length, active: all.filter(one => one.status === 1).length })
    return all.map(one => one.userId)
  }

  it('is everyone unless it says otherwise; nobody while it is disabled or has no home page', async () => {
    expect(checkCount().length).toBe(mirror().members.size)
    const { ctx, corpId } = world
    await setApp(ctx, 'test', corpId, id, { enabled: false })
    expect(sees('zhangsan')).toBe(false)
    await setApp(ctx, 'test', corpId, id, { enabled: true, homeUrl: '' })
    expect(sees('zhangsan')).toBe(false)
    await setApp(ctx, 'test', corpId, id, { homeUrl: 'https://a.example/' })
    const local = { corpId, roleLevel: 1, assigned: [], member: undefined, adminName: 'admin' }
    await show({ memberIds: [memberOf(ctx, corpId, 'zhangsan').id] })
    expect(visibleApps(ctx, corpId, local).map(app => app.id)).toEqual([id])
  })

  it('reaches down a department, and follows who moves', async () => {
    const parent = mirror().tree.order.find(node => node.depth > 0 && node.children.length > 0)
    const inside = parent?.children[0]
    if (!parent || !inside) throw new Error('no department below another')
    await show({ departments: [parent.department.id] })
    const insider = mirror().members.direct(inside.department.id)[0]
    expect(insider && checkCount().includes(insider.userId)).toBe(true)
    const outside = mirror().tree.order.find(
      node => node.depth > 0 && node !== parent && ![node, ...ancestors(node)].includes(parent),
    )
    const mover = [...mirror().members.all()].find(one => one.departments.length === 1 && sees(one.userId))
    if (!mover || !outside) throw new Error('nobody to move')
    await world.admin('user/update', { userid: mover.userId, department: [outside.department.id] })
    await world.settle()
    expect(sees(mover.userId)).toBe(false)
    checkCount()
  })

  it('is kept by a member under another userid', async () => {
    const member = memberOf(world.ctx, world.corpId, 'zhangsan')
    await show({ memberIds: [member.id] })
    expect(checkCount()).toEqual(['zhangsan'])
    await world.admin('user/rename', { userid: 'zhangsan', new_userid: 'zhang.san' })
    await world.settle()
    expect(checkCount()).toEqual(['zhang.san'])
  })

  it('covers everyone who has a tag, themselves or by their department', async () => {
    const tag = [...mirror().tags.values()].find(one => one.userKeys.length > 0)
    if (!tag) throw new Error('no tag with members')
    await show({ tags: [tag.id] })
    const first = checkCount()
    expect(first.map(userKey)).toEqual(
      expect.arrayContaining(tag.userKeys.filter(key => mirror().members.byKey(key))),
    )
    const stranger = [...mirror().members.all()].find(one => !first.includes(one.userId))
    if (!stranger) throw new Error('everybody has the tag')
    await world.admin('tag/addtagusers', { tagid: tag.id, userlist: [stranger.userId], partylist: [] })
    await world.settle()
    expect(checkCount()).toContain(stranger.userId)
    await world.admin('tag/addtagusers', {
      tagid: tag.id,
      userlist: [],
      partylist: [mirror().tree.roots[0]?.department.id],
    })
    await world.settle()
    expect(checkCount().length).toBe(mirror().members.size)
  })

  it('is one of what is known, and not nobody', async () => {
    await expect(show({ departments: [999_999] })).rejects.toThrow('无效的部门 id: 999999')
    await expect(show({ tags: [999_999] })).rejects.toThrow('无效的标签 id: 999999')
    await expect(show({ memberIds: [999_999] })).rejects.toThrow('无效的用户 id: 999999')
    await expect(show({})).rejects.toThrow('visibility 请选择')
  })
})
