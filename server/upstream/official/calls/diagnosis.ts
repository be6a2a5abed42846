import { Type } from 'typebox'
import type { OfficialClient } from '../call.ts'
import { checked } from '../checked.ts'

/** Calls that tell how an account is doing (docs/upstream/official-calls.md#diagnosis). All are reads. */

const quotaShape = Type.Object({
  quota: Type.Object({ daily_limit: Type.Integer(), used: Type.Integer(), remain: Type.Integer() }),
})

/** How often the account may still make a call today, for example `/cgi-bin/message/custom/send`. Throws 76021, 76022. */
export async function quotaOf(
  client: OfficialClient,
  cgiPath: string,
): Promise<{ limit: number; remain: number }> {
  const path = '/cgi-bin/openapi/quota/get'
  const { quota } = checked(quotaShape, path, await client.post(path, { cgi_path: cgiPath }))
  return { limit: quota.daily_limit, remain: quota.remain }
}

const ridShape = Type.Object({
  request: Type.Object({
    invoke_time: Type.Integer(),
    cost_in_ms: Type.Integer(),
    request_url: Type.String(),
    request_body: Type.String(),
    response_body: Type.String(),
    client_ip: Type.String(),
  }),
})

/** A call as WeChat saw it, without tokens and secrets. */
export type RidDetail = {
  at: Date
  ms: number
  url: string
  request: string
  response: string
  fromIp: string
}

/** What WeChat knows of one call, for 7 days. Throws 76001 (unknown), 76002, 76003 (another account's), 76004 (too old). */
export async function ridDetail(client: OfficialClient, rid: string): Promise<RidDetail> {
  const path = '/cgi-bin/openapi/rid/get'
  const { request } = checked(ridShape, path, await client.post(path, { rid }))
  return {
    at: new Date(request.invoke_time * 1000),
    ms: request.cost_in_ms,
    url: hidden(request.request_url),
    request: hidden(request.request_body),
    response: hidden(request.response_body),
    fromIp: request.client_ip,
  }
}

function hidden(text: string): string {
  return text.replace(/\b(access_token|secret|appsecret)(["']?\s*[=:]\s*["']?)[^\s&"',}]+/gi, '$1$2***')
}

const checkShape = Type.Object({
  dns: Type.Optional(Type.Array(Type.Object({ ip: Type.String() }))),
  ping: Type.Optional(Type.Array(Type.Object({ ip: Type.String(), package_loss: Type.String() }))),
})

/** Whether WeChat resolves and reaches the callback URL. Throws 40201 when none is set at WeChat. */
export async function checkCallback(client: OfficialClient): Promise<{ ips: string[]; losses: string[] }> {
  const path = '/cgi-bin/callback/check'
  const body = { action: 'all', check_operator: 'DEFAULT' }
  const { dns = [], ping = [] } = checked(checkShape, path, await client.post(path, body))
  return { ips: dns.map(one => one.ip), losses: ping.map(one => one.package_loss) }
}
