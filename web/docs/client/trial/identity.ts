import { momentIn } from '../../../../server/platform/moments.ts'
import { usualZone } from '../../../../server/platform/time-zone.ts'
import type { Samples } from '../../shared/ask.ts'
import { make } from '../dom.ts'
import { put, say } from '../words.ts'

/** Who calls. Nothing of it is stored anywhere: it lives as long as this document. */
type Identity = {
  devToken: string
  expiresAt: number
  /** Undefined where the console handed over a devToken. */
  secret: { devId: string; devSecret: string } | undefined
  name: string
  devId: string
  scopes: readonly string[]
  /** What its corp has switched on. */
  features: readonly string[]
  samples: Samples
}

let identity: Identity | undefined
const listeners = new Set<() => void>()

export function currentIdentity(): Identity | undefined {
  return identity
}

/** Calls `listener` whenever somebody else calls; the page that is shown replaces it. */
export function onIdentity(listener: () => void): void {
  listeners.clear()
  listeners.add(listener)
}

function set(next: Identity | undefined): void {
  identity = next
  for (const listener of listeners) listener()
}

type Answer<T> = { retCode: string; retMessage: string; body: T }

/** Throws an Error with words for the person. */
async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const headers = { ...init.headers, 'accept-language': document.documentElement.lang }
  const response = await fetch(path, { ...init, headers }).catch(() => undefined)
  if (!response) throw new Error(say().failed)
  const answer = (await response.json().catch(() => undefined)) as Answer<T> | undefined
  if (!answer) throw new Error(say().failed)
  if (answer.retCode !== '0') throw new Error(`${answer.retCode} ${answer.retMessage}`)
  return answer.body
}

async function adopt(devToken: string, expiresIn: number, secret: Identity['secret']): Promise<void> {
  type DeveloperIdentity = {
    devId: string
    name: string
    scopes: string[]
    features: string[]
    samples: Samples
  }
  const self = await ask<DeveloperIdentity>('/api/developer/self', {
    headers: { authorization: `Bearer ${devToken}` },
  })
  set({ devToken, expiresAt: Date.now() + expiresIn * 1000, secret, ...self })
}

async function signIn(devId: string, devSecret: string): Promise<void> {
  // In a body, because addresses are written into the logs of proxies.
  const { devToken, expiresIn } = await ask<{ devToken: string; expiresIn: number }>(
    '/api/token/getDevToken',
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ devId, devSecret }),
    },
  )
  await adopt(devToken, expiresIn, { devId, devSecret })
}

/** Gets another devToken where the secret is known. Resolves with whether it did. */
export async function renew(): Promise<boolean> {
  const secret = identity?.secret
  if (!secret) {
    set(undefined)
    return false
  }
  try {
    await signIn(secret.devId, secret.devSecret)
    return true
  } catch {
    set(undefined)
    return false
  }
}

/**
 * The console opened this window and knows for whom: it is told that the page is there, and answers with a devToken. Neither takes
 * anything from another origin.
 */
export function listenForToken(): void {
  addEventListener('message', event => {
    if (event.origin !== location.origin || event.source !== opener) return
    const { type, devToken, expiresIn } = (event.data ?? {}) as Record<string, unknown>
    if (type !== 'wisp.docs.token' || typeof devToken !== 'string' || typeof expiresIn !== 'number') return
    adopt(devToken, expiresIn, undefined).catch(() => set(undefined))
  })
  ;(opener as Window | null)?.postMessage({ type: 'wisp.docs.ready' }, location.origin)
}

/** Shows who calls, or asks for it. */
export function showIdentity(place: HTMLElement): void {
  place.replaceChildren(...(identity ? known(identity) : unknown()))
}

function known({ name, devId, expiresAt }: Identity): Node[] {
  const w = say()
  const language = document.documentElement.lang === 'en' ? 'en' : 'zh'
  // The site is of the installation, not of a corp.
  const time = momentIn(language, expiresAt, { timeZone: usualZone, now: Date.now(), isWithin: true })
  const forget = make('button', { type: 'button', class: 'plain', click: () => set(undefined) }, w.forget)
  return [
    make('p', {}, make('b', {}, name), ' ', make('code', {}, devId)),
    make('p', { class: 'quiet' }, put(w.until, { t: time }), ' ', forget),
  ]
}

function unknown(): Node[] {
  const w = say()
  const field = (name: string, type: string) =>
    make(
      'label',
      {},
      name,
      make('input', { name, type, required: true, autocomplete: 'off', spellcheck: 'false' }),
    )
  const devId = field('devId', 'text')
  const devSecret = field('devSecret', 'password')
  const problem = make('p', { class: 'problem', role: 'alert' })
  const button = make('button', { type: 'submit' }, w.getToken)
  const form = make('form', { autocomplete: 'off' }, devId, devSecret, button, problem)
  form.addEventListener('submit', event => {
    event.preventDefault()
    button.disabled = true
    problem.textContent = ''
    const [id, secret] = [devId, devSecret].map(one => one.querySelector('input')?.value.trim() ?? '')
    signIn(id ?? '', secret ?? '')
      .catch((error: Error) => {
        problem.textContent = error.message
      })
      .finally(() => {
        button.disabled = false
      })
  })
  return [
    make(
      'details',
      {},
      make('summary', {}, w.whoTitle),
      make('p', { class: 'quiet' }, w.whoNone),
      form,
      make('p', { class: 'quiet' }, w.whoConsole),
    ),
  ]
}
