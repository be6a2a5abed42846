import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { forgeWebhook, verifyWebhook, type WebhookVerificationError } from '../../sdk/server/index.ts'

/** The example that the libraries of Standard Webhooks share. */
const vector = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  body: '{"test": 2432232314}',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  now: 1_614_265_330_000,
}
const { secret, body, headers, now } = vector
const other = `whsec_${Buffer.from('another secret of 32 characters!').toString('base64')}`

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: WebhookVerificationError) => error.reason,
  )

describe('webhooks', () => {
  it('are verified as the libraries of Standard Webhooks do it', async () => {
    const verified = await verifyWebhook(body, headers, secret, { now })
    expect(verified).toEqual({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      sentAt: new Date(now),
      event: { test: 2432232314 },
    })
    // The beginning of the secret may be missing, and the body may be bytes.
    expect(await verifyWebhook(Buffer.from(body), headers, secret.slice(6), { now })).toEqual(verified)
  })

  it('take headers in every form that servers have them in', async () => {
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    )
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
    for (const form of [upper, lists, new Headers(headers), Object.entries(headers) as [string, string][]])
      expect((await verifyWebhook(body, form, secret, { now })).id).toBe(headers['webhook-id'])
  })

  it('are good with any of several secrets, on either side', async () => {
    expect(await reasonOf(verifyWebhook(body, headers, [other, secret], { now }))).toBe('none')
    const { 'webhook-signature': signature } = headers
    const two = { ...headers, 'webhook-signature': `v1a,Zm9yZ2Vk v1,Zm9yZ2Vk ${signature}` }
    expect(await reasonOf(verifyWebhook(body, two, secret, { now }))).toBe('none')
  })

  it.each([
    ['missingHeader', { ...headers, 'webhook-id': undefined }, body, now],
    ['badTimestamp', { ...headers, 'webhook-timestamp': '2021-02-25' }, body, now],
    ['tooOld', headers, body, now + 360_000],
    ['tooNew', headers, body, now - 360_000],
    ['badSignature', headers, `${body} `, now],
    ['badSignature', { ...headers, 'webhook-id': 'msg_other' }, body, now],
    ['badSignature', { ...headers, 'webhook-timestamp': '1614265331' }, body, now],
    ['badSignature', { ...headers, 'webhook-signature': 'v1,' }, body, now],
    ['badSignature', { ...headers, 'webhook-signature': 'v1,???' }, body, now],
    ['badSignature', { ...headers, 'webhook-signature': headers['webhook-signature'].slice(3) }, body, now],
  ])('are refused: %s (%#)', async (reason, given, text, at) => {
    expect(await reasonOf(verifyWebhook(text, given, secret, { now: at }))).toBe(reason)
  })

  it('are refused with another secret, and judged by the tolerance that is asked for', async () => {
    expect(await reasonOf(verifyWebhook(body, headers, other, { now }))).toBe('badSignature')
    const later = { now: now + 360_000, toleranceSeconds: 600 }
    expect(await reasonOf(verifyWebhook(body, headers, secret, later))).toBe('none')
  })

  it('say that the body must be as it came', async () => {
    await expect(verifyWebhook({ test: 1 } as never, headers, secret)).rejects.toThrow(TypeError)
    await expect(verifyWebhook(body, headers, 'whsec_???', { now })).rejects.toThrow('whsec_')
  })

  it('are forged for tests as the platform signs them', async () => {
    const event = { type: 'bill.paid', timestamp: new Date(now).toISOString(), data: { corpId: 'c', seq: 7 } }
    const forged = await forgeWebhook(event, [secret, other], { id: 'msg_1_7', sentAt: new Date(now) })
    const signed = `msg_1_7.${now / 1000}.${JSON.stringify(event)}`
    const expected = [secret, other].map(
      one =>
        `v1,${createHmac('sha256', Buffer.from(one.slice(6), 'base64'))
          .update(signed)
          .digest('base64')}`,
    )
    expect(forged.headers['webhook-signature']).toBe(expected.join(' '))
    for (const one of [secret, other])
      expect((await verifyWebhook(forged.body, forged.headers, one, { now })).event).toEqual(event)
    expect(await reasonOf(verifyWebhook(...(await unsigned())))).toBe('badBody')
  })
})

/** Signed, but no JSON. */
async function unsigned() {
  const forged = await forgeWebhook('{"type"', secret)
  return [forged.body, forged.headers, secret] as const
}
