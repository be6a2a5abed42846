import { randomBytes } from 'node:crypto'
import { boolean, ControlError, onlyKeys, optional, string } from '../../http/control-input.ts'
import type { Input } from '../call.ts'
import type { OfficialPlatform } from '../platform.ts'
import { mayCall } from '../rules/access.ts'
import type { Account } from '../state/account.ts'
import type { WebScope } from './oauth.ts'

/** What the address of the authorisation page asks for. */
export interface WebRequest {
  account: Account
  redirectUri: URL
  scope: WebScope
  state: string
}

/** Why WeChat shows an error instead of the page, with its code. */
export class WebRefused extends Error {
  readonly code: number
  readonly statusCode = 400

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** Reads an address of connect/oauth2/authorize; throws WebRefused. */
export function readWebRequest(platform: OfficialPlatform, address: string): WebRequest {
  const query = new URL(address, platform.url).searchParams
  const account = platform.byAppId(query.get('appid') ?? '')
  if (!account) throw new WebRefused(40013, 'appid 参数错误')
  const { profile, settings } = account
  const scope = query.get('scope')
  if (scope !== 'snsapi_base' && scope !== 'snsapi_userinfo')
    throw new WebRefused(10005, 'scope 参数错误或没有 scope 权限')
  if (!mayCall('verifiedService', profile)) throw new WebRefused(10005, 'scope 参数错误或没有 scope 权限')
  if (query.get('response_type') !== 'code') throw new WebRefused(10002, 'response_type 必须是 code')
  const redirect = query.get('redirect_uri') ?? ''
  if (!URL.canParse(redirect) || !/^https?:/.test(redirect))
    throw new WebRefused(10003, 'redirect_uri 参数错误')
  const redirectUri = new URL(redirect)
  if (settings.webDomain && redirectUri.hostname !== settings.webDomain)
    throw new WebRefused(10003, 'redirect_uri 域名与后台配置不一致')
  const state = query.get('state') ?? ''
  if (state.length > platform.rules.stateChars) throw new WebRefused(10002, 'state 太长')
  return { account, redirectUri, scope, state }
}

/**
 * Where the page at `url` would send the browser when this follower chooses; `consent` shows name and picture,
 * `snapshot` opens it as a snapshot page, `refuse` gives no code.
 */
export function chooseWeb(platform: OfficialPlatform, input: Input): { location: string } {
  onlyKeys(input, 'url', 'openid', 'consent', 'snapshot', 'refuse')
  let request: WebRequest
  try {
    request = readWebRequest(platform, string(input['url'], 'url'))
  } catch (error) {
    if (!(error instanceof WebRefused)) throw error
    throw new ControlError(`${error.message}（${error.code}）`)
  }
  const { account, redirectUri, scope, state } = request
  const location = new URL(redirectUri)
  if (!optional(input, 'refuse', boolean))
    location.searchParams.append('code', codeFor(platform, account, scope, input))
  location.searchParams.append('state', state)
  return { location: location.href }
}

function codeFor(platform: OfficialPlatform, account: Account, scope: WebScope, input: Input): string {
  const openid = string(input['openid'], 'openid')
  const follower = account.followers.get(openid)
  if (!follower) throw new ControlError(`there is no follower ${openid}`)
  const { appId } = account.profile
  if (optional(input, 'snapshot', boolean)) {
    const nobody = `o${randomBytes(20).toString('base64url')}`.slice(0, 28)
    return platform.oauth.issueCode({ appId, openid: nobody, scope, snapshot: true })
  }
  const shows = scope === 'snsapi_userinfo' && (optional(input, 'consent', boolean) ?? true)
  return platform.oauth.issueCode({
    appId,
    openid,
    scope,
    snapshot: false,
    ...(scope === 'snsapi_userinfo' && follower.unionid && { unionid: follower.unionid }),
    ...(shows && {
      nickname: follower.nickname,
      picture: `${new URL(platform.url).origin}/avatar/${follower.index + 1}/0`,
    }),
  })
}

/** What the page shows: the account, whether consent is asked for, and followers to choose from. */
export function describeWeb(platform: OfficialPlatform, input: Input): object {
  const { account, scope, redirectUri } = readWebRequest(platform, string(input['url'], 'url'))
  const { originalId, name } = account.profile
  return { originalId, name, scope, host: redirectUri.host }
}
