import type { Signer } from './crypto/sign.ts'
import type { Input } from './input.ts'
import type { PayPlatform } from './platform.ts'
import type { Merchant } from './state/merchant.ts'

export interface CallRequest {
  platform: PayPlatform
  /** The merchant whose signature the call bears. */
  merchant: Merchant
  /** The JSON object of a POST. */
  body: Input
  query: Input
  /** The key that the caller named in Wechatpay-Serial, for which its secrets are encrypted. */
  named: Signer | undefined
  /** The parts of the address. */
  params: Record<string, string>
}

/** An answer that is a file, which is not signed. */
export class File {
  readonly bytes: Buffer
  readonly type: string

  constructor(bytes: Buffer, type: string) {
    this.bytes = bytes
    this.type = type
  }
}

/** One call of WeChat Pay. `run` answers JSON, nothing (204) or a file, or throws PayError. */
export interface Call {
  method: 'GET' | 'POST'
  /** As below https://api.mch.weixin.qq.com, with `:name` for what varies. */
  path: string
  run(ask: CallRequest): Record<string, unknown> | File | undefined
}

export const get = (path: string, run: Call['run']): Call => ({ method: 'GET', path, run })
export const post = (path: string, run: Call['run']): Call => ({ method: 'POST', path, run })
