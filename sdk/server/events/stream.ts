import { bodyOf, unexpected } from '../answer.ts'
import { noAnswer } from '../attempt.ts'
import type { Calls } from '../calls.ts'
import { ApiError, NoAnswerError, TimeoutError, UnexpectedAnswerError, WispError } from '../errors.ts'
import { DeadTokenError, TooManyRequestsError } from '../generated/errors.ts'
import { onAbort, wait } from '../waiting.ts'
import { serverSent } from './server-sent.ts'
import type { WispEvent } from './types.ts'

export type EventsOptions = {
  /** 已处理的最后一个事件的 `id`；不填则从现在起。· `id` of the last event that was processed; default: from now on. */
  after?: string | number | undefined
  /** 事件类型，或其前几段，如 `directory`、`bill.paid`；默认全部。· Event types, or their beginnings up to a dot, such as `directory` or `bill.paid`; default all. */
  types?: readonly string[] | undefined
  /** 结束事件流，抛出 signal 自己的原因。· Ends the stream with the signal's own reason. */
  signal?: AbortSignal | undefined
  /** 多久没有任何数据（包括心跳）就重新连接，毫秒，默认 90000。· Time in ms without any data, heartbeats included, after which it reconnects. Default 90,000. */
  silenceMs?: number | undefined
  /** 重新连接之前调用，参数是原因。· Called with the reason before the stream reconnects. */
  onDisconnect?: ((error: unknown) => void) | undefined
}

/** 事件；`id` 是下次的 `after`。· An event; its `id` is the `after` of the next time. */
export type StreamedEvent = WispEvent & { id: string }

export type Events = AsyncIterable<StreamedEvent> & {
  /** 下次的 `after`；没有所要类型的事件时也会前进。· The `after` of the next time; it also moves on when no event of the wanted types happens. */
  readonly lastId: string
}

const path = '/api/event/stream'
const call = `GET ${path}`
const firstDelayMs = 1000
const delayAtMostMs = 30_000

/**
 * Creates the stream that `Wisp.events` returns. It hands out each event once while it is read, over as many connections as
 * necessary. @throws ApiError where connecting again cannot help.
 */
export function eventStream(calls: Calls, options: EventsOptions = {}): Events {
  const position: Position = {
    id: String(options.after ?? ''),
    delayMs: firstDelayMs,
    failures: 0,
    wasDead: false,
  }
  return {
    get lastId() {
      return position.id
    },
    [Symbol.asyncIterator]: () => follow(calls, options, position),
  }
}

async function* follow(
  calls: Calls,
  { types, signal, silenceMs = 90_000, onDisconnect }: EventsOptions,
  position: Position,
): AsyncGenerator<StreamedEvent, void, undefined> {
  const signals = signal ? [...calls.settings.signals, signal] : calls.settings.signals
  for (;;) {
    try {
      yield* connection(calls, signals, position, { types, silenceMs })
      throw new NoAnswerError('平台结束了连接（the platform ended the connection）')
    } catch (error) {
      for (const one of signals) one.throwIfAborted()
      if (error instanceof DeadTokenError && !position.wasDead) {
        position.wasDead = true
        continue
      }
      if (!isPassing(error)) throw error
      onDisconnect?.(error)
      const backOff = Math.min(position.delayMs * 2 ** position.failures, delayAtMostMs)
      position.failures += 1
      const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0
      await wait(Math.max(asked, backOff * (0.5 + Math.random() / 2)), signals)
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof NoAnswerError || error instanceof TimeoutError) return true
  if (error instanceof UnexpectedAnswerError) return error.status >= 500
  return error instanceof TooManyRequestsError || (error instanceof ApiError && error.status === 503)
}

/** Where the stream is. What failed before is forgotten with the first byte of a connection. */
type Position = { id: string; delayMs: number; failures: number; wasDead: boolean }
type Subscription = { types: readonly string[] | undefined; silenceMs: number }

async function* connection(
  calls: Calls,
  signals: readonly AbortSignal[],
  position: Position,
  { types, silenceMs }: Subscription,
): AsyncGenerator<StreamedEvent, void, undefined> {
  const { settings } = calls
  const controller = new AbortController()
  const stop = onAbort(signals, reason => controller.abort(reason))
  const silent = new TimeoutError('事件流没有动静（the stream is silent）')
  let timer: ReturnType<typeof setTimeout> | undefined
  const wakeAfter = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => controller.abort(silent), ms)
  }
  try {
    wakeAfter(settings.timeoutMs)
    const body = await connect(calls, position.id, types, controller.signal)
    wakeAfter(silenceMs)
    const told = {
      lastId: position.id,
      onId: (id: string) => {
        position.id = id
      },
      onBytes: () => {
        position.failures = 0
        position.wasDead = false
        wakeAfter(silenceMs)
      },
      onRetry: (ms: number) => {
        position.delayMs = ms
      },
    }
    for await (const { id, data } of serverSent(body, told)) {
      // The time that the reader takes is no silence.
      clearTimeout(timer)
      yield { ...JSON.parse(data), id }
      wakeAfter(silenceMs)
    }
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason
    throw error instanceof WispError ? error : noAnswer(settings, error)
  } finally {
    clearTimeout(timer)
    stop()
    controller.abort()
  }
}

async function connect(
  { settings, token, forgetToken }: Calls,
  lastId: string,
  types: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const devToken = await token({ signal })
  const headers: Record<string, string> = {
    accept: 'text/event-stream',
    'accept-language': settings.language,
    authorization: `Bearer ${devToken}`,
  }
  if (lastId) headers['last-event-id'] = lastId
  const query = types?.length ? `?${new URLSearchParams({ types: types.join('|') })}` : ''
  const url = `${settings.url}${path}${query}`
  const response = await settings.fetch(url, { headers, signal, redirect: 'manual' })
  const type = response.headers.get('content-type') ?? ''
  if (response.status === 200 && response.body && type.startsWith('text/event-stream')) return response.body
  const bytes = new Uint8Array(await response.arrayBuffer())
  const answer = { url, status: response.status, headers: response.headers, bytes }
  try {
    bodyOf(call, answer)
  } catch (error) {
    if (error instanceof DeadTokenError) forgetToken(devToken)
    throw error
  }
  throw unexpected(call, answer)
}
