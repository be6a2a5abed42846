import { type Call, type CallRequest, done, type Input, type OpenCallRequest, open, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { text } from '../input.ts'
import { access, dayLimit } from '../rules/access.ts'
import { monthInChina } from '../rules/days.ts'
import type { Account } from '../state/account.ts'

/** Quotas and diagnosis (docs/upstream/official-calls.md#diagnosis). */
export const openapiCalls: readonly Call[] = [
  post('/cgi-bin/openapi/quota/get', ask => {
    const path = pathOf(ask.input)
    const used = ask.account.usage.used(path)
    const limit = dayLimit(path, ask.platform.rules) ?? 0
    return {
      ...done,
      quota: { daily_limit: limit, used, remain: Math.max(0, limit - used) },
      rate_limit: { call_count: ask.platform.rules.callsPerMinuteTold, refresh_second: 60 },
      component_rate_limit: { call_count: 0, refresh_second: 60 },
    }
  }),
  post('/cgi-bin/openapi/quota/clear', ask => {
    const path = pathOf(ask.input)
    countClear(ask, ask.account, 'path', ask.platform.rules.clearPathPerMonth)
    ask.account.usage.clear(path)
    return done
  }),
  post('/cgi-bin/clear_quota', ask => {
    if (text(ask.input, 'appid') !== ask.account.profile.appId) throw new OfficialError(40013)
    return clear(ask, ask.account)
  }),
  open('POST', '/cgi-bin/clear_quota/v2', ask => {
    const account = ask.platform.byAppId(text(ask.input, 'appid') ?? '')
    if (!account) throw new OfficialError(40013)
    if (account.profile.secret !== text(ask.input, 'appsecret')) throw new OfficialError(40125)
    return clear(ask, account)
  }),
  post('/cgi-bin/openapi/rid/get', ({ platform, account, input }) => {
    const rid = text(input, 'rid') ?? ''
    if (!/^[0-9a-f]{8}(-[0-9a-f]{8}){2}$/.test(rid)) throw new OfficialError(76002)
    const request = account.rids.get(rid)
    if (request) return { ...done, request }
    const others = platform.accounts.some(other => other.rids.get(rid))
    throw new OfficialError(others ? 76003 : 76001)
  }),
  post('/cgi-bin/callback/check', ({ account, input }) => {
    const action = text(input, 'action')
    const operator = text(input, 'check_operator') ?? ''
    if (action !== 'dns' && action !== 'ping' && action !== 'all') throw new OfficialError(40097, 'action')
    if (!['CHINANET', 'UNICOM', 'CAP', 'DEFAULT'].includes(operator))
      throw new OfficialError(40097, 'check_operator')
    const { server } = account.settings
    if (!server) throw new OfficialError(40201)
    const ip = new URL(server.url).hostname
    return {
      ...(action !== 'ping' && { dns: [{ ip, real_operator: operator }] }),
      ...(action !== 'dns' && {
        ping: [{ ip, from_operator: operator, package_loss: '0%', time: '23.079ms' }],
      }),
    }
  }),
]

/** A path that a quota can be asked for: 76003 without a slash, 76022 for web authorisation, 76021 for others. */
function pathOf(input: Input): string {
  const path = text(input, 'cgi_path') ?? ''
  if (!path.startsWith('/')) throw new OfficialError(76003)
  if (path.startsWith('/sns/')) throw new OfficialError(76022)
  if (!access[path] || path.includes(':')) throw new OfficialError(76021)
  return path
}

function clear(ask: CallRequest | OpenCallRequest, account: Account): Input {
  countClear(ask, account, 'all', ask.platform.rules.clearPerMonth)
  account.usage.clear()
  return done
}

function countClear({ platform }: OpenCallRequest, account: Account, what: string, most: number): void {
  const used = account.next(`clear ${what} ${monthInChina(platform.now())}`)
  if (used > most) throw new OfficialError(48006)
}
