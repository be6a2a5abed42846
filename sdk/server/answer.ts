import { ApiError, type Failure, UnexpectedAnswerError } from './errors.ts'
import { errorClasses } from './generated/errors.ts'
import type { WispFile } from './operation.ts'

/** An answer of which everything has been read. */
export type Answer = { url: string; status: number; headers: Headers; bytes: Uint8Array }

export type Envelope = { retCode: string; retMessage: string; body?: unknown }

/** The envelope of an answer, or undefined for what is none. */
export function readEnvelope(bytes: Uint8Array): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    const isEnvelope = typeof value === 'object' && value !== null && 'retCode' in value
    return isEnvelope && typeof value.retCode === 'string' ? (value as Envelope) : undefined
  } catch {
    return undefined
  }
}

/** What the call answered. Throws the class of its code, or UnexpectedAnswerError. */
export function bodyOf(call: string, answer: Answer): unknown {
  const type = answer.headers.get('content-type') ?? ''
  const isSaved = answer.headers.get('content-disposition')?.startsWith('attachment') === true
  if (answer.status === 200 && (isSaved || !/^(application\/json|text\/)/.test(type)))
    return { type, data: answer.bytes } satisfies WispFile
  const envelope = readEnvelope(answer.bytes)
  if (!envelope) throw unexpected(call, answer)
  return openEnvelope(call, answer, envelope)
}

export function openEnvelope(call: string, { url, status, headers }: Answer, envelope: Envelope): unknown {
  const { retCode: code, retMessage, body } = envelope
  // Some developers get bare arrays for the lists of sections 4.5 to 4.8.
  if (code === '0') return Array.isArray(body) ? { list: body } : body
  const failure: Failure = {
    code,
    retMessage,
    call,
    status,
    requestId: headers.get('x-request-id') ?? '',
    helpUrl: helpOf(headers.get('link'), url),
    retryAfterSeconds: retryAfterOf(headers.get('retry-after')),
  }
  const Class = errorClasses[code as keyof typeof errorClasses] ?? ApiError
  throw new Class(failure)
}

export function unexpected(call: string, { status, headers, bytes }: Answer): UnexpectedAnswerError {
  const target = headers.get('location')
  const what = target
    ? `被重定向到 ${target}，请以它作为 url（redirected to ${target}: use that as url）`
    : new TextDecoder().decode(bytes.subarray(0, 200))
  return new UnexpectedAnswerError(
    `不是平台的应答，请检查 url 与代理（not an answer of wisp: check url and proxies）: ${call}, HTTP ${status}, ${what}`,
    status,
  )
}

function helpOf(link: string | null, base: string): string {
  const help = link?.split(/,(?=\s*<)/).find(one => /;\s*rel="?help"?/i.test(one))
  const target = /<([^>]*)>/.exec(help ?? '')?.[1]
  return target && URL.canParse(target, base) ? new URL(target, base).href : ''
}

function retryAfterOf(header: string | null): number | undefined {
  if (!header) return undefined
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}
