import { type Answer, bodyOf } from './answer.ts'
import { NoAnswerError } from './errors.ts'
import type { Input, Operation } from './operation.ts'
import type { PacketSession } from './packets/packet.ts'
import type { Settings } from './settings.ts'
import { withDeadline } from './waiting.ts'

export type Attempt = {
  operation: Operation
  input: Input
  token: string | undefined
  /** Encrypts the call where it is given. */
  session: PacketSession | undefined
  language: 'zh' | 'en'
  timeoutMs: number
  signals: readonly AbortSignal[]
}

/** Makes the call once. Resolves with the answer's `body`. */
export async function attempt(settings: Settings, wanted: Attempt): Promise<unknown> {
  const { operation, session, timeoutMs, signals } = wanted
  const packet = await session?.seal(operation.path, wanted.input)
  const { url, ...init } = packet
    ? request(
        settings,
        { ...wanted, operation: { ...operation, method: 'POST' } },
        packet.body,
        packet.headers,
      )
    : request(settings, wanted, JSON.stringify(wanted.input), {})
  const answer = await withDeadline(signals, timeoutMs, signal =>
    exchange(settings, url, { ...init, signal }),
  )
  const call = nameOf(operation)
  return packet ? packet.open(call, answer) : bodyOf(call, answer)
}

export function nameOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  return `${method} ${path}`
}

type Init = { method: string; headers: Record<string, string>; body?: string | FormData; redirect: 'manual' }

function request(
  settings: Settings,
  { operation, input, token, language }: Attempt,
  body: string,
  more: Record<string, string>,
): Init & { url: string } {
  const { method, path } = operation
  const headers: Record<string, string> = { ...more, 'accept-language': language }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  // A followed redirect would turn a POST into a GET, and carry the token to wherever it leads.
  const redirect = 'manual'
  if (method === 'GET') return { url: `${settings.url}${path}${queryOf(input)}`, method, headers, redirect }
  const sent = operation.isForm ? formOf(input) : (operation.raw ?? body)
  // The boundary of a form is known to fetch alone.
  if (!(sent instanceof FormData)) headers['content-type'] = 'application/json'
  return { url: `${settings.url}${path}`, method, headers, body: sent, redirect }
}

/** What is undefined is left out; a `File` keeps its name. */
function formOf(input: Input): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(input))
    if (value !== undefined && value !== null)
      form.append(name, value instanceof Blob ? value : String(value))
  return form
}

/** Lists are joined by `|`; what is undefined, null or empty is left out. */
function queryOf(input: Input): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === null || value === '') continue
    query.set(name, Array.isArray(value) ? value.join('|') : String(value))
  }
  const text = query.toString()
  return text && `?${text}`
}

async function exchange(
  settings: Settings,
  url: string,
  init: Init & { signal: AbortSignal },
): Promise<Answer> {
  try {
    const response = await settings.fetch(url, init)
    return {
      url,
      status: response.status,
      headers: response.headers,
      bytes: new Uint8Array(await response.arrayBuffer()),
    }
  } catch (cause) {
    throw noAnswer(settings, cause)
  }
}

export function noAnswer(settings: Settings, cause: unknown): NoAnswerError {
  const inner = (cause as { cause?: unknown }).cause ?? cause
  const what = inner instanceof Error ? inner.message || inner.name : String(inner)
  return new NoAnswerError(`平台没有应答（no answer from ${settings.url}）: ${what}`, { cause })
}
