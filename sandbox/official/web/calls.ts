import { randomBytes } from 'node:crypto'
import { type Call, done, get, type Input, type OpenCallRequest, open } from '../call.ts'
import { OfficialError } from '../error.ts'
import { text } from '../input.ts'
import type { Ticket } from './js-sdk.ts'
import type { Visit } from './oauth.ts'

/** Web authorisation and the tickets of pages (docs/upstream/official-web.md). */
export const webCalls: readonly Call[] = [
  open('GET', '/sns/oauth2/access_token', ask => {
    const appId = text(ask.input, 'appid')
    const secret = text(ask.input, 'secret')
    if (!appId) throw new OfficialError(41002)
    if (!secret) throw new OfficialError(41004)
    const account = ask.platform.byAppId(appId)
    if (!account) throw new OfficialError(40013)
    if (account.profile.secret !== secret) throw new OfficialError(40125)
    if (text(ask.input, 'grant_type') !== 'authorization_code') throw new OfficialError(40002)
    const code = text(ask.input, 'code')
    if (!code) throw new OfficialError(41008)
    return answer(ask, ask.platform.oauth.redeem(code, appId))
  }),
  open('GET', '/sns/oauth2/refresh_token', ask => {
    const appId = text(ask.input, 'appid')
    if (!appId) throw new OfficialError(41002)
    if (!ask.platform.byAppId(appId)) throw new OfficialError(40013)
    const refresh = text(ask.input, 'refresh_token')
    const visit = ask.platform.oauth.refreshed(refresh, appId)
    return { ...answer(ask, visit), refresh_token: refresh }
  }),
  open('GET', '/sns/userinfo', ask => {
    const visit = visitOf(ask)
    if (visit.scope !== 'snsapi_userinfo') throw new OfficialError(48001)
    return {
      openid: visit.openid,
      nickname: visit.nickname ?? '微信用户',
      sex: 0,
      language: '',
      city: '',
      province: '',
      country: '',
      headimgurl: visit.picture ?? `${new URL(ask.platform.url).origin}/avatar/0/100`,
      privilege: [],
      ...(visit.unionid && { unionid: visit.unionid }),
    }
  }),
  open('GET', '/sns/auth', ask => {
    visitOf(ask)
    return done
  }),
  get('/cgi-bin/ticket/getticket', ({ platform, account, input }) => {
    const type = input['type']
    if (type !== 'jsapi' && type !== 'wx_card') throw new OfficialError(40097, 'type')
    const tickets = account.collection<Ticket>('tickets')
    const known = tickets.get(type)
    const now = platform.now()
    const ticket =
      known && known.expiresAt > now
        ? known
        : tickets.set(type, {
            ticket: randomBytes(64).toString('base64url'),
            expiresAt: now + platform.rules.tokenSeconds * 1000,
          })
    return { ...done, ticket: ticket.ticket, expires_in: Math.ceil((ticket.expiresAt - now) / 1000) }
  }),
]

const visitOf = ({ platform, input }: OpenCallRequest): Visit =>
  platform.oauth.check(text(input, 'access_token'), text(input, 'openid'))

function answer({ platform }: OpenCallRequest, visit: Visit): Input {
  const { tokenSeconds } = platform.rules
  const { token, refresh } = platform.oauth.issueTokens(visit, tokenSeconds)
  return {
    access_token: token,
    expires_in: tokenSeconds,
    refresh_token: refresh,
    openid: visit.openid,
    scope: visit.scope,
    ...(visit.snapshot && { is_snapshotuser: 1 }),
    ...(visit.unionid && { unionid: visit.unionid }),
  }
}
