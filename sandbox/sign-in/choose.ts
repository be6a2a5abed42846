import { createHash } from 'node:crypto'
import type { Input } from '../http/input.ts'
import { type ConsentField, consentFields, type Scope } from '../oauth.ts'
import { viewOf } from '../state/view.ts'
import { backTo, SignInRefused, type SignInRequest } from './request.ts'
import type { SignInWorld } from './world.ts'

/**
 * Decides about members for one sign-in. It is created once per request, because computing a visible range
 * can be expensive.
 */
export interface Judge {
  /**
   * The reason why a member cannot sign in: only active members can and, on a desktop, only those who see the
   * application.
   */
  hindrance(slot: number): string | undefined
  /**
   * A member who does not see the application cannot be asked for consent; the code is then one of
   * snsapi_base (docs/upstream/wecom-sign-in.md#oauth-in-the-client).
   */
  scope(slot: number): Scope
}

export function judge({ state }: SignInWorld, { kind, agent, scope }: SignInRequest): Judge {
  const view = viewOf(state, agent)
  return {
    hindrance: slot => {
      const { status } = state.member(slot)
      if (status !== 1) return statusWords[status]
      return kind === 'qr' && !view.seesMember(slot) ? '不在应用的可见范围内' : undefined
    },
    scope: slot => (view.seesMember(slot) ? scope : 'snsapi_base'),
  }
}

const statusWords = { 2: '已禁用', 4: '未激活', 5: '已退出企业' } as const

/**
 * Makes the person's choice on the sign-in page. `userid` signs in, and `fields` are the data that the person
 * consents to share; `openId` or `external: true` is somebody outside the corp; `refuse: true` declines.
 * Returns the address to go back to.
 */
export function choose(world: SignInWorld, request: SignInRequest, input: Input): { location: string } {
  if (input['refuse'] === true) return { location: backTo(request) }
  if (input['external'] === true || input['openId'] !== undefined) {
    if (request.kind === 'qr') throw new SignInRefused('扫码登录只对企业成员开放')
    const openid = String(input['openId'] ?? strangerOf(world.identity.corpId))
    return { location: backTo(request, world.oauth.issueCode({ openid, scope: 'snsapi_base' })) }
  }
  const slot = world.state.slotOf(String(input['userid'] ?? ''))
  if (slot === undefined) throw new SignInRefused(`企业没有成员 ${String(input['userid'] ?? '')}`)
  const { hindrance, scope: scopeOf } = judge(world, request)
  const why = hindrance(slot)
  if (why) throw new SignInRefused(`${world.state.member(slot).name}不能登录：${why}`)
  const scope = scopeOf(slot)
  const consented = scope === 'snsapi_privateinfo' ? readFields(input['fields']) : undefined
  const code = world.oauth.issueCode({ slot, scope, ...(consented && { consented }) })
  world.oauth.remember(slot)
  return { location: backTo(request, code) }
}

/** Without a list the person shares everything. */
function readFields(fields: unknown): readonly ConsentField[] {
  if (!Array.isArray(fields)) return consentFields
  return consentFields.filter(field => fields.includes(field))
}

const strangerOf = (corpId: string): string =>
  `oe${createHash('sha256').update(`${corpId} stranger`).digest('base64url').slice(0, 26)}`
