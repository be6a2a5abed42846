import { describe, expect, it } from 'vitest'
import type { AddressNeeds } from '../channel.ts'
import { answerOf } from './deliver.ts'
import type { SmsSettings } from './settings.ts'
import { outcomeOf, type VendorChoice, vendorOf } from './vendor.ts'

const huawei: SmsSettings = {
  vendor: 'huawei',
  appKey: 'k',
  appSecret: 's',
  channelNumber: '1',
  signName: '华宇',
  address: 'https://sms.example',
}
const gateway: SmsSettings = {
  vendor: 'http',
  url: 'https://sms.example/send',
  method: 'POST',
  format: 'json',
  charset: 'utf-8',
  digest: 'none',
  digestAs: 'hex',
  sentWhen: 'code=0',
  refusedWhen: 'code=1',
  serialAt: 'id',
  numbers: 1,
  signName: '',
}
const request = {
  phones: ['+8613800138000'],
  signName: '',
  templateId: 't',
  params: [],
  text: '短信',
  context: 'm.1',
}

/** What becomes of an SMS when this is answered; `isInner`: from our own network. */
async function sent(sms: SmsSettings, body: string, isInner = false) {
  const ctx = {
    log: { info: () => undefined, error: () => undefined },
    now: () => 0,
    outbound: {
      post: async (_url: string, _errand: unknown, read: (answer: object) => unknown) =>
        read({ status: 200, headers: {}, body: Buffer.from(body), isInner }),
    },
  } as unknown as AddressNeeds
  const vendor: VendorChoice = await vendorOf(ctx, 'ww1', sms)
  if ('kind' in vendor) throw new Error(vendor.kind)
  return outcomeOf(ctx, vendor, request)
}

describe('an answer of Huawei', () => {
  it.each([
    '{"code":"000000","result":{}}',
    '{"code":"000000","result":null}',
    '{"code":"000000","result":[null,7]}',
    '{"code":"E000000","result":null}',
    '{"code":7,"result":"x"}',
    'null',
    '[]',
  ])('in another form never has the SMS sent again (%s)', async body => {
    const { kind } = await sent(huawei, body)
    expect(['sent', 'unsure']).toContain(kind)
  })

  it('that is the same for every number is of the call', async () => {
    const body = '{"code":"E000510","result":[{"originTo":"13800138000","status":"E000510"}]}'
    expect(await sent(huawei, body)).toMatchObject({ kind: 'refused', class: 'notSent' })
  })
})

describe('a host in our own network', () => {
  const secret = 'of another system'
  it.each([
    [gateway, `{"code":0,"id":"${secret}"}`],
    [gateway, `{"code":1,"id":"${secret}"}`],
    [gateway, secret],
    [huawei, `{"code":"E000510","description":"${secret}"}`],
    [huawei, `{"code":"${secret}"}`],
    [huawei, `{"code":"000000","result":[{"originTo":"+8613800138000","status":"${secret}"}]}`],
  ])('answers in words that nobody is shown (%#)', async (sms, body) => {
    const { serials: _, ...shown } = (await sent(sms, body, true)) as { serials?: unknown }
    expect(JSON.stringify(shown)).not.toContain(secret)
    expect(JSON.stringify(await sent(sms, body))).toContain(secret)
  })

  it('is told as such', async () => {
    const outcome = await sent(gateway, '{"code":1}', true)
    expect(answerOf(outcome as never)).toEqual({ code: 'smsInner' })
  })
})

it('keeps no id that cannot be stored', async () => {
  const strange = JSON.stringify({ code: 0, id: `a\0\ud83d${'b'.repeat(500)}` })
  expect(await sent(gateway, strange)).toMatchObject({ kind: 'sent', serial: `a${'b'.repeat(199)}` })
})
