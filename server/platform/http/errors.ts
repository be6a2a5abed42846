import { type Language, type Words, wordsIn } from '../words.ts'
import { own, ownWords, type TellableText, textWithoutValues, told, wholeText } from './told.ts'

/** The codes of the interface document, and our own in the same style (docs/interface/conventions.md#codes). */
export const codes = {
  badParameter: { code: '1000', zh: '参数错误', en: 'invalid parameter' },
  missingParameter: { code: '1001', zh: '参数为空', en: 'missing parameter' },
  unknownDeveloper: { code: '1002', zh: '无效的应用 ID', en: 'unknown application ID' },
  wrongSecret: { code: '1003', zh: '无效的应用秘钥', en: 'wrong devSecret' },
  deadToken: { code: '1004', zh: 'devToken 已失效', en: 'devToken expired or revoked' },
  unknownDepartment: { code: '1005', zh: '无效的部门 id', en: 'unknown department id' },
  unknownTag: { code: '1006', zh: '无效的标签 id', en: 'unknown tag id' },
  unknownMember: { code: '1007', zh: '无效的用户 id', en: 'unknown user id' },
  messageCentre: { code: '1008', zh: '消息中心配置错误', en: 'message centre not configured correctly' },
  forbidden: { code: '1009', zh: '无权限', en: 'not permitted' },
  tooManyRequests: { code: '1010', zh: '请求过于频繁', en: 'too many requests' },
  upstream: { code: '1011', zh: '上游服务不可用', en: 'upstream service unavailable' },
  deadTicket: { code: '1012', zh: 'jessionId 已失效', en: 'jessionId expired or revoked' },
  unavailable: { code: '1013', zh: '服务暂不可用', en: 'unavailable for the moment' },
  internal: { code: '9999', zh: '系统异常', en: 'internal error' },
} as const

export type ErrorName = keyof typeof codes

/** Stand for many refusals, so that what follows their own words says all. */
const general: ReadonlySet<ErrorName> = new Set([
  'badParameter',
  'missingParameter',
  'messageCentre',
  'forbidden',
  'tooManyRequests',
  'upstream',
  'unavailable',
])

/** What an administrator or owner does so that the call succeeds: gives a scope or a call of a vendor, switches a feature on. */
export type Remedy = { scope: string } | { path: string } | { feature: string }

/** What a vendor said to a call that was passed on to it; 0 is a success. */
export type UpstreamCode = { vendor: 'wecom' | 'official'; errcode: number }

/** The only error that calls answer with. `detail` says what exactly is wrong, and the caller sees it. */
export class ApiError<const D extends Words | string = Words | string> extends Error {
  override readonly name = 'ApiError'
  readonly code: string
  readonly error: ErrorName
  readonly detail: Words | string
  /** `detail` for the request log: without what the caller sent or others entered (told.ts). */
  readonly logged: Words | string
  readonly mend: Remedy | undefined
  /** HTTP status; 200 unless no handler ran or the caller must slow down (docs/interface/conventions.md#envelope). */
  readonly status: number
  readonly retryAfterSeconds: number | undefined
  /** What a vendor said to a call that was passed on, for the request log. */
  readonly upstream: UpstreamCode | undefined

  constructor(
    error: ErrorName,
    detail?: D & TellableText<D>,
    options: { status?: number; retryAfterSeconds?: number; mend?: Remedy; upstream?: UpstreamCode } = {},
  ) {
    const whole = textsOf(detail ?? '', wholeText)
    super(textOf(error, whole, 'zh'))
    this.error = error
    this.detail = whole
    this.logged = textsOf(detail ?? '', textWithoutValues)
    this.mend = options.mend
    this.upstream = options.upstream
    this.code = codes[error].code
    this.status = options.status ?? (error === 'tooManyRequests' ? 429 : 200)
    this.retryAfterSeconds = options.retryAfterSeconds ?? (error === 'tooManyRequests' ? 60 : undefined)
  }

  /** `message` in another language. */
  messageIn(language: Language): string {
    return textOf(this.error, this.detail, language)
  }

  /** The same refusal with more at the end of its detail; `words` are wisp's own. For errors of status 200. */
  withMore(words: Words): ApiError {
    const joined = (detail: Words | string) => ({
      zh: `${wordsIn('zh', detail)}${words.zh}`,
      en: `${wordsIn('en', detail)} ${words.en}`,
    })
    const { mend, upstream } = this
    return Object.assign(new ApiError(this.error, ownWords(joined(this.detail))), {
      logged: joined(this.logged),
      mend,
      upstream,
    })
  }

  /** What is wrong, without the words of the code, which are for programs. For what pages show among other texts. */
  reasonIn(language: Language): string {
    const what = wordsIn(language, this.detail)
    if (this.error === 'missingParameter' && /^[\w.[\]-]+$/.test(what))
      return language === 'zh' ? `没有填写 ${what}` : `${what} is missing`
    return what && general.has(this.error) ? what : this.messageIn(language)
  }
}

export function wrongMethod(path: string, methods: readonly string[]): ApiError {
  const should = {
    zh: told`${own(path)} 应使用 ${own(methods.join(' 或 '))}`,
    en: told`${own(path)} takes ${own(methods.join(' or '))}`,
  }
  return new ApiError('badParameter', should, { status: 405 })
}

export function streamInPacket(): ApiError {
  return new ApiError('badParameter', {
    zh: '返回的是事件流，不能放在加密报文里',
    en: 'the response is an event stream, which an encrypted packet cannot hold',
  })
}

function textsOf(detail: Words | string, change: (text: string) => string): Words | string {
  return typeof detail === 'string' ? change(detail) : { zh: change(detail.zh), en: change(detail.en) }
}

function textOf(error: ErrorName, detail: Words | string, language: Language): string {
  const what = wordsIn(language, detail)
  return what ? `${codes[error][language]}: ${what}` : codes[error][language]
}
