import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { admin, type Caller, type CorpDump, callerOf, dump } from '../test-caller.ts'

let sandbox: Sandbox
let caller: Caller
let corp: CorpDump
beforeAll(async () => {
  sandbox = await startSandbox({ members: 400, departments: 30 })
  caller = await callerOf(sandbox)
  corp = await dump(sandbox)
})
afterAll(() => sandbox.close())

const create = (body: object) => caller.post('user/create', { name: '新人', mobile: '13011112222', ...body })
const update = (body: object) => caller.post('user/update', body)

describe('reading', () => {
  test('get matches without regard to case and is flat', async () => {
    const answer = await caller.get('user/get', { userid: 'ZhangSAN' })
    expect(answer).toMatchObject({ errcode: 0, userid: 'zhangsan', name: '张三', gender: '1', status: 1 })
    expect(answer).toEqual({
      errcode: 0,
      errmsg: 'ok',
      ...corp.members.find(item => item.userid === 'zhangsan'),
    })
  })

  test('list and simplelist give the members of a department, with fetch_child of all below, each once', async () => {
    for (const id of [1, 2, 5]) {
      const direct = corp.members.filter(item => item.department.includes(id))
      const answer = await caller.get('user/list', { department_id: id })
      expect(answer['userlist']).toEqual(direct)
      for (const fetch_child of ['false', '0', ''])
        expect(await caller.get('user/list', { department_id: id, fetch_child })).toEqual(answer)
      const simple = await caller.get('user/simplelist', { department_id: id })
      expect(simple['userlist']).toEqual(
        direct.map(({ userid, name, department }) => ({ userid, name, department })),
      )
    }
    const all = (await caller.get('user/list', { department_id: 1, fetch_child: 1 }))['userlist'] as object[]
    expect(all).toHaveLength(400)
  })

  test('list_id has a row per member and department, page by page', async () => {
    const rows: unknown[] = []
    let cursor = ''
    let pages = 0
    do {
      const page = await caller.post('user/list_id', { cursor, limit: 37 })
      rows.push(...(page['dept_user'] as unknown[]))
      cursor = String(page['next_cursor'])
      pages++
    } while (cursor !== '')
    const expected = corp.members.flatMap(item =>
      item.department.map(department => ({ userid: item.userid, department })),
    )
    expect(rows).toEqual(expected)
    expect(rows.length).toBeGreaterThan(400)
    expect(pages).toBe(Math.ceil(expected.length / 37))
    expect((await caller.post('user/list_id', { limit: 10001 })).errcode).toBe(40058)
    expect((await caller.post('user/list_id', { cursor: '!' })).errcode).toBe(40058)
  })

  test('every mobile and address finds its member', async () => {
    for (const member of corp.members.slice(0, 60)) {
      const { userid, mobile, email, biz_mail } = member
      if (mobile) expect((await caller.post('user/getuserid', { mobile }))['userid']).toBe(userid)
      if (email)
        expect(await caller.post('user/get_userid_by_email', { email, email_type: 2 })).toMatchObject({
          userid,
        })
      if (biz_mail)
        expect(await caller.post('user/get_userid_by_email', { email: biz_mail })).toMatchObject({ userid })
    }
    expect((await caller.post('user/getuserid', { mobile: '19900000000' })).errcode).toBe(46004)
    expect((await caller.post('user/getuserid', {})).errcode).toBe(60103)
  })

  test('openids turn back', async () => {
    const { openid } = await caller.post('user/convert_to_openid', { userid: 'lisi' })
    expect(openid).toMatch(/^o\S{27}$/)
    expect(await caller.post('user/convert_to_userid', { openid })).toMatchObject({
      errcode: 0,
      userid: 'lisi',
    })
    expect((await caller.post('user/convert_to_userid', { openid: 'oABC' })).errcode).toBe(40073)
  })

  test.each([
    ['user/get', {}, 41009],
    ['user/get', { userid: 'nobody' }, 60111],
    ['user/list', {}, 60123],
    ['user/list', { department_id: 9999 }, 60003],
    ['user/simplelist', { department_id: 'abc' }, 60123],
  ])('%s %j answers %i', async (path, query, errcode) => {
    expect((await caller.get(path, query)).errcode).toBe(errcode)
  })

  test('an avatar is a picture', async () => {
    const url = String(corp.members.find(item => item['avatar'])!['avatar'])
    expect(url).toMatch(/\/0$/)
    const answer = await fetch(url)
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
  })
})

describe('writing', () => {
  test('create, update, delete', async () => {
    const body = {
      userid: 'new.one',
      department: [2, 3],
      order: [0, 4294967295],
      is_leader_in_dept: [0, 1],
      main_department: 3,
      direct_leader: ['LISI'],
      gender: '2',
      position: '专员',
      alias: 'Nina',
      extattr: {
        attrs: [
          { type: 0, name: '工号', text: { value: '9' } },
          { name: '旧式', value: 'x' },
        ],
      },
    }
    expect(await create(body)).toEqual({ errcode: 0, errmsg: 'created' })
    const made = await caller.get('user/get', { userid: 'NEW.ONE' })
    expect(made).toMatchObject({ ...body, direct_leader: ['lisi'], extattr: expect.anything(), status: 4 })
    expect(made['extattr']).toEqual({
      attrs: [
        { type: 0, name: '工号', text: { value: '9' } },
        { type: 0, name: '旧式', text: { value: 'x' } },
      ],
    })
    const department = (await caller.get('department/get', { id: 3 }))['department']
    expect((department as { department_leader: string[] }).department_leader).toContain('new.one')
    expect((await update({ userid: 'new.one', department: [3], enable: 0 })).errmsg).toBe('updated')
    expect(await caller.get('user/get', { userid: 'new.one' })).toMatchObject({
      department: [3],
      order: [4294967295],
      is_leader_in_dept: [1],
      main_department: 3,
      alias: 'Nina',
      status: 2,
    })
    await update({ userid: 'new.one', enable: 1 })
    expect(await caller.get('user/get', { userid: 'new.one' })).toMatchObject({ status: 1 })
    expect(await caller.get('user/delete', { userid: 'new.one' })).toEqual({ errcode: 0, errmsg: 'deleted' })
    expect((await caller.get('user/get', { userid: 'new.one' })).errcode).toBe(60111)
    expect((await caller.post('user/getuserid', { mobile: '13011112222' })).errcode).toBe(46004)
  })

  test.each([
    [{ userid: undefined }, 41009],
    [{ userid: '-bad' }, 40003],
    [{ userid: 'x'.repeat(65) }, 40003],
    [{ userid: 'LISI' }, 60102],
    [{ userid: 'n1', name: '' }, 60112],
    [{ userid: 'n1', name: undefined }, 60112],
    [{ userid: 'n1', name: '名'.repeat(65) }, 60112],
    [{ userid: 'n1', mobile: 'abc' }, 60103],
    [{ userid: 'n1', mobile: undefined }, 60129],
    [{ userid: 'n1', email: 'nobody' }, 60105],
    [{ userid: 'n1', department: [9999] }, 60003],
    [{ userid: 'n1', department: Array.from({ length: 101 }, (_, index) => index + 1) }, 60110],
    [{ userid: 'n1', department: [2, 2] }, 40058],
    [{ userid: 'n1', department: [2], order: [1, 2] }, 40058],
    [{ userid: 'n1', department: [2], is_leader_in_dept: [1, 0] }, 60132],
    [{ userid: 'n1', department: [2], main_department: 3 }, 40058],
    [{ userid: 'n1', position: '长'.repeat(129) }, 40058],
    [{ userid: 'n1', alias: '长'.repeat(65) }, 40058],
    [{ userid: 'n1', gender: 3 }, 40058],
    [{ userid: 'n1', direct_leader: ['nobody'] }, 60111],
    [{ userid: 'n1', direct_leader: ['a', 'b', 'c', 'd', 'e', 'f'] }, 40032],
  ])('create %j answers %i', async (body, errcode) => {
    expect((await create(body)).errcode).toBe(errcode)
    expect((await caller.get('user/get', { userid: 'n1' })).errcode).toBe(60111)
  })

  test('mobiles and mails are unique, also those of the sample corp', async () => {
    const other = corp.members.find(item => item.mobile && item['email'] && item['biz_mail'])!
    expect((await create({ userid: 'n2', mobile: other.mobile })).errcode).toBe(60104)
    expect((await create({ userid: 'n2', email: String(other['email']).toUpperCase() })).errcode).toBe(60106)
    expect((await update({ userid: other.userid, mobile: other.mobile })).errcode).toBe(0)
    expect((await update({ userid: other.userid, mobile: '13099990000' })).errcode).toBe(0)
    expect((await create({ userid: 'n2', mobile: other.mobile })).errcode).toBe(0)
    expect((await create({ userid: 'n3', mobile: '13099990000' })).errcode).toBe(60104)
  })

  test('update of nobody, without contact, with a new userid', async () => {
    expect((await update({ userid: 'nobody', name: '某' })).errcode).toBe(60111)
    expect((await update({ userid: 'lisi', mobile: '', email: '' })).errcode).toBe(60129)
    expect((await update({ userid: 'lisi', new_userid: 'li.si' })).errcode).toBe(40058)
    expect((await update({ userid: 'lisi', status: 5, name: '李四' })).errcode).toBe(0)
    expect(await caller.get('user/get', { userid: 'lisi' })).toMatchObject({ status: 1 })
    expect((await admin(sandbox, 'user/update', { userid: 'lisi', status: 5 })).errcode).toBe(0)
    expect(await caller.get('user/get', { userid: 'lisi' })).toMatchObject({ status: 5 })
  })

  test('batchdelete passes over the unknown unless all are', async () => {
    await create({ userid: 'b1', mobile: '13022220001' })
    await create({ userid: 'b2', mobile: '13022220002' })
    const answer = await caller.post('user/batchdelete', { useridlist: ['b1', 'nobody', 'B2'] })
    expect(answer).toEqual({ errcode: 0, errmsg: 'deleted' })
    expect((await caller.post('user/batchdelete', { useridlist: ['b1', 'b2'] })).errcode).toBe(60111)
    expect((await caller.post('user/batchdelete', { useridlist: [] })).errcode).toBe(40031)
    expect((await caller.post('user/batchdelete', { useridlist: Array(201).fill('x') })).errcode).toBe(40032)
  })

  test('a renamed person keeps its tags and superiors, and the old userid is free for somebody else', async () => {
    await create({ userid: 'boss', mobile: '13033330001' })
    await create({ userid: 'worker', mobile: '13033330002', direct_leader: ['boss'] })
    await caller.post('tag/addtagusers', { tagid: 1, userlist: ['boss'] })
    expect((await admin(sandbox, 'user/rename', { userid: 'boss', new_userid: 'LISI' })).errcode).toBe(60102)
    expect((await admin(sandbox, 'user/rename', { userid: 'boss', new_userid: 'chief' })).errcode).toBe(0)
    expect((await caller.get('user/get', { userid: 'boss' })).errcode).toBe(60111)
    expect(await caller.get('user/get', { userid: 'worker' })).toMatchObject({ direct_leader: ['chief'] })
    expect((await create({ userid: 'boss', mobile: '13033330003', name: '后来者' })).errcode).toBe(0)
    expect(await caller.get('user/get', { userid: 'worker' })).toMatchObject({ direct_leader: ['chief'] })
    const tag = (await caller.get('tag/get', { tagid: 1 }))['userlist'] as { userid: string }[]
    expect(tag.map(item => item.userid)).toContain('chief')
    expect(tag.map(item => item.userid)).not.toContain('boss')
    await caller.get('user/delete', { userid: 'chief' })
    expect(await caller.get('user/get', { userid: 'worker' })).toMatchObject({ direct_leader: [] })
    const after = (await caller.get('tag/get', { tagid: 1 }))['userlist'] as { userid: string }[]
    expect(after.map(item => item.userid)).not.toContain('chief')
  })
})
