import { describe, expect, test } from 'vitest'
import type { createWecomClient } from './client.ts'
import { WecomError } from './errors.ts'
import { detectRegime } from './regime.ts'
import {
  client,
  failureOf,
  hangUp,
  ok,
  raw,
  SECRET,
  type SeenRequest,
  type Step,
  silence,
  status,
  upstream,
} from './upstream.fixture.ts'

describe('every method', () => {
  const department = { id: 2, name: '研发部', parentid: 1, order: 4294967295, department_leader: ['a'] }
  const member = {
    userid: 'zhangsan',
    name: '张三',
    department: [1, 2],
    gender: '1',
    status: 1,
    unheard_of: 1,
  }
  type Client = ReturnType<typeof createWecomClient>
  const cases: [
    string,
    (c: Client) => Promise<unknown>,
    Omit<SeenRequest, 'query'> & { query?: object },
    object,
    unknown?,
  ][] = [
    [
      'departmentList',
      c => c.departmentList(),
      { method: 'GET', path: '/cgi-bin/department/list', body: undefined },
      { department: [department] },
    ],
    [
      'departmentList below',
      c => c.departmentList(2),
      { method: 'GET', path: '/cgi-bin/department/list', query: { id: '2' }, body: undefined },
      { department: [] },
    ],
    [
      'departmentSimpleList',
      c => c.departmentSimpleList(),
      { method: 'GET', path: '/cgi-bin/department/simplelist', body: undefined },
      { department_id: [{ id: 1, parentid: 0, order: 1 }] },
    ],
    [
      'departmentGet',
      c => c.departmentGet(2),
      { method: 'GET', path: '/cgi-bin/department/get', query: { id: '2' }, body: undefined },
      { department },
    ],
    [
      'userGet',
      c => c.userGet('zhang san&x'),
      { method: 'GET', path: '/cgi-bin/user/get', query: { userid: 'zhang san&x' }, body: undefined },
      member,
    ],
    [
      'userList',
      c => c.userList(2),
      { method: 'GET', path: '/cgi-bin/user/list', query: { department_id: '2' }, body: undefined },
      { userlist: [member] },
    ],
    [
      'userSimpleList',
      c => c.userSimpleList(2),
      { method: 'GET', path: '/cgi-bin/user/simplelist', query: { department_id: '2' }, body: undefined },
      { userlist: [{ userid: 'a', name: 'b', department: [1] }] },
    ],
    [
      'userListId',
      c => c.userListId(),
      { method: 'POST', path: '/cgi-bin/user/list_id', body: { limit: 10000 } },
      { dept_user: [{ userid: 'a', department: 1 }] },
      { dept_user: [{ userid: 'a', department: 1 }], next_cursor: '' },
    ],
    [
      'userListId next',
      c => c.userListId({ cursor: 'c1', limit: 5 }),
      { method: 'POST', path: '/cgi-bin/user/list_id', body: { cursor: 'c1', limit: 5 } },
      { dept_user: [], next_cursor: 'c2' },
      { dept_user: [], next_cursor: 'c2' },
    ],
    [
      'tagList',
      c => c.tagList(),
      { method: 'GET', path: '/cgi-bin/tag/list', body: undefined },
      { taglist: [{ tagid: 1, tagname: '经理' }] },
    ],
    [
      'tagGet',
      c => c.tagGet(7),
      { method: 'GET', path: '/cgi-bin/tag/get', query: { tagid: '7' }, body: undefined },
      { tagname: 'x', userlist: [{ userid: 'a', name: 'b' }], partylist: [2] },
    ],
    [
      'addTagUsers',
      c => c.addTagUsers(7, ['a', 'b'], [2]),
      {
        method: 'POST',
        path: '/cgi-bin/tag/addtagusers',
        body: { tagid: 7, userlist: ['a', 'b'], partylist: [2] },
      },
      { invalidlist: 'a|b', invalidparty: [2] },
      { invalidUsers: ['a', 'b'], invalidParties: [2] },
    ],
    [
      'delTagUsers',
      c => c.delTagUsers(7, [], [2]),
      { method: 'POST', path: '/cgi-bin/tag/deltagusers', body: { tagid: 7, partylist: [2] } },
      { errmsg: 'deleted' },
      { invalidUsers: [], invalidParties: [] },
    ],
    [
      'agentGet',
      c => c.agentGet(1000002),
      { method: 'GET', path: '/cgi-bin/agent/get', query: { agentid: '1000002' }, body: undefined },
      { agentid: 1000002, name: '消息中心', allow_partys: { partyid: [1] } },
    ],
    [
      'agentList',
      c => c.agentList(),
      { method: 'GET', path: '/cgi-bin/agent/list', body: undefined },
      { agentlist: [{ agentid: 1, name: 'x' }] },
    ],
    [
      'getUserInfo',
      c => c.getUserInfo('CODE'),
      { method: 'GET', path: '/cgi-bin/auth/getuserinfo', query: { code: 'CODE' }, body: undefined },
      { UserId: 'a', user_ticket: 't' },
      { userid: 'a', user_ticket: 't' },
    ],
    [
      'getUserDetail',
      c => c.getUserDetail('T'),
      { method: 'POST', path: '/cgi-bin/auth/getuserdetail', body: { user_ticket: 'T' } },
      { userid: 'a', gender: '0', mobile: '13800000000' },
    ],
    [
      'apiDomainIps',
      c => c.apiDomainIps(),
      { method: 'GET', path: '/cgi-bin/get_api_domain_ip', body: undefined },
      { ip_list: ['1.2.3.*'] },
    ],
  ]
  test.each(cases)('%s', async (_name, work, request, answer, expected) => {
    const { seen, baseUrl } = await upstream({ ...ok, ...answer })
    const { wecom, calls } = client(baseUrl)
    const result = await work(wecom)
    if (expected === undefined) expect(result).toMatchObject(answer)
    else expect(result).toEqual(expected)
    expect(seen).toEqual([{ ...request, query: { ...request.query, access_token: 'token-1' } }])
    expect(calls).toEqual([[request.path, 0]])
  })

  test.each([40031, 40070])('%i means that all of them are invalid', async errcode => {
    const { baseUrl } = await upstream({ errcode, errmsg: 'all list invalid' })
    const { wecom } = client(baseUrl)
    const all = { invalidUsers: ['x', 'y'], invalidParties: [8] }
    expect(await wecom.addTagUsers(1, ['x', 'y'], [8])).toEqual(all)
    expect(await wecom.delTagUsers(1, ['x', 'y'], [8])).toEqual(all)
  })

  test.each([
    [{}, 'taglist is missing'],
    [{ taglist: [{ tagid: 1 }] }, 'taglist.0.tagname is missing'],
    [{ taglist: [{ tagid: '1', tagname: 'x' }] }, 'taglist.0.tagid must be integer'],
    [{ taglist: null }, 'taglist must be array'],
  ])('a wrong shape %j is named', async (answer, text) => {
    const { baseUrl, seen } = await upstream({ ...ok, ...answer })
    const error = await failureOf(client(baseUrl).wecom.tagList())
    expect(error).toMatchObject({ name: 'WecomUnavailable', reason: 'json', path: '/cgi-bin/tag/list' })
    expect((error as Error).message).toContain(text)
    expect(seen).toHaveLength(1)
  })

  test('detectRegime', async () => {
    const full = await upstream({ ...ok, department: [department] })
    expect(await detectRegime(client(full.baseUrl).wecom)).toBe('full')
    const restricted = await upstream({ errcode: 48009, errmsg: 'api forbidden for contact assistant' })
    expect(await detectRegime(client(restricted.baseUrl).wecom)).toBe('restricted')
    const other = await upstream({ errcode: 60020, errmsg: 'not allow' })
    expect(await failureOf(detectRegime(client(other.baseUrl).wecom))).toMatchObject({ errcode: 60020 })
  })
})

describe('errors', () => {
  test('60020 names the address and no secret, token or query', async () => {
    const errmsg = `not allow to access from your ip, hint: [1662317178339603627481038], from ip: 1.2.3.4, more info at https://open.work.weixin.qq.com/devtool/query?e=60020 access_token=token-1 corpsecret=${SECRET} token-1 ${SECRET}`
    const { baseUrl } = await upstream({ errcode: 60020, errmsg })
    const error = (await failureOf(client(baseUrl).wecom.userGet('zhangsan'))) as WecomError
    expect(error).toBeInstanceOf(WecomError)
    expect(error).toMatchObject({
      errcode: 60020,
      kind: 'config',
      fromIp: '1.2.3.4',
      path: '/cgi-bin/user/get',
    })
    const all = `${error.stack} ${JSON.stringify(error)} ${error.errmsg}`
    for (const hidden of ['token-1', SECRET, 'zhangsan']) expect(all).not.toContain(hidden)
  })

  test('no failure of the wire carries the token', async () => {
    for (const step of [hangUp, status(500), raw('{'), silence] as Step[]) {
      const { baseUrl } = await upstream(step)
      const error = (await failureOf(client(baseUrl, { timeoutMs: 30, retries: 0 }).wecom.tagList())) as Error
      expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('token-1')
    }
  })
})
