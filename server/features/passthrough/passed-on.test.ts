import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkIns, type PassthroughFixture, startPassing } from './passing.fixture.ts'

let { world, front, dev, account, agentId, appId, raw, codeOf, close } = {} as PassthroughFixture
beforeAll(async () => {
  ;({ world, front, dev, account, agentId, appId, raw, codeOf, close } = await startPassing())
})
afterAll(() => close())
beforeEach(() => {
  front.seen.length = 0
})

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
  const answers: [string, (response: ServerResponse) => void][] = [
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
    const json = (size: number) => `{"a":"${'x'.repeat(size - 8)}"}`
    expect((await raw(list(), { body: json(2_000_001) })).status).toBe(413)
    const upload = `/api/wecom/media/upload?agentId=${agentId}&type=file`
    const head = '--B\r\nContent-Disposition: form-data; name="media"; filename="x.bin"\r\n\r\n'
    const form = (size: number) =>
      Buffer.concat([
        Buffer.from(head),
        Buffer.alloc(size - head.length - 9, 'x'),
        Buffer.from('\r\n--B--\r\n'),
      ])
    const type = 'multipart/form-data; boundary=B'
    const formAtMost = 20 * 1024 * 1024
    expect((await raw(upload, { body: form(formAtMost + 1), type })).status).toBe(413)
    expect(front.seen).toEqual([])
    expect(await codeOf(list(), { body: json(2_000_000) })).toMatchObject({ retCode: '0' })
    expect(await codeOf(upload, { body: form(formAtMost), type })).toMatchObject({ retCode: '0' })
    expect(front.seen.map(one => one.body.length)).toEqual([2_000_000, formAtMost])
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
