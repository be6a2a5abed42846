import type { PacketOptions } from './packets/device.ts'

export type ClientOptions = {
  /** The platform's address, such as `https://wisp.example.com`. */
  url: string
  devId: string
  devSecret: string
  /** Of `retMessage`; `zh` by default. */
  language?: 'zh' | 'en' | undefined
  /** Of one attempt; 30,000 by default. */
  timeoutMs?: number | undefined
  /** How often a call is made again at most, where that is safe; 2 by default. */
  retries?: number | undefined
  /** A longer `Retry-After` is not waited for, and its error is thrown; 60,000 by default. */
  retryAfterAtMostMs?: number | undefined
  /** Ends everything that this client does. */
  signal?: AbortSignal | undefined
  /** Encrypts all calls, for developers whose setting of packet encryption is `allowed` or `required`. */
  packets?: boolean | PacketOptions | undefined
  /** In the place of the global `fetch`. */
  fetch?: typeof fetch | undefined
}

export type Settings = {
  /** Without a slash at the end. */
  url: string
  language: 'zh' | 'en'
  timeoutMs: number
  retries: number
  retryAfterAtMostMs: number
  signals: readonly AbortSignal[]
  fetch: typeof fetch
}

/** Throws TypeError for options that cannot work. */
export function readSettings(options: ClientOptions): Settings {
  for (const name of ['url', 'devId', 'devSecret'] as const) {
    if (typeof options[name] !== 'string' || options[name] === '')
      throw new TypeError(`缺少 ${name}（${name} is missing）`)
  }
  if (!/^https?:$/.test(URL.canParse(options.url) ? new URL(options.url).protocol : ''))
    throw new TypeError(`url 应为 http 或 https 地址（url should be http or https）: ${options.url}`)
  return {
    url: options.url.replace(/\/+$/, ''),
    language: options.language ?? 'zh',
    timeoutMs: options.timeoutMs ?? 30_000,
    retries: options.retries ?? 2,
    retryAfterAtMostMs: options.retryAfterAtMostMs ?? 60_000,
    signals: options.signal ? [options.signal] : [],
    fetch: options.fetch ?? ((...given) => fetch(...given)),
  }
}
