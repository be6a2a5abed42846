import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../config.ts'
import { addressRule } from './address-rule.ts'
import { createOutbound, type Outbound } from './outbound.ts'
import { OutboundRefused } from './outbound-policy.ts'

const limits = { timeoutMs: 1000, maxBytes: 1000 }
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
  return outbound.get(url, limits)
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
    ['localhost', '指向本机地址'],
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
  ])('do not reach this machine as %s', async (host, text) => {
    await expect(get(here('/picture', host))).rejects.toThrow(text)
  })

  it('do not reach this machine through a name that resolves to it, whatever else is allowed', async () => {
    await expect(get(here('/picture', 'localhost'), '10.0.0.0/8', 'example.com')).rejects.toThrow('本机地址')
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
  ])('never reach %s, allowed or not', async host => {
    const allowed = ['0.0.0.0/0', '::/0', host.replace(/[[\]]/g, '')]
    await expect(get(`http://${host}/latest/meta-data`, ...allowed)).rejects.toThrow('不允许访问的地址')
  })

  it.each([
    '198.18.0.1',
    '192.0.2.1',
    '240.0.0.1',
    '[2002:7f00:1::]',
    '[2001::1]',
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
      await expect(refusing.get(`http://${host}:${port}/`, limits)).rejects.toThrow(/内网地址/)
      const allowing = createOutbound({ outboundAllow: [] })
      opened.push(allowing)
      const error = await allowing.get(`http://${host}:${port}/`, { ...limits, timeoutMs: 50 }).catch(e => e)
      expect(error).not.toBeInstanceOf(OutboundRefused)
    },
  )

  it('find out where a host leads before anything connects', async () => {
    const outbound = createOutbound({ outboundAllow: ['LOCALHOST', '10.9.0.0/16'] })
    opened.push(outbound)
    const place = async (host: string) => {
      const { isNamed, isInner } = await outbound.place(host)
      return { isNamed, isInner }
    }
    expect(await place('Localhost')).toEqual({ isNamed: true, isInner: false })
    expect(await place('10.9.1.1')).toEqual({ isNamed: true, isInner: false })
    expect(await place('10.8.1.1')).toEqual({ isNamed: false, isInner: true })
    expect(await place('93.184.216.34')).toEqual({ isNamed: false, isInner: false })
    await expect(place('127.0.0.1')).rejects.toThrow('本机地址')
    await expect(place('169.254.169.254')).rejects.toThrow('不允许访问的地址')
  })

  it('remember the hosts whose connections led inside', async () => {
    const outbound = createOutbound({ outboundAllow: ['10.9.0.0/16'] })
    opened.push(outbound)
    for (const host of ['10.8.1.1', '10.9.1.1', '93.184.216.34'])
      await new Promise(resolve => outbound.lookup(host, { all: true }, resolve))
    const hosts = ['10.8.1.1', '10.9.1.1', '93.184.216.34', '10.8.1.2']
    expect(hosts.filter(outbound.hasLedInside)).toEqual(['10.8.1.1'])
  })

  it('need a policy that can be read', () => {
    expect(() => createOutbound({ outboundAllow: ['10.0.0.0/99'] })).toThrow(ConfigError)
    expect(() => createOutbound({ outboundAllow: ['10.0.0.0/99'] })).toThrow('WISP_OUTBOUND_ALLOW')
  })
})
