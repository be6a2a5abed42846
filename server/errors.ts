/** The table of the interface document (seed, chapter 6.1) and ours in the same style (spec §2). */
export const codes = {
  badParameter: ['1000', '参数错误'],
  missingParameter: ['1001', '参数为空'],
  unknownDeveloper: ['1002', '无效的应用 ID'],
  wrongSecret: ['1003', '无效的应用秘钥'],
  deadToken: ['1004', 'devToken 已失效'],
  unknownDepartment: ['1005', '无效的部门 id'],
  unknownTag: ['1006', '无效的标签 id'],
  unknownMember: ['1007', '无效的用户 id'],
  messageCentre: ['1008', '消息中心配置错误'],
  forbidden: ['1009', '无权限'],
  tooManyRequests: ['1010', '请求过于频繁'],
  upstream: ['1011', '上游服务不可用'],
  deadTicket: ['1012', 'jessionId 已失效'],
  internal: ['9999', '系统异常'],
} as const

export type ErrorName = keyof typeof codes

/** The one error that a call answers with. `detail` says in Chinese what exactly is wrong and reaches the caller. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string
  readonly error: ErrorName
  /** HTTP status; 200 unless no handler ran or the caller must slow down (spec §2). */
  readonly status: number
  readonly retryAfterSeconds: number | undefined

  constructor(error: ErrorName, detail = '', options: { status?: number; retryAfterSeconds?: number } = {}) {
    const [code, text] = codes[error]
    super(detail ? `${text}: ${detail}` : text)
    this.error = error
    this.code = code
    this.status = options.status ?? (error === 'tooManyRequests' ? 429 : 200)
    this.retryAfterSeconds = options.retryAfterSeconds ?? (error === 'tooManyRequests' ? 60 : undefined)
  }
}
