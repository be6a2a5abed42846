import { request } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedIn, signInAs } from '../../../test/sign-in.ts'
import { setDeveloper } from '../../callers/developers/developer-admin.ts'
import { putAgent } from '../../organisation/corps/corps.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { addApp, setApp } from '../apps/apps.ts'
import type { Account } from '../official/accounts/accounts.ts'
import { type Front, startFront } from './front.fixture.ts'

const paths = [
  'wecom/agent/get_workbench_template',
  'wecom/checkin/getcheckindata',
  'wecom/getcallbackip',
  'wecom/media/get',
  'wecom/media/upload',
  'wecom/oa/meetingroom/add',
  'wecom/oa/meetingroom/list',
  'official/material/get_material',
  'official/shorten/fetch',
  'official/shorten/gen',
]

let world: World
let front: Front
let dev: Caller
let account: Account
let agentId: number
let otherAgentId: number
let appId: string
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  front = await startFront(() => world.sandbox.url)
  // Clients keep the address with which they were made, so that only those of the agents come by the front.
  ;(world.ctx.config as { wecomUrl: string }).wecomUrl = front.url
  const { ctx, corpId, sandbox } = world
  const [one, other] = sandbox.agents
  agentId = one!.agentId
  otherAgentId = other!.agentId
  for (const agent of [one!, other!]) await putAgent(ctx, 'test', corpId, { ...agent, uses: [] })
  account = await world.bindOfficial()
  dev = await world.addDeveloper({ scopes: ['upstream:call'], upstreamPaths: paths, approvePersonal: true })
  appId = (await addApp(ctx, 'test', corpId, { name: '报修', devId: dev.devId, agentId })).id
})
afterAll(async () => {
  await world.close()
  await front.close()
})
beforeEach(() => {
  front.seen.length = 0
})

const now = () => Math.floor(Date.now() / 1000)
const checkIns = () => ({
  opencheckindatatype: 3,
  starttime: now() - 3 * 86_400,
  endtime: now(),
  useridlist: ['zhangsan'],
})
/** A call with exactly this address and body. */
async function raw(target: string, init: { body?: string | Buffer; type?: string; by?: Caller } = {}) {
  const { body, type = 'application/json', by = dev } = init
  const token = await by.token()
  return new Promise<{
    status: number
    text: string
    bytes: Buffer
    headers: NodeJS.Dict<string | string[]>
  }>((resolve, reject) => {
    const { hostname, port } = new URL(world.server.url)
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': type }),
    }
    const method = body === undefined ? 'GET' : 'POST'
    const sent = request({ hostname, port, path: target, method, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        resolve({
          status: response.statusCode ?? 0,
          text: bytes.toString(),
          bytes,
          headers: response.headers,
        })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
const codeOf = async (target: string, init?: Parameters<typeof raw>[1]) => {
  const { text } = await raw(target, init)
  return JSON.parse(text) as { retCode: string; retMessage: string; body?: unknown }
}

describe('a call that is passed on', () => {
  it('goes to WeCom with the token of the application, and its answer comes back as it is', async () => {
    const address = `/api/wecom/oa/meetingroom/add?agentId=${agentId}`
    const body = '{ "name": "18F-会议室",  "capacity":10 }'
    expect(await codeOf(address, { body })).toEqual({
      retCode: '0',
      retMessage: '成功',
      body: { errcode: 0, errmsg: 'ok', meetingroom_id: 1 },
    })
    expect(front.seen).toHaveLength(1)
    expect(front.seen[0]).toMatchObject({ method: 'POST', type: 'application/json' })
    expect(front.seen[0]?.body.toString()).toBe(body)
    expect(front.seen[0]?.url).toMatch(/^\/cgi-bin\/oa\/meetingroom\/add\?access_token=[\w-]+$/)
  })

  it('keeps the letter of the query, without what was for the platform', async () => {
    const token = await dev.token()
    front.answer({ errcode: 0, errmsg: 'ok', ip_list: [] })
    await raw(`/api/wecom/getcallbackip?b=%E4%BD%A0+1&devToken=${token}&agentId=${agentId}&a=%2f&a=2&&c`)
    expect(front.seen[0]?.url.replace(/access_token=[\w-]+/, 'T')).toBe(
      '/cgi-bin/getcallbackip?T&b=%E4%BD%A0+1&a=%2f&a=2&c',
    )
  })

  it('is known by the id of the app too', async () => {
    const answer = await codeOf(`/api/wecom/oa/meetingroom/list?agentId=${appId}`, { body: '{}' })
    expect(answer.body).toMatchObject({ errcode: 0 })
  })

  it('brings errcodes with retCode 0, and large numbers to the letter', async () => {
    const list = `/api/wecom/checkin/getcheckindata?agentId=${agentId}`
    const refused = await codeOf(list, { body: JSON.stringify({ ...checkIns(), useridlist: ['nobody'] }) })
    expect(refused).toMatchObject({ retCode: '0', body: { errcode: 301021 } })
    const found = await codeOf(list, { body: JSON.stringify(checkIns()) })
    expect(found).toMatchObject({ body: { errcode: 0, checkindata: [{ userid: 'zhangsan' }, {}, {}] } })
    front.answer('{"errcode":0,  "id":12345678901234567890, "n":1.0}')
    const { text } = await raw(list, { body: '{}' })
    expect(text).toBe(
      '{"retCode":"0","retMessage":"成功","body":{"errcode":0,  "id":12345678901234567890, "n":1.0}}',
    )
  })

  it('takes files as forms and gives files as bytes', async () => {
    const form = new FormData()
    const content = Buffer.from('%PDF-1.4 这是一份文件')
    form.set('media', new Blob([content], { type: 'application/pdf' }), '文件.pdf')
    const whole = new Response(form)
    const type = whole.headers.get('content-type') ?? ''
    const body = Buffer.from(await whole.arrayBuffer())
    const upload = await codeOf(`/api/wecom/media/upload?agentId=${agentId}&type=file`, { body, type })
    const { media_id } = upload.body as { media_id: string }
    expect(media_id).toBeTruthy()
    expect(front.seen[0]?.body.equals(body)).toBe(true)
    const got = await raw(`/api/wecom/media/get?agentId=${agentId}&media_id=${media_id}`)
    expect(got.bytes.equals(content)).toBe(true)
    expect(got.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': expect.stringMatching(/^attachment/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'no-store',
    })
    const gone = await codeOf(`/api/wecom/media/get?agentId=${agentId}&media_id=gone`)
    expect(gone).toMatchObject({ retCode: '0', body: { errcode: 40007 } })
  })

  it('goes to an official account in the same way', async () => {
    const at = (path: string) => `/api/official/${path}?account=${account.originalId}`
    const made = await codeOf(at('shorten/gen'), { body: '{"long_data":"你好"}' })
    expect(made).toMatchObject({ retCode: '0', body: { errcode: 0, short_key: expect.any(String) } })
    const { short_key } = made.body as { short_key: string }
    const fetched = await codeOf(at('shorten/fetch'), { body: JSON.stringify({ short_key }) })
    expect(fetched.body).toMatchObject({ long_data: '你好' })
    expect((await codeOf(at('material/get_material'), { body: '{"media_id":"x"}' })).body).toMatchObject({
      errcode: 40007,
    })
  })
})

describe('in whose name', () => {
  const list = (agent: string | number) => `/api/wecom/oa/meetingroom/list?agentId=${agent}`
  const body = '{}'

  it('is an enabled app of the developer', async () => {
    expect(await codeOf('/api/wecom/oa/meetingroom/list', { body })).toMatchObject({ retCode: '1001' })
    expect(await codeOf(list(''), { body })).toMatchObject({ retCode: '1001' })
    for (const wrong of [otherAgentId, 999_999, 'nothing', '0', '-1', `${agentId}.0`])
      expect(await codeOf(list(wrong), { body }), String(wrong)).toMatchObject({ retCode: '1002' })
    const { ctx, corpId } = world
    const theirs = await addApp(ctx, 'test', corpId, { name: '别人的', agentId: otherAgentId })
    expect(await codeOf(list(theirs.id), { body })).toMatchObject({ retCode: '1002' })
    await setApp(ctx, 'test', corpId, appId, { enabled: false })
    expect(await codeOf(list(agentId), { body })).toMatchObject({ retCode: '1002' })
    expect(await codeOf(list(appId), { body })).toMatchObject({ retCode: '1002' })
    await setApp(ctx, 'test', corpId, appId, { enabled: true })
    expect(front.seen).toEqual([])
  })

  it('is an official account that was granted', async () => {
    const gen = (id: string) => `/api/official/shorten/gen?account=${id}`
    const post = { body: '{"long_data":"x"}' }
    expect(await codeOf(gen(''), post)).toMatchObject({ retCode: '1001' })
    expect(await codeOf(gen('gh_000000000000'), post)).toMatchObject({ retCode: '1002' })
    const other = await world.bindOfficial('subscription')
    await setDeveloper(world.ctx, 'test', dev.devId, { accounts: [other.originalId] })
    expect(await codeOf(gen(account.originalId), post)).toMatchObject({ retCode: '1002' })
    await setDeveloper(world.ctx, 'test', dev.devId, { accounts: null })
    await switchFeatures(world.ctx, 'test', world.corpId, { official: false })
    expect(await codeOf(gen(account.originalId), post)).toMatchObject({ retCode: '1009' })
    await switchFeatures(world.ctx, 'test', world.corpId, { official: true })
  })

  it('is nobody else by the query or the body', async () => {
    const template = `/api/wecom/agent/get_workbench_template?agentId=${agentId}`
    expect(await codeOf(template, { body: `{"agentid":${agentId}}` })).toMatchObject({
      body: { type: 'normal' },
    })
    expect(await codeOf(template, { body: `{"agentid":"${agentId}"}` })).toMatchObject({ retCode: '0' })
    front.seen.length = 0
    const others = [
      `{"agentid":${otherAgentId}}`,
      `{"agentid":${otherAgentId},"agentid":${agentId}}`,
      `{"agentid":${agentId},"agentid":${otherAgentId}}`,
      `{"a":[{"agentid" : "${otherAgentId}"}]}`,
      `{"agent\\u0069d":${otherAgentId}}`,
      `{"AgentID":${otherAgentId}}`,
      '{"agentid":null}',
      '{"agentid":[1]}',
    ]
    for (const body of others)
      expect(await codeOf(template, { body }), body).toMatchObject({
        retCode: '1000',
        retMessage: expect.stringContaining(String(agentId)),
      })
    expect(await codeOf(`${template}&agentid=${otherAgentId}`, { body: '{}' })).toMatchObject({
      retCode: '1000',
    })
    const form = (name: string, value: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--x--\r\n`
    const upload = `/api/wecom/media/upload?agentId=${agentId}&type=file`
    const type = 'multipart/form-data; boundary=x'
    expect(await codeOf(upload, { body: form('agentid', String(otherAgentId)), type })).toMatchObject({
      retCode: '1000',
    })
    expect(front.seen).toEqual([])
    expect(await codeOf(upload, { body: form('agentid', String(agentId)), type })).toMatchObject({
      retCode: '0',
    })
  })
})

describe('tokens', () => {
  const list = () => `/api/wecom/oa/meetingroom/list?agentId=${agentId}`

  it('of WeCom are never given', async () => {
    for (const query of [
      'access_token=x',
      '%61ccess_token=x',
      'ACCESS_TOKEN=',
      'access_token%5B%5D=x',
      'access_token',
    ])
      expect(await codeOf(`${list()}&${query}`, { body: '{}' }), query).toMatchObject({
        retCode: '1000',
        retMessage: expect.stringContaining('access_token'),
      })
    expect(await codeOf(list(), { body: '{"access_token":"x"}' })).toMatchObject({ retCode: '1000' })
    expect(front.seen).toEqual([])
  })

  it('of the platform are in the query or the header', async () => {
    expect(await codeOf(list(), { body: '{"devToken":"x"}' })).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('Authorization'),
    })
    const token = await dev.token()
    const answer = await fetch(`${world.server.url}${list()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ devToken: token }),
    })
    expect(await answer.json()).toMatchObject({ retCode: '1001' })
    expect(front.seen).toEqual([])
  })

  it('that have died are renewed, and the call is made once more', async () => {
    front.answer({ errcode: 42001, errmsg: 'expired' })
    expect(await codeOf(list(), { body: '{"city":"a"}' })).toMatchObject({ body: { errcode: 0 } })
    expect(front.seen.map(one => one.body.toString())).toEqual(['{"city":"a"}', '{"city":"a"}'])
    front.seen.length = 0
    front.answer({ errcode: 40014, errmsg: 'invalid' }, { errcode: 40014, errmsg: 'invalid' })
    expect(await codeOf(list(), { body: '{}' })).toMatchObject({ retCode: '0', body: { errcode: 40014 } })
    expect(front.seen).toHaveLength(2)
  })

  it('are taken out of an answer that repeats them', async () => {
    front.answer((request, response) => {
      response.end(JSON.stringify({ errcode: 0, said: request.url }))
    })
    const { text } = await raw(list(), { body: '{}' })
    expect(text).toContain('access_token=***')
  })
})

describe('what the vendor does not answer', () => {
  const list = () => `/api/wecom/oa/meetingroom/list?agentId=${agentId}`
  const answers: [string, (response: import('node:http').ServerResponse) => void][] = [
    ['a broken connection', response => response.destroy()],
    ['an error of its server', response => response.writeHead(502).end('{"errcode":0}')],
    ['a page', response => response.setHeader('content-type', 'text/html').end('<html></html>')],
    ['half of its JSON', response => response.end('{"errcode":0')],
  ]
  it.each(answers)('is 1011, and not asked again: %s', async (_name, answer) => {
    front.answer((_request, response) => answer(response))
    expect(await codeOf(list(), { body: '{}' })).toMatchObject({ retCode: '1011' })
    expect(front.seen).toHaveLength(1)
  })

  it('is passed on when it says that it is busy', async () => {
    front.answer({ errcode: -1, errmsg: 'system busy' })
    expect(await codeOf(list(), { body: '{}' })).toMatchObject({ retCode: '0', body: { errcode: -1 } })
    expect(front.seen).toHaveLength(1)
  })

  it('is 413 when it is too large, both ways', async () => {
    front.answer((_request, response) => {
      response.setHeader('content-type', 'image/png').end(Buffer.alloc(20 * 1024 * 1024 + 1))
    })
    const get = `/api/wecom/media/get?agentId=${agentId}&media_id=x`
    expect((await raw(get)).status).toBe(413)
    front.seen.length = 0
    const body = Buffer.alloc(20 * 1024 * 1024 + 1, ' ')
    expect((await raw(list(), { body })).status).toBe(413)
    expect(front.seen).toEqual([])
    const large = Buffer.concat([
      Buffer.from('{"a":"'),
      Buffer.alloc(20 * 1024 * 1024 - 8, 'x'),
      Buffer.from('"}'),
    ])
    expect(await codeOf(list(), { body: large })).toMatchObject({ retCode: '0' })
    expect(front.seen[0]?.body.length).toBe(20 * 1024 * 1024)
  }, 60_000)

  it('is 1010 for 45009, which is not asked for again within the minute; other calls go on', async () => {
    const add = `/api/wecom/oa/meetingroom/add?agentId=${agentId}`
    front.answer({ errcode: 45009, errmsg: 'api freq out of limit' })
    const first = await raw(add, { body: '{}' })
    expect(first.status).toBe(429)
    expect(JSON.parse(first.text)).toMatchObject({
      retCode: '1010',
      retMessage: expect.stringContaining('45009'),
    })
    const again = await raw(add, { body: '{}' })
    expect(again.status).toBe(429)
    expect(Number(again.headers['retry-after'])).toBeGreaterThan(50)
    expect(front.seen).toHaveLength(1)
    expect(await codeOf(list(), { body: '{}' })).toMatchObject({ retCode: '0' })
  })
})

describe('what may be called', () => {
  it('is what the developer was given, with the scope', async () => {
    const target = `/api/wecom/oa/meetingroom/list?agentId=${agentId}`
    const without = await world.addDeveloper({ upstreamPaths: ['wecom/oa/meetingroom/list'] })
    expect(await codeOf(target, { body: '{}', by: without })).toMatchObject({
      retCode: '1009',
      retMessage: expect.stringContaining('upstream:call'),
    })
    const other = await world.addDeveloper({ scopes: ['upstream:call'] })
    expect(await codeOf(target, { body: '{}', by: other })).toMatchObject({
      retCode: '1009',
      retMessage: expect.stringContaining('wecom/oa/meetingroom/list'),
    })
    expect((await fetch(`${world.server.url}${target}`, { method: 'POST' })).status).toBe(200)
  })

  it('is never what is closed, by whatever way', async () => {
    const closed = [
      'gettoken',
      'user/get',
      'user/list_id',
      'department/list',
      'tag/get',
      'message/send',
      'menu/create',
    ]
    for (const path of closed)
      expect(await codeOf(`/api/wecom/${path}?agentId=${agentId}`), path).toMatchObject({ retCode: '1009' })
    for (const path of [
      'token',
      'stable_token',
      'user/info',
      'message/custom/send',
      'menu/create',
      'openapi/rid/get',
    ])
      expect(await codeOf(`/api/official/${path}?account=x`), path).toMatchObject({ retCode: '1009' })
    expect(front.seen).toEqual([])
  })

  it('is a path of the catalogue to the letter', async () => {
    const crooked = [
      '../gettoken',
      'oa/../gettoken',
      'oa/./meetingroom/list',
      'oa//meetingroom/list',
      '/oa/meetingroom/list',
      'oa/meetingroom/list/',
      '%2e%2e/gettoken',
      'oa%2fmeetingroom%2flist',
      'oa/meetingroom/list%00',
      'oa/meetingroom/list;x=1',
      'oa\\meetingroom\\list',
      'https://example.com/cgi-bin/gettoken',
      '@example.com/x',
      '',
      'a'.repeat(200),
    ]
    for (const path of crooked) {
      const { status, text } = await raw(`/api/wecom/${path}?agentId=${agentId}`, { body: '{}' })
      expect([path, status]).toEqual([path, 404])
      expect(JSON.parse(text)).toMatchObject({ retCode: '1000' })
    }
    const unknown = await raw(`/api/wecom/oa/meetingroom/lits?agentId=${agentId}`, { body: '{}' })
    expect(unknown.status).toBe(404)
    expect(unknown.text).toContain('/api/wecom/oa/meetingroom/list')
    expect((await raw('/api/official/follower/gett')).status).toBe(404)
    expect(front.seen).toEqual([])
  })

  it('is called by its method, in JSON or a form, and in the clear', async () => {
    const list = `/api/wecom/oa/meetingroom/list?agentId=${agentId}`
    const wrong = await raw(list)
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'POST'])
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
      expect((await raw(list, { body: '{}', type })).status).toBe(415)
    for (const body of ['{', '[]', '1', '{"a":1}x'])
      expect(await codeOf(list, { body }), body).toMatchObject({ retCode: '1000' })
    for (const [type, body] of [
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=x', '--y\r\n'],
      ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'],
    ] as const)
      expect(await codeOf(list, { body, type }), body).toMatchObject({ retCode: '1000' })
    const packet = await dev.post(list, {}, { 'x-wisp-session': 'abc' })
    expect(packet.retCode).toBe('1009')
    expect(await codeOf(`${list}&q=%E4`, { body: '{}' })).toMatchObject({ retCode: '1000' })
    expect(front.seen).toEqual([])
  })

  it('about people is approved, and not for a developer with a data scope', async () => {
    const { ctx } = world
    const personal = { scopes: ['upstream:call'], upstreamPaths: ['wecom/checkin/getcheckindata'] }
    await expect(world.addDeveloper(personal)).rejects.toThrow('批准')
    const approved = { ...personal, approvePersonal: true }
    await expect(
      world.addDeveloper({ ...approved, dataScope: { departments: [1], tags: [] } }),
    ).rejects.toThrow('可见范围')
    const { devId } = await world.addDeveloper(approved)
    await expect(
      setDeveloper(ctx, 'test', devId, { dataScope: { departments: [1], tags: [] } }),
    ).rejects.toThrow('可见范围')
    await setDeveloper(ctx, 'test', devId, { name: '改名' })
    // An older node lets a data scope be set beside it.
    await sql`update developer set scope_departments = '{1}' where dev_id = ${dev.devId}`.execute(ctx.db)
    await ctx.developers.reload()
    const call = `/api/wecom/checkin/getcheckindata?agentId=${agentId}`
    expect(await codeOf(call, { body: JSON.stringify(checkIns()) })).toMatchObject({ retCode: '1009' })
    expect(await codeOf(`/api/wecom/oa/meetingroom/list?agentId=${agentId}`, { body: '{}' })).toMatchObject({
      retCode: '0',
    })
    await sql`update developer set scope_departments = null where dev_id = ${dev.devId}`.execute(ctx.db)
    await ctx.developers.reload()
    for (const wrong of ['wecom/user/get', 'wecom/nothing', 'nothing', 'official/token'])
      await expect(setDeveloper(ctx, 'test', devId, { upstreamPaths: [wrong] }), wrong).rejects.toThrow(wrong)
  })
})

describe('the request log', () => {
  let as: SignedIn
  beforeAll(async () => {
    as = await signInAs(world, 'super')
  })

  it('has the path, the errcode and what it means, and nothing of the content', async () => {
    const by = await world.addDeveloper({
      scopes: ['upstream:call'],
      upstreamPaths: paths,
      approvePersonal: true,
    })
    await addApp(world.ctx, 'test', world.corpId, { name: '日志', devId: by.devId, agentId })
    const call = `/api/wecom/checkin/getcheckindata?agentId=${agentId}`
    await codeOf(call, { body: JSON.stringify({ ...checkIns(), useridlist: ['secretperson'] }), by })
    await codeOf(`/api/wecom/oa/meetingroom/list?agentId=${agentId}&mobile=13800138000`, { body: '{}', by })
    await codeOf(`/api/wecom/user/get?agentId=${agentId}&userid=secretperson`, { by })
    await codeOf(`/api/wecom/sec/ret?agentId=${agentId}`, { by })
    const { body } = await as.get('/web/developers/requests', { devId: by.devId })
    expect(body.list).toMatchObject([
      { path: '/api/…', code: '1000', upstream: null },
      { code: '1009', upstream: null },
      {
        path: '/api/wecom/oa/meetingroom/list',
        code: '0',
        upstream: { vendor: 'wecom', errcode: 0, meaning: '' },
      },
      {
        path: '/api/wecom/checkin/getcheckindata',
        method: 'POST',
        code: '0',
        params: { agentId: String(agentId) },
        upstream: { vendor: 'wecom', errcode: 301021, meaning: expect.stringContaining('UserID') },
      },
      { path: '/api/token/getDevToken', upstream: null },
    ])
    for (const one of body.list.slice(2, 4)) expect(one.ms).toBeGreaterThan(0)
    expect(JSON.stringify(body.list)).not.toMatch(/secretperson|13800138000|sec\/ret/)
    await world.ctx.developers.flush()
    const { rows } = await sql<{ endpoint: string; calls: string }>`
      select endpoint, calls from developer_usage where dev_id = ${by.devId} order by endpoint`.execute(
      world.ctx.db,
    )
    expect(rows.map(row => row.endpoint)).toContain('/api/wecom/checkin/getcheckindata')
  })
})
