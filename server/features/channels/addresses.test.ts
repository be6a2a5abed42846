import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { addressRule } from '../../platform/security/address-rule.ts'
import { createOutbound } from '../../platform/security/outbound.ts'
import { shownMail, shownSms, useSms, useSmtp, vendors } from '../messages/messages.fixture.ts'
import { sendTrial } from '../messages/trial/trial.ts'
import { setChannel } from './settings/settings.ts'

const banner = 'SSH-2.0-secret_service'
let world: World
/** Something that is no mail server, on all addresses of this machine. */
let other: Server
let otherPort: number
let greeting: string
let reached: Socket[]
/** An address of this machine in a private range. */
let inner: string

beforeAll(async () => {
  world = await startWorld()
  other = createServer(socket => {
    reached.push(socket)
    socket.on('error', () => undefined).on('data', () => socket.write('530 secret_service\r\n'))
    socket.write(`${greeting}\r\n`)
  })
  await new Promise<void>(resolve => other.listen(0, '::', resolve))
  otherPort = (other.address() as AddressInfo).port
  const own = Object.values(networkInterfaces()).flatMap(one => one ?? [])
  const found = own.find(({ address }) => addressRule(address) === 'private')
  if (!found) throw new Error('these tests need a machine with a private address')
  inner = found.address
})
beforeEach(() => {
  reached = []
  greeting = banner
})
afterAll(async () => {
  for (const socket of reached) socket.destroy()
  other.close()
  await world.close()
})

/** Sends a test message, under this policy instead of the one that allows 127.0.0.1. */
async function answersTo(channel: 'email' | 'sms', outboundAllow = ['127.0.0.1']) {
  const { outbound } = world.ctx
  world.ctx.outbound = createOutbound({ outboundAllow }, { callMs: 1 })
  try {
    const address = channel === 'sms' ? '13812340000' : 'a@example.com'
    const given = channel === 'sms' ? { templateId: 'code', params: ['1', '5'] } : {}
    const { answers } = await sendTrial(world.ctx, 'test', world.corpId, { channel, address, given })
    return answers
  } finally {
    await world.ctx.outbound.close()
    world.ctx.outbound = outbound
  }
}

const tried = async (...given: Parameters<typeof answersTo>) =>
  (await answersTo(...given)).map(one => one.reason)

describe('the mail server that an administrator enters', () => {
  const plain = (host: string, port = otherPort) => useSmtp(world, { host, port, security: 'none', user: '' })

  it.each([
    ['127.0.0.1', '本机地址', []],
    ['169.254.169.254', '不允许访问的地址', ['0.0.0.0/0']],
  ])('is not connected to at %s, and that is what is said', async (host, words, allowed) => {
    await plain(host)
    const zh = expect.stringContaining(words)
    expect(await tried('email', allowed)).toEqual([expect.objectContaining({ code: 'emailNotAllowed', zh })])
    expect(reached).toEqual([])
  })

  it('does not tell what listens in the internal network, nor whether something does', async () => {
    const closed = createServer()
    await new Promise<void>(resolve => closed.listen(0, inner, resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise(resolve => closed.close(resolve))
    const unreachable = [{ label: '', reason: { code: 'emailUnreachable' } }]
    for (const host of ['localhost', 'no-such-host.invalid']) {
      await plain(host)
      expect(await answersTo('email', [])).toEqual(unreachable)
    }
    await plain(inner, port)
    expect(await answersTo('email')).toEqual(unreachable)
    await plain(inner)
    expect(await answersTo('email')).toEqual(unreachable)
    // It greets like a mail server, and refuses all that follows.
    greeting = '220 secret_service'
    expect(await answersTo('email')).toEqual(unreachable)
    await useSmtp(world, { host: inner, port: otherPort, security: 'tls' })
    expect(await answersTo('email')).toEqual(unreachable)
    expect(reached).toHaveLength(3)
  })

  it('is told about in full where the owner named it', async () => {
    await plain('127.0.0.1')
    const said = expect.stringContaining(banner)
    expect(await tried('email')).toEqual([expect.objectContaining({ code: 'smtp', said })])
    await plain(inner)
    expect(await tried('email', [inner])).toEqual([expect.objectContaining({ code: 'smtp', said })])
  })

  it('is reached by its name, for which its certificate is', async () => {
    const before = (await shownMail(world)).length
    await useSmtp(world, { host: 'localhost' })
    await tried('email', ['localhost'])
    expect(await shownMail(world)).toHaveLength(before + 1)
  })
})

describe.each(vendors)('the address of SMS by %s', vendor => {
  beforeEach(() => useSms(world, vendor))
  const enter = async (endpoint: string) => {
    const { settings } = world.ctx.messageSettings.setupOf<object>(world.corpId, 'sms')
    const now = world.sandbox.sms[vendor] as object
    await setChannel(world.ctx, 'test', world.corpId, 'sms', { ...settings, ...now, endpoint })
  }

  it('is not called where the policy forbids it, and that is what is said', async () => {
    await enter(`127.0.0.1:${otherPort}`)
    expect(await tried('sms', [])).toMatchObject([{ code: 'smsNotAllowed' }])
    for (const host of ['localhost', 'no-such-host.invalid']) {
      await enter(`https://${host}`)
      expect(await answersTo('sms', [])).toEqual([{ label: '', reason: { code: 'smsUnreachable' } }])
    }
    expect(reached).toEqual([])
  })

  it('is spoken to over https, and otherwise only where the owner named it', async () => {
    const { endpoint } = world.sandbox.sms
    const before = (await shownSms(world)).length
    expect(await tried('sms')).toHaveLength(1)
    expect(await shownSms(world)).toHaveLength(before + 1)
    await enter(`https://${endpoint}`)
    expect(await tried('sms')).toMatchObject([
      { code: 'smsAnswer', said: expect.stringContaining('wrong version') },
    ])
    expect(await shownSms(world)).toHaveLength(before + 1)
  })
})
