import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RecentPush } from '../push/recent.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { admin, control } from '../test-caller.ts'
import { callbackKeys, startReceiver } from '../test-receiver.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ members: 200 })
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.reset({ members: 200 }))

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
const read = async (path: string): Promise<any> => (await control(sandbox, 'GET', `corp/${path}`)).body
const silent = async (name: string, input: object) =>
  (await control(sandbox, 'POST', `silent/${name}`, input)).body

test('departments level by level in their order, and by name with where they are', async () => {
  const { departments: roots } = await read('departments')
  expect(roots).toEqual([expect.objectContaining({ id: 1, parentid: 0 })])
  const { departments } = await read('departments?parent=1')
  expect(departments).toHaveLength(roots[0].children)
  const orders = departments.map((one: { order: number }) => one.order)
  expect(orders).toEqual(orders.toSorted((a: number, b: number) => b - a))
  const found = await read(`departments?search=${encodeURIComponent('人力')}`)
  expect(found.departments[0].path[0]).toBe(roots[0].name)
})

test('members of a department page by page, and by search anywhere', async () => {
  const { id } = (await admin(sandbox, 'department/create', { name: '满员', parentid: 1 })) as unknown as {
    id: number
  }
  for (let n = 0; n < 7; n++)
    await admin(sandbox, 'user/create', {
      userid: `full${n}`,
      name: `满${n}`,
      mobile: `1990000000${n}`,
      department: [id],
    })
  const first = await read(`members?department=${id}&limit=5`)
  expect(first).toMatchObject({ total: 7, more: true, department: { name: '满员', members: 7 } })
  const rest = await read(`members?department=${id}&limit=5&offset=5`)
  expect([...first.members, ...rest.members].map(one => one.userid).sort()).toEqual(
    Array.from({ length: 7 }, (_, n) => `full${n}`),
  )
  expect(rest.more).toBe(false)
  expect((await read(`members?search=FULL3`)).members[0]).toMatchObject({ userid: 'full3', status: 4 })
  expect((await control(sandbox, 'GET', 'corp/members?department=999999')).status).toBe(400)
})

test('a member with its departments and tags, a tag with its members', async () => {
  const { tagid } = await admin(sandbox, 'tag/create', { tagname: '夜班' })
  await admin(sandbox, 'tag/addtagusers', { tagid, userlist: ['lisi'], partylist: [2] })
  expect(await read('member?userid=LISI')).toMatchObject({
    userid: 'lisi',
    departments: [expect.objectContaining({ name: expect.any(String) })],
    tags: expect.arrayContaining([{ tagid, tagname: '夜班' }]),
  })
  expect(await read(`tag?tagid=${tagid}`)).toMatchObject({
    members: [expect.objectContaining({ userid: 'lisi' })],
    departments: [expect.objectContaining({ id: 2 })],
    total: 1,
  })
  const { tags } = await read('tags')
  expect(tags).toContainEqual({ tagid, tagname: '夜班', users: 1, parties: 1 })
})

test('the silent door changes as the API does: no callback, no renaming, no status', async () => {
  expect(await silent('user/update', { userid: 'lisi', name: '李四光' })).toMatchObject({ errcode: 0 })
  expect(await read('member?userid=lisi')).toMatchObject({ name: '李四光' })
  expect(await silent('user/update', { userid: 'nobody' })).toMatchObject({ errcode: 60111 })
  expect((await control(sandbox, 'POST', 'silent/user/rename', {})).status).toBe(404)
  await silent('user/update', { userid: 'lisi', status: 4 })
  expect((await read('member?userid=lisi')).status).toBe(1)
})

test('the last callbacks with what became of them', async () => {
  const receiver = await startReceiver()
  await control(sandbox, 'POST', 'callback', { url: receiver.url, ...callbackKeys, retryDelaysMs: [5, 5] })
  await admin(sandbox, 'user/update', { userid: 'lisi', name: '李四光' })
  await receiver.until(1)
  receiver.answer = response => response.writeHead(500).end()
  await admin(sandbox, 'user/update', { userid: 'lisi', name: '李四' })
  await control(sandbox, 'POST', 'faults', { mode: 'dropCallback' })
  await admin(sandbox, 'user/delete', { userid: 'lisi' })
  const told = async () => (await control(sandbox, 'GET', 'callback/recent')).body['pushes'] as RecentPush[]
  await expect.poll(async () => (await told()).map(one => one.state)).toEqual(['dropped', 'failed', 'sent'])
  const [dropped, failed, sent] = await told()
  expect(dropped).toMatchObject({ type: 'delete_user', attempts: 0, note: '故障：丢弃' })
  expect(failed).toMatchObject({ type: 'update_user', attempts: 3, note: 'HTTP 500' })
  expect(sent).toMatchObject({ attempts: 1, note: '', xml: expect.stringContaining('李四光') })
  await control(sandbox, 'DELETE', 'faults')
  await control(sandbox, 'DELETE', 'callback')
  await receiver.close()
})
