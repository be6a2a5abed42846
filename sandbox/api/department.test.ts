import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { type Caller, type CorpDump, callerOf, dump } from '../test-caller.ts'

let sandbox: Sandbox
let caller: Caller
let corp: CorpDump
beforeAll(async () => {
  sandbox = await startSandbox({ members: 120, departments: 30 })
  caller = await callerOf(sandbox)
  corp = await dump(sandbox)
})
afterAll(() => sandbox.close())

const create = (body: object) => caller.post('department/create', body)
const update = (body: object) => caller.post('department/update', body)

describe('reading', () => {
  test('list gives the tree, or one department with all below it', async () => {
    const all = await caller.get('department/list')
    expect(all['department']).toEqual(corp.departments)
    const parent = corp.departments.find(item => item.parentid === 1 && hasChild(item.id))!
    const part = (await caller.get('department/list', { id: parent.id }))['department'] as { id: number }[]
    const expected = corp.departments
      .filter(item => ancestors(item.id).includes(parent.id))
      .map(item => item.id)
    expect(part.map(item => item.id).sort()).toEqual(expected.sort())
    expect(part.length).toBeGreaterThan(1)
  })

  test('simplelist has its odd key, get is an object', async () => {
    const simple = await caller.get('department/simplelist', { id: 2 })
    expect(simple['department_id']).toContainEqual({ id: 2, parentid: 1, order: 100000000 })
    const one = await caller.get('department/get', { id: 2 })
    expect(one['department']).toEqual(corp.departments[1])
    expect(one['department']).toMatchObject({ department_leader: ['zhangsan'] })
  })

  test.each([
    ['department/get', {}, 60123],
    ['department/get', { id: 'x' }, 60123],
    ['department/list', { id: -1 }, 60123],
    ['department/get', { id: 9999 }, 60003],
  ])('%s %j answers %i', async (path, query, errcode) => {
    expect((await caller.get(path, query)).errcode).toBe(errcode)
  })
})

describe('writing', () => {
  test('create, update, delete', async () => {
    const made = await create({ name: '测试部', parentid: 1, name_en: 'Test' })
    expect(made).toMatchObject({ errcode: 0, errmsg: 'created' })
    const id = Number(made['id'])
    expect(id).toBeGreaterThan(30)
    expect(await update({ id, name: '试验部', parentid: 2, order: 4294967295 })).toMatchObject({
      errmsg: 'updated',
    })
    expect((await caller.get('department/get', { id }))['department']).toEqual({
      id,
      name: '试验部',
      name_en: 'Test',
      department_leader: [],
      parentid: 2,
      order: 4294967295,
    })
    expect(await caller.get('department/delete', { id })).toEqual({ errcode: 0, errmsg: 'deleted' })
    expect((await caller.get('department/get', { id })).errcode).toBe(60003)
    expect(await create({ name: '指定编号', parentid: 1, id: 777 })).toMatchObject({ id: 777 })
    expect(Number((await create({ name: '下一个', parentid: 1 }))['id'])).toBe(778)
  })

  test.each([
    [{ parentid: 1 }, 60125],
    [{ name: '', parentid: 1 }, 60125],
    [{ name: '长'.repeat(65), parentid: 1 }, 60125],
    [{ name: 'a:b', parentid: 1 }, 60009],
    [{ name: '甲' }, 60124],
    [{ name: '甲', parentid: 9999 }, 60004],
    [{ name: '甲', parentid: 1, id: 2 }, 60008],
    [{ name: '甲', parentid: 1, id: 0 }, 60123],
    [{ name: '总经理办公室', parentid: 1 }, 60008],
    [{ name: '甲', parentid: 1, order: 4294967296 }, 40058],
  ])('create %j answers %i', async (body, errcode) => {
    expect((await create(body)).errcode).toBe(errcode)
  })

  test('a body that is not JSON is 47001', async () => {
    const url = `${sandbox.url}/cgi-bin/department/create?access_token=${caller.token}`
    const answer = (await (await fetch(url, { method: 'POST', body: '{"name":' })).json()) as {
      errcode: number
    }
    expect(answer.errcode).toBe(47001)
  })

  test('moves keep the tree a tree', async () => {
    const parent = corp.departments.find(item => item.parentid === 1 && hasChild(item.id))!
    const child = corp.departments.find(item => item.parentid === parent.id)!
    expect((await update({ id: parent.id, parentid: child.id })).errcode).toBe(60010)
    expect((await update({ id: parent.id, parentid: parent.id })).errcode).toBe(60010)
    expect((await update({ id: 1, parentid: 2 })).errcode).toBe(60124)
    expect((await update({ id: 2, parentid: 9999 })).errcode).toBe(60004)
    expect((await update({ id: 9999, name: '无' })).errcode).toBe(60003)
    expect((await update({ id: 2, name: corp.departments[2]!.name })).errcode).toBe(60008)
  })

  test('only an empty department is deleted, the root never', async () => {
    const parent = Number((await create({ name: '上级', parentid: 1 }))['id'])
    await create({ name: '下级', parentid: parent })
    expect((await caller.get('department/delete', { id: 1 })).errcode).toBe(60007)
    expect((await caller.get('department/delete', { id: 2 })).errcode).toBe(60005)
    expect((await caller.get('department/delete', { id: parent })).errcode).toBe(60006)
    expect((await caller.get('department/delete', { id: 9999 })).errcode).toBe(60003)
  })

  test('fifteen levels and no more, also by moving', async () => {
    let parentid = 1
    for (let level = 2; level <= 15; level++)
      parentid = Number((await create({ name: `第${level}层`, parentid }))['id'])
    expect((await create({ name: '第16层', parentid })).errcode).toBe(81002)
    expect((await update({ id: 3, parentid })).errcode).toBe(81002)
  })
})

test('a deleted department leaves its tags', async () => {
  const id = Number((await create({ name: '短命', parentid: 1 }))['id'])
  await caller.post('tag/addtagusers', { tagid: 1, partylist: [id] })
  expect((await caller.get('tag/get', { tagid: 1 }))['partylist']).toContain(id)
  await caller.get('department/delete', { id })
  expect((await caller.get('tag/get', { tagid: 1 }))['partylist']).not.toContain(id)
})

test('a corp holds 30,000 departments', async () => {
  const full = await startSandbox({ members: 1, departments: 30000 })
  const answer = await (await callerOf(full)).post('department/create', { name: '多余', parentid: 1 })
  expect(answer.errcode).toBe(81001)
  await full.close()
})

const hasChild = (id: number): boolean => corp.departments.some(item => item.parentid === id)

function ancestors(id: number): number[] {
  const parent = corp.departments.find(item => item.id === id)?.parentid
  return parent ? [id, ...ancestors(parent)] : [id]
}
