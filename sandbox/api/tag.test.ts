import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { admin, type Caller, callerOf, dump } from '../test-caller.ts'

let sandbox: Sandbox
let caller: Caller
beforeAll(async () => {
  sandbox = await startSandbox({ members: 100 })
  caller = await callerOf(sandbox)
})
afterAll(() => sandbox.close())

test('list and get', async () => {
  const { tags } = await dump(sandbox)
  const list = await caller.get('tag/list')
  expect(list['taglist']).toEqual(tags.map(({ tagid, tagname }) => ({ tagid, tagname })))
  const { tagid: _, ...first } = tags[0]!
  expect(await caller.get('tag/get', { tagid: 1 })).toEqual({ errcode: 0, errmsg: 'ok', ...first })
})

test('create, update, delete', async () => {
  const made = await caller.post('tag/create', { tagname: '骨干' })
  expect(made).toMatchObject({ errcode: 0, errmsg: 'created', tagid: 9 })
  expect(await caller.post('tag/create', { tagname: '编号', tagid: 50 })).toMatchObject({ tagid: 50 })
  expect((await caller.post('tag/update', { tagid: 50, tagname: '改名' })).errmsg).toBe('updated')
  expect(await caller.get('tag/get', { tagid: 50 })).toMatchObject({
    tagname: '改名',
    userlist: [],
    partylist: [],
  })
  expect((await caller.get('tag/delete', { tagid: 50 })).errmsg).toBe('deleted')
  expect((await caller.get('tag/get', { tagid: 50 })).errcode).toBe(40068)
})

test.each([
  ['tag/create', { tagname: '党员' }, 40071],
  ['tag/create', { tagname: '' }, 40072],
  ['tag/create', { tagname: '长'.repeat(33) }, 40072],
  ['tag/create', { tagname: '同号', tagid: 1 }, 40068],
  ['tag/update', { tagid: 99, tagname: '无' }, 40068],
  ['tag/update', { tagname: '无' }, 41017],
  ['tag/update', { tagid: 1, tagname: '党员' }, 40071],
  ['tag/addtagusers', { tagid: 99, userlist: ['lisi'] }, 40068],
  ['tag/addtagusers', { tagid: 1 }, 40063],
  ['tag/addtagusers', { tagid: 1, userlist: 'lisi' }, 40031],
  ['tag/addtagusers', { tagid: 1, userlist: ['nobody'], partylist: [9999] }, 40031],
  ['tag/deltagusers', { tagid: 1, userlist: ['nobody'] }, 40031],
  ['tag/addtagusers', { tagid: 1, userlist: Array(1001).fill('lisi') }, 81014],
  ['tag/addtagusers', { tagid: 1, partylist: Array(101).fill(1) }, 81014],
])('%s %j answers %i', async (path, body, errcode) => {
  expect((await caller.post(path, body)).errcode).toBe(errcode)
})

test('members and departments come and go; what is invalid is named', async () => {
  const { tagid } = await caller.post('tag/create', { tagname: '混合' })
  const input = { tagid, userlist: ['LISI', 'nobody', 'noone'], partylist: [2, 9999] }
  const added = await caller.post('tag/addtagusers', input)
  expect(added).toEqual({ errcode: 0, errmsg: 'ok', invalidlist: 'nobody|noone', invalidparty: [9999] })
  expect(await caller.get('tag/get', { tagid: Number(tagid) })).toMatchObject({
    userlist: [{ userid: 'lisi', name: '李四' }],
    partylist: [2],
  })
  const removed = await caller.post('tag/deltagusers', { tagid, userlist: ['lisi'], partylist: [2] })
  expect(removed).toEqual({ errcode: 0, errmsg: 'deleted' })
  expect(await caller.get('tag/get', { tagid: Number(tagid) })).toMatchObject({ userlist: [], partylist: [] })
})

test('a tag is edited by its creator alone, and listed for everybody', async () => {
  const [all, branch] = await Promise.all(sandbox.agents.map(agent => callerOf(sandbox, agent.secret)))
  const own = Number((await all!.post('tag/create', { tagname: '应用的标签' }))['tagid'])
  const contacts = Number((await caller.post('tag/create', { tagname: '通讯录的标签' }))['tagid'])
  const edits: [string, object][] = [
    ['tag/update', { tagname: '改' }],
    ['tag/addtagusers', { userlist: ['lisi'] }],
    ['tag/deltagusers', { userlist: ['lisi'] }],
  ]
  for (const [path, body] of edits) {
    expect((await caller.post(path, { tagid: own, ...body })).errcode).toBe(81011)
    expect((await branch!.post(path, { tagid: own, ...body })).errcode).toBe(81011)
    expect((await all!.post(path, { tagid: contacts, ...body })).errcode).toBe(81011)
    expect((await all!.post(path, { tagid: 1, ...body })).errcode).toBe(81011)
  }
  expect((await caller.get('tag/delete', { tagid: own })).errcode).toBe(81011)
  expect(await branch!.get('tag/list')).toEqual(await caller.get('tag/list'))
  expect((await all!.post('tag/addtagusers', { tagid: own, userlist: ['lisi'] })).errcode).toBe(0)
  // In WeCom's console people edit all of them.
  expect((await admin(sandbox, 'tag/update', { tagid: own, tagname: '管理员改的' })).errcode).toBe(0)
  expect((await all!.get('tag/delete', { tagid: own })).errcode).toBe(0)
})

test('an application sees and tags whom it sees', async () => {
  const branch = await callerOf(sandbox, sandbox.agents[1]!.secret)
  const { members } = await dump(sandbox)
  const visible = new Set(
    ((await branch.get('agent/get', { agentid: 1000003 }))['allow_partys'] as { partyid: number[] }).partyid,
  )
  const inside = members.find(one => one.department.some(id => visible.has(id)))!.userid
  const simple = (await branch.get('user/simplelist', { department_id: [...visible][0]!, fetch_child: 1 }))[
    'userlist'
  ] as { userid: string }[]
  const outside = members.find(one => !simple.some(seen => seen.userid === one.userid))!.userid
  const tagid = Number((await branch.post('tag/create', { tagname: '分公司' }))['tagid'])
  expect(await branch.post('tag/addtagusers', { tagid, userlist: [inside, outside] })).toMatchObject({
    errcode: 0,
    invalidlist: outside,
  })
  expect((await branch.post('tag/addtagusers', { tagid, userlist: [outside] })).errcode).toBe(40031)
  await admin(sandbox, 'tag/addtagusers', { tagid, userlist: [outside] })
  const seen = async (by: Caller) =>
    ((await by.get('tag/get', { tagid }))['userlist'] as { userid: string }[]).map(one => one.userid)
  expect(await seen(branch)).toEqual([inside])
  expect(await seen(caller)).toEqual([inside, outside])
})
