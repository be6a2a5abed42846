import { expect, it } from 'vitest'
import { actorWord, createNaming } from '../web/ui/objects/actor-names.ts'

it('says in words who acted without being a person, and takes no member for the system', () => {
  expect(actorWord('admin')).toBe('actorAdmin')
  expect(actorWord('cli', '')).toBe('actorCli')
  expect(actorWord('cli', 'cli')).toBe('actorCli')
  expect(actorWord('admin', '张三')).toBeUndefined()
  expect(actorWord('zhangsan')).toBeUndefined()
  expect(actorWord('constructor')).toBeUndefined()
})

it('asks for the names of one moment together, in calls that are not too long', async () => {
  const asked: string[][] = []
  const nameOf = createNaming(async ids => {
    asked.push(ids)
    return ids.flatMap(id => (id === 'gone' ? [] : [{ id, name: `name of ${id}` }]))
  })
  const ids = [...Array.from({ length: 149 }, (_, n) => `u${n}`), 'gone', 'u0']
  const names = await Promise.all(ids.map(id => nameOf('corp', id)))
  expect(names.at(0)).toBe('name of u0')
  expect(names.slice(-3)).toEqual(['name of u148', 'gone', 'name of u0'])
  expect(asked.map(some => some.length)).toEqual([100, 51])
  await Promise.all([nameOf('corp', 'u1'), nameOf('other', 'u1')])
  expect(asked.slice(2)).toEqual([['u1'], ['u1']])
})
