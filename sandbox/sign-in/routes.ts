import type { FastifyInstance } from 'fastify'
import { renderSVG } from 'uqr'
import { ControlError, controlBody, onlyKeys, optional, string, whole } from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import { consentFields } from '../oauth.ts'
import { searchSlots } from '../people-search.ts'
import { wireMember } from '../state/wire.ts'
import { choose, judge } from './choose.ts'
import type { QrSignIn } from './qr.ts'
import { readRequest } from './read-request.ts'
import type { SignInRequest } from './request.ts'
import type { SignInWorld } from './world.ts'

/**
 * The calls of the sign-in pages; a script can use them instead of clicking. `url` is the address of the
 * sign-in page to which the application sent its visitor; `qr` is the id of a code on a screen.
 */
export function routeSignIn(control: FastifyInstance, world: SignInWorld): void {
  control.get('/_sandbox/sign-in/people', async request => findPeople(world, request.query as Input))
  control.get('/_sandbox/sign-in/consent', async request => askConsent(world, request.query as Input))
  control.post('/_sandbox/sign-in/choose', async request => {
    const input = controlBody(request.body)
    onlyKeys(input, 'url', 'qr', 'userid', 'fields', 'openId', 'external', 'refuse')
    const { location } = choose(world, requestOf(world, input), input)
    if (input['qr'] === undefined) return { location }
    // The phone stays on its page; the page with the code goes to the address.
    world.qrSignIns.finish(openQr(world, String(input['qr'])), location)
    return { done: true }
  })
  control.post('/_sandbox/sign-in/qr', async request => {
    const input = controlBody(request.body)
    onlyKeys(input, 'url')
    const one = world.qrSignIns.open(readRequest(world, string(input['url'], 'url')))
    return { id: one.id, expiresAt: new Date(one.expiresAt).toISOString(), link: linkOf(world, one) }
  })
  control.get<{ Params: { id: string } }>('/_sandbox/sign-in/qr/:id', async request => {
    const one = knownQr(world, request.params.id)
    return { state: one.state, ...(one.location !== undefined && { location: one.location }) }
  })
  control.post<{ Params: { id: string } }>('/_sandbox/sign-in/qr/:id/scan', async request => {
    world.qrSignIns.scan(openQr(world, request.params.id))
    return {}
  })
  control.get<{ Params: { id: string } }>('/_sandbox/sign-in/qr/:id/picture', (request, reply) =>
    reply
      .type('image/svg+xml')
      .send(renderSVG(linkOf(world, knownQr(world, request.params.id)), { border: 2 })),
  )
}

/** The address in the QR code. */
const linkOf = (world: SignInWorld, { id }: QrSignIn): string => `${world.url}/sign-in/confirm/${id}`

function knownQr(world: SignInWorld, id: string): QrSignIn {
  const one = world.qrSignIns.find(id)
  if (!one) throw new ControlError(`没有二维码 ${id}`)
  return one
}

function openQr(world: SignInWorld, id: string): QrSignIn {
  const one = knownQr(world, id)
  if (one.state === 'expired') throw new ControlError('二维码已失效，请在电脑上刷新')
  if (one.state === 'done') throw new ControlError('这个二维码已经用过')
  return one
}

function requestOf(world: SignInWorld, input: Input): SignInRequest {
  const qr = optional(input, 'qr', string)
  return qr === undefined ? readRequest(world, string(input['url'], 'url')) : openQr(world, qr).request
}

/**
 * The people that the page offers, starting with those who signed in most recently. A person who cannot sign
 * in is listed with the reason.
 */
async function findPeople(world: SignInWorld, input: Input): Promise<object> {
  onlyKeys(input, 'url', 'qr', 'search', 'limit')
  const request = requestOf(world, input)
  const search = optional(input, 'search', string) ?? ''
  const limit = optional(input, 'limit', whole(1, 200)) ?? 30
  const { state, oauth } = world
  const recent = search.trim() === '' ? oauth.recent.filter(slot => state.userids[slot] !== undefined) : []
  const slots = [...new Set([...recent, ...(await searchSlots(state, search, limit))])].slice(0, limit)
  const { agent, kind, scope, redirectUri } = request
  const { hindrance, scope: scopeOf } = judge(world, request)
  return {
    kind,
    scope,
    agent: agent ? { agentId: agent.agentId, name: agent.name } : null,
    host: new URL(redirectUri).host,
    total: state.memberCount,
    people: slots.map(slot => ({
      ...brief(world, slot),
      recent: recent.includes(slot),
      why: hindrance(slot) ?? '',
      asks: scopeOf(slot) === 'snsapi_privateinfo',
    })),
  }
}

function brief({ state }: SignInWorld, slot: number) {
  const { userid, name, main_department: main, hasAvatar, position } = state.member(slot)
  return {
    userid,
    name,
    position,
    department: state.departments.get(main)?.name ?? '',
    avatar: hasAvatar ? `/avatar/${slot}/100` : '',
  }
}

/** The data that this member would share. */
function askConsent(world: SignInWorld, input: Input): object {
  onlyKeys(input, 'userid')
  const userid = string(input['userid'], 'userid')
  const slot = world.state.slotOf(userid)
  if (slot === undefined) throw new ControlError(`企业没有成员 ${userid}`)
  const member = wireMember(world.state, world.state.member(slot), '')
  return { fields: consentFields.map(field => ({ field, value: member[field] })) }
}
