import type { Calls } from './calls.ts'
import type { CallOptions, Input } from './operation.ts'

/** What a vendor answered, as it came. */
export type UpstreamAnswer = { errcode?: number; errmsg?: string; [field: string]: unknown }

/** `query` and `body` are the vendor's own: a call with a body is a POST of JSON or of a form, one without is a GET. */
export type UpstreamRequest = { query?: Readonly<Record<string, string | number>>; body?: object | FormData }

/** Calls of vendors that the platform passes on (代调用). Only a GET is made again by itself. Files come as `WispFile`. */
export type Upstream = {
  /** `POST /cgi-bin/checkin/getcheckindata` of WeCom is `wecom('checkin/getcheckindata', { agentId, body })`. */
  wecom<Body = UpstreamAnswer>(
    path: string,
    request: UpstreamRequest & { agentId: string | number },
    options?: CallOptions,
  ): Promise<Body>
  /** The same of an official account, by its original id. */
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
