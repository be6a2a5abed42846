import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

const secretNames = [
  'devToken',
  'devSecret',
  'jessionId',
  'password',
  'mobile',
  'content',
  'secret',
  'token',
  'access_token',
  'corpsecret',
  'authorization',
  'encodingAesKey',
  'masterKey',
  'publicKey',
  'proof',
  'cipher',
]

/** Writes JSON lines. Values under the names above are never written, whether one or two levels deep. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretNames.flatMap(name => [name, `*.${name}`]), censor: '[secret]' },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** The loggable part of an error: its kind, text and stack, but never the values it carries. */
export function describeError(error: unknown): { error: string; stack?: string } {
  if (!(error instanceof Error)) return { error: textOf(error) }
  return { error: `${error.name}: ${error.message}`, ...(error.stack ? { stack: error.stack } : {}) }
}

/** pg-boss emits plain objects with a message. */
function textOf(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message
  return typeof message === 'string' ? message : String(error)
}
