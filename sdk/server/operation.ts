/** What the SDK knows of a call beside its types. */
export type Operation = {
  method: 'GET' | 'POST'
  path: string
  /** Whether it is called with a devToken. */
  takesToken: boolean
  /**
   * Whether a call of which nobody knows what became may be made again: it only reads, or a repetition ends in the same. A
   * key is filled in by the SDK where the caller gives none.
   */
  repeats: boolean | { key: string }
  /** What a vendor gets instead of the inputs: JSON as a text, a form, or nothing. Such a call is never encrypted. */
  raw?: string | FormData | null
  /** It takes a file: its inputs are the parts of a form, which is never encrypted. */
  isForm?: boolean
  /** How the next page of its list is asked for. */
  pages?: Pages
}

/** By number, with lists shorter than `pageSize` at the end; or by a part of the answer that is an input of the next call. */
export type Pages = { by: 'pageNo'; size: number } | { by: 'cursor'; input: string; output: string }

export type CallOptions = {
  /** Ends the call with the signal's own reason. */
  signal?: AbortSignal | undefined
  /** Of one attempt. */
  timeoutMs?: number | undefined
  /** Of `retMessage`. */
  language?: 'zh' | 'en' | undefined
  /** How often the call is made again at most, where that is safe. */
  retries?: number | undefined
}

export type Input = Readonly<Record<string, unknown>>

/** A file as it was sent. */
export type WispFile = {
  /** Its media type, such as `image/png`. */
  type: string
  data: Uint8Array
}
