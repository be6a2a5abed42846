import { NoAnswer } from '../transport/no-answer.ts'
import { type ErrcodeInfo, errcodes } from './errcodes.ts'

const errmsgAtMost = 500

/** WeChat answered and refused. `errmsg` is its text, without tokens and secrets. */
export class OfficialError extends Error {
  override readonly name = 'OfficialError'
  readonly errcode: number
  readonly errmsg: string
  /** For example `/cgi-bin/user/get`, without the query. */
  readonly path: string
  /** WeChat's name of this very call, by which `openapi/rid/get` tells about it for 7 days; '' when the text has none. */
  readonly rid: string
  /** The address from which WeChat saw the call, where a 40164 names it. This address must be on the list. */
  readonly fromIp: string
  /** What else the refusal says, such as the earlier msg_id of a 45065. */
  readonly answer: Readonly<Record<string, unknown>>

  /** @param secrets values that are removed from the text */
  constructor(
    errcode: number,
    errmsg: string,
    path: string,
    secrets: readonly string[] = [],
    answer: Readonly<Record<string, unknown>> = {},
  ) {
    let clean = errmsg.replace(/\b(access_token|secret)(["']?\s*[=:]\s*["']?)[^\s&"',]+/gi, '$1$2***')
    for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '***')
    clean = clean.slice(0, errmsgAtMost)
    super(`${path}: ${errcode} ${explainErrcode(errcode).text.zh} (${clean})`)
    this.errcode = errcode
    this.errmsg = clean
    this.path = path
    this.rid = /\brid:\s*([0-9a-f-]{8,64})/i.exec(errmsg)?.[1] ?? ''
    this.answer = answer
    this.fromIp = /\binvalid ip\s+([0-9a-fA-F.:]+)/.exec(errmsg)?.[1] ?? ''
  }
}

/** WeChat gave no usable answer. */
export class OfficialUnavailable extends NoAnswer {
  override readonly name = 'OfficialUnavailable'
}

const unknown: ErrcodeInfo = {
  text: { zh: '微信公众平台拒绝了请求', en: 'the official account platform refused' },
}

/** The errcode's entry in the table, or a general one when it has none. */
export function explainErrcode(errcode: number): ErrcodeInfo {
  return errcodes[errcode] ?? unknown
}
