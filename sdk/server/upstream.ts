import type { Calls } from './calls.ts'
import type { CallOptions, Input } from './operation.ts'

/** 企业微信或微信的返回，原样。· The response of WeCom or WeChat, unchanged. */
export type UpstreamAnswer = { errcode?: number; errmsg?: string; [field: string]: unknown }

/** `query` 与 `body` 按上游的文档：有 `body` 为 POST（JSON 或表单），没有为 GET。· `query` and `body` as the vendor documents them: with `body` the call is a POST of JSON or of a form, otherwise a GET. */
export type UpstreamRequest = { query?: Readonly<Record<string, string | number>>; body?: object | FormData }

/** 代调用：只有 GET 会自动重试，文件以 `WispFile` 返回。· Calls of vendors that wisp passes on. Only a GET is repeated by itself; files are returned as `WispFile`. */
export type Upstream = {
  /** 代调用企业微信的接口。· Calls WeCom: `POST /cgi-bin/checkin/getcheckindata` is `wecom('checkin/getcheckindata', { agentId, body })`. @throws ApiError 1009, 1010, 1011 */
  wecom<Body = UpstreamAnswer>(
    path: string,
    request: UpstreamRequest & { agentId: string | number },
    options?: CallOptions,
  ): Promise<Body>
  /** 代调用公众号的接口，`account` 为原始 ID。· Calls an official account, whose original id is `account`. @throws ApiError 1009, 1010, 1011 */
  official<Body = UpstreamAnswer>(
    path: string,
    request: UpstreamRequest & { account: string },
    options?: CallOptions,
  ): Promise<Body>
}

export function upstreamCalls(calls: Calls): Upstream {
  const call = (path: string, own: Input, { query = {}, body }: UpstreamRequest, options?: CallOptions) => {
    const whole = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...query, ...own })) whole.set(name, String(value))
    const address = { path: `/api/${path}?${whole}`, takesToken: true }
    if (body === undefined)
      return calls.call({ ...address, method: 'GET', repeats: true, raw: null }, {}, options)
    const raw = body instanceof FormData ? body : JSON.stringify(body)
    return calls.call({ ...address, method: 'POST', repeats: false, raw }, {}, options)
  }
  return {
    wecom: (path, { agentId, ...request }, options) =>
      call(`wecom/${path}`, { agentId }, request, options) as Promise<never>,
    official: (path, { account, ...request }, options) =>
      call(`official/${path}`, { account }, request, options) as Promise<never>,
  }
}
