import type { PageCalls } from '../../../server/features.ts'
import { currentLanguage } from '../language.ts'
import { endView, viewOf } from '../storage/view-as.ts'
import { isAttended } from './attended.ts'

type PathBy<M> = { [P in keyof PageCalls]: PageCalls[P]['method'] extends M ? P : never }[keyof PageCalls]
export type GetPath = PathBy<'GET'>
export type PostPath = PathBy<'POST'>

/** What a call takes: the query of a GET, the body of a POST. */
export type CallInput<P extends keyof PageCalls> = PageCalls[P]['given']
/** The GETs that answer a page of rows. */
export type ListPath = { [P in GetPath]: Answer<P> extends Page<object> ? P : never }[GetPath]
export type Row<P extends ListPath> = Answer<P>['list'][number]
type Page<R> = { list: R[]; total: number }

/** What a call answers, as it arrives: times are text. */
export type Answer<P extends keyof PageCalls> = PageCalls[P]['answer']

/**
 * A refused call of our own server. `message` says why, without the words of a general code; '' when there was no answer. `number`: by
 * which the help desk finds it.
 */
export class CallError extends Error {
  readonly retCode: string
  readonly status: number
  /** '' when the server keeps nothing under one. */
  readonly number: string
  constructor(message: string, retCode: string, status: number, number = '') {
    super(message)
    this.retCode = retCode
    this.status = status
    this.number = number
  }
}

/** Inputs that a call requires must be given; where it requires none, they may be left out. */
export type Arguments<G, Rest extends unknown[]> = object extends G
  ? [given?: G | undefined, ...rest: Rest]
  : [given: G, ...rest: Rest]

type Query = Record<string, string | number | readonly (string | number)[] | undefined>

type Envelope = { retCode: string; retMessage: string; body?: unknown }

/** Called when the session has ended; resolves once there is one again, undefined when nothing would be lost by leaving the page. */
type SignInAgain = (isAct: boolean) => Promise<void> | undefined

let csrf = ''
let corpId = ''
let signInAgain: SignInAgain | undefined

/**
 * Sets what every later call carries; both values come from the session. `corpId` is set only where the
 * person may choose the corp.
 */
export function setCredentials(given: { csrf: string; corpId: string }): void {
  csrf = given.csrf
  corpId = given.corpId
}

/** For pages on which people type: they stay open while somebody signs in again. */
export function onSessionEnded(again: SignInAgain | undefined): void {
  signInAgain = again
}

/**
 * Calls our own server. They resolve with the envelope's `body` and throw CallError. `undefined` and `''` in
 * a query are left out, lists are joined by commas. When nobody is signed in, the call waits for `onSessionEnded`, or the browser goes to
 * /signin and comes back afterwards.
 */
export const api = {
  get<P extends GetPath>(
    path: P,
    ...[query, signal]: Arguments<CallInput<P>, [signal?: AbortSignal]>
  ): Promise<Answer<P>> {
    return request(addressWith(path, query), () => ({ method: 'GET', ...(signal ? { signal } : {}) }))
  },
  post<P extends PostPath>(path: P, ...[body = {}]: Arguments<CallInput<P>, []>): Promise<Answer<P>> {
    return request(path, () => posted(body))
  },
  /** The same for an act that may be the last of a page: it arrives also when the page is left meanwhile. For small bodies. */
  postAsLeaving<P extends PostPath>(
    path: P,
    ...[body = {}]: Arguments<CallInput<P>, []>
  ): Promise<Answer<P>> {
    return request(path, () => ({ ...posted(body), keepalive: true }))
  },
}

function posted(body: object): RequestInit {
  const whole = corpId && !('corpId' in body) ? { ...body, corpId } : body
  const signed = csrf ? { 'x-wisp-csrf': csrf } : {}
  // The browser says itself where the parts of a form begin.
  if (Object.values(whole).some(one => one instanceof Blob))
    return { method: 'POST', headers: signed, body: formOf(whole) }
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signed },
    body: JSON.stringify(whole),
  }
}

function formOf(given: object): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(given))
    form.append(name, value instanceof Blob ? value : String(value))
  return form
}

/** The address of a call, for links and images that the browser loads itself. */
export function addressOf<P extends GetPath>(path: P, ...[query]: Arguments<CallInput<P>, []>): string {
  return addressWith(path, query)
}

function addressWith(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...(corpId ? { corpId } : {}), ...query })) {
    if (value === undefined || value === '') continue
    search.set(name, Array.isArray(value) ? value.join(',') : String(value))
  }
  return search.size > 0 ? `${path}?${search}` : path
}

/** `make` is asked again for another session. */
async function request<T>(address: string, make: () => RequestInit): Promise<T> {
  let response: Response
  const init = make()
  try {
    const headers = {
      ...init.headers,
      'accept-language': currentLanguage(),
      ...(isAttended() ? {} : { 'x-wisp-unattended': '1' }),
      ...(viewOf() ? { 'x-wisp-view-as': viewOf() } : {}),
    }
    response = await fetch(address, { ...init, headers, credentials: 'same-origin' })
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    throw new CallError('', 'network', 0)
  }
  const envelope = (await response.json().catch(() => undefined)) as Envelope | undefined
  // The payer's page is opened by tickets, and says itself what to do without one.
  if (response.status === 401 && !/^\/(signin|pay)(\/|$)/.test(location.pathname)) {
    const again = signInAgain?.(init.method === 'POST')
    if (again) return again.then(() => request(address, make))
    signIn()
    // The browser is leaving this page, so the call never ends and no error is shown.
    return new Promise<T>(() => undefined)
  }
  // The view is over, or its role is gone.
  if (address.startsWith('/web/session') && response.status === 403 && viewOf()) endView()
  if (!envelope) throw new CallError('', 'network', response.status)
  if (envelope.retCode !== '0')
    throw new CallError(withoutCode(envelope), envelope.retCode, response.status, numberOf(response))
  return envelope.body as T
}

/** While it is away for a moment, the server keeps nothing that it refuses. */
function numberOf({ status, headers }: Response): string {
  return status === 503 ? '' : (headers.get('x-request-id') ?? '')
}

/** Codes that stand for many refusals, so that what follows their own words says all. */
const general = new Set(['1000', '1001', '1008', '1009', '1010', '1011', '1013'])

/** `参数错误: 没有企业 x` is for programs; people need only what follows the code's words. */
function withoutCode({ retCode, retMessage }: Envelope): string {
  return general.has(retCode) ? retMessage.replace(/^[^:]{2,60}: (?=.)/, '') : retMessage
}

/** Codes of refusals that the same call meets again: only another input, right or setting changes them. */
const lasting = /^100\d$/

/** Statuses of calls that came too early or took too long. */
const passing = new Set([408, 429])

/** Whether the same call may succeed later: after no answer, a busy or failing server, or an upstream that was away. */
export function canRetry(error: unknown): boolean {
  if (!(error instanceof CallError)) return true
  const { retCode, status } = error
  return !lasting.test(retCode) && (status < 400 || status >= 500 || passing.has(status))
}

/** Goes to the sign-in page, which returns to this address. */
export function signIn(): void {
  const here = location.pathname + location.search
  location.assign(`/signin?to=${encodeURIComponent(here)}`)
}
