import { createHash, createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { callOf, type GatewaySettings, isRule, readAnswer } from './gateway.ts'
import { encodeGbk } from './gbk.ts'
import { wsseHeader } from './huawei.ts'
import type { SmsRequest } from './vendor.ts'

const settings: GatewaySettings = {
  url: 'https://sms.example/send?to={mobile}',
  method: 'POST',
  format: 'json',
  charset: 'utf-8',
  headers: 'X-Sign: {digest}',
  body: '{"to":"{mobile}","text":"{text}","code":"{params.1}","none":"{params.9}","other":"{unknown}"}',
  key: 'k&y',
  digest: 'hmac-sha256',
  digestOf: '{mobile}{text}',
  digestAs: 'hex',
  sentWhen: 'data.0.code=0|00',
  refusedWhen: 'data.0.code=4*',
  serialAt: 'data.0.id',
  numbers: 1,
}
const request: SmsRequest = {
  phones: ['+8613800138000'],
  signName: '华宇',
  templateId: '',
  params: [{ name: 'code', value: '1"2' }],
  text: '【华宇】"<&{key}>',
  context: 'm.1',
}
const call = (change: Partial<GatewaySettings>, more: Partial<SmsRequest> = {}) =>
  callOf({ ...settings, ...change }, { ...request, ...more }, 0)
const bodyOf = (change: Partial<GatewaySettings>) => call(change).body.toString()

it('fills in what a call names, as its format needs it, and nothing that a value names', () => {
  const { url, headers, body } = call({})
  expect(url).toBe('https://sms.example/send?to=13800138000')
  expect(JSON.parse(body.toString())).toEqual({
    to: '13800138000',
    text: request.text,
    code: '1"2',
    none: '',
    other: '{unknown}',
  })
  const hmac = createHmac('sha256', 'k&y').update(`13800138000${request.text}`).digest('hex')
  expect(headers).toEqual({ 'content-type': 'application/json; charset=utf-8', 'x-sign': hmac })
  expect(bodyOf({ format: 'xml', body: '<t>{text}</t>' })).toBe('<t>【华宇】&quot;&lt;&amp;{key}&gt;</t>')
  expect(bodyOf({ format: 'form', body: 'k={key}&t={text}' })).toBe(
    `k=k%26y&t=${encodeURIComponent(request.text)}`,
  )
  expect(call({ method: 'GET' }).body).toHaveLength(0)
  expect(call({}, { phones: ['+8613800138000', '+8613800138001'] }).url).toContain(
    '13800138000%2C13800138001',
  )
})

it('puts no line into a header, whatever a value has', () => {
  const { headers } = call({ headers: 'X-Text: {text}' }, { text: 'a\r\nX-Evil: 1' })
  expect(headers['x-text']).toBe('aX-Evil: 1')
})

it('speaks GBK, in the body and in the digest', () => {
  const { body, headers } = call({
    charset: 'gbk',
    format: 'form',
    body: 't={text}',
    digest: 'md5',
    digestAs: 'HEX',
  })
  expect(body.toString().startsWith('t=%A1%BE%BB%AA%D3%EE%A1%BF')).toBe(true)
  const bytes = Buffer.concat([Buffer.from('13800138000'), encodeGbk(request.text)])
  expect(headers['x-sign']).toBe(createHash('md5').update(bytes).digest('hex').toUpperCase())
  expect(new TextDecoder('gbk').decode(encodeGbk('短信，镕€ abc'))).toBe('短信，镕€ abc')
  expect(encodeGbk('😀').toString()).toBe('?')
})

const answer = (text: string, status = 200, change: Partial<GatewaySettings> = {}) =>
  readAnswer({ ...settings, ...change }, { status, body: Buffer.from(text) })

it('reads what an answer means, and takes all that it does not know for unclear', () => {
  expect(answer('{"data":[{"code":"00","id":7}]}')).toEqual({ kind: 'sent', serial: '7', refused: [] })
  expect(answer('{"data":[{"code":0}]}')).toMatchObject({ kind: 'sent' })
  // 200 with an error inside.
  expect(answer('{"data":[{"code":401}]}')).toMatchObject({ kind: 'refused', class: 'notSent' })
  const strange: [string, number][] = [
    ['<html><body>502 Bad Gateway</body></html>', 200],
    ['{"data":[{"code":"0', 200],
    ['', 200],
    ['null', 200],
    ['{"data":[{"code":{"a":1}}]}', 200],
    ['{"data":[{"code":9}]}', 200],
    ['{"data":[{"code":0}]}', 502],
    ['{"data":[{"code":401}]}', 503],
    ['<!DOCTYPE x [<!ENTITY a "b">]><data>&a;</data>', 200],
  ]
  for (const [text, status] of strange) expect(answer(text, status), text).toMatchObject({ kind: 'unsure' })
  const xml = { sentWhen: 'r.s=Success', refusedWhen: 'r.s=Faild' }
  expect(answer('<?xml version="1.0"?><r><s>Success</s></r>', 200, xml)).toMatchObject({ kind: 'sent' })
  expect(answer('<r><s>Faild</s></r>', 200, xml)).toMatchObject({ kind: 'refused' })
  const words = { sentWhen: '=OK*', refusedWhen: 'http=401|403' }
  expect(answer('OK: 12', 200, words)).toMatchObject({ kind: 'sent' })
  expect(answer('', 403, words)).toMatchObject({ kind: 'refused' })
  expect(['code=0', '=OK', 'http=200|201', ' a.b=1 '].every(isRule)).toBe(true)
  expect(['', 'code', 'code=', 'a b=1'].some(isRule)).toBe(false)
})

it('signs for Huawei in both forms of the digest', () => {
  const huawei = { appKey: 'key', appSecret: 'secret', channelNumber: '1' }
  const parts = { nonce: 'n0nce', created: '2018-05-26T00:35:30Z' }
  const digestIn = (header: string) =>
    Buffer.from(/PasswordDigest="([^"]+)"/.exec(header)?.[1] ?? '', 'base64')
  const hash = createHash('sha256').update('n0nce2018-05-26T00:35:30Zsecret')
  const bytes = hash.digest()
  expect(digestIn(wsseHeader(huawei, parts))).toEqual(bytes)
  // The vendor's own sample decodes to 64 hexadecimal digits.
  expect(digestIn(wsseHeader({ ...huawei, digestForm: 'hex' }, parts)).toString()).toBe(bytes.toString('hex'))
})
