import { createHash, randomBytes } from 'node:crypto'
import { Pool } from 'undici'
import { answerParent } from './processes.ts'

/** Sign-ins of people who need not do anything: authorization, code, tokens, userinfo. */
export type SignInJob = {
  issuer: string
  clientId: string
  clientSecret: string
  redirectUri: string
  /** One for each person. */
  cookies: string[]
  connections: number
  ms: number
}

export type SignInResult = { signIns: number; perSecond: number; p50Ms: number; p99Ms: number; busy: number }

async function run(job: SignInJob): Promise<SignInResult> {
  const pool = new Pool(new URL(job.issuer).origin, { connections: job.connections })
  const times: number[] = []
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  const work = async (worker: number) => {
    for (let n = worker; performance.now() - startedAt < job.ms; n += job.connections) {
      const before = performance.now()
      await signIn(pool, job, job.cookies[n % job.cookies.length] ?? '')
      times.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: job.connections }, (_, worker) => work(worker)))
  const seconds = (performance.now() - startedAt) / 1000
  const used = process.cpuUsage(cpu)
  await pool.close()
  times.sort((one, other) => one - other)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0
  return {
    signIns: times.length,
    perSecond: times.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    busy: (used.user + used.system) / 1e6 / seconds,
  }
}

async function signIn(pool: Pool, job: SignInJob, cookie: string): Promise<void> {
  const { clientId, clientSecret, redirectUri } = job
  const path = new URL(job.issuer).pathname.replace(/\/$/, '')
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
    state: 'x',
    nonce: 'y',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const asked = await pool.request({ method: 'GET', path: `${path}/auth?${query}`, headers: { cookie } })
  await asked.body.dump()
  const location = String(asked.headers['location'] ?? '')
  const code = URL.parse(location)?.searchParams.get('code')
  if (!code) throw new Error(`no code: ${asked.statusCode} ${location}`)
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)
  const redeemed = await pool.request({
    method: 'POST',
    path: `${path}/token`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${basic.toString('base64')}`,
    },
    body: String(
      new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      }),
    ),
  })
  const { access_token } = (await redeemed.body.json()) as { access_token?: string }
  if (!access_token) throw new Error(`no token: ${redeemed.statusCode}`)
  const headers = { authorization: `Bearer ${access_token}` }
  const told = await pool.request({ method: 'GET', path: `${path}/me`, headers })
  const { sub } = (await told.body.json()) as { sub?: string }
  if (!sub) throw new Error(`no person: ${told.statusCode}`)
}

/** Each of these once, several at a time. */
async function each(jobs: readonly SignInJob[]): Promise<void> {
  const [first] = jobs
  if (!first) return
  const pool = new Pool(new URL(first.issuer).origin, { connections: first.connections })
  let begun = 0
  const work = async () => {
    for (let job = jobs[begun++]; job; job = jobs[begun++]) await signIn(pool, job, job.cookies[0] ?? '')
  }
  await Promise.all(Array.from({ length: first.connections }, work))
  await pool.close()
}

/** Signs somebody in to the library alone, whose session is in its own cookies. */
async function plainCookie({ issuer, clientId, redirectUri }: SignInJob): Promise<string> {
  const jar = new Map<string, string>()
  const verifier = randomBytes(32).toString('base64url')
  let url = `${issuer}/auth?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })}`
  for (let hop = 0; hop < 6 && url.startsWith(issuer); hop++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    await answer.body?.cancel()
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s)
      jar.set(name, value)
    }
    url = new URL(answer.headers.get('location') ?? '', url).href
  }
  return [...jar]
    .filter(([name]) => name.startsWith('_session'))
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
}

answerParent(
  { ready: true },
  {
    run: ({ job }: { job: SignInJob }) => run(job),
    each: ({ jobs }: { jobs: SignInJob[] }) => each(jobs),
    plainCookie: ({ job }: { job: SignInJob }) => plainCookie(job),
  },
)
