import { type Answer, api } from '../../ui/data/api.ts'

type TrialStart = Answer<'/web/sign-in/trial'>

/** A step that did not end as it should. `error` is what the application would be told. */
export class TrialFailed extends Error {
  readonly key: 'stateWrong' | 'nonceWrong' | 'said' | 'refusedBy'
  readonly values: Record<string, string>
  constructor(key: TrialFailed['key'], values: Record<string, string> = {}) {
    super(key)
    this.key = key
    this.values = values
  }
}

/** What an application receives, part by part. */
export type TrialResult = { title: 'idToken' | 'userinfo' | 'tokens' | 'validated'; text: string }[]

/** Why a phone number that is approved for the app is not among what it received. */
export type NoPhone = 'phoneHeldBack' | 'phoneUnknown'
export type Trial = { received: TrialResult; noPhone?: NoPhone | undefined }

type TrialState = { state: string; nonce: string; verifier: string }

const keyOf = (appId: string) => `wisp.trial.${appId}`
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)))

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/**
 * Goes the whole way as an application does. The first call leaves the page for the sign-in and resolves with undefined; the one
 * after the return redeems what came back.
 */
export async function runTrial(appId: string, query: URLSearchParams): Promise<Trial | undefined> {
  const begun = await api.get('/web/sign-in/trial', { appId })
  const isBack = query.has('code') || query.has('error') || query.has('ticket')
  if (!isBack) {
    location.replace(await beginAddress(appId, begun))
    return undefined
  }
  // A code is good once: a reload begins anew.
  history.replaceState(null, '', location.pathname)
  const received = await (begun.kind === 'oidc' ? redeem(appId, begun, query) : validate(begun, query))
  return { received, noPhone: whyNoPhone(begun, received) }
}

function whyNoPhone({ scope, heldBack }: TrialStart, received: TrialResult): NoPhone | undefined {
  if (heldBack.includes('phone')) return 'phoneHeldBack'
  const isAsked = scope.split(' ').includes('phone')
  return isAsked && !received.some(({ text }) => text.includes('phone_number')) ? 'phoneUnknown' : undefined
}

async function beginAddress(
  appId: string,
  { kind, base, clientId, address, scope }: TrialStart,
): Promise<string> {
  if (kind === 'cas') return `${base}/login?${new URLSearchParams({ service: address })}`
  const kept: TrialState = { state: random(), nonce: random(), verifier: random() }
  sessionStorage.setItem(keyOf(appId), JSON.stringify(kept))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(kept.verifier))
  const asked = new URLSearchParams({
    client_id: clientId,
    redirect_uri: address,
    response_type: 'code',
    scope,
    state: kept.state,
    nonce: kept.nonce,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  })
  return `${base}/auth?${asked}`
}

async function redeem(
  appId: string,
  { base, clientId, address }: TrialStart,
  query: URLSearchParams,
): Promise<TrialResult> {
  const kept = JSON.parse(sessionStorage.getItem(keyOf(appId)) ?? '{}') as Partial<TrialState>
  sessionStorage.removeItem(keyOf(appId))
  if (kept.state === undefined || query.get('state') !== kept.state) throw new TrialFailed('stateWrong')
  const error = query.get('error')
  if (error) throw new TrialFailed('refusedBy', { error, text: query.get('error_description') ?? '' })
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: query.get('code') ?? '',
    redirect_uri: address,
    client_id: clientId,
    code_verifier: kept.verifier ?? '',
  })
  const tokens = (await json('stepToken', fetch(`${base}/token`, { method: 'POST', body }))) as {
    access_token: string
    id_token: string
  }
  const claims = JSON.parse(payloadOf(tokens.id_token)) as { nonce?: string }
  if (claims.nonce !== kept.nonce) throw new TrialFailed('nonceWrong')
  const headers = { authorization: `Bearer ${tokens.access_token}` }
  const person = await json('stepUserinfo', fetch(`${base}/me`, { headers }))
  const hidden = { ...tokens, access_token: '…', id_token: '…' }
  const told = (value: unknown) => JSON.stringify(value, null, 2)
  return [
    { title: 'idToken', text: told(claims) },
    { title: 'userinfo', text: told(person) },
    { title: 'tokens', text: told(hidden) },
  ]
}

async function json(step: 'stepToken' | 'stepUserinfo', call: Promise<Response>): Promise<unknown> {
  const answer = await call
  const text = await answer.text()
  if (!answer.ok) throw new TrialFailed('said', { step, status: String(answer.status), text })
  return JSON.parse(text)
}

function payloadOf(token: string): string {
  const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
  return new TextDecoder().decode(Uint8Array.from(atob(part), one => one.charCodeAt(0)))
}

async function validate({ base, address }: TrialStart, query: URLSearchParams): Promise<TrialResult> {
  const asked = new URLSearchParams({ service: address, ticket: query.get('ticket') ?? '' })
  const answer = await fetch(`${base}/p3/serviceValidate?${asked}`)
  const text = await answer.text()
  if (!answer.ok || !text.includes('authenticationSuccess'))
    throw new TrialFailed('said', { step: 'stepValidate', status: String(answer.status), text })
  return [{ title: 'validated', text }]
}
