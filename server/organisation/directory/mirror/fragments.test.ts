import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { parseWire } from '../../../platform/http/wire.ts'
import type { StoredMember } from '../entities.ts'
import { membersById } from '../store.ts'
import { createFragmentCache, type FragmentCache } from './fragments.ts'
import type { MemberCore } from './members.ts'

let world: World
let core: MemberCore
let stored: StoredMember
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3 })
  core = [...world.ctx.mirrors.of(world.corpId).members.all()][0] as MemberCore
  stored = (await membersById(world.ctx.db, world.corpId, [core.id]))[0] as StoredMember
})
afterAll(() => world.close())

const newCache = () => createFragmentCache(world.corpId, 100, { period: () => 0, link: () => '' })
const named = (name: string): StoredMember => ({ ...stored, name })
const nameOf = (wire: string | undefined) => wire && (parseWire(wire) as { userName: string }).userName
const nameIn = (cache: FragmentCache) => nameOf(cache.get(core, true))

it('keeps of a change only who was asked for', async () => {
  const cache = newCache()
  cache.update(core.ordinal, named('新人'))
  expect(nameIn(cache)).toBeUndefined()
  await cache.read(world.ctx.db, [core], true)
  expect(nameIn(cache)).toBe(stored.name)
  cache.update(core.ordinal, named('改名'))
  expect(nameIn(cache)).toBe('改名')
  cache.drop(core.ordinal)
  expect(nameIn(cache)).toBeUndefined()
})

it('believes a change that comes while the member is read, not what was read', async () => {
  const cache = newCache()
  const readings = [cache.read(world.ctx.db, [core], true), cache.read(world.ctx.db, [core], true)]
  cache.update(core.ordinal, named('改名'))
  for (const [text] of await Promise.all(readings)) expect(nameOf(text)).toBe('改名')
  expect(nameIn(cache)).toBe('改名')
})

it('does not bring back who went while being read, nor to somebody else who has the place', async () => {
  const cache = newCache()
  const reading = cache.read(world.ctx.db, [core], true)
  cache.drop(core.ordinal)
  cache.update(core.ordinal, named('另一人'))
  expect(await reading).toEqual([undefined])
  expect(nameIn(cache)).toBeUndefined()
})
