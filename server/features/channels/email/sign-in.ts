import type { Outbound } from '../../../platform/security/outbound.ts'
import type { SmtpSettings } from './settings.ts'

type Answer = { access_token?: unknown; expires_in?: unknown; error?: unknown; error_description?: unknown }
/** `until`: when another is asked for, in ms since the epoch. */
type Token = { token: string; until: number }

/** Where a server gives tokens and what it said, for a call that it refused. */
export class TokenRefused extends Error {
  readonly code = 'EAUTH'
  readonly responseCode: number

  constructor(status: number, said: string) {
    super(`OAuth2 ${said}`.slice(0, 300))
    // A refusal holds until somebody changes the settings; a server that is out of order does not refuse.
    this.responseCode = status >= 400 && status < 500 && status !== 429 ? 535 : 454
  }
}

const timeoutMs = 10_000
/** A token is asked for again before it ends. */
const earlierMs = 120_000
const usualSeconds = 600
const answerBytes = 64 * 1024
const keptAtMost = 1000

const kept = new WeakMap<Outbound, Map<string, Token>>()

/**
 * The access token with which a corp signs in to its mail server, by the server's own OAuth2: for the application itself (client
 * credentials, as Microsoft 365 does it), or by the refresh token of a mailbox (docs/upstream/mail-programs.md#oauth2). `isNew`: the one
 * before was refused. Throws TokenRefused, OutboundRefused, or what prevented the call.
 */
export async function accessToken(
  outbound: Outbound,
  corpId: string,
  settings: SmtpSettings,
  isNew = false,
): Promise<Token> {
  const { oauthTokenUrl: url = '', oauthClientId: id = '', oauthClientSecret: secret = '' } = settings
  const { oauthScope: scope = '', oauthRefreshToken: refresh = '' } = settings
  const own = kept.get(outbound) ?? new Map<string, Token>()
  kept.set(outbound, own)
  const key = JSON.stringify([corpId, url, id, secret, scope, refresh])
  const known = own.get(key)
  if (known && !isNew && known.until > Date.now()) return known
  const form = new URLSearchParams({
    ...(refresh
      ? { grant_type: 'refresh_token', refresh_token: refresh }
      : { grant_type: 'client_credentials' }),
    client_id: id,
    client_secret: secret,
    ...(scope ? { scope } : {}),
  })
  const errand = {
    asker: { slot: 'servers' as const, of: corpId },
    timeoutMs,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: Buffer.from(form.toString()),
    answerBytes,
  }
  const made = await outbound.post(url, errand, ({ status, body, isInner }) => {
    const given = readJson(body)
    const { access_token: token, expires_in: seconds } = given
    if (status !== 200 || typeof token !== 'string' || token === '') {
      const said = isInner ? 'refused' : [given.error, given.error_description].filter(Boolean).join(': ')
      throw new TokenRefused(status, said || `HTTP ${status}`)
    }
    const lastsMs = (Number(seconds) > 0 ? Number(seconds) : usualSeconds) * 1000
    return { token, until: Date.now() + Math.max(lastsMs - earlierMs, lastsMs / 2) }
  })
  if (own.size >= keptAtMost) own.clear()
  own.set(key, made)
  return made
}

function readJson(body: Buffer): Answer {
  try {
    return Object(JSON.parse(body.toString()))
  } catch {
    return {}
  }
}

/** How a corp signs in to its mailbox, as IMAP clients take it. */
export async function signedIn(
  outbound: Outbound,
  corpId: string,
  settings: SmtpSettings,
): Promise<{ user: string; pass: string } | { user: string; accessToken: string }> {
  const { auth, imapUser: user = '', imapPassword: pass = '' } = settings
  if (auth !== 'oauth2') return { user, pass }
  return { user, accessToken: (await accessToken(outbound, corpId, settings)).token }
}
