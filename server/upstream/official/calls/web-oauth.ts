import Type from 'typebox'
import { exchange, type UpstreamAnswer } from '../../transport/exchange.ts'
import { wasMade } from '../../transport/no-answer.ts'
import { checked } from '../checked.ts'
import { OfficialError, OfficialUnavailable } from '../errors.ts'
import type { FetchTokenOptions } from '../token.ts'

// Web authorisation (docs/upstream/official-web.md#web-authorisation).

/** Who opened a page in WeChat. */
export type WebVisitor = {
  openid: string
  unionid: string | null
  /** The page was opened as a snapshot, and the openid belongs to no real person. */
  isSnapshot: boolean
  /** '' without consent; avatar likewise. */
  nickname: string
  avatar: string
}

type Options = Omit<FetchTokenOptions, 'now'>

const optionalText = Type.Optional(Type.String())
const tokenShape = Type.Object({
  access_token: Type.String({ minLength: 1 }),
  openid: Type.String({ minLength: 1 }),
  unionid: optionalText,
  is_snapshotuser: Type.Optional(Type.Integer()),
})
const profileShape = Type.Object({
  nickname: optionalText,
  headimgurl: optionalText,
  unionid: optionalText,
})

/** What WeChat calls everybody who did not consent. */
const nobody = '微信用户'

/** The page where WeChat tells who somebody is. `state` comes back with the code, in at most 128 letters and digits. */
export function authorizeUrl(
  base: string,
  given: { appId: string; redirectUri: string; state: string; withProfile: boolean },
): string {
  const query = new URLSearchParams({
    appid: given.appId,
    redirect_uri: given.redirectUri,
    response_type: 'code',
    scope: given.withProfile ? 'snsapi_userinfo' : 'snsapi_base',
    state: given.state,
  })
  return `${base}/connect/oauth2/authorize?${query}#wechat_redirect`
}

/**
 * Exchanges the code that WeChat gave a page. It is valid once and for five minutes.
 * @throws OfficialError (40029 unknown or too old, 40163 used), OfficialUnavailable
 */
export async function visitorOf(options: Options, code: string, withProfile: boolean): Promise<WebVisitor> {
  const path = '/sns/oauth2/access_token'
  const { appId: appid, secret } = options
  const answer = await ask(options, path, { appid, secret, code, grant_type: 'authorization_code' })
  const { access_token, openid, unionid, is_snapshotuser } = checked(tokenShape, path, answer)
  const visitor = { openid, unionid: unionid || null, isSnapshot: is_snapshotuser === 1 }
  if (!withProfile || visitor.isSnapshot) return { ...visitor, nickname: '', avatar: '' }
  const profilePath = '/sns/userinfo'
  const profile = checked(
    profileShape,
    profilePath,
    await ask(options, profilePath, { access_token, openid, lang: 'zh_CN' }),
  )
  const consented = profile.nickname && profile.nickname !== nobody
  return {
    ...visitor,
    unionid: visitor.unionid ?? (profile.unionid || null),
    nickname: consented ? (profile.nickname ?? '') : '',
    avatar: consented ? (profile.headimgurl ?? '') : '',
  }
}

async function ask(options: Options, path: string, query: Record<string, string>): Promise<UpstreamAnswer> {
  const { pool, baseUrl, onCall, signal, timeoutMs = 15_000 } = options
  const started = performance.now()
  let errcode: number | 'network' = 'network'
  let isMade = true
  try {
    const base = baseUrl.replace(/\/+$/, '')
    const failure = OfficialUnavailable
    const call = { pool, baseUrl: base, path, query, failure, timeoutMs, signal }
    const answer = await exchange(call)
    errcode = answer.errcode
    const secrets = [options.secret, query['code'] ?? '', query['access_token'] ?? '']
    if (errcode !== 0) throw new OfficialError(errcode, answer.errmsg, path, secrets)
    return answer
  } catch (error) {
    isMade = wasMade(error)
    throw error
  } finally {
    if (isMade) onCall?.({ path, errcode, ms: performance.now() - started })
  }
}
