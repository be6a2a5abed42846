import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deviceProof, masterKeyOf, sessionKeysOf, sessionProof, sharedSecret } from './crypto/keys.ts'
import { type Head, openPacket, sealPacket } from './crypto/packet.ts'

/** The worked example of web/docs/content/en/build/packet-format.md: what all suites share, and each suite's own values. */
const page = readFileSync('web/docs/content/en/build/packet-format.md', 'utf8')
const [shared, ...bySuite] = [...page.matchAll(/^```text\n([^`]*)```$/gm)].map(([, block = '']) =>
  Object.fromEntries([...block.matchAll(/^(\w+) = (.*)$/gm)].map(([, name, value]) => [name, value])),
) as [Record<string, string>, ...Record<string, string>[]]
const value = (name: string, of = shared) => {
  const found = of[name]
  if (found === undefined) throw new Error(`the page has no ${name}`)
  return found
}
const hex = (name: string, of = shared) => Buffer.from(value(name, of), 'hex')

function privateKey(raw: Buffer): KeyObject {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), raw])
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
}
const publicKey = (key: KeyObject) =>
  Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url')

const device = privateKey(hex('devicePrivateKey'))
const wisp = privateKey(hex('wispPrivateKey'))
const [deviceId, timestamp, masterKey] = [value('deviceId'), value('timestamp'), hex('masterKey')]

it('the master key is that of the page, on both sides', () => {
  expect(publicKey(device).toString('base64')).toBe(value('devicePublicKey'))
  expect(publicKey(wisp).toString('base64')).toBe(value('wispPublicKey'))
  for (const secret of [sharedSecret(device, publicKey(wisp)), sharedSecret(wisp, publicKey(device))])
    expect(secret).toEqual(hex('sharedSecret'))
  const info = Buffer.concat([
    Buffer.from('wisp master'),
    publicKey(device),
    publicKey(wisp),
    Buffer.from(deviceId),
  ])
  expect(info).toEqual(hex('masterInfo'))
  const made = masterKeyOf(hex('sharedSecret'), publicKey(device), publicKey(wisp), deviceId)
  expect(made).toEqual(masterKey)
})

it('the proofs of a device are those of the page', () => {
  const wish = { deviceId, timestamp, nonce: value('deviceNonce') }
  expect(deviceProof(masterKey, { ...wish, publicKey: value('devicePublicKey') })).toBe(value('deviceProof'))
  expect(deviceProof(masterKey, { ...wish, publicKey: '' })).toBe(value('deviceProofWithoutPublicKey'))
})

it('there is an example of both suites', () => {
  expect(bySuite.map(one => one['suite'])).toEqual(['gcm', 'md5'])
})

describe.each(bySuite.map(one => [one['suite'] as 'gcm' | 'md5', one] as const))('suite %s', (suite, own) => {
  const [nonce, sessionId] = [value('sessionNonce'), value('sessionId')]
  const keys = { signing: hex('signingKey', own), data: hex('dataKey', own) }

  it('has the keys of the page', () => {
    expect(sessionProof(masterKey, { suite, deviceId, timestamp, nonce })).toBe(value('sessionProof', own))
    expect(Buffer.from(`wisp sign${sessionId}`)).toEqual(hex('signInfo'))
    expect(Buffer.from(`wisp data${sessionId}`)).toEqual(hex('dataInfo'))
    expect(sessionKeysOf(masterKey, nonce, sessionId, suite)).toEqual(keys)
  })

  it.each([
    ['POST', 'timestamp', 'plain', 'iv', 'cipher', 'signature', 'head'],
    ['ANSWER', 'answerTimestamp', 'answerPlain', 'answerIv', 'answerCipher', 'answerSignature', 'answerHead'],
  ] as const)('has the %s of the page', (kind, at, plain, iv, cipher, signature, text) => {
    const head: Head = { kind, path: value('path'), timestamp: value(at), nonce: value('nonce') }
    expect([kind, head.path, head.timestamp, head.nonce].join('\\n')).toBe(value(text))
    const bytes = Buffer.from(value(plain))
    expect(sealPacket(suite, keys, head, bytes, hex(iv, own))).toEqual({
      cipher: value(cipher, own),
      signature: value(signature, own),
    })
    expect(openPacket(suite, keys, head, value(cipher, own))).toEqual(bytes)
  })
})
