import { text } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import { openidOf } from '../state/openid.ts'
import { wireMember } from '../state/wire.ts'
import { type Call, type CallRequest, ok } from './call.ts'

/**
 * auth/getuserinfo and auth/getuserdetail, and the old spellings under user/
 * (docs/upstream/wecom-sign-in.md#oauth-in-the-client).
 */
export const authCalls: readonly Call[] = [
  {
    method: 'GET',
    path: '/cgi-bin/auth/getuserinfo',
    token: 'agent',
    run: ask => {
      const { userid, ticket, openid } = visitor(ask)
      if (userid === undefined) return { ...ok, openid }
      return { ...ok, userid, ...(ticket !== undefined && { user_ticket: ticket }) }
    },
  },
  {
    method: 'GET',
    path: '/cgi-bin/user/getuserinfo',
    token: 'agent',
    run: ask => {
      const { userid, ticket, openid } = visitor(ask)
      const who = userid === undefined ? { OpenId: openid } : { UserId: userid }
      return {
        ...ok,
        ...who,
        DeviceId: '',
        ...(ticket !== undefined && { user_ticket: ticket, expires_in: 1800 }),
      }
    },
  },
  { method: 'POST', path: '/cgi-bin/auth/getuserdetail', token: 'agent', run: detail },
  { method: 'POST', path: '/cgi-bin/user/getuserdetail', token: 'agent', run: detail },
]

interface Visitor {
  userid?: string
  ticket?: string
  openid?: string
}

/**
 * Who the code was issued for. A user_ticket is added only when a member gave consent and is visible to the
 * application; a member who has left since then is answered like somebody outside the corp.
 */
function visitor({ world, caller, input }: CallRequest): Visitor {
  const code = text(input, 'code', 40029)
  if (!code) throw new WecomError(41008)
  const { slot, openid, scope, consented } = world.oauth.redeem(code)
  const userid = slot === undefined ? undefined : world.state.userids[slot]
  if (slot === undefined || userid === undefined)
    return { openid: openid ?? openidOf(world.identity.corpId, slot ?? 0) }
  if (scope !== 'snsapi_privateinfo' || !caller.view.seesMember(slot)) return { userid }
  return { userid, ticket: world.oauth.issueTicket(slot, consented) }
}

/**
 * The fields that the member consented to. Without consent the gender is "0" (unknown) and every other field
 * is missing.
 */
function detail({ world, input }: CallRequest): Record<string, unknown> {
  const { slot, consented } = world.oauth.consentOf(text(input, 'user_ticket', 84015) ?? '')
  if (world.state.userids[slot] === undefined) throw new WecomError(60111)
  const member = wireMember(world.state, world.state.member(slot), world.url)
  const given = Object.fromEntries(consented.map(field => [field, member[field]]))
  return { ...ok, userid: member.userid, gender: '0', ...given }
}
