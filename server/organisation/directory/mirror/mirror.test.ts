import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { createChanges } from '../../../../test/journeys/random-changes.ts'
import { directorySize } from '../../corps/size-store.ts'
import { pruneChanges } from '../feed-store.ts'
import { isListed } from './members.ts'
import { followFeed, loadMirror, type Mirror } from './mirror.ts'

/** The contents of a mirror, regardless of the order in which they arrived. */
function contentOf({ seq, tree, members, tags }: Mirror) {
  return {
    seq,
    departments: tree.order.map(node => node.department),
    members: [...members.all()]
      .map(({ id, userId, key, name, status, departments, orders, hash }) => ({
        id,
        userId,
        key,
        name,
        status,
        departments,
        orders,
        hash,
      }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
    tags: [...tags.values()].sort((a, b) => a.id - b.id),
    lists: tree.order.map(node => members.direct(node.department.id).map(core => core.userId)),
  }
}

describe('mirrors in memory', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ members: 120, departments: 20 })
    await world.connectCallback()
  })
  afterAll(() => world.close())
  const links = { period: () => 0, link: () => '' }
  const load = () => loadMirror(world.ctx.db, world.corpId, 1000, links)

  it('are the same whether written here, followed by the feed or loaded', async () => {
    const followed = await load()
    const changes = await createChanges(world.sandbox, 7)
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < 40; n++) await changes.next()
      await world.settle()
      await world.sync('reconcile')
      expect(await followFeed(world.ctx.db, followed)).toBe(true)
      const own = contentOf(world.ctx.mirrors.of(world.corpId))
      expect(contentOf(followed)).toEqual(own)
      expect(contentOf(await load())).toEqual(own)
      const { tree, members, tags } = followed
      const listed = [...members.all()].filter(isListed).length
      expect(await directorySize(world.ctx.db, world.corpId)).toEqual({
        departments: tree.order.length,
        members: members.size,
        listed,
        tags: tags.size,
        changeSeq: followed.seq,
      })
    }
  })

  it('are loaded completely when the feed no longer reaches back', async () => {
    const behind = await load()
    behind.seq = 1
    const soon = new Date(Date.now() + 60_000)
    await pruneChanges(world.ctx.db, { now: soon, before: soon, atMost: 10_000 })
    expect(await followFeed(world.ctx.db, behind)).toBe(false)
    const current = await load()
    expect(await followFeed(world.ctx.db, current)).toBe(true)
  })
})
