import { randomBytes } from 'node:crypto'
import { OfficialError } from '../error.ts'

export type WebScope = 'snsapi_base' | 'snsapi_userinfo'

/** Whom a web authorisation is about (docs/upstream/official-web.md#web-authorisation). */
export interface Visit {
  appId: string
  openid: string
  scope: WebScope
  unionid?: string
  /** What the person agreed to show; without it WeChat shows 微信用户 and a grey picture. */
  nickname?: string
  picture?: string
  /** The page was opened as a snapshot, so the openid belongs to no real person. */
  snapshot: boolean
}

interface Grant {
  visit: Visit
  /** In ms. */
  expiresAt: number
}

const codeLifeMs = 300_000
const refreshLifeMs = 30 * 86_400_000

/** Codes and tokens of web authorisation. They do not outlive the process. */
export class WebOAuth {
  readonly #now: () => number
  readonly #codes = new Map<string, Grant & { used: boolean }>()
  readonly #tokens = new Map<string, Grant>()
  readonly #refresh = new Map<string, Grant>()

  constructor(now: () => number) {
    this.#now = now
  }

  issueCode(visit: Visit): string {
    const code = randomBytes(16).toString('hex')
    this.#codes.set(code, { visit, expiresAt: this.#now() + codeLifeMs, used: false })
    return code
  }

  /** Throws 40029 for an unknown or old code, or one of another account, and 40163 for a used one. */
  redeem(code: string, appId: string): Visit {
    const grant = this.#codes.get(code)
    if (!grant || grant.expiresAt <= this.#now() || grant.visit.appId !== appId)
      throw new OfficialError(40029)
    if (grant.used) throw new OfficialError(40163)
    grant.used = true
    return grant.visit
  }

  /** A new access token, which has nothing to do with those of cgi-bin, and a refresh token. */
  issueTokens(visit: Visit, seconds: number): { token: string; refresh: string } {
    const [token, refresh] = [randomBytes(64).toString('base64url'), randomBytes(64).toString('base64url')]
    this.#tokens.set(token, { visit, expiresAt: this.#now() + seconds * 1000 })
    this.#refresh.set(refresh, { visit, expiresAt: this.#now() + refreshLifeMs })
    return { token, refresh }
  }

  /** Throws 41003, 40030 or 42002. */
  refreshed(refresh: string | undefined, appId: string): Visit {
    if (!refresh) throw new OfficialError(41003)
    const grant = this.#refresh.get(refresh)
    if (!grant || grant.visit.appId !== appId) throw new OfficialError(40030)
    if (grant.expiresAt <= this.#now()) throw new OfficialError(42002)
    return grant.visit
  }

  /** Throws 41001, 40001, 42001, or 40003 when the openid is somebody else's. */
  check(token: string | undefined, openid: string | undefined): Visit {
    if (!token) throw new OfficialError(41001)
    const grant = this.#tokens.get(token)
    if (!grant) throw new OfficialError(40001)
    if (grant.expiresAt <= this.#now()) throw new OfficialError(42001)
    if (grant.visit.openid !== openid) throw new OfficialError(40003)
    return grant.visit
  }
}
