import { createHash } from 'node:crypto'
import type { Input } from '../http/input.ts'
import { type ConsentField, consentFields, type Scope } from '../oauth.ts'
import { viewOf } from '../state/view.ts'
import type { World } from '../state/world.ts'
import { backTo, SignInRefused, type SignInRequest } from './request.ts'

/** How the sign-in page sees members; made once per request, for a range can be large. */
export interface Judge {
  /** Why a member is not let in: only active ones are, and on a desktop only those the application is visible to. */
  hindrance(slot: number): string | undefined
  /** Without sight of the member, consent cannot be asked for and the code is a plain one (upstream.md §6.1). */
  scope(slot: number): Scope
}

export function judge({ state }: World, { kind, agent, scope }: SignInRequest): Judge {
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
 * Answers for the person before the page: `userid` signs in, with `fields` as what they consented to give; `openId` or
 * `external: true` is somebody outside the corp; `refuse: true`. Answers the address to go back to.
 */
export function choose(world: World, request: SignInRequest, input: Input): { location: string } {
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

/** Without a list the person gives everything. */
function readFields(fields: unknown): readonly ConsentField[] {
  if (!Array.isArray(fields)) return consentFields
  return consentFields.filter(field => fields.includes(field))
}

const strangerOf = (corpId: string): string =>
  `oe${createHash('sha256').update(`${corpId} stranger`).digest('base64url').slice(0, 26)}`
