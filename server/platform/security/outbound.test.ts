import { createServer, type Server } from 'node:http'
import {
  type AddressInfo,
  createServer as createNetServer,
  isIP,
  type Server as NetServer,
  type Socket,
} from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../config.ts'
import { addressRule } from './address-rule.ts'
import type { Resolver } from './name-look-ups.ts'
import { createOutbound, type Outbound } from './outbound.ts'
import { OutboundLater, OutboundRefused, OutboundUntold } from './outbound-policy.ts'

const asker = { slot: 'developers', of: 'test' } as const
const limits = { asker, timeoutMs: 1000, maxBytes: 1000 }
let server: Server
let port: number
beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://here')
    const to = url.searchParams.get('to')
    if (to !== null) response.writeHead(302, { location: to }).end()
    else if (url.pathname === '/picture') response.writeHead(200, { 'content-type': 'image/png' }).end('PNG')
    else if (url.pathname === '/big') response.writeHead(200).end('x'.repeat(1001))
    else if (url.pathname === '/endless') {
      response.writeHead(200)
      const timer = setInterval(() => response.write('x'.repeat(300)), 5)
      response.on('close', () => clearInterval(timer))
    } else if (url.pathname === '/missing') response.writeHead(404).end()
    // All other paths never get an answer.
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const opened: Outbound[] = []
afterEach(async () => {
  for (const outbound of opened.splice(0)) await outbound.close()
})
function get(url: string, ...outboundAllow: string[]) {
  const outbound = createOutbound({ outboundAllow })
  opened.push(outbound)
  return outbound.get(url, limits, answer => answer)
}
const here = (path: string, host = '127.0.0.1') => `http://${host}:${port}${path}`

describe('outgoing calls to addresses that others name', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.0/8'],
    ['localhost', 'localhost'],
  ])('reach %s when %s is allowed', async (host, allowed) => {
    const { type, body } = await get(here('/picture', host), allowed)
    expect([type, body.toString()]).toEqual(['image/png', 'PNG'])
  })

  it.each([
    ['127.0.0.1', '指向本机地址 127.0.0.1'],
    ['127.9.9.9', '指向本机地址 127.9.9.9'],
    ['[::1]', '指向本机地址 ::1'],
    ['0.0.0.0', '指向本机地址 0.0.0.0'],
    ['[::]', '指向本机地址 ::'],
    // These are other spellings of 127.0.0.1.
    ['2130706433', '指向本机地址 127.0.0.1'],
    ['0x7f.1', '指向本机地址 127.0.0.1'],
    ['0177.0.0.1', '指向本机地址 127.0.0.1'],
    ['[::ffff:127.0.0.1]', '指向本机地址'],
    ['[::ffff:7f00:1]', '指向本机地址'],
    ['[64:ff9b::7f00:1]', '本机地址'],
    ['[64:ff9b:1::7f00:1]', '本机地址'],
    ['[64:ff9b:1:7f00:0:100::]', '本机地址'],
    ['[::127.0.0.1]', '本机地址'],
    ['[::ffff:0:127.0.0.1]', '本机地址'],
    ['[2002:7f00:1::]', '本机地址'],
    ['[2606:4700::5efe:7f00:1]', '本机地址'],
    ['[2606:4700::200:5efe:7f00:1]', '本机地址'],
    ['[2001:0:7f00:1:0:0:a247:27dd]', '本机地址'],
    ['[2001:0:5db8:d822:0:0:80ff:fffe]', '本机地址'],
  ])('do not reach this machine as %s', async (host, text) => {
    await expect(get(here('/picture', host))).rejects.toThrow(text)
  })

  it('do not reach this machine through a name that resolves to it, whatever else is allowed', async () => {
    const refused = await get(here('/picture', 'localhost'), '10.0.0.0/8', 'example.com').catch(e => e)
    expect(refused).toBeInstanceOf(OutboundUntold)
    expect(refused.cause.message).toContain('本机地址')
  })

  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '100.100.100.200',
    '224.0.0.1',
    '255.255.255.255',
    '[::ffff:169.254.169.254]',
    '[64:ff9b::a9fe:a9fe]',
    '[64:ff9b:1::a9fe:a9fe]',
    '[64:ff9b:1:a9fe:a9:fe00::]',
    '168.63.129.16',
    '192.0.0.192',
    '[64:ff9b::a83f:8110]',
    '[::169.254.169.254]',
    '[::ffff:0:169.254.169.254]',
    '[2002:a9fe:a9fe::1]',
    '[2606:4700::5efe:a9fe:a9fe]',
    '[2001:0:a9fe:a9fe:0:0:a247:27dd]',
  ])('never reach %s, allowed or not', async host => {
    const allowed = ['0.0.0.0/0', '::/0', host.replace(/[[\]]/g, '')]
    await expect(get(`http://${host}/latest/meta-data`, ...allowed)).rejects.toThrow('不允许访问的地址')
  })

  it.each([
    '198.18.0.1',
    '192.0.2.1',
    '240.0.0.1',
    '[2002:5db8:d822::]',
    '[2001:0:5db8:d822:0:0:a247:27dd]',
    '[fec0::1]',
    '[2001:db8::1]',
  ])('do not reach the reserved address %s', async host => {
    await expect(get(`http://${host}:${port}/`)).rejects.toThrow('保留地址')
  })

  it.each([
    ['93.184.216.34', 'public'],
    ['2606:2800:220:1::1', 'public'],
    ['64:ff9b::5db8:d822', 'public'],
    ['64:ff9b::a00:1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['fd00::1', 'private'],
    ['::10.0.0.1', 'private'],
    ['::5db8:d822', 'public'],
    ['2606:4700::5efe:a00:1', 'private'],
    ['2002:a00:1::', 'special'],
    ['::2', 'local'],
  ])('judge %s as %s', (address, rule) => {
    expect(addressRule(address)).toBe(rule)
  })

  it('check each redirect', async () => {
    const allowed = '127.0.0.1'
    const hop = (to: string) => get(here(`/?to=${encodeURIComponent(to)}`), allowed)
    expect((await hop('/picture')).body.toString()).toBe('PNG')
    await expect(hop('http://169.254.169.254/')).rejects.toThrow('不允许访问的地址 169.254.169.254')
    await expect(get(here(`/?to=${encodeURIComponent('http://[::1]/')}`), allowed)).rejects.toThrow(
      '本机地址 ::1',
    )
    await expect(hop('http://127.0.0.2/')).rejects.toThrow('本机地址 127.0.0.2')
    await expect(hop('file:///etc/passwd')).rejects.toThrow('不是 http(s) 地址')
    const loop = here(`/?to=${encodeURIComponent(here('/'))}`)
    await expect(get(here(`/?to=${encodeURIComponent(loop)}`), allowed)).rejects.toThrow()
  })

  it('end after a few redirects', async () => {
    const self = `/?to=${encodeURIComponent('?to=self')}`
    const server = createServer((_request, response) => response.writeHead(302, { location: '/again' }).end())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await expect(get(`http://127.0.0.1:${port}${self}`, '127.0.0.1')).rejects.toThrow('重定向过多')
    server.closeAllConnections()
    server.close()
  })

  it.each([
    ['ftp://example.com/', '不是 http(s) 地址'],
    ['javascript:alert(1)', '不是 http(s) 地址'],
    ['', '不是 http(s) 地址'],
    ['http://', '不是 http(s) 地址'],
  ])('are http(s): %s', async (url, text) => {
    await expect(get(url)).rejects.toThrow(text)
  })

  it('are limited in size, and in time', async () => {
    await expect(get(here('/big'), '127.0.0.1')).rejects.toThrow('超过 1000 字节')
    await expect(get(here('/endless'), '127.0.0.1')).rejects.toThrow('超过 1000 字节')
    await expect(get(here('/silent'), '127.0.0.1')).rejects.toThrow()
    await expect(get(here('/missing'), '127.0.0.1')).rejects.toThrow('HTTP 404')
  })

  it.each(['10.1.2.3', '172.20.0.1', '192.168.1.1', '100.64.0.9', '[fd00::1]', '[::ffff:10.1.2.3]'])(
    'reach %s unless private addresses are refused',
    async host => {
      const refusing = createOutbound({ outboundAllow: [], outboundPrivate: 'refuse' })
      opened.push(refusing)
      await expect(refusing.get(`http://${host}:${port}/`, limits, answer => answer)).rejects.toThrow(
        /内网地址/,
      )
      const allowing = createOutbound({ outboundAllow: [] })
      opened.push(allowing)
      const quick = { ...limits, timeoutMs: 50 }
      const error = await allowing.get(`http://${host}:${port}/`, quick, answer => answer).catch(e => e)
      expect(error).toBeInstanceOf(OutboundUntold)
      expect(error.cause).not.toBeInstanceOf(OutboundRefused)
    },
  )

  it('find out where a host leads before anything connects', async () => {
    const outbound = createOutbound({ outboundAllow: ['LOCALHOST', '10.9.0.0/16'] })
    opened.push(outbound)
    const place = async (host: string) => {
      const { isNamed, isInner } = await outbound.place(host, asker)
      return { isNamed, isInner }
    }
    expect(await place('Localhost')).toEqual({ isNamed: true, isInner: false })
    expect(await place('10.9.1.1')).toEqual({ isNamed: true, isInner: false })
    expect(await place('10.8.1.1')).toEqual({ isNamed: false, isInner: true })
    expect(await place('93.184.216.34')).toEqual({ isNamed: false, isInner: false })
    await expect(place('127.0.0.1')).rejects.toThrow('本机地址')
    await expect(place('169.254.169.254')).rejects.toThrow('不允许访问的地址')
  })

  it('judge what is entered by literal addresses alone, and look nothing up', () => {
    const outbound = createOutbound({ outboundAllow: [] }, { resolve: () => expect.unreachable() })
    opened.push(outbound)
    expect(() => outbound.checkEntered('127.0.0.1')).toThrow('本机地址')
    expect(() => outbound.checkEntered('::a9fe:a9fe')).toThrow('不允许访问的地址')
    outbound.checkEntered('inner.test')
  })

  it('need a policy that can be read', () => {
    expect(() => createOutbound({ outboundAllow: ['10.0.0.0/99'] })).toThrow(ConfigError)
    expect(() => createOutbound({ outboundAllow: ['10.0.0.0/99'] })).toThrow('WISP_OUTBOUND_ALLOW')
  })
})

describe('what happens at addresses that are not public', () => {
  const timeoutMs = 400
  const hosts: Record<string, string> = {}
  const resolve: Resolver = (name, done) => {
    const address = hosts[name]
    if (address) done(null, [{ address, family: isIP(address) }])
    else if (name !== 'silent.test') done(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), [])
  }
  let other: NetServer
  let inner: string
  let openPort: number
  let closedPort: number
  let greeting: string
  let asked: number
  const sockets = new Set<Socket>()
  beforeAll(async () => {
    const own = Object.values(networkInterfaces()).flatMap(one => one ?? [])
    const found = own.find(({ address }) => addressRule(address) === 'private')
    if (!found) throw new Error('these tests need a machine with a private address')
    inner = found.address
    Object.assign(hosts, { 'inner.test': inner, 'local.test': '127.0.0.1', 'cloud.test': '169.254.169.254' })
    other = createNetServer(socket => {
      asked++
      sockets.add(socket.on('error', () => undefined))
      if (greeting) socket.end(greeting)
    })
    openPort = await listen(other)
    const closed = createNetServer()
    closedPort = await listen(closed)
    await new Promise(resolve => closed.close(resolve))
  })
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    other.close()
  })
  const listen = async (server: NetServer) => {
    await new Promise<void>(resolve => server.listen(0, inner, resolve))
    return (server.address() as AddressInfo).port
  }
  beforeEach(() => {
    asked = 0
    greeting = ''
  })

  const inUrl = (host: string) => (isIP(host) === 6 ? `[${host}]` : host)
  const answered = (status: string, body = '') =>
    `HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`
  /** What is told of a call, and whether all of its time went by. */
  async function told(
    host: string,
    port: number,
    say: string,
    isPost: boolean,
    outboundAllow: string[] = [],
  ) {
    greeting = say
    const outbound = createOutbound({ outboundAllow }, { resolve, answerWithinMs: 50 })
    opened.push(outbound)
    const url = `http://${inUrl(host)}:${port}/`
    const startedAt = performance.now()
    const read = ({ body, isInner }: { body: Buffer; isInner: boolean }) => {
      if (!body.includes('menu')) throw new Error(`not a menu: ${body}`)
      return { isInner }
    }
    const body = Buffer.from('{}')
    const call = isPost
      ? outbound.post(url, { asker, timeoutMs, headers: {}, body, answerBytes: 100 }, read)
      : outbound.get(url, { asker, timeoutMs, maxBytes: 100 }, read)
    const got = await call.catch(error => error)
    const isOver = performance.now() - startedAt > timeoutMs - 5
    if (!(got instanceof OutboundRefused)) return got
    return { words: JSON.stringify(got.words).replaceAll(host, 'HOST'), answer: got.answer, isOver }
  }

  it.each([false, true])('is told alike, in words and time (POST: %s)', async isPost => {
    const all = [
      await told('unknown.test', 80, '', isPost),
      await told('silent.test', 80, '', isPost),
      await told('local.test', 80, '', isPost),
      await told('cloud.test', 80, '', isPost),
      await told('inner.test', closedPort, '', isPost),
      await told('inner.test', openPort, '', isPost),
      await told('inner.test', openPort, 'SSH-2.0-secret\r\n', isPost),
      await told('inner.test', openPort, answered('500 No', 'secret'), isPost),
      await told('inner.test', openPort, answered('200 OK', 'secret'), isPost),
      await told(inner, closedPort, '', isPost),
      await told(inner, openPort, answered('404 No', 'secret'), isPost),
    ]
    const [first] = all
    expect(first).toMatchObject({ answer: '', isOver: true })
    expect(first.words).toContain('详情只在服务器日志里')
    expect(all).toEqual(all.map(() => first))
  })

  it('is told where the owner named it, and as what it is where it was wanted', async () => {
    const named = await told('inner.test', openPort, answered('500 No', 'secret'), false, ['inner.test'])
    expect(named).toMatchObject({ answer: 'secret', isOver: false })
    expect(named.words).toContain('HTTP 500')
    expect(await told('inner.test', openPort, answered('200 OK', 'menu'), false)).toEqual({ isInner: true })
    expect(await told('inner.test', openPort, answered('200 OK', 'menu'), true)).toEqual({ isInner: true })
  })

  it('is not found out by looking at pages or certificates', async () => {
    const outbound = createOutbound({ outboundAllow: ['127.0.0.1'] }, { resolve })
    opened.push(outbound)
    const errand = { asker, timeoutMs }
    for (const url of [
      `http://${inUrl(inner)}:${openPort}/`,
      `http://inner.test:${openPort}/`,
      'http://unknown.test/',
    ])
      await expect(outbound.look(url, errand)).rejects.toThrow(OutboundUntold)
    const from = here(`/?to=${encodeURIComponent(`http://${inUrl(inner)}:${openPort}/`)}`)
    await expect(outbound.look(from, errand)).rejects.toThrow(OutboundUntold)
    const certificate = outbound.certificateEnd(`https://${inUrl(inner)}:${openPort}/`, {
      ...errand,
      isOwn: false,
    })
    await expect(certificate).rejects.toThrow(OutboundUntold)
    expect(asked).toBe(0)
  })

  it('says nothing of a name while its asker pauses', async () => {
    const outbound = createOutbound({ outboundAllow: [] }, { resolve, answerWithinMs: 50 })
    opened.push(outbound)
    await expect(outbound.place('silent.test', asker)).rejects.toThrow(OutboundUntold)
    const later = await outbound.place('inner.test', asker).catch(error => error)
    expect(later).toBeInstanceOf(OutboundLater)
    expect(later.words.zh).toMatch(/^此前有域名的解析得不到应答，暂停解析到北京时间 \d\d:\d\d:\d\d；/)
  })
})
