import { sms } from 'tencentcloud-sdk-nodejs-sms'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { control, dump, messagesOf } from '../test-caller.ts'
import { tc3Date, tc3Signature } from './tc3.ts'

let sandbox: Sandbox
let mobiles: string[]
let now = Date.now()
beforeAll(async () => {
  sandbox = await startSandbox({ members: 30, now: () => now })
  mobiles = (await dump(sandbox)).members.map(member => member.mobile)
})
afterAll(() => sandbox.close())
beforeEach(() => {
  now = Date.now()
})
afterEach(async () => {
  await control(sandbox, 'DELETE', 'faults')
  await control(sandbox, 'POST', 'sms', { refuse: null })
  await control(sandbox, 'POST', 'limits', { smsPerNumberSeconds: null, smsPerNumberDay: null })
  await sandbox.reset({ members: 30 })
})

/** The vendor's own SDK; only the endpoint is changed. */
function clientOf(change: { secretId?: string; secretKey?: string; reqTimeout?: number } = {}) {
  const { secretId, secretKey } = sandbox.sms.tencent
  return new sms.v20210111.Client({
    credential: { secretId: change.secretId ?? secretId, secretKey: change.secretKey ?? secretKey },
    region: 'ap-guangzhou',
    profile: {
      httpProfile: {
        endpoint: sandbox.sms.endpoint,
        protocol: 'http://',
        reqTimeout: change.reqTimeout ?? 5,
      },
    },
  })
}

const message = (numbers: string[], change: object = {}) => ({
  PhoneNumberSet: numbers,
  SmsSdkAppId: sandbox.sms.tencent.sdkAppId,
  TemplateId: sandbox.sms.tencent.templates[0]!.id,
  SignName: sandbox.sms.tencent.signName,
  TemplateParamSet: ['666666', '5'],
  SessionContext: 'ours-1',
  ...change,
})

const send = async (numbers: string[], change: object = {}) =>
  (await clientOf().SendSms(message(numbers, change))).SendStatusSet!
const codes = async (numbers: string[], change: object = {}) =>
  (await send(numbers, change)).map(row => row.Code)

test('an SMS arrives on the phone of whose number it is, and its receipt can be pulled once', async () => {
  const [first, second] = mobiles as [string, string]
  const rows = await send([first, `+86${second}`, '12345'])
  expect(rows).toMatchObject([
    { PhoneNumber: `+86${first}`, Code: 'Ok', Fee: 1, SessionContext: 'ours-1', IsoCode: 'CN' },
    { PhoneNumber: `+86${second}`, Code: 'Ok' },
    { PhoneNumber: '12345', Code: 'InvalidParameterValue.IncorrectPhoneNumber', Fee: 0, SerialNo: '' },
  ])
  const { members } = await dump(sandbox)
  const got = await messagesOf(sandbox, { channel: 'sms' })
  expect(got).toMatchObject([
    { n: 1, vendor: 'tencent', userid: members[0]!.userid, phone: `+86${first}`, params: ['666666', '5'] },
    { n: 2, userid: members[1]!.userid, serial: rows[1]!.SerialNo, state: 'delivered', context: 'ours-1' },
  ])
  expect(got[0]!['text']).toBe(
    `【${sandbox.sms.tencent.signName}】您的验证码为666666，5分钟内有效，请勿泄露给他人。`,
  )
  expect(await messagesOf(sandbox, { to: members[1]!.userid })).toHaveLength(1)
  expect(await messagesOf(sandbox, { to: first })).toHaveLength(1)
  const app = { SmsSdkAppId: sandbox.sms.tencent.sdkAppId, Limit: 1 }
  const pull = async () => (await clientOf().PullSmsSendStatus(app)).PullSmsSendStatusSet!
  expect(await pull()).toMatchObject([
    { SerialNo: rows[0]!.SerialNo, ReportStatus: 'SUCCESS', SubscriberNumber: first },
  ])
  expect(await pull()).toMatchObject([{ SerialNo: rows[1]!.SerialNo, SessionContext: 'ours-1' }])
  expect(await pull()).toEqual([])
  const span = {
    BeginTime: Math.floor(now / 1000) - 60,
    EndTime: Math.floor(now / 1000),
    Offset: 0,
    Limit: 10,
  }
  const byNumber = { ...span, PhoneNumber: `+86${first}`, SmsSdkAppId: sandbox.sms.tencent.sdkAppId }
  const again = (await clientOf().PullSmsSendStatusByPhoneNumber(byNumber)).PullSmsSendStatusSet
  expect(again).toMatchObject([{ SerialNo: rows[0]!.SerialNo, SessionContext: 'ours-1' }])
})

test('what the vendor refuses number by number', async () => {
  const [number] = mobiles as [string]
  expect(await codes([number], { SignName: '别人' })).toEqual([
    'FailedOperation.SignatureIncorrectOrUnapproved',
  ])
  expect(await codes([number], { TemplateId: '1' })).toEqual([
    'FailedOperation.TemplateIncorrectOrUnapproved',
  ])
  expect(await codes([number], { TemplateParamSet: ['1'] })).toEqual([
    'FailedOperation.TemplateParamSetNotMatchApprovedTemplate',
  ])
  expect(await codes([number], { TemplateParamSet: ['http://x.cn', '5'] })).toEqual([
    'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter',
  ])
  const refuse = { [`+86${number}`]: 'FailedOperation.PhoneNumberInBlacklist', [mobiles[1]!]: 'UNDELIV' }
  await control(sandbox, 'POST', 'sms', { refuse })
  expect(await codes(mobiles.slice(0, 3))).toEqual(['FailedOperation.PhoneNumberInBlacklist', 'Ok', 'Ok'])
  const app = { SmsSdkAppId: sandbox.sms.tencent.sdkAppId, Limit: 100 }
  const receipts = (await clientOf().PullSmsSendStatus(app)).PullSmsSendStatusSet!
  expect(receipts.map(item => [item.ReportStatus, item.Description])).toEqual([
    ['FAIL', 'UNDELIV'],
    ['SUCCESS', 'DELIVRD'],
  ])
  const { members } = await dump(sandbox)
  expect(await messagesOf(sandbox, { to: members[1]!.userid })).toEqual([])
})

test.each([
  [() => new Array(201).fill(mobiles[0]), {}, 'LimitExceeded.PhoneNumberCountLimit'],
  [
    () => [mobiles[0]!, '+85251234567'],
    {},
    'UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber',
  ],
  [() => [mobiles[0]!], { SmsSdkAppId: '1400000000' }, 'InvalidParameterValue.SdkAppIdNotExist'],
  [() => [], {}, 'MissingParameter'],
  [() => [mobiles[0]!], { SessionContext: 'x'.repeat(512) }, 'InvalidParameter'],
])('what it refuses as a whole', async (numbers, change, code) => {
  await expect(clientOf().SendSms(message(numbers(), change))).rejects.toMatchObject({ code })
  expect(await messagesOf(sandbox, {})).toEqual([])
})

test('keys and clocks are checked', async () => {
  const attempt = (change: object) => clientOf(change).SendSms(message([mobiles[0]!]))
  await expect(attempt({ secretKey: 'wrong' })).rejects.toMatchObject({
    code: 'AuthFailure.SignatureFailure',
  })
  await expect(attempt({ secretId: 'AKIDwrong' })).rejects.toMatchObject({
    code: 'AuthFailure.SecretIdNotFound',
  })
  now += 301_000
  await expect(attempt({})).rejects.toMatchObject({ code: 'AuthFailure.SignatureExpire' })
})

test('every signed byte counts, extra signed headers are taken, a moved body is refused', async () => {
  const { secretId, secretKey } = sandbox.sms.tencent
  const timestamp = Math.floor(now / 1000)
  const body = JSON.stringify(message([mobiles[0]!]))
  const sign = (signedBody: string, action: string) => {
    const headers: [string, string][] = [
      ['content-type', 'application/json; charset=utf-8'],
      ['host', sandbox.sms.endpoint],
      ['x-tc-action', action],
    ]
    const request = { method: 'POST', query: '', headers, body: signedBody, timestamp, service: 'sms' }
    const scope = `${secretId}/${tc3Date(timestamp)}/sms/tc3_request`
    return `TC3-HMAC-SHA256 Credential=${scope}, SignedHeaders=content-type;host;x-tc-action, Signature=${tc3Signature(request, secretKey)}`
  }
  const post = async (authorization: string, sent = body) => {
    const answer = await fetch(`http://${sandbox.sms.endpoint}/`, {
      method: 'POST',
      body: sent,
      headers: {
        authorization,
        'content-type': 'application/json; charset=utf-8',
        'x-tc-action': 'SendSms',
        'x-tc-version': '2021-01-11',
        'x-tc-region': 'ap-guangzhou',
        'x-tc-timestamp': String(timestamp),
      },
    })
    const { Response } = (await answer.json()) as { Response: { Error?: { Code: string } } }
    return Response.Error?.Code ?? 'Ok'
  }
  expect(await post(sign(body, 'SendSms'))).toBe('Ok')
  // The example in Tencent's guide signs the action in lower case.
  expect(await post(sign(body, 'sendsms'))).toBe('Ok')
  expect(await post(sign(body, 'Other'))).toBe('AuthFailure.SignatureFailure')
  expect(await post(sign(body, 'SendSms'), `${body} `)).toBe('AuthFailure.SignatureFailure')
  expect(await post('TC3-HMAC-SHA256 nonsense')).toBe('AuthFailure.InvalidAuthorization')
})

test('limits per number', async () => {
  await control(sandbox, 'POST', 'limits', { smsPerNumberSeconds: 30, smsPerNumberDay: 2 })
  const results = []
  // Starts at noon in China so that all steps are on one day. The SDK uses the machine's clock.
  for (const step of [0, 1000, 31_000, 31_000]) {
    now += step
    results.push(...(await codes([mobiles[0]!])))
  }
  expect(results).toEqual([
    'Ok',
    'LimitExceeded.PhoneNumberThirtySecondLimit',
    'Ok',
    'LimitExceeded.PhoneNumberDailyLimit',
  ])
})

test('faults: the work is done or not, the sender cannot know', async () => {
  const fault = (mode: string) =>
    control(sandbox, 'POST', 'faults', { match: 'sms/tencent/SendSms', mode, times: 1 })
  const attempt = () => clientOf({ reqTimeout: 0.3 }).SendSms(message([mobiles[0]!]))
  const count = async () => (await messagesOf(sandbox, {})).length
  for (const mode of ['timeout', 'http500', 'html', 'busy']) {
    await fault(mode)
    await expect(attempt(), mode).rejects.toThrow()
    expect(await count(), mode).toBe(0)
  }
  await fault('code:FailedOperation.InsufficientBalanceInSmsPackage')
  await expect(attempt()).rejects.toMatchObject({ code: 'FailedOperation.InsufficientBalanceInSmsPackage' })
  await fault('acceptedThenTimeout')
  await expect(attempt()).rejects.toThrow()
  expect(await count()).toBe(1)
  await fault('truncated')
  await expect(attempt()).rejects.toThrow()
  expect(await count()).toBe(2)
})
