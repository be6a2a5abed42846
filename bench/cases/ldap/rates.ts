import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { encode, headerOf, integer, octets, tags } from '../../../server/features/ldap/protocol/ber.ts'
import type { BenchServer } from '../../bed.ts'
import type { Child } from '../../processes.ts'
import { type Figure, median, short } from '../../report.ts'
import type { LdapBed, MemoryUse } from '../../serve.ts'

const connections = 16
const rounds = 3
const openAtOnce = 1000
const handshakesAtOnce = 50
const reads = 100

/** Binds of people, searches by uid, what reads of others feel of them, and what a thousand open connections take in memory. */
export async function measureLdap({ tools, bed, population }: BenchServer): Promise<Figure[]> {
  const ms = tools.options.quick ? 1500 : 5000
  const door = await bed.serve('bench/serve.ts', 'ldap')
  try {
    const ldap = await door.ask<LdapBed>('serveLdap', { corpId: bed.upstreamReady.corpId })
    const bind = () => message(bindOf(ldap.person, ldap.appPassword))
    const search = (n: number) => message(searchOf(ldap.base, ldap.uids[n % ldap.uids.length]!))
    await perSecond(ldap, 500, search)
    const [binds, searches]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      binds.push(await perSecond(ldap, ms, bind))
      searches.push(await perSecond(ldap, ms, search))
    }
    return [
      figureOf('LDAP binds', binds, 500),
      figureOf('LDAP searches by uid', searches, 2000),
      await readsBeside(door, ldap, population.tokens[0]!, () => perSecond(ldap, 2 * ms, search)),
      await memoryOfConnections(door, ldap),
    ]
  } finally {
    await door.stop()
  }
}

function figureOf(name: string, rates: readonly number[], atLeast: number): Figure {
  const measured = median([...rates])
  const detail = `${connections} connections, one request at a time each: ${rates.map(short).join(', ')}`
  return { name, measured, unit: '/s', target: { atLeast }, detail }
}

async function memoryOfConnections(door: Child, ldap: LdapBed): Promise<Figure> {
  const before = await door.ask<MemoryUse>('memory')
  const lines: Line[] = []
  while (lines.length < openAtOnce) {
    const some = Array.from({ length: handshakesAtOnce }, () => boundLine(ldap, true))
    lines.push(...(await Promise.all(some)))
  }
  const after = await door.ask<MemoryUse>('memory')
  for (const one of lines) one.socket.destroy()
  const measured = after.rssMb - before.rssMb
  const detail = `${short(before.rssMb)} MB before, ${short(after.rssMb)} MB with ${openAtOnce} bound connections by LDAPS`
  return { name: 'LDAP connections', measured, unit: 'MB', target: { atMost: 100 }, detail }
}

/** What a developer's reads, one after the other, take longer while programs search as fast as they can. */
async function readsBeside(
  door: Child,
  { uids }: LdapBed,
  devToken: string,
  search: () => Promise<number>,
): Promise<Figure> {
  const address = `${String(door.ready['ready'])}/api/user/get?devToken=${devToken}&userId=`
  const p50 = async () => {
    const times: number[] = []
    for (let n = 0; n < reads; n++) {
      const begun = performance.now()
      const answer = await (await fetch(address + uids[n])).text()
      if (!answer.includes('"retCode":"0"')) throw new Error(answer.slice(0, 200))
      times.push(performance.now() - begun)
    }
    return median(times)
  }
  await p50()
  const alone = await p50()
  const searching = search()
  const beside = await p50()
  const detail = `p50 ${short(alone)} ms alone, ${short(beside)} ms beside ${short(await searching)} searches a second`
  return {
    name: 'reads beside LDAP',
    measured: Math.max(0, beside - alone),
    unit: 'ms',
    target: { atMost: 20 },
    detail,
  }
}

type Line = { socket: Socket; ask(request: Buffer): Promise<void> }

async function boundLine({ port, securePort, bindDn, secret }: LdapBed, isSecure = false): Promise<Line> {
  const line = lineTo(
    isSecure
      ? connectTls({ port: securePort, host: '127.0.0.1', rejectUnauthorized: false })
      : connect(port, '127.0.0.1'),
  )
  await line.ask(message(bindOf(bindDn, secret)))
  return line
}

async function perSecond(ldap: LdapBed, ms: number, request: (n: number) => Buffer): Promise<number> {
  const lines = await Promise.all(Array.from({ length: connections }, () => boundLine(ldap)))
  const until = performance.now() + ms
  let done = 0
  await Promise.all(
    lines.map(async line => {
      while (performance.now() < until) await line.ask(request(done++))
    }),
  )
  for (const one of lines) one.socket.destroy()
  return (done * 1000) / ms
}

/** A connection that waits for the result of each request. Rejects for any but a success. */
function lineTo(socket: Socket): Line {
  socket.setNoDelay(true)
  let rest: Buffer = Buffer.alloc(0)
  let settle: ((code: number) => void) | undefined
  socket.on('data', (data: Buffer) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data])
    for (let header = headerOf(rest); header; header = headerOf(rest)) {
      const end = header.size + header.length
      if (rest.length < end) return
      // Behind the id, which has one byte: entries of a search are no results.
      const operation = rest.subarray(header.size + 3, end)
      rest = rest.subarray(end)
      if (operation[0] !== 0x64) settle?.(operation[headerOf(operation)!.size + 2] ?? -1)
    }
  })
  return {
    socket,
    ask: request =>
      new Promise((resolve, reject) => {
        settle = code => (code === 0 ? resolve() : reject(new Error(`LDAP answered ${code}`)))
        socket.write(request)
      }),
  }
}

const message = (operation: Buffer) => encode(tags.sequence, integer(1), operation)
const bindOf = (dn: string, password: string) => encode(0x60, integer(3), octets(dn), octets(password, 0x80))

function searchOf(base: string, uid: string): Buffer {
  const limits = [integer(2, tags.enumerated), integer(0, tags.enumerated), integer(0), integer(0)]
  const typesOnly = encode(tags.boolean, Buffer.from([0]))
  const attributes = encode(tags.sequence, octets('uid'), octets('cn'), octets('mail'))
  return encode(
    0x63,
    octets(base),
    ...limits,
    typesOnly,
    encode(0xa3, octets('uid'), octets(uid)),
    attributes,
  )
}
