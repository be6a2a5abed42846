import type { PacketOptions } from './packets/device.ts'

export type ClientOptions = {
  /** wisp 的地址，如 `https://wisp.example.com`。· Address of wisp, such as `https://wisp.example.com`. */
  url: string
  devId: string
  devSecret: string
  /** `retMessage` 的语言，默认 `zh`。· Language of `retMessage`; default `zh`. */
  language?: 'zh' | 'en' | undefined
  /** 每次尝试的时限，毫秒，默认 30000。· Time limit of one attempt in ms; default 30,000. */
  timeoutMs?: number | undefined
  /** 可以安全重试的调用最多重试几次，默认 2。· How often a call is repeated at most, where that is safe; default 2. */
  retries?: number | undefined
  /** `Retry-After` 超过它就不等待，直接抛出错误；毫秒，默认 60000。· Longest `Retry-After` in ms that is waited for; a longer one throws its error. Default 60,000. */
  retryAfterAtMostMs?: number | undefined
  /** 中止这个客户端的一切调用。· Aborts everything that this client does. */
  signal?: AbortSignal | undefined
  /** 加密全部调用；开发者的报文加密须为 `allowed` 或 `required`。· Encrypts all calls; the developer's packet encryption must be `allowed` or `required`. */
  packets?: boolean | PacketOptions | undefined
  /** 代替全局的 `fetch`。· Replaces the global `fetch`. */
  fetch?: typeof fetch | undefined
}

export type Settings = {
  /** Address without a slash at the end. */
  url: string
  language: 'zh' | 'en'
  timeoutMs: number
  retries: number
  retryAfterAtMostMs: number
  signals: readonly AbortSignal[]
  fetch: typeof fetch
}

/** Checks the options and fills in defaults. @throws TypeError if an option is invalid. */
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
