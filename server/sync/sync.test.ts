import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databases, startWorld, type World } from '../../test/harness.ts'

describe.each(databases)('a first sync on %s', database => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ database })
  })
  afterAll(() => world.close())

  it('mirrors departments, members and tags', async () => {
    const state = await world.control('state')
    const { body } = await world.dev.get('/api/org/list')
    expect(body.list).toHaveLength((state['departments'] as unknown[]).length)
    expect(body.tagList).toHaveLength((state['tags'] as unknown[]).length)
  })

  it('follows what WeCom calls back', async () => {
    await world.connectCallback()
    await world.admin('user/update', { userid: 'zhangsan', name: '张三丰' })
    await world.settle()
    const { body } = await world.dev.get('/api/user/get', { userId: 'ZhangSan' })
    expect(body.userName).toBe('张三丰')
  })
})
