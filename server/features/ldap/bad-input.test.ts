import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { seed, soak } from '../../../test/soak.ts'
import { until } from '../../../test/until.ts'
import {
  addLdapClient,
  asClient,
  type MadeClient,
  passwordOf,
  proxyHeader,
  rawLine,
  serveLdap,
} from './ldap-server.fixture.ts'
import { Frames } from './listen/frames.ts'
import { readProxyHeader } from './listen/proxy-header.ts'
import type { LdapServer } from './listen/server.ts'
import { BerError, encode, integer, octets, tags } from './protocol/ber.ts'
import { parseDn } from './protocol/dn.ts'
import { LdapRefusal } from './protocol/refusal.ts'
import { readMessage } from './protocol/requests.ts'

let world: World
let server: LdapServer
let gitlab: MadeClient
let password: string
beforeAll(async () => {
  world = await startWorld({ members: 30, env: { WISP_LDAP_PLAIN: '127.0.0.1' } })
  gitlab = await addLdapClient(world, 'gitlab')
  password = await passwordOf(world, 'zhangsan', gitlab.appId)
  server = await serveLdap(world, { stepMs: 300, idleMs: 300, connectionsAtMost: 100, connectionsEach: 20 })
})
afterAll(async () => {
  server?.stop()
  await world?.close()
})

const message = (...parts: Buffer[]) => encode(tags.sequence, integer(1), ...parts)
const bindOf = (dn: string, given: string, version = 3) =>
  message(encode(0x60, integer(version), octets(dn), octets(given, 0x80)))
const filterOf = (name: string, value: string) => encode(0xa3, octets(name), octets(value))
const searchOf = (base: string, filter: Buffer, ...after: Buffer[]) =>
  message(
    encode(
      0x63,
      octets(base),
      integer(2, tags.enumerated),
      integer(0, tags.enumerated),
      integer(0),
      integer(0),
      encode(tags.boolean, Buffer.from([0])),
      filter,
      encode(tags.sequence),
    ),
    ...after,
  )
/** Result codes, one for each message of an answer that ends an operation. */
function codesOf(answer: Buffer): number[] {
  const codes: number[] = []
  for (let rest = answer; rest.length > 0; ) {
    const long = rest[1]! >= 0x80
    const size = long ? 2 + (rest[1]! & 0x7f) : 2
    const end = size + (long ? rest.readUIntBE(2, rest[1]! & 0x7f) : rest[1]!)
    const at = rest.subarray(size, end).indexOf(0x0a)
    codes.push(rest.subarray(size, end)[at + 2] ?? -1)
    rest = rest.subarray(end)
  }
  return codes
}

/** What came until the server ended the connection. */
async function endOf(...sent: Buffer[]): Promise<Buffer> {
  const line = rawLine(server.port)
  for (const data of sent) line.write(data)
  return line.ended
}

async function codeOf(...sent: Buffer[]): Promise<number | undefined> {
  const line = rawLine(server.port)
  for (const data of sent) line.write(data)
  const answer = await line.answered()
  line.socket.destroy()
  return codesOf(answer).at(-1)
}

describe('a broken line', () => {
  it('ends: of lengths that lie, that have no end, that are too long, and of what is no LDAP', async () => {
    const refused = [
      Buffer.from([0x30, 0x80, 0, 0]),
      Buffer.from([0x30, 0x85, 1, 0, 0, 0, 0]),
      Buffer.from([0x30, 0x83, 0x02, 0, 0]),
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from([0x30, 0x05, 0x02, 0x01, 0x01, 0x60, 0x7f]),
      Buffer.from([0x30, 0x00]),
      message(encode(0x60, integer(3), octets('\xff'))),
      proxyHeader('10.0.0.1'),
    ]
    for (const sent of refused) expect(codesOf(await endOf(sent))).toEqual([2])
  })

  it('ends when a message is not finished, or nothing is said', async () => {
    expect((await endOf(bindOf(gitlab.dn, gitlab.secret).subarray(0, 20))).length).toBe(0)
    expect((await endOf()).length).toBe(0)
    expect(
      (await endOf(Buffer.concat([Buffer.from([0x30, 0x82, 0xff, 0]), Buffer.alloc(60_000)]))).length,
    ).toBe(0)
  })

  it('is one of so many from one address', async () => {
    const lines = Array.from({ length: 25 }, () => rawLine(server.port))
    await until('five are refused', () => lines.filter(one => one.socket.destroyed).length >= 5)
    expect(server.connections()).toBeLessThanOrEqual(20)
    for (const one of lines) one.socket.destroy()
    await until('all are gone', () => server.connections() === 0)
  })
})

it('arrives byte by byte, with others behind it', () => {
  const frames = new Frames()
  const [long, short] = [bindOf(gitlab.dn, 'x'.repeat(400)), bindOf(gitlab.dn, 'y')]
  const sent = Buffer.concat([long, short, short.subarray(0, 9)])
  expect([...sent].flatMap(byte => frames.push(Buffer.from([byte])))).toEqual([long, short])
  expect(frames.isOpen).toBe(true)
  expect(frames.push(Buffer.concat([short.subarray(9), long]))).toEqual([short, long])
  expect(frames.isOpen).toBe(false)
})

describe('a request', () => {
  it('that cannot be done gets its code', async () => {
    expect(await codeOf(bindOf(gitlab.dn, gitlab.secret, 2))).toBe(2)
    expect(await codeOf(bindOf(gitlab.dn, ''))).toBe(53)
    expect(await codeOf(bindOf('no dn', 'x'))).toBe(49)
    expect(
      await codeOf(message(encode(0x60, integer(3), octets(gitlab.dn), encode(0xa3, octets('PLAIN'))))),
    ).toBe(7)
    expect(await codeOf(message(encode(0x77, octets('1.2.3.4', 0x80))))).toBe(2)
    expect(await codeOf(message(encode(0x77, octets('1.3.6.1.4.1.1466.20037', 0x80))))).toBe(52)
    const critical = encode(tags.sequence, octets('1.2.3'), encode(tags.boolean, Buffer.from([0xff])))
    const search = searchOf(gitlab.base, filterOf('uid', 'zhangsan'), encode(0xa0, critical))
    expect(await codeOf(search)).toBe(12)
    expect(await codeOf(searchOf('', filterOf('uid', 'x')))).toBe(50)
  })

  it('waits for those before it, however many there are', async () => {
    const line = rawLine(server.port)
    const whoAmI = message(encode(0x77, octets('1.3.6.1.4.1.4203.1.11.3', 0x80)))
    for (let n = 0; n < 20; n++) line.write(Buffer.concat(Array.from({ length: 50 }, () => whoAmI)))
    expect(codesOf(await line.answered(16 * 1000))).toEqual(Array<number>(1000).fill(0))
    line.socket.destroy()
  })

  it('for what no text has finds nobody', async () => {
    const bound = [bindOf(gitlab.dn, gitlab.secret)]
    for (const name of ['mail', 'mobile', 'employeeNumber', 'uid', 'memberOf', 'entryUUID'])
      bound.push(searchOf(gitlab.people, filterOf(name, 'a\0b')))
    const line = rawLine(server.port)
    for (const sent of bound) line.write(sent)
    expect(codesOf(await line.answered(14 * bound.length))).toEqual(bound.map(() => 0))
    line.socket.destroy()
  })

  it('for names that nobody has is slowed no earlier than for one that somebody has', async () => {
    const slow = await serveLdap(world, { slowMs: 600_000 })
    for (let n = 0; n < 12; n++) {
      const line = rawLine(slow.port)
      line.write(bindOf(`uid=nobody${n},${gitlab.people}`, 'wrong'))
      expect(codesOf(await line.answered())).toEqual([49])
      line.socket.destroy()
    }
    slow.stop()
  })

  it('with a filter of a thousand parts or levels costs nothing', async () => {
    const wide = encode(0xa1, ...Array.from({ length: 1000 }, () => filterOf('uid', 'x')))
    let deep = filterOf('uid', 'zhangsan')
    for (let n = 0; n < 1000; n++) deep = encode(0xa2, deep)
    for (const filter of [wide, deep]) expect(await codeOf(searchOf(gitlab.base, filter))).toBe(11)
  })
})

describe('names', () => {
  it.each([
    [
      'uid=a\\2cb,o=x',
      [
        { type: 'uid', value: 'a,b' },
        { type: 'o', value: 'x' },
      ],
    ],
    [
      'uid=张三 , o = x',
      [
        { type: 'uid', value: '张三' },
        { type: 'o', value: 'x' },
      ],
    ],
    [
      'cn=\\ a\\ ,o=x',
      [
        { type: 'cn', value: ' a ' },
        { type: 'o', value: 'x' },
      ],
    ],
    ['cn=\\e5\\bc\\a0', [{ type: 'cn', value: '张' }]],
    ['', []],
    ['uid=a+cn=b', undefined],
    ['uid=a,', undefined],
    ['uid', undefined],
    ['uid=a\\', undefined],
    [`${'o=x,'.repeat(30)}o=x`, undefined],
  ])('%s', (text, parts) => expect(parseDn(text)).toEqual(parts))
})

describe('rubbish', () => {
  const runs = soak(4000, 100_000)
  /** A generator whose choices the seed repeats. */
  let state = seed
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const wholesome = () => [
    bindOf(gitlab.dn, 'wrong'),
    bindOf(`uid=zhangsan,${gitlab.people}`, 'wrong'),
    searchOf(gitlab.base, encode(0xa0, filterOf('uid', 'zhangsan'), encode(0xa2, octets('cn', 0x87)))),
    message(encode(0x77, octets('1.3.6.1.4.1.4203.1.11.3', 0x80))),
    message(encode(0x6e, octets(gitlab.base), encode(tags.sequence, octets('uid'), octets('x')))),
  ]
  function broken(): Buffer {
    const all = wholesome()
    let data = Buffer.from(all[random(all.length)]!)
    for (let n = random(4) + 1; n > 0; n--) {
      const at = random(data.length)
      const kind = random(4)
      if (kind === 0) data[at] = random(256)
      else if (kind === 1) data = data.subarray(0, Math.max(at, 1))
      else if (kind === 2)
        data = Buffer.concat([data.subarray(0, at), Buffer.from([random(256)]), data.subarray(at)])
      else data[at] = data[at]! ^ (1 << random(8))
    }
    return data
  }

  it('is refused by what reads it, and by nothing else', () => {
    for (let n = 0; n < runs; n++) {
      const data = broken()
      try {
        readMessage(data).read()
      } catch (error) {
        expect(error instanceof BerError || error instanceof LdapRefusal, data.toString('hex')).toBe(true)
      }
      readProxyHeader(data)
      parseDn(data.toString('latin1'))
    }
  })

  it('signs nobody in and leaves the server as it was', async () => {
    const lines = soak(300, 3000)
    for (let n = 0; n < lines; n++) {
      const line = rawLine(server.port)
      const data = Buffer.concat(Array.from({ length: 1 + random(10) }, broken))
      line.socket.end(data)
      const answer = await line.ended
      // No search or bind that was made of wrong passwords succeeds.
      expect(answer.includes(Buffer.from('uid=zhangsan,ou=people')), data.toString('hex')).toBe(false)
    }
    await until('all are gone', () => server.connections() === 0)
    await asClient(`ldap://127.0.0.1:${server.port}`, client =>
      client.bind(`uid=zhangsan,${gitlab.people}`, password),
    )
  })
})
