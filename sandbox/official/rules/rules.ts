/**
 * WeChat's limits, and how it behaves where sources are silent or disagree (marked [L] or [M] in upstream.md
 * §7 and upstream-2.md §13–16). All can be set by `POST /_sandbox/official/rules`.
 */
export const defaultRules = {
  /** Life of an access token, and of a JS ticket. */
  tokenSeconds: 7200,
  /** How long the old token still works after cgi-bin/token gave a new one; also the last part of a stable token's life. */
  tokenOverlapSeconds: 300,
  stableForcePerDay: 20,
  stableForceGapSeconds: 30,

  pushTimeoutMs: 5000,
  pushAttempts: 3,
  /** Before the second and each later attempt. */
  pushRetryDelayMs: 0,
  passiveTextBytes: 2048,
  /** A passive reply with more articles is refused; only the first `passiveArticlesShown` are shown. */
  passiveArticles: 8,
  passiveArticlesShown: 1,

  customWindows: {
    message: { count: 5, seconds: 48 * 3600 },
    menu: { count: 3, seconds: 60 },
    subscribe: { count: 3, seconds: 60 },
    scan: { count: 3, seconds: 60 },
  },

  /** Calls a day by path, instead of the table in access.ts. */
  dayLimits: {} as Record<string, number>,
}

export type Rules = typeof defaultRules
