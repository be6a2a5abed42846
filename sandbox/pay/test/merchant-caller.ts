import { createSign, randomBytes, verify } from 'node:crypto'
import type { Sandbox } from '../../sandbox.ts'
import { control } from '../../test-caller.ts'
import type { MerchantAccount } from '../merchants.ts'

export interface PayAnswer {
  status: number
  body: Record<string, unknown>
  raw: string
  bytes: Buffer
  headers: Headers
}

export interface CallOptions {
  body?: unknown
  /** Instead of what is right. */
  headers?: Record<string, string | undefined>
  timestamp?: number
  serialNo?: string
  /** What is signed instead of the path. */
  signedPath?: string
}

/** A merchant's server that signs its calls, written beside the sandbox. */
export class MerchantCaller {
  readonly account: MerchantAccount
  readonly #url: string
  readonly #now: () => number

  constructor(
    sandbox: Sandbox,
    account: MerchantAccount = sandbox.pay.merchants[0]!,
    now: () => number = Date.now,
  ) {
    this.account = account
    this.#now = now
    this.#url = sandbox.pay.url
  }

  get(path: string, options?: CallOptions): Promise<PayAnswer> {
    return this.call('GET', path, options)
  }

  post(path: string, body: unknown, options: CallOptions = {}): Promise<PayAnswer> {
    return this.call('POST', path, { ...options, body })
  }

  async call(method: 'GET' | 'POST', path: string, options: CallOptions = {}): Promise<PayAnswer> {
    const body = options.body === undefined ? '' : JSON.stringify(options.body)
    const timestamp = String(options.timestamp ?? Math.floor(this.#now() / 1000))
    const nonce = randomBytes(16).toString('hex')
    const text = `${method}\n${options.signedPath ?? path}\n${timestamp}\n${nonce}\n${body}\n`
    const signature = createSign('sha256').update(text).sign(this.account.privateKey, 'base64')
    const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${this.account.mchId}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${options.serialNo ?? this.account.serialNo}",signature="${signature}"`
    const headers = { authorization, accept: 'application/json', ...options.headers }
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: Object.fromEntries(
        Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      ...(body !== '' && { body }),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const raw = bytes.toString()
    const isJson = raw.startsWith('{')
    return {
      status: answer.status,
      body: isJson ? (JSON.parse(raw) as Record<string, unknown>) : {},
      raw,
      bytes,
      headers: answer.headers,
    }
  }

  /** Whether the answer bears this key's signature. */
  isSignedBy({ headers, raw }: Pick<PayAnswer, 'headers' | 'raw'>, publicKey: string): boolean {
    const text = `${headers.get('wechatpay-timestamp')}\n${headers.get('wechatpay-nonce')}\n${raw}\n`
    const signature = Buffer.from(headers.get('wechatpay-signature') ?? '', 'base64')
    return verify('sha256', Buffer.from(text), publicKey, signature)
  }

  /** A JSAPI order's body, with what differs. */
  order(more: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      appid: this.account.appIds[0],
      mchid: this.account.mchId,
      description: '物业费 十二月',
      out_trade_no: `T${randomBytes(8).toString('hex')}`,
      notify_url: 'https://pay.example.com/notify',
      amount: { total: 100, currency: 'CNY' },
      ...more,
    }
  }
}

/** Sets things at /_sandbox/pay and returns the answer; throws when it is refused. */
export async function payControl<T = Record<string, unknown>>(
  sandbox: Sandbox,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await control(sandbox, body === undefined ? 'GET' : 'POST', `pay/${path}`, body)
  if (answer.status !== 200) throw new Error(String(answer.body['error']))
  return answer.body as T
}
