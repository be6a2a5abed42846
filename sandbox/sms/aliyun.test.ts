import dysmsapi, * as models from '@alicloud/dysmsapi20170525'
import { $OpenApiUtil } from '@alicloud/openapi-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { control, dump, messagesOf } from '../test-caller.ts'
import { acs3Signature, rpcSignature, sha256 } from './acs.ts'

let sandbox: Sandbox
let mobiles: string[]
let now: number | undefined
beforeAll(async () => {
  sandbox = await startSandbox({ members: 30, now: () => now ?? Date.now() })
  mobiles = (await dump(sandbox)).members.map(member => member.mobile)
})
afterAll(() => sandbox.close())
afterEach(async () => {
  now = undefined
  await control(sandbox, 'DELETE', 'faults')
  await control(sandbox, 'POST', 'sms', { refuse: null })
  await control(sandbox, 'POST', 'limits', { smsPerNumberSeconds: null })
  await sandbox.reset({ members: 30 })
})

// The package is CommonJS. Node puts its class one level deeper than Vitest does.
const Client = dysmsapi.default ?? (dysmsapi as unknown as typeof dysmsapi.default)

/** The vendor's own SDK; only the endpoint is changed. */
function clientOf(change: { accessKeyId?: string; accessKeySecret?: string } = {}) {
  const { accessKeyId, accessKeySecret } = sandbox.sms.aliyun
  return new Client(
    new $OpenApiUtil.Config({
      accessKeyId: change.accessKeyId ?? accessKeyId,
      accessKeySecret: change.accessKeySecret ?? accessKeySecret,
      endpoint: sandbox.sms.endpoint,
      protocol: 'HTTP',
      readTimeout: 400,
      connectTimeout: 400,
    }),
  )
}

const message = (numbers: string[], change: object = {}) =>
  new models.SendSmsRequest({
    phoneNumbers: numbers.join(','),
    signName: sandbox.sms.aliyun.signName,
    templateCode: sandbox.sms.aliyun.templates[0]!.code,
    templateParam: JSON.stringify({ code: '6(*)!6', minute: 5 }),
    outId: 'ours-1',
    ...change,
  })

const send = async (numbers: string[], change: object = {}) =>
  (await clientOf().sendSms(message(numbers, change))).body!

test('an SMS arrives, one code for all numbers, and the vendor’s record shows it', async () => {
  const [first, second] = mobiles as [string, string]
  const { code, bizId } = await send([first, `86${second}`])
  expect(code).toBe('OK')
  const { members } = await dump(sandbox)
  expect(await messagesOf(sandbox, { channel: 'sms' })).toMatchObject([
    {
      vendor: 'aliyun',
      userid: members[0]!.userid,
      params: ['6(*)!6', '5'],
      serial: bizId,
      context: 'ours-1',
    },
    {
      phone: `+86${second}`,
      text: `【${sandbox.sms.aliyun.signName}】您的验证码为6(*)!6，5分钟内有效，请勿泄露给他人。`,
    },
  ])
  const sendDate = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
  const query = { phoneNumber: first, sendDate, pageSize: 10, currentPage: 1 }
  const details = await clientOf().querySendDetails(
    new models.QuerySendDetailsRequest({ ...query, bizId: bizId! }),
  )
  expect(details.body!.smsSendDetailDTOs!.smsSendDetailDTO).toMatchObject([
    { phoneNum: first, sendStatus: 3, outId: 'ours-1', errCode: 'DELIVERED' },
  ])
  const other = await clientOf().querySendDetails(
    new models.QuerySendDetailsRequest({ ...query, bizId: '1^0' }),
  )
  expect(other.body!.smsSendDetailDTOs!.smsSendDetailDTO ?? []).toEqual([])
})

test('a batch has a sign name and parameters per number', async () => {
  const { signName, templates } = sandbox.sms.aliyun
  const request = {
    phoneNumberJson: JSON.stringify(mobiles.slice(0, 2)),
    signNameJson: JSON.stringify([signName, signName]),
    templateCode: templates[1]!.code,
    templateParamJson: JSON.stringify([
      { name: '甲', title: '一' },
      { name: '乙', title: '二' },
    ]),
  }
  const client = clientOf()
  expect((await client.sendBatchSms(new models.SendBatchSmsRequest(request))).body!.code).toBe('OK')
  const texts = (await messagesOf(sandbox, {})).map(item => item['text'])
  expect(texts).toEqual([expect.stringContaining('甲，您有一条新的待办：一'), expect.stringContaining('乙')])
  const short = new models.SendBatchSmsRequest({ ...request, signNameJson: JSON.stringify([signName]) })
  expect((await client.sendBatchSms(short)).body!.code).toBe('isv.INVALID_PARAMETERS')
})

test.each([
  ['a bad number', { phoneNumbers: '12345' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
  ['mixed countries', { phoneNumbers: '13800000000,+85251234567' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
  [
    '1001 numbers',
    { phoneNumbers: new Array(1001).fill('13800000000').join() },
    'isv.MOBILE_COUNT_OVER_LIMIT',
  ],
  ['an unknown template', { templateCode: 'SMS_1' }, 'isv.SMS_TEMPLATE_ILLEGAL'],
  ['an unknown sign name', { signName: '别人' }, 'isv.SMS_SIGNATURE_ILLEGAL'],
  ['a list of parameters', { templateParam: '["6"]' }, 'isv.INVALID_JSON_PARAM'],
  ['broken JSON', { templateParam: '{' }, 'isv.INVALID_JSON_PARAM'],
  ['a missing parameter', { templateParam: '{"code":"1"}' }, 'isv.TEMPLATE_MISSING_PARAMETERS'],
])('refuses %s', async (_, change, code) => {
  expect((await send([mobiles[0]!], change)).code).toBe(code)
  expect(await messagesOf(sandbox, {})).toEqual([])
})

test('single numbers fail at once or at the carrier, and limits hold', async () => {
  const [first, second] = mobiles as [string, string]
  await control(sandbox, 'POST', 'sms', {
    refuse: { [first]: 'isv.BLACK_KEY_CONTROL_LIMIT', [second]: 'MK:0013' },
  })
  expect((await send([first, second])).code).toBe('isv.BLACK_KEY_CONTROL_LIMIT')
  expect(await messagesOf(sandbox, {})).toEqual([])
  expect((await send([second])).code).toBe('OK')
  expect(await messagesOf(sandbox, {})).toMatchObject([{ state: 'failed', reason: 'MK:0013' }])
  await control(sandbox, 'POST', 'limits', { smsPerNumberSeconds: 60 })
  expect((await send([mobiles[3]!])).code).toBe('OK')
  expect((await send([mobiles[3]!])).code).toBe('isv.BUSINESS_LIMIT_CONTROL')
})

test('keys and clocks are checked', async () => {
  const attempt = (change: object) => clientOf(change).sendSms(message([mobiles[0]!]))
  await expect(attempt({ accessKeySecret: 'wrong' })).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' })
  await expect(attempt({ accessKeyId: 'wrong' })).rejects.toMatchObject({
    code: 'InvalidAccessKeyId.NotFound',
  })
  now = Date.now() + 16 * 60_000
  await expect(attempt({})).rejects.toMatchObject({ code: 'InvalidTimeStamp.Expired' })
})

test('the same bytes twice are a replay, another body is not what was signed', async () => {
  const { accessKeyId, accessKeySecret } = sandbox.sms.aliyun
  const form = new URLSearchParams({ PhoneNumbers: mobiles[0]!, SignName: sandbox.sms.aliyun.signName })
  form.set('TemplateCode', sandbox.sms.aliyun.templates[3]!.code)
  const body = form.toString()
  const signed: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    host: sandbox.sms.endpoint,
    'x-acs-action': 'SendSms',
    'x-acs-content-sha256': sha256(body),
    'x-acs-date': `${new Date().toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': 'once',
    'x-acs-version': '2017-05-25',
  }
  const bodyHash = sha256(body)
  const signature = acs3Signature(
    { method: 'POST', query: [], headers: Object.entries(signed), bodyHash },
    accessKeySecret,
  )
  const names = Object.keys(signed).join(';')
  const authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names},Signature=${signature}`
  const { host: _, ...headers } = signed
  const post = async (sent: string) => {
    const answer = await fetch(`http://${sandbox.sms.endpoint}/`, {
      method: 'POST',
      body: sent,
      headers: { ...headers, authorization },
    })
    return ((await answer.json()) as { Code: string }).Code
  }
  expect(await post(body.replace(mobiles[0]!, mobiles[1]!))).toBe('SignatureDoesNotMatch')
  expect(await post(body)).toBe('OK')
  expect(await post(body)).toBe('SignatureNonceUsed')
})

test('signature version 1 over GET', async () => {
  const { accessKeyId, accessKeySecret, signName, templates } = sandbox.sms.aliyun
  const params: Record<string, string> = {
    Action: 'SendSms',
    Version: '2017-05-25',
    Format: 'JSON',
    AccessKeyId: accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: 'rpc-1',
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
    PhoneNumbers: mobiles[0]!,
    SignName: signName,
    TemplateCode: templates[3]!.code,
  }
  const ask = async (secret: string) => {
    const query = new URLSearchParams(params)
    query.set('Signature', rpcSignature('GET', Object.entries(params), secret))
    return ((await (await fetch(`http://${sandbox.sms.endpoint}/?${query}`)).json()) as { Code: string }).Code
  }
  expect(await ask('wrong')).toBe('SignatureDoesNotMatch')
  expect(await ask(accessKeySecret)).toBe('OK')
  expect(await ask(accessKeySecret)).toBe('SignatureNonceUsed')
})

test('faults: the work is done or not, the sender cannot know', async () => {
  const fault = (mode: string) =>
    control(sandbox, 'POST', 'faults', { match: 'sms/aliyun/SendSms', mode, times: 1 })
  const attempt = () => clientOf().sendSms(message([mobiles[0]!]))
  const count = async () => (await messagesOf(sandbox, {})).length
  for (const mode of ['timeout', 'http500', 'html', 'rateLimit']) {
    await fault(mode)
    await expect(attempt(), mode).rejects.toThrow()
    expect(await count(), mode).toBe(0)
  }
  await fault('busy')
  expect((await attempt()).body!.code).toBe('isp.SYSTEM_ERROR')
  await fault('acceptedThenTimeout')
  await expect(attempt()).rejects.toThrow()
  expect(await count()).toBe(1)
})
