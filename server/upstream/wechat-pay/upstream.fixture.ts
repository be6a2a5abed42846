import { createCipheriv, generateKeyPairSync, type KeyObject, randomBytes, sign, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen, newPool } from '../wecom/upstream.fixture.ts'
import { createPayClient, type PayClientOptions } from './client.ts'

/** WeChat Pay's certificate. */
export const platform = JSON.parse(
  readFileSync(new URL('platform.fixture.json', import.meta.url), 'utf8'),
) as {
  serial: string
  certificate: string
  privateKey: string
}
const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 })
const platformPair = generateKeyPairSync('rsa', { modulusLength: 2048 })
/** WeChat Pay's public key. */
export const publicKey = {
  id: 'PUB_KEY_ID_0119000000012026',
  pem: platformPair.publicKey.export({ type: 'spki', format: 'pem' }) as string,
}
export const apiV3Key = '0123456789abcdefghijklmnopqrstuv'
export const mchId = '1900000001'
export const merchantSerial = '4'.repeat(40)

export type SeenRequest = {
  method: string
  target: string
  headers: IncomingMessage['headers']
  body: string
  /** Whether the merchant signed it as it came. */
  isSigned: boolean
}
export type Step = (response: ServerResponse, request: IncomingMessage, seen: SeenRequest) => unknown

/** A WeChat Pay that gives the scripted answers in order and then repeats the last one. */
export async function upstream(...script: Step[]) {
  const seen: SeenRequest[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const { method = '', url: target = '', headers } = request
    const step = script[Math.min(seen.length, script.length - 1)]
    const one = { method, target, headers, body, isSigned: isSigned(method, target, body, headers) }
    seen.push(one)
    await step?.(response, request, one)
  })
  return { seen, baseUrl: `http://127.0.0.1:${await listen(server)}` }
}

function isSigned(method: string, target: string, body: string, headers: IncomingMessage['headers']) {
  const { authorization = '' } = headers
  const value = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(authorization)?.[1] ?? ''
  const text = `${method}\n${target}\n${value('timestamp')}\n${value('nonce_str')}\n${body}\n`
  return (
    value('mchid') === mchId &&
    value('serial_no') === merchantSerial &&
    verify('sha256', Buffer.from(text), merchant.publicKey, Buffer.from(value('signature'), 'base64'))
  )
}

type KeyKind = 'publicKey' | 'certificate'

const signers: Record<KeyKind, { serial: string; key: KeyObject | string }> = {
  publicKey: { serial: publicKey.id, key: platformPair.privateKey },
  certificate: { serial: platform.serial, key: platform.privateKey },
}

/** Headers that prove a body; `over` replaces some. */
export function proof(body: string, by: KeyKind = 'publicKey', over: Record<string, string> = {}) {
  const { serial, key } = signers[by]
  const timestamp = String(Math.floor(Date.now() / 1000))
  const text = `${timestamp}\nn0nce\n${body}\n`
  return {
    'Wechatpay-Serial': serial,
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': 'n0nce',
    'Wechatpay-Signature': sign('sha256', Buffer.from(text), key).toString('base64'),
    ...over,
  }
}

/** A signed success; without content it is a 204. */
export const ok =
  (content?: object, by: KeyKind = 'publicKey', over: Record<string, string> = {}): Step =>
  response => {
    const body = content === undefined ? '' : JSON.stringify(content)
    response.writeHead(content === undefined ? 204 : 200, proof(body, by, over)).end(body)
  }

/** A refusal, which is not signed. */
export const refuse =
  (
    status: number,
    code: string,
    message = '',
    more: object = {},
    headers: Record<string, string> = {},
  ): Step =>
  response =>
    response.writeHead(status, headers).end(code === '' ? '' : JSON.stringify({ code, message, ...more }))

export const hangUp: Step = (_response, request) => request.socket.destroy()

export const certificatesAnswer = (pem = platform.certificate, key = apiV3Key) => {
  const nonce = randomBytes(6).toString('hex')
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from('certificate'))
  const ciphertext = Buffer.concat([cipher.update(pem), cipher.final(), cipher.getAuthTag()])
  const encrypt_certificate = {
    algorithm: 'AEAD_AES_256_GCM',
    nonce,
    associated_data: 'certificate',
    ciphertext: ciphertext.toString('base64'),
  }
  // Has been seen as other than a text (docs/upstream/wechat-pay-calls.md#public-key-and-platform-certificates).
  return { data: [{ serial_no: platform.serial, effective_time: 0, encrypt_certificate }] }
}

/** A client in public-key mode unless `more` says otherwise; it notes its pauses instead of waiting. */
export function client(baseUrl: string, more: Partial<PayClientOptions> = {}) {
  const slept: number[] = []
  const calls: [string, string][] = []
  const pay = createPayClient({
    baseUrl,
    backupUrl: baseUrl,
    mchId,
    serial: merchantSerial,
    privateKey: merchant.privateKey,
    apiV3Key,
    publicKey,
    pool: newPool(),
    now: () => Date.now(),
    sleep: async ms => void slept.push(ms),
    onCall: ({ path, errcode }) => calls.push([path, errcode]),
    ...more,
  })
  return { pay, slept, calls }
}

export const notifyUrl = 'https://wisp.example.com/pay/notify/1900000001'
export const order = {
  appId: 'wx1234567890abcdef',
  orderNo: 'W2026|0001',
  title: '十一月电费',
  amount: 12_345,
  expiresAt: new Date('2026-11-27T02:00:00.500Z'),
  notifyUrl,
}
