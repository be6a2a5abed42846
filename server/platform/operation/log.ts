import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'

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

const awayEveryMs = 60_000

/**
 * While the database is away, everything that asks it fails several times a second; one line a minute says it all. The text
 * that `describeError` makes of a DatabaseAway is recognised by its beginning.
 */
function limitAway(): (fields: unknown) => boolean {
  let writtenAt = Number.NEGATIVE_INFINITY
  return fields => {
    const { error } = Object(fields) as { error?: unknown }
    if (typeof error !== 'string' || !error.startsWith('DatabaseAway: ')) return true
    if (performance.now() - writtenAt < awayEveryMs) return false
    writtenAt = performance.now()
    return true
  }
}

/**
 * Writes JSON lines; while the database is away, one line a minute about that. Values under the names above are never written,
 * whether one or two levels deep.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  const mayWrite = limitAway()
  const options: LoggerOptions = {
    level,
    hooks: {
      logMethod(args, write) {
        if (mayWrite(args[0])) write.apply(this, args)
      },
    },
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretNames.flatMap(name => [name, `*.${name}`]), censor: '[secret]' },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** The loggable part of an error: its kind, text and stack, but never the values it carries. */
export function describeError(error: unknown): { error: string; stack?: string } {
  if (!(error instanceof Error)) return { error: String(error) }
  return { error: `${error.name}: ${error.message}`, ...(error.stack ? { stack: error.stack } : {}) }
}
