import { setTimeout as delay } from 'node:timers/promises'
import { parseForeignJson } from '../../platform/storage/foreign-text.ts'
import { exchange, type UpstreamAnswer } from '../transport/exchange.ts'
import { wasMade } from '../transport/no-answer.ts'
import type { UpstreamPool } from '../transport/pool.ts'
import { request } from '../transport/request.ts'
import { backoffMs } from '../transport/retry.ts'
import type { TokenSource } from '../transport/token-source.ts'
import { OfficialError, OfficialUnavailable } from './errors.ts'
import { isBusy, isDeadToken } from './passing.ts'

export type CallReport = { path: string; errcode: number | 'network'; ms: number }

export type OfficialCallOptions = {
  /** For example `https://api.weixin.qq.com`. */
  baseUrl: string
  appId: string
  /** Needed here only to remove it from error texts. */
  secret: string
  tokens: TokenSource
  pool: UpstreamPool
  /** Per attempt. */
  timeoutMs?: number
  /** How often a call is repeated after -1, 45011 and answers that cannot be used. */
  retries?: number
  onCall?: (call: CallReport) => void
  signal?: AbortSignal
}

type Query = Record<string, string>

export type Upload = { field: string; name: string; type: string; bytes: Buffer; form?: Query }

/**
 * Every call of an account goes through one of these. The answers' shapes are in docs/upstream (official-*.md); an
 * answer without errcode is a success (docs/upstream/official-calls.md#answers).
 * @throws OfficialError when WeChat refuses, OfficialUnavailable when no usable answer comes
 */
export type OfficialClient = {
  get(path: string, query?: Query): Promise<UpstreamAnswer>
  /** Safe to repeat: reads, and writes that set a state. */
  post(path: string, body: unknown, query?: Query): Promise<UpstreamAnswer>
  /** Not safe to repeat: it is tried again only when WeChat has certainly not carried it out. */
  send(path: string, body: unknown, query?: Query): Promise<UpstreamAnswer>
  /**
   * `x-www-form-urlencoded`, which the library of subscription templates wants
   * (docs/upstream/official-templates.md#library-of-notices).
   */
  postForm(path: string, form: [name: string, value: string][]): Promise<UpstreamAnswer>
  upload(path: string, query: Query, file: Upload): Promise<UpstreamAnswer>
  /** A file's bytes, or the JSON that stands in its place. */
  download(path: string, query: Query): Promise<{ type: string; bytes: Buffer } | UpstreamAnswer>
}

const timeoutMsByDefault = 15_000
const fileAtMost = 12 * 1024 * 1024

export function createOfficialClient(options: OfficialCallOptions): OfficialClient {
  const { pool, signal, timeoutMs = timeoutMsByDefault } = options
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const run = createRunner(options, baseUrl)
  const raw = (path: string, query: Query, content: RawContent) =>
    requestRaw({ ...options, baseUrl, timeoutMs }, path, query, content)

  const json = (path: string, isSend: boolean, query: Query, body?: unknown) =>
    run(path, isSend, token =>
      exchange({
        pool,
        baseUrl,
        path,
        query: { access_token: token, ...query },
        body,
        failure: OfficialUnavailable,
        keepsIntegers: true,
        timeoutMs,
        signal,
      }),
    )

  return {
    get: (path, query = {}) => json(path, false, query),
    post: (path, body, query = {}) => json(path, false, query, body),
    send: (path, body, query = {}) => json(path, true, query, body),
    postForm: (path, form) =>
      run(path, true, async token => {
        const headers = { 'content-type': 'application/x-www-form-urlencoded' }
        const body = new URLSearchParams(form).toString()
        return answerIn(path, await raw(path, { access_token: token }, { body, headers }))
      }),
    upload: (path, query, file) =>
      run(path, true, async token => {
        const body = new FormData()
        body.set(file.field, new Blob([new Uint8Array(file.bytes)], { type: file.type }), file.name)
        for (const [name, value] of Object.entries(file.form ?? {})) body.set(name, value)
        return answerIn(path, await raw(path, { access_token: token, ...query }, { body }))
      }),
    download: (path, query) =>
      run(path, false, async token => {
        const got = await raw(path, { access_token: token, ...query }, {})
        // WeChat calls its refusals a picture here and a text there, so the content decides: no file begins like a JSON object.
        const isJson = /^\s*\{/.test(got.bytes.toString('latin1', 0, 64))
        return isJson || /json|text\/plain/.test(got.type) ? answerIn(path, got) : got
      }),
  }
}

type Work<T> = (token: string) => Promise<T>

/** Adds the token to each call, fetches another where WeChat has forgotten it, and repeats what may be repeated. */
function createRunner(options: OfficialCallOptions, baseUrl: string) {
  const { tokens, retries = 3, signal } = options
  const throttle = options.pool.throttle(baseUrl, options.appId)
  return async <T>(path: string, isSend: boolean, work: Work<T>): Promise<T> => {
    let failures = 0
    let dead: string | undefined
    let isRenewed = false
    for (;;) {
      let token = ''
      try {
        return await throttle.run(async () => {
          token = dead === undefined ? await tokens.get() : await tokens.renew(dead)
          dead = undefined
          return attempt(options, path, token, work)
        }, signal)
      } catch (error) {
        if (token && !isRenewed && error instanceof OfficialError && isDeadToken(error.errcode)) {
          isRenewed = true
          dead = token
        } else if (failures < retries && mayRepeat(error, isSend && token !== '')) {
          await delay(backoffMs(failures++), undefined, signal ? { signal } : {})
        } else throw error
      }
    }
  }
}

/** Reports and judges one attempt, whatever kind of request it makes. */
async function attempt<T>(
  { onCall, secret }: OfficialCallOptions,
  path: string,
  token: string,
  work: Work<T>,
): Promise<T> {
  const started = performance.now()
  const report = (errcode: number | 'network') => onCall?.({ path, errcode, ms: performance.now() - started })
  let answer: T
  try {
    answer = await work(token)
  } catch (error) {
    if (wasMade(error)) report('network')
    throw error
  }
  const { errcode = 0, errmsg = '' } = answer as Partial<UpstreamAnswer>
  report(errcode)
  if (errcode !== 0)
    throw new OfficialError(errcode, errmsg, path, [token, secret], answer as Partial<UpstreamAnswer>)
  return answer
}

type RawContent = { body?: string | FormData; headers?: Query }
type RawOptions = Pick<OfficialCallOptions, 'pool' | 'signal'> & { baseUrl: string; timeoutMs: number }

/** A request whose body or answer is no JSON. */
async function requestRaw(
  { pool, signal, baseUrl, timeoutMs }: RawOptions,
  path: string,
  query: Query,
  content: RawContent,
): Promise<{ type: string; bytes: Buffer }> {
  const { origin, pathname } = new URL(baseUrl)
  const { status, headers, body } = await request({
    pool,
    origin,
    target: `${pathname.replace(/\/$/, '')}${path}?${new URLSearchParams(query)}`,
    method: content.body === undefined ? 'GET' : 'POST',
    ...(await encoded(content)),
    path,
    failure: OfficialUnavailable,
    answerAtMost: fileAtMost,
    timeoutMs,
    signal,
  })
  if (status !== 200)
    throw new OfficialUnavailable(path, 'http', `HTTP ${status}`, { status, ambiguous: true })
  return { type: String(headers['content-type'] ?? ''), bytes: body }
}

async function encoded({
  body,
  headers = {},
}: RawContent): Promise<{ body?: string | Buffer; headers: Query }> {
  if (body === undefined) return { headers }
  if (typeof body === 'string') return { body, headers }
  const form = new Response(body)
  const type = form.headers.get('content-type') ?? ''
  return { body: Buffer.from(await form.arrayBuffer()), headers: { ...headers, 'content-type': type } }
}

/** Whether a repetition may help, and cannot carry out twice what must be done once. */
function mayRepeat(error: unknown, isSent: boolean): boolean {
  if (error instanceof OfficialError) return isBusy(error.errcode)
  return error instanceof OfficialUnavailable && !(isSent && error.ambiguous)
}

function answerIn(path: string, { bytes }: { bytes: Buffer }): UpstreamAnswer {
  try {
    const value = parseForeignJson(bytes.toString())
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { errcode: 0, errmsg: '', ...value }
  } catch {
    // Told below, like every other answer that is no JSON object.
  }
  throw new OfficialUnavailable(path, 'json', 'the answer is not a JSON object', { ambiguous: true })
}
