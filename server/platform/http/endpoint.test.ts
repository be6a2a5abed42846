import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { endpoints } from '../../features.ts'
import { checkAnswer, checked, refusal } from './checked.fixture.ts'
import { scopes } from './scope.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const json = { 'content-type': 'application/json' }
const search = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) =>
  call(`${world.server.url}/api/user/search?devToken=${await world.dev.token()}`, {
    method: 'POST',
    headers,
    body,
  })
const get = async (query: string, path = '/api/user/orgUserList') =>
  call(`${world.server.url}${path}?devToken=${await world.dev.token()}&${query}`)

describe('the envelope', () => {
  it('is HTTP 200 with its type and a request id of its own, errors included', async () => {
    const answers = [
      checkAnswer('/api/org/tagList', await get('', '/api/org/tagList')),
      checkAnswer('/api/user/get', await get('userId=nobody', '/api/user/get')),
    ]
    expect(answers.map(answer => answer.retCode)).toEqual(['0', '1007'])
    expect(answers[0]?.headers.get('x-request-id')).not.toBe(answers[1]?.headers.get('x-request-id'))
  })

  it('has exactly the documented members', async () => {
    const text = await (await fetch(`${world.server.url}/api/org/tagList`)).text()
    expect(text).toBe('{"retCode":"1001","retMessage":"参数为空: devToken"}')
    const token = await world.dev.token()
    const good = await (await fetch(`${world.server.url}/api/org/tagList?devToken=${token}`)).json()
    expect(Object.keys(good as object)).toEqual(['retCode', 'retMessage', 'body'])
  })
})

describe('English', () => {
  const ask = async (path: string, language: string) => {
    const token = await world.dev.token()
    const response = await fetch(`${world.server.url}${path}&devToken=${token}`, {
      headers: { 'accept-language': language },
    })
    return { response, answer: (await response.json()) as { retMessage: string; body?: unknown } }
  }

  it.each([
    ['en', 'success'],
    ['en-GB,en;q=0.9,zh;q=0.8', 'success'],
    ['fr, zh-CN;q=0.5, en;q=0.6', 'success'],
    ['zh-CN,zh;q=0.9,en;q=0.8', '成功'],
    ['*', '成功'],
    ['en;q=0', '成功'],
  ])('%s is answered %s', async (language, words) => {
    const { answer } = await ask('/api/org/tagList?', language)
    expect(answer.retMessage).toBe(words)
  })

  it('says what is wrong', async () => {
    const { answer } = await ask('/api/user/orgUserList?orgId=1&pageNo=1&pageSize=abc', 'en')
    expect(answer.retMessage).toBe('invalid parameter: pageSize should be an integer from 1 to 1000')
  })

  it('has its own ETag where an answer is kept', async () => {
    const [chinese, english] = [await ask('/api/org/list?', 'zh'), await ask('/api/org/list?', 'en')]
    expect(english.answer.body).toEqual(chinese.answer.body)
    expect(english.answer.retMessage).toBe('success')
    expect(english.response.headers.get('etag')).not.toBe(chinese.response.headers.get('etag'))
    expect(english.response.headers.get('vary')).toBe('accept-language')
  })
})

describe('where no handler runs', () => {
  const ask = async (method: string, path: string, init: RequestInit = {}) => {
    const response = await fetch(`${world.server.url}${path}`, { method, ...init })
    const text = await response.text()
    const body = text ? (JSON.parse(text) as Record<string, string>) : {}
    return { response, code: body['retCode'], text: body['retMessage'] ?? '' }
  }

  it.each([
    ['GET', '/mobile/unifiedPay/nothing', 404, '没有接口 /mobile/unifiedPay/nothing'],
    [
      'PUT',
      '/mobile/unifiedPay/AwaitPay/select',
      405,
      '/mobile/unifiedPay/AwaitPay/select 应使用 GET 或 POST',
    ],
    ['GET', '/nothing', 404, '没有接口 /nothing'],
    ['GET', '/api/nothing', 404, '没有接口 /api/nothing'],
    ['POST', '/api/nothing', 404, '没有接口 /api/nothing'],
    ['GET', '/api/user/get/', 404, '没有接口 /api/user/get/'],
    ['GET', '/API/user/get', 404, '没有接口 /API/user/get'],
    ['GET', '/api/%', 404, '地址编码有误'],
    ['GET', '/api/%zz', 404, '地址编码有误'],
    ['GET', `/${'a'.repeat(5000)}`, 404, '没有接口 /aaa'],
    ['POST', '/api/user/get', 405, '/api/user/get 应使用 GET'],
    ['PUT', '/api/user/search', 405, '/api/user/search 应使用 POST'],
    ['DELETE', '/api/token/getDevToken', 405, '/api/token/getDevToken 应使用 GET 或 POST'],
    ['GET', '/api/org/addTagUsers', 405, '/api/org/addTagUsers 应使用 POST'],
  ])('%s %s: HTTP %i', async (method, path, status, wanted) => {
    const { response, code, text } = await ask(method, path)
    expect([response.status, code]).toEqual([status, '1000'])
    expect(text).toContain(wanted)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]+$/)
  })

  it('shows people a page for a mistyped address, in their language', async () => {
    const open = (path: string, language: string) =>
      fetch(`${world.server.url}${path}`, {
        headers: { accept: 'text/html,*/*', 'accept-language': language },
      })
    const page = await open('/protal', 'zh-CN')
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    expect(await page.text()).toContain('没有这个页面')
    expect(await (await open('/portla?x=<b>', 'en')).text()).toContain('There is no such page')
    expect((await open('/api/nothing', 'zh-CN')).headers.get('content-type')).toMatch(/^application\/json/)
    const pay = await open('/mobile/unifiedPay/AwaitPay/select', 'zh-CN')
    expect(pay.headers.get('content-type')).toMatch(/^application\/json/)
  })

  it('lets no cache keep an answer', async () => {
    for (const path of ['/api/token/getDevToken', '/api/user/get', '/api/nothing']) {
      const { headers } = (await ask('GET', path)).response
      expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual([
        'no-store',
        'nosniff',
      ])
    }
  })

  it('names the methods that are allowed', async () => {
    expect((await ask('POST', '/api/user/get')).response.headers.get('allow')).toBe('GET')
    expect((await ask('PATCH', '/api/token/getDevToken')).response.headers.get('allow')).toBe('GET, POST')
    const head = await ask('HEAD', '/api/user/get')
    expect([head.response.status, head.response.headers.get('allow')]).toEqual([405, 'GET'])
  })

  it('asks for the right method before it looks at the body', async () => {
    for (const headers of [json, { 'content-type': 'text/plain' }]) {
      const { response } = await ask('PUT', '/api/user/search', { headers, body: '{' })
      expect(response.status).toBe(405)
    }
    const { response } = await ask('POST', '/api/nothing', { headers: { 'content-type': 'x/y' }, body: '{' })
    expect(response.status).toBe(404)
  })

  it('reads no large body before it knows whose it is', async () => {
    const { url } = world.server
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ searchName: 'x'.repeat(70_000) })
    const large = { method: 'POST', headers, body }
    const stranger = await call(`${url}/api/message/send`, large)
    expect([stranger.status, stranger.retMessage]).toEqual([
      413,
      '参数错误: 请求体超过 65536 字节时，devToken 应在地址或 Authorization 头里',
    ])
    const unsized = { ...large, body: new Blob([body]).stream(), duplex: 'half' } as RequestInit
    expect((await call(`${url}/api/user/search`, unsized)).status).toBe(413)
    expect((await call(`${url}/api/message/send?devToken=forged`, large)).retCode).toBe('1004')
    const known = { ...headers, authorization: `Bearer ${await world.dev.token()}` }
    expect((await call(`${url}/api/message/send`, { ...large, headers: known })).retCode).toBe('1001')
    expect((await call(`${url}/api/user/search`, large)).retMessage).toBe(
      '参数错误: 请求体超过 65536 字节，没有处理；请减小或分几次发送',
    )
    const guest = await call(`${url}/web/sign-in/password`, large)
    expect([guest.status, guest.retCode]).toEqual([413, '1000'])
    expect((await call(`${url}/web/apps/add`, large)).status).toBe(401)
  })

  it('answers 413 for 10 MB', async () => {
    const answer = await search(`{"searchName":"${'x'.repeat(10_000_000)}"}`)
    expect([answer.status, refusal(answer)]).toEqual([
      413,
      '1000 参数错误: 请求体超过 65536 字节，没有处理；请减小或分几次发送',
    ])
    expect(answer.headers.get('x-request-id')).toBeTruthy()
  })

  const form = '请求体是表单；请以 JSON 发送，'
  it.each([
    ['text/plain', ''],
    ['application/x-www-form-urlencoded', form],
    ['multipart/form-data', form],
    ['application/xml', ''],
  ])('answers 415 for %s', async (type, why) => {
    const answer = await search('searchName=x', { 'content-type': type })
    expect([answer.status, refusal(answer)]).toEqual([
      415,
      `1000 参数错误: ${why}Content-Type 应为 application/json`,
    ])
  })

  it('answers 415 for a compressed body, 431 for long headers and 405 to other sites, in words', async () => {
    const { url } = world.server
    const zipped = await search('{"searchName":"x"}', {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    })
    expect([zipped.status, zipped.retMessage]).toEqual([415, expect.stringContaining('Content-Encoding')])
    const long = await call(`${url}/api/user/get?userId=${'x'.repeat(20_000)}`)
    expect([long.status, long.retCode]).toEqual([431, '1000'])
    expect(long.retMessage).toMatch(/超过 16 KB.*more than 16 kB/)
    const asked = {
      'access-control-request-method': 'POST',
      'accept-language': 'en',
      origin: 'https://x.test',
    }
    const other = await call(`${url}/api/user/get`, { method: 'OPTIONS', headers: asked })
    expect([other.status, other.retMessage]).toEqual([405, expect.stringContaining('there is no CORS')])
    const basic = await call(`${url}/api/user/get?userId=x`, { headers: { authorization: 'Basic eA==' } })
    expect(refusal(basic)).toBe('1001 参数为空: devToken（Authorization 应为“Bearer ”加 devToken）')
  })

  it('names the nearest call for a path that is not there', async () => {
    const near = await get('', '/api/usr/get')
    expect([near.status, near.retMessage]).toEqual([
      404,
      '参数错误: 没有接口 /api/usr/get，是不是 /api/user/get？',
    ])
    const far = await get('', `/api/${encodeURIComponent('<b>')}/__proto__/${'x'.repeat(500)}`)
    expect([far.status, far.retMessage]).toEqual([404, expect.not.stringContaining('应为')])
  })

  it('survives what is no HTTP', async () => {
    const { port, hostname } = new URL(world.server.url)
    await new Promise<void>(resolve => {
      const socket = connect(Number(port), hostname, () => socket.write('\u0000\u0001 nonsense\r\n\r\n'))
      socket.on('close', () => resolve()).on('error', () => resolve())
      socket.resume()
    })
    expect((await get('', '/api/org/tagList')).retCode).toBe('0')
  })
})

describe('bodies', () => {
  it.each([
    ['{', '1000 参数错误: 请求体不是合法的 JSON'],
    ['{"searchName":}', '1000 参数错误: 请求体不是合法的 JSON'],
    ['searchName=x', '1000 参数错误: 请求体不是合法的 JSON'],
    ['[]', '1000 参数错误: 请求体应为 JSON 对象'],
    ['[{"searchName":"x"}]', '1000 参数错误: 请求体应为 JSON 对象'],
    ['null', '1000 参数错误: 请求体应为 JSON 对象'],
    ['"x"', '1000 参数错误: 请求体应为 JSON 对象'],
    ['7', '1000 参数错误: 请求体应为 JSON 对象'],
    ['', '1001 参数为空: searchName'],
    ['{}', '1001 参数为空: searchName'],
    ['{"searchName":null}', '1001 参数为空: searchName'],
    ['{"searchName":""}', '1001 参数为空: searchName'],
    ['{"searchName":{}}', '1000 参数错误: searchName 应为字符串'],
    ['{"searchName":true}', '1000 参数错误: searchName 应为字符串'],
    ['{"searchName":["a"]}', '1000 参数错误: searchName 应为单个字符串，收到数组或重复的参数'],
    ['{"searchName":"a\\u0000b"}', '1000 参数错误: searchName 含有控制字符，请去掉'],
    ['{"searchName":"a\\nb"}', '1000 参数错误: searchName 含有控制字符，请去掉'],
    ['{"searchName":"\\u007f"}', '1000 参数错误: searchName 含有控制字符，请去掉'],
    ['{"searchName":"\\ud800"}', '1000 参数错误: searchName 含有不成对的代理字符'],
    ['{"searchName":"\\udc00\\ud800"}', '1000 参数错误: searchName 含有不成对的代理字符'],
    [`{"searchName":"${'长'.repeat(65)}"}`, '1000 参数错误: searchName 最长 64 个字符，现有 65 个'],
    [`${'['.repeat(60_000)}`, '1000 参数错误: 请求体的嵌套超过 32 层，请减少层数'],
    ['{"searchName":"x","__proto__":{"pageSize":"abc"}}', ''],
    ['{"searchName":"x","constructor":1,"toString":2,"more":{"deep":[1]}}', ''],
    ['{"searchName":13}', ''],
    ['{"searchName":1e400}', ''],
    ['\ufeff{"searchName":"x"}', ''],
    ['{"searchName":"😀"}', ''],
  ])('%s', async (body, wanted) => {
    const answer = checkAnswer('/api/user/search', await search(body))
    if (wanted) expect(refusal(answer)).toContain(wanted)
    else expect(refusal(answer)).toBe('0 成功')
  })

  it('are UTF-8', async () => {
    const answer = await search(Uint8Array.from([...Buffer.from('{"searchName":"'), 0xff, 0x22, 0x7d]))
    expect(refusal(answer)).toBe('1000 参数错误: 请求体不是 UTF-8')
    expect(
      refusal(await search('{"searchName":"x"}', { 'content-type': 'application/json; charset=utf-8' })),
    ).toBe('0 成功')
  })

  it('are ignored by a GET, as is their type', async () => {
    const token = await world.dev.token()
    const url = `${world.server.url}/api/org/tagList?devToken=${token}`
    expect((await call(url, { headers: json })).retCode).toBe('0')
    expect((await call(url, { headers: { 'content-type': 'text/xml' } })).retCode).toBe('0')
  })
})

describe('queries', () => {
  it.each([
    ['orgId=1&pageSize=0', '1000 参数错误: pageSize 应为 1 到 1000 的整数'],
    ['orgId=1&pageSize=-1', '1000 参数错误: pageSize 应为 1 到 1000 的整数'],
    ['orgId=1&pageSize=1001', '1000 参数错误: pageSize 应为 1 到 1000 的整数'],
    ['orgId=1&pageSize=abc', '1000 参数错误: pageSize 应为 1 到 1000 的整数'],
    ['orgId=1&pageSize=1.5', '1000 参数错误: pageSize 应为 1 到 1000 的整数'],
    ['orgId=1&pageSize=1e2', '1000 参数错误: pageSize 应为 1 到 1000 的整数'],
    ['orgId=1&pageSize=0x10', '1000 参数错误: pageSize 应为 1 到 1000 的整数'],
    ['orgId=1&pageSize=%2010', '1000 参数错误: pageSize 应为 1 到 1000 的整数'],
    ['orgId=1&pageSize=99999999999999999999', '1000 参数错误: pageSize 应为 1 到 1000 的整数'],
    [`orgId=1&pageSize=${'9'.repeat(400)}`, '1000 参数错误: pageSize 应为 1 到 1000 的整数'],
    ['orgId=1&pageNo=-1', '1000 参数错误: pageNo 应为 0 到 1000000 的整数'],
    ['orgId=1&pageNo=NaN', '1000 参数错误: pageNo 应为 0 到 1000000 的整数'],
    ['orgId=1&fetchChild=2', '1000 参数错误: fetchChild 应为 0 或 1'],
    ['orgId=1&fetchChild=true', '1000 参数错误: fetchChild 应为 0 或 1'],
    ['orgId=1&orgId=2', '1000 参数错误: orgId 应为单个字符串，收到数组或重复的参数'],
    ['orgId=%00', '1000 参数错误: orgId 含有控制字符，请去掉'],
    ['orgId=1%0a', '1000 参数错误: orgId 含有控制字符，请去掉'],
    [`orgId=${'1'.repeat(33)}`, '1000 参数错误: orgId 最长 32 个字符，现有 33 个'],
    ['', '1001 参数为空: orgId'],
    ['orgId=', '1001 参数为空: orgId'],
    ['orgId=0', '1005 无效的部门 id: 0'],
    ['orgId=-1', '1005 无效的部门 id: -1'],
    ['orgId=999999', '1005 无效的部门 id: 999999'],
    ['orgId=99999999999999999999', '1005 无效的部门 id: 99999999999999999999'],
    ['orgId=1e0', '1005 无效的部门 id: 1e0'],
    ['orgId=__proto__', '1005 无效的部门 id: __proto__'],
    ['orgId=%ff', '1005 无效的部门 id'],
    ['orgId=1&pageSize=', '0 成功'],
    ['orgId=1&pageSize=1000&pageNo=1000000', '0 成功'],
    ['orgId=1&__proto__=x&constructor=y&hasOwnProperty=1&unknown=1', '0 成功'],
  ])('%s', async (query, wanted) => {
    const answer = checkAnswer('/api/user/orgUserList', await get(query))
    if (wanted.endsWith('id')) expect(refusal(answer)).toContain(wanted)
    else expect(refusal(answer)).toBe(wanted)
  })
})

describe('numbers and strings', () => {
  it('are taken for each other', async () => {
    const dev = checked(world.dev)
    const given = { tagId: 1, userIdList: [100025, 'zhangsan'], partyIdList: [9, '10'] }
    const answer = await dev.post('/api/org/addTagUsers', given)
    expect(answer.body).toEqual({ invalUserIds: '', invalPartyIds: [] })
    const paged = await dev.post('/api/user/search', { searchName: '1000', pageNo: '1', pageSize: 2 })
    expect(paged.body.list).toHaveLength(2)
  })
})

it('every required input is asked for by name', async () => {
  const token = await (await world.addDeveloper({ scopes: [...scopes] })).token()
  for (const declared of endpoints) {
    const first = Object.entries(declared.input).find(([, field]) => field.required)?.[0]
    if (!first) continue
    for (const method of declared.methods) {
      const url = `${world.server.url}${declared.path}?devToken=${token}`
      const answer = await call(url, method === 'GET' ? {} : { method, headers: json, body: '{}' })
      expect(`${declared.path} ${refusal(answer)}`).toBe(`${declared.path} 1001 参数为空: ${first}`)
    }
  }
})
