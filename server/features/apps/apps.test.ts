import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { issueTicket } from '../../callers/tickets/tickets.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { startServer } from '../../server.ts'
import { addApp, findAppOf, listApps, setApp } from './apps.ts'

describe('apps', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ members: 5, departments: 2, tags: 1 })
  })
  afterAll(() => world.close())

  const developer = (devId: string) => world.ctx.developers.get(devId)!

  it('are found by their owner alone, by id or agentId; an enabled one before a disabled one', async () => {
    const { ctx, corpId } = world
    const [mine, other] = [await world.addDeveloper(), await world.addDeveloper()]
    const settings = { name: '应用', devId: mine.devId, agentId: 1000002 }
    const first = await addApp(ctx, 'test', corpId, settings)
    const second = await addApp(ctx, 'test', corpId, settings)
    await setApp(ctx, 'test', corpId, first.id, { enabled: false })
    expect((await findAppOf(ctx, developer(mine.devId), '1000002')).id).toBe(second.id)
    expect((await findAppOf(ctx, developer(mine.devId), second.id)).id).toBe(second.id)
    await expect(findAppOf(ctx, developer(mine.devId), first.id)).rejects.toThrow('已停用')
    for (const id of [second.id, '1000002', 'nothing', '9999999999'])
      await expect(findAppOf(ctx, developer(other.devId), id)).rejects.toThrow(`没有应用 ${id}`)
    const enabled = new Map((await listApps(ctx, corpId)).map(app => [app.id, app.enabled]))
    expect([enabled.get(first.id), enabled.get(second.id)]).toEqual([false, true])
  })

  it('belong to a known developer of the corp', async () => {
    const { ctx, corpId } = world
    await expect(addApp(ctx, 'test', corpId, { name: 'x', devId: 'nobody' })).rejects.toThrow(
      '无效的应用 ID: nobody',
    )
    await expect(addApp(ctx, 'test', 'wwnone', { name: 'x' })).rejects.toThrow('没有企业 wwnone')
    await expect(setApp(ctx, 'test', corpId, 'app0', { enabled: false })).rejects.toThrow('没有应用 app0')
    const { id } = await addApp(ctx, 'test', corpId, { name: 'x' })
    await expect(setApp(ctx, 'test', corpId, id, { devId: 'nobody' })).rejects.toThrow('nobody')
  })

  it('are noted in the audit trail', async () => {
    const rows = await world.ctx.db.selectFrom('audit').select(['actor', 'act']).execute()
    expect(rows).toEqual(
      expect.arrayContaining([
        { actor: 'test', act: 'app.add' },
        { actor: 'test', act: 'app.set' },
      ]),
    )
  })
})

it('an app that is disabled on one node is disabled on the others', async () => {
  const world = await startWorld({ members: 5, departments: 2, tags: 1 })
  const other = await startServer(readConfig(world.env), { log: createLog('silent') })
  try {
    const { ctx, corpId } = world
    const { id } = await addApp(ctx, 'test', corpId, { name: '两个节点', devId: world.dev.devId })
    await expect.poll(() => other.ctx.apps.find(id)?.name).toBe('两个节点')
    const memberId = ctx.mirrors.of(corpId).members.byKey('zhangsan')?.id ?? 0
    const { jessionId } = await issueTicket(ctx.db, ctx, { corpId, appId: id, memberId })
    const info = async () => {
      const query = new URLSearchParams({ devToken: await world.dev.token(), jessionId })
      return (await call(`${other.url}/api/user/getInfo?${query}`)).body
    }
    await expect.poll(info).toMatchObject({ userId: 'zhangsan' })
    await setApp(ctx, 'test', corpId, id, { enabled: false })
    expect(await info()).toBeNull()
    await expect.poll(() => other.ctx.apps.find(id)?.enabled).toBe(false)
  } finally {
    await other.close()
    await world.close()
  }
})
