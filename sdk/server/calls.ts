import { attempt } from './attempt.ts'
import { ApiError, NoAnswerError, TimeoutError, UnexpectedAnswerError, WispError } from './errors.ts'
import { DeadTokenError, TooManyRequestsError } from './generated/errors.ts'
import { operations } from './generated/operations.ts'
import type { CallOptions, Input, Operation } from './operation.ts'
import { StaleSessionError } from './packets/packet.ts'
import { createSessions } from './packets/sessions.ts'
import { type ClientOptions, readSettings, type Settings } from './settings.ts'
import { createShared } from './shared.ts'
import { untilAborted, wait } from './waiting.ts'

export type Calls = {
  settings: Settings
  /** Makes a call, again where that is safe and helps. Resolves with its `body`. */
  call(operation: Operation, input: Input | undefined, options: CallOptions | undefined): Promise<unknown>
  token(options?: CallOptions): Promise<string>
  forgetToken(token: string): void
}

const firstDelayMs = 250
const delayAtMostMs = 5000

export function createCalls(options: ClientOptions): Calls {
  const settings = readSettings(options)
  const { devId, devSecret, packets } = options
  const tokens = createShared(async () => {
    const body = await call(operations['token.getDevToken'], { devId, devSecret })
    const { devToken, expiresIn } = body as { devToken: string; expiresIn: number }
    return { value: devToken, seconds: expiresIn }
  })
  const sessions = packets
    ? createSessions(packets === true ? {} : packets, (operation, input) =>
        call(operation, input, { retries: 0 }),
      )
    : undefined

  const signalsOf = ({ signal }: CallOptions) => (signal ? [...settings.signals, signal] : settings.signals)
  const token = (wanted: CallOptions = {}) => untilAborted(signalsOf(wanted), tokens.get())

  async function call(operation: Operation, given: Input = {}, wanted: CallOptions = {}): Promise<unknown> {
    const { key, input } = withKey(operation, given)
    const signals = signalsOf(wanted)
    const retries = wanted.retries ?? settings.retries
    const { language = settings.language, timeoutMs = settings.timeoutMs } = wanted
    const isClear =
      operation.raw !== undefined || operation.isForm || operation.path.startsWith('/api/security/')
    const isSealed = sessions && operation.takesToken && !isClear
    const renewed = new Set<string>()
    for (let failures = 0; ; ) {
      // Asking for a token has retries of its own.
      const token = operation.takesToken ? await untilAborted(signals, tokens.get()) : undefined
      let hasLeft = false
      try {
        const session = isSealed ? await untilAborted(signals, sessions.get()) : undefined
        hasLeft = true
        return await attempt(settings, { operation, input, token, session, language, timeoutMs, signals })
      } catch (error) {
        if (hasLeft && error instanceof WispError) error.idempotencyKey = key
        const kind = staleKindOf(error)
        if (kind && !renewed.has(kind)) {
          renewed.add(kind)
          if (error instanceof StaleSessionError) sessions?.forget(error.session)
          else if (token !== undefined) tokens.forget(token)
          continue
        }
        const isSafe = !hasLeft || operation.repeats !== false || ranNothing(error)
        const delayMs = isSafe ? delayBefore(error, failures, settings) : undefined
        if (failures >= retries || delayMs === undefined) throw error
        failures += 1
        await wait(delayMs, signals)
      }
    }
  }
  return { settings, call, token, forgetToken: tokens.forget }
}

/** What the client has to fetch again, because wisp no longer accepts the one that was sent. */
function staleKindOf(error: unknown): 'token' | 'session' | undefined {
  if (error instanceof DeadTokenError) return 'token'
  return error instanceof StaleSessionError ? 'session' : undefined
}

/** Keeps one key over all attempts. */
function withKey({ repeats }: Operation, given: Input): { key: string | undefined; input: Input } {
  if (typeof repeats === 'boolean') return { key: undefined, input: given }
  const key = String(given[repeats.key] || crypto.randomUUID())
  return { key, input: { ...given, [repeats.key]: key } }
}

const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/** Whether it is certain that the call was not carried out. */
function ranNothing(error: unknown): boolean {
  if (error instanceof TooManyRequestsError) return true
  if (!(error instanceof NoAnswerError)) return false
  const thrown = error.cause as { cause?: { code?: string } } | undefined
  return neverSent.has(thrown?.cause?.code ?? '')
}

/** How long to wait before the call is made again, or undefined for failures that would only come again. */
function delayBefore(error: unknown, failures: number, settings: Settings): number | undefined {
  if (!isPassing(error)) return undefined
  const asked = error instanceof ApiError ? error.retryAfterSeconds : undefined
  if (asked !== undefined) return asked * 1000 <= settings.retryAfterAtMostMs ? asked * 1000 : undefined
  // Clients that failed together must not come again together.
  return Math.min(firstDelayMs * 2 ** failures, delayAtMostMs) * (0.5 + Math.random() / 2)
}

function isPassing(error: unknown): boolean {
  if (error instanceof NoAnswerError || error instanceof TimeoutError) return true
  if (error instanceof UnexpectedAnswerError) return [502, 503, 504].includes(error.status)
  return error instanceof TooManyRequestsError || (error instanceof ApiError && error.status === 503)
}
