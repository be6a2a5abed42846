/** What the SDK has of a call in addition to its types. */
export type Operation = {
  method: 'GET' | 'POST'
  path: string
  /** Whether it is called with a devToken. */
  takesToken: boolean
  /**
   * Whether the SDK may retry after a lost response: true if the call only reads or is idempotent; `{ key }` if it becomes idempotent
   * through that input, which the SDK fills in if the caller gives none.
   */
  repeats: boolean | { key: string }
  /** What a vendor gets instead of the inputs: JSON as a text, a form, or nothing. Such a call is never encrypted. */
  raw?: string | FormData | null
  /** It takes a file: its inputs are the parts of a form, which is never encrypted. */
  isForm?: boolean
  /** How the next page of its list is asked for. */
  pages?: Pages
}

/** Paging by number, where a list shorter than `pageSize` is the last; or by a part of the response that is an input of the next call. */
export type Pages = { by: 'pageNo'; size: number } | { by: 'cursor'; input: string; output: string }

export type CallOptions = {
  /** 中止调用，抛出 signal 自己的原因。· Aborts the call with the signal's own reason. */
  signal?: AbortSignal | undefined
  /** 每次尝试的时限，毫秒。· Time limit of one attempt in ms. */
  timeoutMs?: number | undefined
  /** `retMessage` 的语言。· Language of `retMessage`. */
  language?: 'zh' | 'en' | undefined
  /** 可以安全重试时最多重试几次。· How often the call is repeated at most, where that is safe. */
  retries?: number | undefined
}

export type Input = Readonly<Record<string, unknown>>

/** 接口返回的文件。· A file that a call returned. */
export type WispFile = {
  /** 媒体类型，如 `image/png`。· Media type, such as `image/png`. */
  type: string
  data: Uint8Array
}
