import { createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { type ListenOptions, newApp, type RunningSample, timeoutMs } from './parts.ts'
import { sendShown } from './sign-in-page.ts'
import { Visits } from './visits.ts'

export interface OidcSampleOptions extends ListenOptions {
  issuer: string
  clientId: string
  clientSecret: string
  /** Separated by blanks; `openid` is among them. */
  scope: string
}

/** A sign-in that has begun in this browser. */
interface PendingSignIn {
  state: string
  nonce: string
  verifier: string
}

interface Visit {
  idToken: string
  claims: JWTPayload
  userinfo: Record<string, unknown>
}

interface Provider {
  authorization_endpoint: string
  token_endpoint: string
  userinfo_endpoint: string
  end_session_endpoint: string
  jwks_uri: string
  issuer: string
}

const name = '示例：OpenID Connect 应用'
const algorithms = ['RS256', 'ES256']

/** What the provider answered is not good. */
class SignInFailed extends Error {}

/** An application that knows OpenID Connect and nothing of wisp: authorization code with PKCE, state and nonce. */
export async function startOidcSample(options: OidcSampleOptions): Promise<RunningSample> {
  const app = newApp()
  let url = ''
  route(app, options, () => url)
  url = await app.listen({ port: options.port, host: options.host })
  return { url, close: () => app.close() }
}

function route(app: FastifyInstance, options: OidcSampleOptions, url: () => string): void {
  const { clientId, onStep, port } = options
  // Browsers give the cookies of one port to all of a host, on which several such applications may run.
  const visits = new Visits<Visit>(`sample_oidc_${port}`)
  const begun = new Visits<PendingSignIn>(`sample_oidc_begun_${port}`)
  const client = new Client(options, () => `${url()}/callback`)
  app.setErrorHandler((error: Error, _request, reply) =>
    sendShown(reply.code(502), {
      name,
      words: `没有登录：${error.message}`,
      buttons: [{ href: '/sign-in', words: '重新登录' }],
    }),
  )
  app.get('/', (request, reply) => {
    const visit = visits.of(request)
    return visit ? shown(reply, visit) : nobody(reply)
  })
  app.get('/sign-in', async (_request, reply) => {
    const one = { state: random(), nonce: random(), verifier: random() }
    begun.begin(reply, one)
    return reply.redirect(await client.authorization(one))
  })
  app.get('/callback', async (request: FastifyRequest, reply) => {
    const started = begun.end(request)
    const query = request.query as Record<string, string | undefined>
    if (!started || query['state'] !== started.state)
      throw new SignInFailed('state 不符，不是这个浏览器发起的')
    if (query['error']) throw new SignInFailed(`${query['error']} ${query['error_description'] ?? ''}`)
    const visit = await client.redeem(query['code'] ?? '', query['iss'], started)
    visits.begin(reply, visit)
    onStep('oidc')
    return reply.redirect('/')
  })
  app.get('/sign-out', async (request, reply) => {
    const visit = visits.end(request)
    if (visit) onStep('oidc-out')
    const { end_session_endpoint: address } = await client.provider()
    const query = new URLSearchParams({ client_id: clientId, post_logout_redirect_uri: `${url()}/` })
    if (visit) query.set('id_token_hint', visit.idToken)
    return reply.redirect(`${address}?${query}`)
  })
  app.post('/logout', async (request, reply) => {
    const { logout_token: token = '' } = (request.body ?? {}) as Record<string, string | undefined>
    const { sid, sub } = await client.readLogout(token)
    const isMeant = ({ claims }: Visit) => (sid === undefined ? claims.sub === sub : claims['sid'] === sid)
    if (visits.endAll(isMeant) > 0) onStep('oidc-out')
    return reply.header('cache-control', 'no-store').code(200).send()
  })
}

const random = () => randomBytes(32).toString('base64url')

/** The protocol, as the specifications have it. */
class Client {
  readonly #options: OidcSampleOptions
  readonly #redirectUri: () => string
  #provider: Promise<Provider> | undefined
  #keys: ReturnType<typeof createRemoteJWKSet> | undefined

  constructor(options: OidcSampleOptions, redirectUri: () => string) {
    this.#options = options
    this.#redirectUri = redirectUri
  }

  provider(): Promise<Provider> {
    this.#provider ??= this.#discover().catch(error => {
      this.#provider = undefined
      throw error
    })
    return this.#provider
  }

  async authorization({ state, nonce, verifier }: PendingSignIn): Promise<string> {
    const { authorization_endpoint: address } = await this.provider()
    const { clientId, scope } = this.#options
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: this.#redirectUri(),
      scope,
      state,
      nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    return `${address}?${query}`
  }

  async redeem(code: string, iss: string | undefined, { nonce, verifier }: PendingSignIn): Promise<Visit> {
    const { issuer, token_endpoint: address, userinfo_endpoint: userinfoAddress } = await this.provider()
    if (iss !== undefined && iss !== issuer) throw new SignInFailed(`应答来自 ${iss}`)
    const tokens = await this.#json(address, {
      method: 'POST',
      headers: { authorization: this.#basic() },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: this.#redirectUri(),
        code_verifier: verifier,
      }),
    })
    const idToken = String(tokens['id_token'])
    const claims = await this.#verify(idToken, {})
    if (claims['nonce'] !== nonce) throw new SignInFailed('nonce 不符')
    const authorization = `Bearer ${String(tokens['access_token'])}`
    const userinfo = await this.#json(userinfoAddress, { headers: { authorization } })
    if (userinfo['sub'] !== claims.sub) throw new SignInFailed('userinfo 是另一个人的')
    return { idToken, claims, userinfo }
  }

  async readLogout(token: string): Promise<{ sid: unknown; sub: string | undefined }> {
    const claims = await this.#verify(token, { typ: 'logout+jwt' })
    const events = (claims['events'] ?? {}) as Record<string, unknown>
    if (!('http://schemas.openid.net/event/backchannel-logout' in events) || 'nonce' in claims)
      throw new SignInFailed('不是退出通知')
    return { sid: claims['sid'], sub: claims.sub }
  }

  async #verify(token: string, more: { typ?: string }): Promise<JWTPayload> {
    const { issuer, jwks_uri: address } = await this.provider()
    this.#keys ??= createRemoteJWKSet(new URL(address))
    const expected = { issuer, audience: this.#options.clientId, algorithms, ...more }
    return (await jwtVerify(token, this.#keys, expected)).payload
  }

  async #discover(): Promise<Provider> {
    const { issuer } = this.#options
    const found = (await this.#json(`${issuer}/.well-known/openid-configuration`)) as unknown as Provider
    if (found.issuer !== issuer) throw new SignInFailed(`${issuer} 自称 ${found.issuer}`)
    return found
  }

  /** RFC 6749 has both encoded as forms are. */
  #basic(): string {
    const { clientId, clientSecret } = this.#options
    const pair = [clientId, clientSecret].map(one => encodeURIComponent(one)).join(':')
    return `Basic ${Buffer.from(pair).toString('base64')}`
  }

  async #json(address: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
    const response = await fetch(address, { ...init, signal: AbortSignal.timeout(timeoutMs) })
    const answer = (await response.json()) as Record<string, unknown>
    if (response.ok) return answer
    throw new SignInFailed(
      `${String(answer['error'] ?? response.status)} ${String(answer['error_description'] ?? '')}`,
    )
  }
}

function shown(reply: FastifyReply, { claims, userinfo }: Visit): FastifyReply {
  return sendShown(reply, {
    name,
    words: '已登录。这是 id_token 和 userinfo 里的全部内容：',
    facts: Object.entries({ ...claims, ...userinfo }).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
    buttons: [{ href: '/sign-out', words: '退出登录' }],
  })
}

function nobody(reply: FastifyReply): FastifyReply {
  return sendShown(reply, {
    name,
    words: '按 OpenID Connect 写的应用，不认识 wisp。还没有人在这里登录。',
    buttons: [{ href: '/sign-in', words: '登录' }],
  })
}
