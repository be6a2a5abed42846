import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { isListed } from '../mirror/members.ts'
import { scopeSight } from './data-scope.ts'
import { countReached } from './reach-store.ts'
import { seesMember } from './sight.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 120, departments: 20, tags: 5 })
})
afterAll(() => world.close())

it('counts from the rows whom a data scope reaches in memory', async () => {
  const { mirrors, db } = world.ctx
  const mirror = mirrors.of(world.corpId)
  const members = [...mirror.members.all()].filter(isListed)
  const inMemory = (dataScope: { departments: number[]; tags: number[] } | undefined) => {
    const sight = scopeSight(mirror, { dataScope })
    return members.filter(member => seesMember(sight, mirror.tree, member)).length
  }
  // Some that there are, and some that there are not.
  const departments = fc.uniqueArray(fc.integer({ min: 1, max: 25 }), { maxLength: 4 })
  const tags = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 3 })
  const scopes = fc.array(fc.option(fc.record({ departments, tags }), { nil: undefined }), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(scopes, async given => {
      expect(await countReached(db, world.corpId, given)).toEqual(given.map(inMemory))
    }),
    { numRuns: 60 },
  )
})
