import { type Call, get, type Input, type OpenCallRequest, open } from '../call.ts'
import { type OfficialErrcode, OfficialError } from '../error.ts'
import { text } from '../input.ts'
import { dayLimit } from '../rules/access.ts'
import type { StoredToken } from '../rules/tokens.ts'
import type { Account } from '../state/account.ts'

/** cgi-bin/token and cgi-bin/stable_token (docs/upstream/official-calls.md#tokens). */
export const tokenCalls: readonly Call[] = [
  open('GET', '/cgi-bin/token', ask => {
    const account = accountOf(ask, '/cgi-bin/token')
    return answer(account.tokens.issue(ask.platform.rules), ask)
  }),
  open('POST', '/cgi-bin/stable_token', ask => {
    const account = accountOf(ask, '/cgi-bin/stable_token')
    const force = ask.input['force_refresh'] === true
    return answer(account.tokens.issueStable(ask.platform.rules, force), ask)
  }),
  get('/cgi-bin/get_api_domain_ip', () => ({ ip_list: ['127.0.0.1'] })),
  get('/cgi-bin/getcallbackip', () => ({ ip_list: ['127.0.0.1'] })),
]

const answer = ({ token, expiresAt }: StoredToken, { platform }: OpenCallRequest): Input => ({
  access_token: token,
  expires_in: Math.max(1, Math.floor((expiresAt - platform.now()) / 1000)),
})

function accountOf({ platform, input, ip }: OpenCallRequest, path: string): Account {
  if (text(input, 'grant_type') !== 'client_credential') throw new OfficialError(40002)
  const appId = text(input, 'appid')
  const secret = text(input, 'secret')
  if (!appId) throw new OfficialError(41002)
  if (!secret) throw new OfficialError(41004)
  const account = platform.byAppId(appId)
  if (!account) throw new OfficialError(40013)
  if (account.profile.secret !== secret) throw new OfficialError(40125)
  const { whitelist, tokenRefusal } = account.settings
  if (whitelist && !whitelist.includes(ip))
    throw new OfficialError(40164, `${ip} ipv6 ::ffff:${ip}, not in whitelist`)
  if (tokenRefusal !== null) throw new OfficialError(tokenRefusal as OfficialErrcode)
  account.usage.count(path, dayLimit(path, platform.rules))
  return account
}
