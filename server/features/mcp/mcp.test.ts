import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { setDeveloper } from '../../callers/developers/developer-admin.ts'
import { developerUsage } from '../../callers/developers/overview.ts'
import { allFeatures } from '../../features.ts'
import { addApp } from '../apps/apps.ts'
import { arrived, useAgents } from '../messages/messages.fixture.ts'

const tools = allFeatures.flatMap(one => one.tools ?? [])

/** Judged by the official client, in the revision without a handshake and in the ones before it. */
let world: World
beforeAll(async () => {
  world = await startWorld({ members: 500, departments: 10 })
  await useAgents(world)
})
afterAll(() => world.close())

const eras = ['legacy', { pin: '2026-07-28' }] as const
type Era = (typeof eras)[number]

async function connect(dev: Caller, language = 'zh', mode: Era = eras[1], token?: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  const headers = { authorization: `Bearer ${token ?? (await dev.token())}`, 'accept-language': language }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${world.server.url}/mcp`), { requestInit: { headers } }),
  )
  return client
}

type ToolAnswer = { isError: boolean; text: string }

async function use(client: Client, name: string, given: Record<string, unknown> = {}): Promise<ToolAnswer> {
  const { content, isError = false } = await client.callTool({ name, arguments: given })
  const [first] = content as { type: string; text: string }[]
  return { isError, text: first?.text ?? '' }
}
/** The answer of a tool that did what it was asked. */
async function answer(client: Client, name: string, given: Record<string, unknown> = {}) {
  const { isError, text } = await use(client, name, given)
  expect(isError, text).toBe(false)
  return JSON.parse(text)
}

describe.each(eras.map(mode => [typeof mode === 'string' ? mode : mode.pin, mode] as const))(
  'a client of %s',
  (_name, mode) => {
    it('learns who answers and what can be done, in its language', async () => {
      const scopes = ['directory:read', 'message:send', 'message:type', 'todo:read', 'todo:write'] as const
      const client = await connect(await world.addDeveloper({ scopes: [...scopes] }), 'zh', mode)
      expect(client.getServerVersion()).toMatchObject({ name: 'wisp' })
      expect(client.getInstructions()).toContain('发送消息须先预览')
      const { tools: found } = await client.listTools()
      expect(found.map(({ name }) => name)).toEqual(tools.map(({ name }) => name))
      const send = found.find(({ name }) => name === 'send_message')
      expect(send?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true })
      const english = await connect(world.dev, 'en', mode)
      const { tools: same } = await english.listTools()
      type ToolDescription = {
        title?: string | undefined
        description?: string | undefined
        inputSchema: unknown
      }
      const texts = ({ title, description, inputSchema }: ToolDescription) => {
        const { properties } = inputSchema as { properties: Record<string, { description: string }> }
        return [title, description, ...Object.values(properties).map(one => one.description)]
      }
      const chinese = found.flatMap(texts)
      expect(chinese.filter(one => !/[\u4e00-\u9fff]/.test(one ?? ''))).toEqual([])
      expect(same.flatMap(texts).filter(one => one === undefined || chinese.includes(one))).toEqual([])
    })

    it('gets what the API answers, within the data scope', async () => {
      const { body: member } = await world.dev.get('/api/user/get', { userId: 'zhangsan' })
      const client = await connect(world.dev, 'zh', mode)
      const found = await answer(client, 'get_member', { userId: 'ZHANGSAN' })
      expect(found).toEqual({ ...member, avatarUrl: expect.any(String) })
      const [best] = (await answer(client, 'search_members', { searchName: 'zhangsan' })).list
      expect(best.userId).toBe('zhangsan')
      const everybody = await answer(client, 'get_department_members', { orgId: '1', fetchChild: '1' })
      expect([everybody.list.length, everybody.total]).toEqual([100, expect.any(Number)])
      expect(everybody.total).toBeGreaterThan(200)
      const tree = await answer(client, 'get_department_tree', { orgId: 1 })
      expect(tree.list[0]).toMatchObject({ orgId: '1', childCount: expect.any(Number) })
      const changes = await answer(client, 'get_directory_changes', { since: 0 })
      expect([changes.list.length, changes.more]).toEqual([100, true])
      const departments = [Number(member.orgId)]
      const scoped = await world.addDeveloper({ dataScope: { departments, tags: [] } })
      const narrow = await connect(scoped, 'zh', mode)
      expect((await answer(narrow, 'get_member', { userId: 'zhangsan' })).userId).toBe('zhangsan')
      expect(await use(narrow, 'get_department_members', { orgId: '1' })).toEqual({
        isError: true,
        text: '1005 无效的部门 id: 1',
      })
    })

    it('sends what was confirmed, once', async () => {
      const client = await connect(world.dev, 'zh', mode)
      const content = `经 MCP ${_name}`
      const message = {
        toUser: ['zhangsan', 'nobody'],
        sendType: '0',
        msgType: '03',
        agentName: '审批',
        content,
      }
      const preview = await answer(client, 'send_message', message)
      expect(preview).toMatchObject({
        sent: false,
        persons: 1,
        channel: 'wecom',
        receivers: [{ userId: 'zhangsan', userName: '张三' }],
        invalid: { users: ['nobody'] },
        requestId: expect.stringMatching(/./),
        missing: '',
      })
      expect(JSON.stringify(preview.content)).toContain(content)
      expect(await arrived(world, content)).toEqual([])
      expect(await use(client, 'send_message', { ...message, confirm: true })).toMatchObject({
        isError: true,
        text: expect.stringContaining('1001 参数为空: requestId'),
      })
      const confirmed = { ...message, requestId: preview.requestId, confirm: true }
      const sent = await answer(client, 'send_message', confirmed)
      expect(sent).toMatchObject({ status: 'sent', invaliduser: 'nobody' })
      expect((await answer(client, 'send_message', confirmed)).msgId).toBe(sent.msgId)
      expect(await arrived(world, content)).toHaveLength(1)
      const status = await answer(client, 'get_message_status', { msgId: sent.msgId })
      expect(status).toMatchObject({ status: 'sent', receivers: { total: 1, sent: 1 } })
    })

    it('puts the to-dos that were confirmed, and lists them', async () => {
      const dev = await world.addDeveloper({ scopes: ['todo:read', 'todo:write'] })
      const app = { name: 'OA', homeUrl: 'https://oa.example.com/', devId: dev.devId }
      const { id: agentId } = await addApp(world.ctx, 'test', world.corpId, app)
      const client = await connect(dev, 'zh', mode)
      const row = {
        todoNo: 'M-1',
        userId: 'zhangsan',
        agentId,
        title: '审批',
        url: 'https://oa.example.com/1',
      }
      const list = [row, { ...row, todoNo: 'M-2', userId: 'nobody' }]
      const preview = await answer(client, 'put_todo', { list })
      const results = [{ result: 'created' }, { result: 'refused', code: '1007' }]
      expect(preview).toMatchObject({ list: results, requestId: expect.stringMatching(/./) })
      const open = () => answer(client, 'list_todos', { state: 'open' })
      expect(await open()).toEqual({ list: [], total: 0 })
      expect((await use(client, 'put_todo', { list, confirm: true })).text).toContain('requestId')
      const confirmed = { list, requestId: preview.requestId, confirm: true }
      expect((await use(client, 'put_todo', { ...confirmed, list: [row] })).isError).toBe(true)
      expect(await answer(client, 'put_todo', confirmed)).toMatchObject({ list: results })
      expect(await answer(client, 'put_todo', confirmed)).toMatchObject({ list: [{ result: 'same' }, {}] })
      expect(await open()).toMatchObject({ list: [{ todoNo: 'M-1', userId: 'zhangsan' }], total: 1 })
    })
  },
)

describe('the tools', () => {
  it('offer the inputs of their calls', () => {
    // Assistants look among the members of WeCom.
    const left = ['external', 'fetchUser', 'jessionId', 'tagId']
    for (const { endpoint, inputs, defaults = {} } of tools) {
      const all = Object.keys(endpoint.input).filter(name => !left.includes(name))
      expect([...inputs].sort()).toEqual(all.sort())
      expect(inputs).toEqual(expect.arrayContaining(Object.keys(defaults)))
    }
  })

  it('are those that the developer has the scopes for, and refuse the others', async () => {
    const dev = await world.addDeveloper({ scopes: ['message:send'] })
    const client = await connect(dev)
    const names = (await client.listTools()).tools.map(({ name }) => name)
    const scopeOf = (name: string) => {
      const { access } = tools.find(one => one.name === name)!.endpoint
      return access.by === 'developer' ? access.scope : undefined
    }
    expect(names).toEqual(expect.arrayContaining(['send_message', 'get_message_status']))
    expect(names).not.toContain('get_member')
    expect(names.map(scopeOf).filter(scope => scope !== undefined && scope !== 'message:send')).toEqual([])
    expect(await use(client, 'get_member', { userId: 'zhangsan' })).toEqual({
      isError: true,
      text: '1009 无权限: 开发者没有 directory:read 权限',
    })
    const message = { sendType: '0', msgType: '03', agentName: '审批', content: '你好' }
    const preview = await answer(client, 'send_message', { ...message, toParty: ['1'] })
    expect(preview.persons).toBeGreaterThan(200)
    expect(preview.receivers).toBeUndefined()
    const reader = await connect(await world.addDeveloper({ scopes: ['directory:read'] }))
    for (const confirm of [false, true]) {
      const told = await use(reader, 'send_message', {
        ...message,
        toUser: ['zhangsan'],
        requestId: 'r',
        confirm,
      })
      expect(told).toEqual({ isError: true, text: '1009 无权限: 开发者没有 message:send 权限' })
    }
  })

  it('preview @all as those whom the developer reaches', async () => {
    const { body } = await world.dev.get('/api/user/get', { userId: 'zhangsan' })
    const departments = [Number(body.orgId)]
    const dev = await world.addDeveloper({ dataScope: { departments, tags: [] } })
    const { total } = (
      await dev.get('/api/user/orgUserList', { orgId: body.orgId, fetchChild: 1, pageSize: 1 })
    ).body
    const message = { toUser: '@all', sendType: '0', msgType: '03', agentName: '审批', content: '全体' }
    expect((await answer(await connect(dev), 'send_message', message)).persons).toBe(total)
    const everybody = await answer(await connect(world.dev), 'send_message', message)
    expect(everybody.persons).toBeGreaterThan(total)
  })

  it('tell what is wrong, in the language asked for', async () => {
    const client = await connect(world.dev, 'en')
    const cases = [
      ['get_member', {}, '1001 missing parameter: userId'],
      ['get_member', { userId: 'nobody' }, '1007 unknown user id: nobody'],
      ['get_member', { userId: { a: 1 } }, '1000 invalid parameter: userId should be a string'],
      ['get_member', { name: 'x' }, '1000 invalid parameter: there is no argument name; there are userId'],
      ['get_member', JSON.parse('{"__proto__":1}'), '1000 invalid parameter: there is no argument __proto__'],
      [
        'get_department_members',
        { orgId: '1', pageSize: 9999 },
        '1000 invalid parameter: pageSize should be',
      ],
      ['get_message_status', { msgId: 'none' }, '1000'],
      ['send_message', { confirm: 'yes' }, '1000 invalid parameter: confirm should be true or false'],
      ['send_message', { agentName: 'x', sendType: '0', content: 'x' }, '1001'],
      ['get_department_members', { orgId: '1', fetchChild: '1', pageSize: 1000 }, 'the answer has'],
    ] as const
    for (const [name, given, text] of cases) {
      const told = await use(client, name, given)
      expect([told.isError, told.text.slice(0, 200)], name).toEqual([true, expect.stringContaining(text)])
    }
    await expect(client.callTool({ name: 'drop_everything', arguments: {} })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('there is no tool drop_everything'),
    })
  })

  it('are limited as calls are, and a preview as a call that reads', async () => {
    const dev = await world.addDeveloper({ callLimits: { read: { perMinute: 2, perDay: 100 } } })
    const client = await connect(dev)
    const message = { toUser: 'zhangsan', sendType: '0', msgType: '03', agentName: '审批', content: '你好' }
    expect((await answer(client, 'get_member', { userId: 'zhangsan' })).userId).toBe('zhangsan')
    expect((await answer(client, 'send_message', message)).persons).toBe(1)
    const refused = { isError: true, text: expect.stringMatching(/^1010 .*Retry-After: \d+/) }
    expect(await use(client, 'send_message', message)).toEqual(refused)
    expect(await use(client, 'get_member', { userId: 'zhangsan' })).toEqual(refused)
  })

  it('count as the calls that they make', async () => {
    const dev = await world.addDeveloper()
    const client = await connect(dev)
    await use(client, 'get_member', { userId: 'zhangsan' })
    await use(client, 'get_member', { userId: 'nobody' })
    await world.ctx.developers.flush()
    const used = (await developerUsage(world.ctx, dev.devId, 1)).filter(
      one => one.endpoint !== '/api/token/getDevToken',
    )
    expect(used).toMatchObject([{ endpoint: '/api/user/get', calls: 2, failures: 1 }])
  })
})

const modern = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
const inModern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' }
const inLegacy = { 'mcp-protocol-version': '2025-11-25' }

async function post(body: unknown, headers: Record<string, string> = inLegacy, method = 'POST') {
  const response = await fetch(`${world.server.url}/mcp`, {
    method,
    headers: {
      authorization: `Bearer ${await world.dev.token()}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const told = text === '' ? undefined : JSON.parse(text)
  return { status: response.status, headers: response.headers, told, code: told?.error?.code }
}

describe('the protocol', () => {
  it.each([
    ['broken JSON', '{"jsonrpc":', {}, 400, -32700],
    ['an empty body', '', {}, 400, -32700],
    ['a batch', [list], {}, 400, -32600],
    ['no JSON-RPC', { method: 'tools/list', id: 1 }, {}, 400, -32600],
    ['an id of null', { ...list, id: null }, {}, 400, -32600],
    ['a response', { jsonrpc: '2.0', id: 1, result: {} }, {}, 400, -32600],
    ['params that are a list', { ...list, params: [1] }, {}, 400, -32602],
    ['another type of content', '<xml/>', { 'content-type': 'text/xml' }, 415, -32600],
    ['a body of 2 MB', `"${'x'.repeat(2_000_000)}"`, {}, 413, -32600],
    ['an older version', list, { 'mcp-protocol-version': '2024-11-05' }, 400, -32022],
    ['a version that is none', list, { 'mcp-protocol-version': 'x' }, 400, -32022],
    ['a page of another site', list, { origin: 'https://evil.example' }, 403, -32600],
    ['a page without an origin', list, { origin: 'null' }, 403, -32600],
    ['an unknown method', { ...list, method: 'roots/steal' }, {}, 200, -32601],
    ['a tool without a name', { ...list, method: 'tools/call' }, {}, 200, -32602],
    [
      'arguments that are a list',
      { ...list, method: 'tools/call', params: { name: 'get_member', arguments: [] } },
      ...([{}, 200, -32602] as const),
    ],
  ] as const)('refuses %s', async (_what, body, headers, status, code) => {
    const told = await post(body, { ...inLegacy, ...headers })
    expect([told.status, told.code]).toEqual([status, code])
    expect(told.headers.get('x-request-id')).toMatch(/./)
  })

  it.each([
    ['no version in the header', list, {}, 400, -32020],
    ['two versions', { ...list, params: { _meta: modern } }, inLegacy, 400, -32020],
    ['nothing in _meta', list, inModern, 400, -32602],
    [
      'another method in the header',
      { ...list, params: { _meta: modern } },
      { ...inModern, 'mcp-method': 'ping' },
      400,
      -32020,
    ],
    [
      'another tool in the header',
      { ...list, method: 'tools/call', params: { name: 'get_member', _meta: modern } },
      { ...inModern, 'mcp-method': 'tools/call', 'mcp-name': 'send_message' },
      ...([400, -32020] as const),
    ],
    [
      'a handshake in the revision without',
      { ...list, method: 'initialize', params: { _meta: modern } },
      { ...inModern, 'mcp-method': 'initialize' },
      ...([404, -32601] as const),
    ],
  ] as const)('refuses %s', async (_what, body, headers, status, code) => {
    const told = await post(body, headers as unknown as Record<string, string>)
    expect([told.status, told.code]).toEqual([status, code])
  })

  it('says which versions it has, takes names in base64, and answers in the oldest way that a client knows', async () => {
    const unknown = await post(
      { ...list, params: { _meta: modern } },
      { 'mcp-protocol-version': '2999-01-01' },
    )
    expect(unknown.told.error.data.supported).toContain('2026-07-28')
    expect(unknown.told.id).toBe(1)
    const none = await post(list, {})
    expect(none.told.error.message).toContain('MCP-Protocol-Version (2026-07-28')
    const call = {
      ...list,
      method: 'tools/call',
      params: { name: 'get_member', arguments: {}, _meta: modern },
    }
    const name = `=?base64?${Buffer.from('get_member').toString('base64')}?=`
    const told = await post(call, { ...inModern, 'mcp-method': 'tools/call', 'mcp-name': name })
    expect(told.told.result).toMatchObject({ isError: true, resultType: 'complete' })
    for (const [asked, given] of [
      ['2025-06-18', '2025-06-18'],
      ['2024-11-05', '2025-11-25'],
    ]) {
      const begun = await post({ ...list, method: 'initialize', params: { protocolVersion: asked } }, {})
      expect(begun.told.result.protocolVersion).toBe(given)
    }
    expect((await post({ ...list, method: 'ping' })).told.result).toEqual({})
    const note = await post({ jsonrpc: '2.0', method: 'notifications/initialized' })
    expect([note.status, note.told]).toEqual([202, undefined])
  })

  it('takes nothing but POST, and pages of its own site', async () => {
    for (const method of ['GET', 'DELETE']) {
      const { status, headers } = await post('', {}, method)
      expect([status, headers.get('allow')]).toEqual([405, 'POST'])
    }
    const { status } = await post(list, { ...inLegacy, origin: new URL(world.ctx.publicUrl()).origin })
    expect(status).toBe(200)
  })

  it('refuses who is not known, before it reads what they send', async () => {
    const dead = await post('{"', { authorization: 'Bearer dead' })
    expect(dead).toMatchObject({ status: 401, code: 1004, told: { error: { data: { retCode: '1004' } } } })
    expect(dead.headers.get('www-authenticate')).toBe('Bearer realm="wisp", error="invalid_token"')
    const without = await post('{"', { authorization: '' })
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="wisp"'])
    const token = await world.dev.token()
    const inAddress = await fetch(`${world.server.url}/mcp?devToken=${token}`, { method: 'POST', body: '{}' })
    expect(inAddress.status).toBe(401)
    await expect(connect(world.dev, 'zh', 'legacy', 'dead')).rejects.toThrow(/1004/)
    const elsewhere = await world.addDeveloper()
    const soon = await elsewhere.token()
    await setDeveloper(world.ctx, 'test', elsewhere.devId, { allowedIps: ['10.0.0.1'] })
    expect(await post(list, { authorization: `Bearer ${soon}` })).toMatchObject({ status: 403, code: 1009 })
  })

  it('refuses developers whose calls must be packets', async () => {
    const dev = await world.addDeveloper({ packets: 'required' })
    const told = await post(list, { authorization: `Bearer ${await dev.token()}`, 'accept-language': 'en' })
    expect([told.status, told.code]).toEqual([403, 1000])
    expect(told.told.error.message).toContain('must be encrypted packets')
  })

  it('answers with the id of the call that was made, by which the request log finds it', async () => {
    const params = { name: 'get_member', arguments: { userId: 'nobody' } }
    const made = await post({ ...list, method: 'tools/call', params })
    const id = made.headers.get('x-request-id')
    const { ctx } = world
    await ctx.requests.flush()
    const logged = await ctx.db.selectFrom('call_log').selectAll().where('request_id', '=', id).execute()
    expect(logged).toMatchObject([{ path: '/api/user/get', code: '1007', address: '127.0.0.1' }])
  })
})
