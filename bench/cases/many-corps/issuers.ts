import pg from 'pg'
import { type Bed, connectCorp, openBed, portOf, type Tools } from '../../bed.ts'
import { cores, memoryOf, startChild } from '../../processes.ts'
import { type Figure, short } from '../../report.ts'
import type { MemoryUse, SignInsBed } from '../../serve.ts'
import type { SignInJob } from '../../sign-in-load.ts'

const usualCorps = 5000
const quickCorps = 1000
/** Of the first corp, so that code and library are loaded before anything is compared. */
const warmUp = 500
const memberIds = 1_000_000
const cookieOf = (n: number) => `of-corp-${n}`

/**
 * What remains in the server's own process when each of many corps has signed somebody in once by OpenID Connect. People and
 * applications are another process.
 */
export async function measureIssuers(tools: Tools): Promise<Figure[]> {
  const corps = tools.options.quick ? quickCorps : usualCorps
  const bed = await openBed(tools, 100)
  const seeded = await seed(bed, corps)
  const server = await bed.serve('bench/serve.ts', 'issuers', ['--expose-gc'])
  const loader = await startChild('bench/sign-in-load.ts', { core: cores.measuring })
  const jobs = (numbers: number[]) => jobsOf(portOf(server), seeded, bed.upstreamReady.corpId, numbers)
  await loader.ask('each', { jobs: jobs(Array.from({ length: warmUp }, () => 0)) })
  const before = await server.ask<MemoryUse>('memory')
  const startedAt = performance.now()
  await loader.ask('each', { jobs: jobs(Array.from({ length: corps }, (_, n) => n + 1)) })
  const seconds = (performance.now() - startedAt) / 1000
  const untouched = memoryOf(server.pid)
  const after = await server.ask<MemoryUse>('memory')
  await loader.stop()
  await server.stop()
  await bed.close()
  const more = (name: keyof MemoryUse) => short(after[name] - before[name])
  return [
    {
      name: `memory of ${corps} corps that signed in once`,
      measured: after.rssMb - before.rssMb,
      unit: 'MB',
      target: { atMost: 150 },
      detail:
        `RSS of the server, from ${short(before.rssMb)} MB, after a collection; heap + ${more('heapMb')} MB, outside of it + ${more('externalMb')} MB; ` +
        `before the collection ${short(untouched.nowMb)} MB, highest ${short(untouched.peakMb)} MB; ${short(corps / seconds)} sign-ins/s`,
    },
  ]
}

/** One corp as administrators set it up, and its copies, each with a person who is signed in. */
async function seed(bed: Bed, corps: number): Promise<SignInsBed> {
  const { corpId } = bed.upstreamReady
  const door = await bed.serve('bench/serve.ts', 'issuers-door')
  await connectCorp(door, bed)
  await door.ask('sync', { corpId })
  const seeded = await door.ask<SignInsBed>('seedSignIns', { corpId })
  // Its keys are made when somebody asks for them; making one takes part of a second, so that the copies have the same.
  const path = new URL(seeded.issuer).pathname
  await fetch(`http://127.0.0.1:${portOf(door)}${path}/jwks`)
  await door.stop()
  const client = new pg.Client(bed.databaseUrl)
  await client.connect()
  try {
    await copyCorps(client, corpId, corps)
  } finally {
    await client.end()
  }
  return seeded
}

/** `changes`: SQL of the columns in which the copy n of a row t differs. */
async function copyCorps(client: pg.Client, corpId: string, corps: number): Promise<void> {
  const copy = (table: string, changes: Record<string, string>, of: string) => {
    const pairs = Object.entries(changes).map(([name, value]) => `'${name}', ${value}`)
    return client.query(
      `insert into ${table} overriding system value select (jsonb_populate_record(t, jsonb_build_object(${pairs.join(', ')}))).*
        from ${table} t, generate_series(1, ${corps}) as n where ${of}`,
    )
  }
  const id = `'wwcopy' || n`
  const mine = `t.corp_id = '${corpId}'`
  const oidcApp = `(select app_id from app_sign_in where corp_id = '${corpId}' and client_id is not null)`
  const somebody = `(select member_id from session where corp_id = '${corpId}' order by member_id limit 1)`
  const memberId = `n::bigint * ${memberIds} + ${somebody}`
  await copy('corp', { corp_id: id }, mine)
  await copy(
    'corp_sign_in',
    { corp_id: id, issuer: `replace(t.issuer, '${corpId}', ${id})`, cas_base: `''` },
    mine,
  )
  await copy('oidc_key', { corp_id: id }, mine)
  await copy('department', { corp_id: id }, mine)
  await copy('directory_feed', { corp_id: id, members: '1', listed: '1' }, mine)
  await copy('member', { corp_id: id, id: memberId }, `${mine} and t.id = ${somebody}`)
  await copy('app', { corp_id: id, id: `t.id || n` }, `t.id = ${oidcApp}`)
  await copy('app_sign_in', { corp_id: id, app_id: `t.app_id || n` }, `t.app_id = ${oidcApp}`)
  const hash = `encode(sha256(convert_to('${cookieOf(0).slice(0, -1)}' || n, 'utf8')), 'hex')`
  await copy(
    'session',
    { id: hash, corp_id: id, member_id: memberId },
    `${mine} and t.member_id = ${somebody}`,
  )
  await client.query('vacuum analyze')
}

/** Corp 0 is the one that the others are copies of. */
function jobsOf(
  port: number,
  { issuer, clientId, clientSecret, redirectUri, cookies }: SignInsBed,
  corpId: string,
  numbers: readonly number[],
): SignInJob[] {
  const path = new URL(issuer).pathname
  return numbers.map(n => ({
    issuer: `http://127.0.0.1:${port}${n === 0 ? path : path.replace(corpId, `wwcopy${n}`)}`,
    clientId,
    clientSecret,
    redirectUri,
    connections: 16,
    ms: 0,
    cookies: [n === 0 ? (cookies[0] ?? '') : `wisp_session=${cookieOf(n)}`],
  }))
}
