import type { Words } from '../words.ts'

/** `bad`: something does not work, or money is stuck. `warn`: somebody has to decide, or it works until a day that is known. */
export type Severity = 'bad' | 'warn'

/** Something that needs an administrator. `detail` are the parameters of its words. */
export type Occurrence<D> = {
  /** Null when it concerns the installation rather than one corp. */
  corpId: string | null
  /** Which of several, such as a channel or an agent; absent where there is only one. */
  subject?: string
  detail: D
}

export type CauseText = {
  title: Words
  what: Words
  /** What to change, and where. */
  fix: Words
  /** The page of the console where it is mended. */
  path: string
}

/** `unclear` are corps about which nothing could be found out: their alerts stay as they are. */
export type Occurrences<D> = { found: Occurrence<D>[]; unclear?: ReadonlySet<string | null> }

/**
 * Why somebody may have to be told. `find` looks for all corps at once, with a number of queries that does not grow with
 * theirs, and takes each truth from where the doctor and the overview take it.
 */
export type Cause<C, D> = {
  find(ctx: C): Promise<Occurrences<D>>
  /** `timeZone`: that of the corp that is told; the usual one where it is left out. */
  tell(detail: D, timeZone?: string): CauseText
  /** `bad` where it is left out. A row of `attention` about the same says the same. */
  severityOf?(detail: D): Severity
  /**
   * What many corps may have in common: where it is the same text, it is one trouble of the installation. Undefined for what is the
   * corp's own.
   */
  reasonOf?(detail: D): string | undefined
}

/** Any cause that a context of type C can look for. Only the cause itself reads its details. */
export type AnyCause<C> = {
  find: (ctx: C) => Promise<Occurrences<object>>
  tell(detail: never, timeZone?: string): CauseText
  severityOf?(detail: never): Severity
  reasonOf?(detail: never): string | undefined
  /** True when wisp's own rows do not show it, so that it is looked for once a day instead of every five minutes. */
  isDaily?: true
}
