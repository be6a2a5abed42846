// OIDC_ISSUER=… OIDC_CLIENT_ID=… OIDC_CLIENT_SECRET=… node oidc-sign-in.ts <port>
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'

const port = Number(process.argv[2])
const issuer = process.env['OIDC_ISSUER'] ?? ''
const clientId = process.env['OIDC_CLIENT_ID'] ?? ''
const clientSecret = process.env['OIDC_CLIENT_SECRET'] ?? ''
// 与控制台登记的重定向地址逐字相同。To the letter what the console has as the redirect URI.
const redirectUri = process.env['OIDC_REDIRECT_URI'] ?? `http://127.0.0.1:${port}/callback`
const isHttps = redirectUri.startsWith('https:')

type PendingSignIn = { state: string; nonce: string; verifier: string; at: number }
type Person = { claims: Record<string, unknown>; idToken: string }

/** 已开始的登录和已登录的人，以 Cookie 里的随机数为键。By the random number in the cookie. */
const begun = new Map<string, PendingSignIn>()
const people = new Map<string, Person>()
const begunAtMost = 1000
const goodForMs = 10 * 60_000

/** 对方的错误，写给人看。What is wrong with a sign-in, for the person. */
class SignInFailed extends Error {}

const random = () => randomBytes(32).toString('base64url')

async function discover(): Promise<Record<string, string>> {
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`)
  const provider = (await answer.json()) as Record<string, string>
  if (provider['issuer'] !== issuer) throw new Error(`issuer: ${provider['issuer']}`)
  return provider
}
let provider: Promise<Record<string, string>> | undefined

async function endpoint(name: string): Promise<string> {
  provider ??= discover().catch(error => {
    provider = undefined
    throw error
  })
  return (await provider)[name] ?? ''
}

async function begin(session: string): Promise<string> {
  const one = { state: random(), nonce: random(), verifier: random(), at: Date.now() }
  // 没有走完的登录不会无限增加。Sign-ins that nobody finished do not pile up.
  if (begun.size >= begunAtMost) begun.delete([...begun.keys()][0] ?? '')
  begun.set(session, one)
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    state: one.state,
    nonce: one.nonce,
    code_challenge: createHash('sha256').update(one.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  return `${await endpoint('authorization_endpoint')}?${query}`
}

async function finish(session: string, query: URLSearchParams): Promise<Person> {
  const one = begun.get(session)
  begun.delete(session)
  if (!one || Date.now() - one.at > goodForMs || query.get('state') !== one.state)
    throw new SignInFailed('登录不是从这个浏览器开始的，或已过期 / not begun in this browser, or too late')
  if (query.get('iss') !== null && query.get('iss') !== issuer) throw new SignInFailed('iss')
  if (query.has('error'))
    throw new SignInFailed(`${query.get('error')} ${query.get('error_description') ?? ''}`)
  const answer = await fetch(await endpoint('token_endpoint'), {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)}`,
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: query.get('code') ?? '',
      redirect_uri: redirectUri,
      code_verifier: one.verifier,
    }),
  })
  const tokens = (await answer.json()) as Record<string, string>
  if (!answer.ok) throw new SignInFailed(`${tokens['error']} ${tokens['error_description'] ?? ''}`)
  const idToken = tokens['id_token'] ?? ''
  return { claims: claimsOf(idToken, one.nonce), idToken }
}

/**
 * 令牌由服务器直接从令牌端点取得，TLS 已证明它来自谁，所以不必再验签（OpenID Connect Core 3.1.3.7）。
 * The token came straight from the token endpoint, so that TLS says whose it is, and no signature need be checked.
 */
function claimsOf(idToken: string, nonce: string): Record<string, unknown> {
  const claims = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >
  const isGood =
    claims['iss'] === issuer && [claims['aud']].flat().includes(clientId) && claims['nonce'] === nonce
  if (!isGood || Number(claims['exp']) * 1000 < Date.now()) throw new SignInFailed('id_token')
  return claims
}

createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const session = /(?:^|; )session=([\w-]{43})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const go = (to: string, cookie?: string) => {
    const set =
      cookie === undefined
        ? {}
        : { 'set-cookie': `session=${cookie}; Path=/; HttpOnly; SameSite=Lax${isHttps ? '; Secure' : ''}` }
    response.writeHead(302, { location: to, 'cache-control': 'no-store', ...set }).end()
  }
  const show = (status: number, text: string) =>
    response
      .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
      .end(`${text}\n`)
  try {
    const person = people.get(session)
    if (url.pathname === '/sign-in') {
      const fresh = random()
      go(await begin(fresh), fresh)
    } else if (url.pathname === '/callback') {
      const found = await finish(session, url.searchParams)
      // 登录后换一个会话号，旧的号码不再有用。Another number after signing in, so that an old one is worth nothing.
      const fresh = random()
      people.set(fresh, found)
      go('/', fresh)
    } else if (url.pathname === '/sign-out') {
      people.delete(session)
      const query = new URLSearchParams({
        client_id: clientId,
        ...(person ? { id_token_hint: person.idToken } : {}),
      })
      go(`${await endpoint('end_session_endpoint')}?${query}`, '')
    } else if (url.pathname !== '/') show(404, '没有这一页 / no such page')
    // sub 是这个人不变的编号，用它做主键。sub is this person's number for good: make it the key.
    else if (person) show(200, `${person.claims['sub']} ${person.claims['name'] ?? ''}`)
    else go('/sign-in')
  } catch (error) {
    const isTheirs = error instanceof SignInFailed
    if (!isTheirs) console.error(error)
    show(
      isTheirs ? 400 : 502,
      isTheirs ? `没有登录 / not signed in: ${error.message}` : '暂时不能登录 / try again later',
    )
  }
}).listen(port, '127.0.0.1')
