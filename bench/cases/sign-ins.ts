import { type BenchServer, portOf } from '../bed.ts'
import type { LoadResult } from '../load.ts'
import { cores, startChild } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'
import { type Request, writeRequests } from '../requests.ts'
import type { SignInsBed } from '../serve.ts'
import type { SignInJob, SignInResult } from '../sign-in-load.ts'

const connections = 16
const rounds = 3
/** More tickets than can be validated in a round, by its length. */
const ticketsPerSecond = 1500

/** Sign-ins of OpenID Connect beside the library alone with its adapter in memory, and validations of CAS beside the database's own deletions. */
export async function measureSignIns(measured: BenchServer): Promise<Figure[]> {
  const { bed } = measured
  const door = await bed.serve('bench/serve.ts', 'sign-ins')
  const seeded = await door.ask<SignInsBed>('seedSignIns', { corpId: bed.upstreamReady.corpId })
  await door.stop()
  return [await openIdConnect(measured, seeded), await casValidations(measured, seeded)]
}

async function openIdConnect({ tools, server }: BenchServer, seeded: SignInsBed): Promise<Figure> {
  const ms = tools.options.quick ? 1500 : 5000
  const { redirectUri } = seeded
  const plain = await startChild('bench/plain-provider.ts', { core: cores.measured })
  const loader = await startChild('bench/sign-in-load.ts', { core: cores.measuring })
  const { ready, clientId, clientSecret } = plain.ready as Record<string, string>
  const common = { connections, ms, redirectUri }
  const ofPlain = { ...common, issuer: ready!, clientId: clientId!, clientSecret: clientSecret!, cookies: [] }
  // Each is used by one connection alone, because the library overwrites what two sign-ins at once keep in one session.
  const cookies: string[] = []
  for (let n = 0; n < 3 * connections; n++)
    cookies.push(await loader.ask<string>('plainCookie', { job: ofPlain }))
  const path = new URL(seeded.issuer).pathname
  const ofWisp: SignInJob = {
    ...common,
    issuer: `http://127.0.0.1:${portOf(server)}${path}`,
    clientId: seeded.clientId,
    clientSecret: seeded.clientSecret,
    cookies: seeded.cookies,
  }
  const results: { plain: SignInResult; wisp: SignInResult }[] = []
  await loader.ask('run', { job: { ...ofWisp, ms: 500 } })
  for (let round = 0; round < rounds; round++)
    results.push({
      plain: await loader.ask<SignInResult>('run', { job: { ...ofPlain, cookies } }),
      wisp: await loader.ask<SignInResult>('run', { job: ofWisp }),
    })
  await loader.stop()
  await plain.stop()
  const middle = (read: (one: (typeof results)[number]) => number) => short(median(results.map(read)))
  return {
    name: 'sign-ins by OpenID Connect',
    measured: median(results.map(one => one.wisp.perSecond / one.plain.perSecond)),
    unit: '× library alone',
    target: { atLeast: 0.3 },
    detail:
      `${middle(r => r.wisp.perSecond)}/s, p50 ${middle(r => r.wisp.p50Ms)} p99 ${middle(r => r.wisp.p99Ms)} ms; ` +
      `library alone ${middle(r => r.plain.perSecond)}/s, p99 ${middle(r => r.plain.p99Ms)} ms, generator busy ${middle(r => r.wisp.busy)}`,
  }
}

async function casValidations({ tools, bed, server }: BenchServer, seeded: SignInsBed): Promise<Figure> {
  const ms = tools.options.quick ? 1000 : 3000
  const commits = await startChild('bench/commits.ts', { core: cores.measured })
  await commits.ask('open', { url: bed.databaseUrl })
  const results: { deletions: number; validations: LoadResult }[] = []
  for (let round = 0; round < rounds; round++) {
    const tickets = await ticketsOf(portOf(server), seeded, (ticketsPerSecond * ms) / 1000)
    const deletions = await commits.ask<number>('deletions', { ms })
    const { service, casPath } = seeded
    const requests = tickets.map(
      (ticket): Request => ({
        method: 'GET',
        path: `${casPath}/serviceValidate?${new URLSearchParams({ service, ticket })}`,
      }),
    )
    const job = { requests: writeRequests(tools.dir, requests), connections: 16, ms, order: 'once' } as const
    const validations = await tools.load({ ...job, expect: 'status', minBytes: 0, port: portOf(server) })
    if (validations.failures > 0) throw new Error(`validations refused: ${validations.firstFailure}`)
    results.push({ deletions, validations })
  }
  await commits.stop()
  const middle = (read: (one: (typeof results)[number]) => number) => short(median(results.map(read)))
  return {
    name: 'CAS validations',
    measured: median(results.map(one => one.validations.perSecond / one.deletions)),
    unit: '× deletions',
    target: { atLeast: 0.5 },
    detail:
      `validations ${middle(r => r.validations.perSecond)}/s, p50 ${middle(r => r.validations.p50Ms)} ` +
      `p99 ${middle(r => r.validations.p99Ms)} ms, single deletions ${middle(r => r.deletions)}/s`,
  }
}

/** Service tickets, as browsers get them. */
async function ticketsOf(
  port: number,
  { casPath, service, cookies }: SignInsBed,
  count: number,
): Promise<string[]> {
  const tickets: string[] = []
  const url = `http://127.0.0.1:${port}${casPath}/login?${new URLSearchParams({ service })}`
  let begun = 0
  const work = async () => {
    while (begun < count) {
      const cookie = cookies[begun++ % cookies.length] ?? ''
      const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
      await answer.body?.cancel()
      const location = answer.headers.get('location') ?? ''
      const ticket = URL.parse(location)?.searchParams.get('ticket')
      if (!ticket) throw new Error(`no ticket: ${answer.status} ${location}`)
      tickets.push(ticket)
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
  return tickets
}
