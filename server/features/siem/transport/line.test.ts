import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { afterEach, expect, it } from 'vitest'
import { certificateOf } from '../../../../sandbox/smtp/certificate.ts'
import { createOutbound, type Outbound } from '../../../platform/security/outbound.ts'
import { OutboundUntold } from '../../../platform/security/outbound-policy.ts'
import { framed } from '../formats/syslog.ts'
import { type SiemServer, startSiemServer } from '../siem-server.fixture.ts'
import { type LineTarget, sendLines } from './line.ts'
import { reasonOf } from './reasons.ts'

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

const certificate = certificateOf(39, '127.0.0.1')
const client = certificateOf(40, 'wisp')
const times = { connectMs: 5000, writeMs: 2000, aliveMs: 200, closeMs: 500 }
const never = new AbortController().signal

async function serve(...given: Parameters<typeof startSiemServer>): Promise<SiemServer> {
  const siem = await startSiemServer(...given)
  opened.push({ close: siem.stop })
  return siem
}

function outboundOf(outboundAllow: string[]): Outbound {
  const outbound = createOutbound({ outboundAllow })
  opened.push(outbound)
  return outbound
}

const lines = ['one', '张三', 'three']
const frames = lines.map(line => framed(line, 'octets')).join('')

async function send({ port }: SiemServer, target: Partial<LineTarget> = {}, text = frames) {
  const to = { host: '127.0.0.1', port, isTls: true, ca: certificate.cert, ...target }
  return sendLines(outboundOf([to.host]), 'ww1', to, text, never, times)
}

const failure = async (...given: Parameters<typeof send>): Promise<string> => {
  const outcome = await send(...given).then(
    () => 'sent',
    (error: unknown) => reasonOf(error).en,
  )
  return outcome
}

it('sends by TLS and by TCP, and tells what TLS has shown', async () => {
  const tls = await serve(certificate)
  expect(await send(tls)).toMatchObject({ protocol: 'TLSv1.3', subject: 'wisp sandbox' })
  expect(tls.messages).toEqual(lines)
  const tcp = await serve()
  await send(tcp, { isTls: false })
  expect(tcp.messages).toEqual(lines)
})

it('counts only what a receiver has read: one that closes, resets, is silent or stays open has got nothing', async () => {
  const large = framed('x'.repeat(20_000_000), 'octets')
  for (const tls of [certificate, undefined]) {
    const siem = await serve(tls)
    const isTls = tls !== undefined
    siem.manner = 'closes'
    expect(await failure(siem, { isTls })).toMatch(/closed the connection|reset the connection/)
    siem.manner = 'resets'
    expect(await failure(siem, { isTls }, large)).toMatch(/closed the connection|reset the connection/)
    siem.manner = 'silent'
    expect(await failure(siem, { isTls })).toContain('nothing proves that it has read')
    expect(await failure(siem, { isTls }, large)).toContain('did not read all')
    siem.manner = 'open'
    expect(await failure(siem, { isTls })).toContain('did not close the connection')
    await siem.stop()
    expect(await failure(siem, { isTls })).toContain('connection refused')
  }
}, 60_000)

it('says what is wrong with a certificate', async () => {
  const siem = await serve(certificate)
  expect(await failure(siem, { ca: undefined })).toContain('no public authority issued it')
  expect(await failure(siem, { ca: client.cert })).toMatch(/not trusted/)
  // It is trusted, and of 127.0.0.1 alone.
  const elsewhere = createServer(certificate).listen(0, '127.0.0.2')
  opened.push(elsewhere)
  await once(elsewhere, 'listening')
  const { port } = elsewhere.address() as AddressInfo
  expect(await failure({ ...siem, port }, { host: '127.0.0.2' })).toContain('another host name or address')
  expect(siem.messages).toEqual([])
  const plain = await serve()
  plain.manner = 'open'
  expect(await failure(plain)).not.toBe('sent')
})

it('proves itself by a client certificate where the receiver wants one', async () => {
  const siem = await serve({ ...certificate, requestCert: true, rejectUnauthorized: true, ca: client.cert })
  expect(await failure(siem)).toMatch(/wants a client certificate|closed the connection|reset/)
  await send(siem, { certificate: client.cert, privateKey: client.key })
  expect(siem.messages).toEqual(lines)
})

it('sends to no local address that is not allowed, and tells nothing of one in our own network', async () => {
  const siem = await serve()
  const to = { host: '127.0.0.1', port: siem.port, isTls: false }
  const refused = sendLines(outboundOf([]), 'ww1', to, frames, never, times)
  await expect(refused).rejects.toThrow('WISP_OUTBOUND_ALLOW')
  const inner = { ...to, host: '10.255.255.1', port: 1 }
  const untold = sendLines(outboundOf([]), 'ww1', inner, frames, never, { ...times, connectMs: 100 })
  await expect(untold).rejects.toThrow(OutboundUntold)
  expect(siem.connections).toBe(0)
})
