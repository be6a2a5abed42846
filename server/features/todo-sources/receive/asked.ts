import type { IncomingHttpHeaders } from 'node:http'

/** A request as it came to a source's address. */
export type SourceRequest = {
  method: string
  /** What stands behind the source's base, without a slash in front; percent-encoded as it came. */
  path: string
  /** The whole address, as it is entered at the vendor's. */
  url: string
  query: Readonly<Record<string, unknown>>
  headers: IncomingHttpHeaders
  body: Buffer
  address: string
}

/** Of one to-do, and of a call that takes a list of them, in bytes. */
const bodyOfOne = 262_144
const bodyOfMany = 2_000_000
export const bodyAtMost = (takesMany: boolean) => (takesMany ? bodyOfMany : bodyOfOne)

/** What a list holds at most, and of how many elements: a to-do has some twenty fields. */
export const itemsAtMost = 1000
export const elementsOfMany = itemsAtMost * 50

/** `status` is 200 and `type` is JSON unless stated. */
export type SourceReply = { status?: number; type?: string; body: string }

/** Why a request is not even looked at. */
export type SourceRefusal = 'disabled' | 'address' | 'too-large' | 'late' | 'away' | 'failed'

export const refusedStatus: Record<SourceRefusal, number> = {
  disabled: 403,
  address: 403,
  'too-large': 413,
  late: 408,
  away: 503,
  failed: 500,
}

export const refusedWords: Record<SourceRefusal, (asked: SourceRequest) => string> = {
  disabled: () => '待办来源已停用',
  address: ({ address }) => `当前IP（${address}）未授权`,
  'too-large': () => '请求体过大：单条最多 256 KB，批量最多 2 MB',
  late: () => '请求体没有及时发完，请重发',
  away: () => '服务暂时不可用，请稍后重发',
  failed: () => '系统出错，请稍后重发',
}

export const json = (value: unknown, status = 200): SourceReply => ({ status, body: JSON.stringify(value) })
export const xmlType = 'text/xml; charset=utf-8'

/** The path of a call that there is not, without the password that 致远 senders put into one. */
export function strangePath({ method, path }: SourceRequest): string {
  return `${method} ${path.replace(/(\btokens?)\/.*$/i, '$1/…')}`.slice(0, 100)
}
