import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { type Caller, type CorpDump, callerOf, control, dump } from '../test-caller.ts'

let sandbox: Sandbox
let contact: Caller
let whole: Caller
let branch: Caller
let corp: CorpDump
let branchIds: number[]
beforeAll(async () => {
  sandbox = await startSandbox({ members: 300 })
  contact = await callerOf(sandbox)
  whole = await callerOf(sandbox, sandbox.agents[0]!.secret)
  branch = await callerOf(sandbox, sandbox.agents[1]!.secret)
  corp = await dump(sandbox)
  branchIds = ((await branch.get('department/list'))['department'] as { id: number }[]).map(item => item.id)
})
afterAll(() => sandbox.close())

describe('an application', () => {
  test('with the root in its range sees all', async () => {
    expect((await whole.get('department/list'))['department']).toEqual(corp.departments)
    const all = (await whole.get('user/list', { department_id: 1, fetch_child: 1 }))['userlist'] as unknown[]
    expect(all).toHaveLength(300)
  })

  test('with one department sees that and all below, with their real parents', async () => {
    const [root, ...below] = branchIds
    const departments = (await branch.get('department/simplelist'))['department_id'] as {
      id: number
      parentid: number
    }[]
    expect(departments[0]).toMatchObject({ id: root, parentid: 1 })
    expect(below.length).toBeGreaterThan(0)
    for (const item of departments.slice(1)) expect(branchIds).toContain(item.parentid)
    const outside = corp.departments.find(item => !branchIds.includes(item.id) && item.id !== 1)!
    expect((await branch.get('department/get', { id: outside.id })).errcode).toBe(60011)
    expect((await branch.get('user/list', { department_id: outside.id })).errcode).toBe(60011)
    expect((await branch.get('user/list', { department_id: 1, fetch_child: 1 })).errcode).toBe(60011)
    expect((await branch.get('user/list', { department_id: branchIds[1]! })).errcode).toBe(0)
  })

  test('sees members of its departments only, and only their departments in its range', async () => {
    const stranger = corp.members.find(item => !item.department.some(id => branchIds.includes(id)))!
    expect((await branch.get('user/get', { userid: stranger.userid })).errcode).toBe(60011)
    if (stranger.mobile)
      expect((await branch.post('user/getuserid', { mobile: stranger.mobile })).errcode).toBe(60011)
    const shared = {
      userid: 'shared',
      name: '两栖',
      mobile: '13000000001',
      department: [9, branchIds[0]],
      order: [7, 8],
    }
    await contact.post('user/create', { ...shared, main_department: 9 })
    const seen = await branch.get('user/get', { userid: 'shared' })
    expect(seen).toMatchObject({ errcode: 0, department: [branchIds[0]], order: [8], is_leader_in_dept: [0] })
    expect(seen['main_department']).toBeUndefined()
    await contact.get('user/delete', { userid: 'shared' })
  })

  test('sees tags that touch its range, cut to it', async () => {
    const tags = ((await branch.get('tag/list'))['taglist'] as { tagid: number }[]).map(item => item.tagid)
    for (const tag of corp.tags) {
      const answer = await branch.get('tag/get', { tagid: tag.tagid })
      expect(answer.errcode).toBe(tags.includes(tag.tagid) ? 0 : 60011)
      if (answer.errcode !== 0) continue
      expect((answer['partylist'] as number[]).every(id => branchIds.includes(id))).toBe(true)
    }
    expect(tags.length).toBeGreaterThan(0)
  })

  test('may not write, nor list ids', async () => {
    expect((await whole.post('user/list_id', {})).errcode).toBe(48002)
    expect((await whole.post('user/update', { userid: 'lisi', name: '某' })).errcode).toBe(48002)
    expect((await whole.get('department/delete', { id: 40 })).errcode).toBe(48002)
    expect((await whole.post('tag/update', { tagid: 1, tagname: '某' })).errcode).toBe(81011)
  })

  test('reads itself and no other', async () => {
    const { agentId, name } = sandbox.agents[1]!
    expect(await branch.get('agent/get', { agentid: agentId })).toMatchObject({
      errcode: 0,
      agentid: agentId,
      name,
      allow_partys: { partyid: [branchIds[0]] },
    })
    expect((await branch.get('agent/list'))['agentlist']).toMatchObject([{ agentid: agentId, name }])
    expect((await branch.get('agent/get', { agentid: sandbox.agents[0]!.agentId })).errcode).toBe(301002)
    expect((await branch.get('agent/get')).errcode).toBe(41011)
    expect((await contact.get('agent/list')).errcode).toBe(48002)
  })

  test('of a forest sees every tree of it, named members and tags', async () => {
    const pilot = await callerOf(sandbox, sandbox.agents[2]!.secret)
    const self = await pilot.get('agent/get', { agentid: sandbox.agents[2]!.agentId })
    const { partyid } = self['allow_partys'] as { partyid: number[] }
    expect(partyid).toHaveLength(2)
    const ids = ((await pilot.get('department/simplelist'))['department_id'] as { id: number }[]).map(
      item => item.id,
    )
    expect(ids).toEqual(expect.arrayContaining(partyid))
    const { user } = self['allow_userinfos'] as { user: { userid: string }[] }
    expect((await pilot.get('user/get', { userid: user[0]!.userid })).errcode).toBe(0)
    for (const { userid } of corp.tags[1]!.userlist)
      expect((await pilot.get('user/get', { userid })).errcode).toBe(0)
    await control(sandbox, 'POST', 'agents', {
      agentId: sandbox.agents[2]!.agentId,
      visible: { users: ['lisi'] },
    })
    expect((await pilot.get('department/list'))['department']).toEqual([])
    expect((await pilot.get('user/get', { userid: 'lisi' })).errcode).toBe(0)
    expect((await pilot.get('user/get', { userid: 'wangwu' })).errcode).toBe(60011)
  })
})

describe('the restricted regime', () => {
  beforeAll(async () => {
    await control(sandbox, 'POST', 'regime', { regime: 'restricted' })
  })
  afterAll(async () => {
    await control(sandbox, 'POST', 'regime', { regime: 'full' })
  })

  test.each([
    ['user/get', { userid: 'lisi' }],
    ['user/list', { department_id: 1 }],
    ['user/simplelist', { department_id: 1 }],
    ['department/list', {}],
    ['department/get', { id: 1 }],
  ])('closes %s to the contact secret', async (path, query) => {
    const answer = await contact.get(path, query)
    expect(answer.errcode).toBe(48009)
    expect(answer.errmsg).toMatch(/^api forbidden for contact assistant, /)
    expect((await whole.get(path, query)).errcode).toBe(0)
  })

  test('leaves it the ids', async () => {
    expect(((await contact.get('department/simplelist'))['department_id'] as unknown[]).length).toBe(40)
    expect((await contact.post('user/list_id', {})).errcode).toBe(0)
  })

  test('takes personal data from applications', async () => {
    const member = corp.members.find(
      item => item.mobile && item['email'] && item['gender'] !== '0' && item['avatar'],
    )!
    const seen = await whole.get('user/get', { userid: member.userid })
    for (const field of ['avatar', 'thumb_avatar', 'mobile', 'email', 'biz_mail', 'qr_code', 'address'])
      expect(seen[field]).toBeUndefined()
    expect(seen).toMatchObject({ gender: '0', name: member.name, position: member['position'] })
    const list = (await whole.get('user/list', { department_id: member.department[0]! }))[
      'userlist'
    ] as object[]
    expect(list.every(item => !('mobile' in item))).toBe(true)
  })

  test('gives it back by consent', async () => {
    const code = (await control(sandbox, 'POST', 'code', { userId: 'lisi', scope: 'snsapi_privateinfo' }))
      .body['code']
    const who = await whole.get('auth/getuserinfo', { code: String(code) })
    expect(who).toMatchObject({ errcode: 0, userid: 'lisi' })
    const detail = await whole.post('auth/getuserdetail', { user_ticket: who['user_ticket'] })
    const member = corp.members.find(item => item.userid === 'lisi')!
    expect(detail).toMatchObject({ userid: 'lisi', mobile: member.mobile, gender: '1' })
  })
})
