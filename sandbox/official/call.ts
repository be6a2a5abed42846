import type { Upload } from '../http/multipart.ts'
import type { OfficialPlatform } from './platform.ts'
import type { Account } from './state/account.ts'

export type Input = Record<string, unknown>

export interface CallRequest {
  platform: OfficialPlatform
  /** The account of the token. */
  account: Account
  /** The query of a GET, the JSON object of a POST, or the fields of a form. */
  input: Input
  /** The query, also of a POST. */
  query: Input
  /** The file `media` of a multipart body. */
  upload: Upload | undefined
  /** Whether the body was a form. */
  form: boolean
  ip: string
}

/** An answer that is not JSON. */
export class Bytes {
  readonly type: string
  readonly bytes: Buffer
  readonly name: string | undefined
  readonly status: number

  constructor(type: string, bytes: Buffer, { name, status = 200 }: { name?: string; status?: number } = {}) {
    this.type = type
    this.status = status
    this.bytes = bytes
    this.name = name
  }
}

export type Answer = Record<string, unknown> | Bytes

/** One call of the platform. `run` answers as WeChat does, or throws OfficialError. */
export interface Call {
  method: 'GET' | 'POST' | 'ANY'
  /** As below https://api.weixin.qq.com. */
  path: string
  /** `account` needs an access token; calls of `nobody` find the account themselves. */
  token: 'account' | 'nobody'
  /** Characters that are written as `\uXXXX` are refused (40033). */
  isPlain?: true
  run(ask: CallRequest): Answer | Promise<Answer>
}

/** Calls that need no token have no account either. */
export type OpenCallRequest = Omit<CallRequest, 'account'>

export const done = { errcode: 0, errmsg: 'ok' }

const call = (method: Call['method'], path: string, run: Call['run']): Call => ({
  method,
  path,
  token: 'account',
  run,
})

export const get = (path: string, run: Call['run']): Call => call('GET', path, run)
export const post = (path: string, run: Call['run']): Call => call('POST', path, run)
/** A call that clients are seen to make with either method. */
export const either = (path: string, run: Call['run']): Call => call('ANY', path, run)
export const open = (
  method: Call['method'],
  path: string,
  run: (ask: OpenCallRequest) => Answer | Promise<Answer>,
): Call => ({
  method,
  path,
  token: 'nobody',
  run,
})
