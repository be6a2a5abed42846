import { expect, it } from 'vitest'
import { PushRefused } from '../../../platform/http/upstream-push.ts'
import { encrypt, sign } from '../message-crypto.ts'
import { openSigned } from './signed-push.ts'

const old = { token: 'old', encodingAesKey: 'a'.repeat(43) }
const current = { token: 'current', encodingAesKey: 'b'.repeat(43) }
const receiver = { receiveId: 'ww1', whenOther: 'receiveid is another corp' }

/** A push as an upstream signs and encrypts it by these keys. */
function pushed({ token, encodingAesKey }: typeof old, message: string, receiveId = 'ww1') {
  const encrypted = encrypt(encodingAesKey, message, receiveId)
  const at = { timestamp: '1800000000', nonce: 'n' }
  return { encrypted, signed: { ...at, signature: sign(token, at.timestamp, at.nonce, encrypted) } }
}

function open(keys: (typeof old)[], { encrypted, signed }: ReturnType<typeof pushed>) {
  return openSigned(keys, signed, encrypted, receiver)
}

it('opens a push by the keys that have signed it', () => {
  expect(open([current, old], pushed(old, '<xml/>'))).toEqual({ keys: old, message: '<xml/>' })
})

it('opens nothing by keys that have not', () => {
  expect(open([current], pushed(old, '<xml/>'))).toBeUndefined()
  const { encrypted, signed } = pushed(old, '<xml/>')
  expect(openSigned([old], { ...signed, nonce: 'other' }, encrypted, receiver)).toBeUndefined()
})

it('refuses what is signed and wrong all the same, in the words of its caller', () => {
  expect(() => open([old], pushed(old, '<xml/>', 'ww2'))).toThrow('receiveid is another corp')
  expect(() => open([old], pushed(old, 'a\0b'))).toThrow('event holds NUL')
  const otherKey = pushed({ ...old, encodingAesKey: current.encodingAesKey }, '<xml/>')
  expect(() => open([old], otherKey)).toThrow(/^Encrypt: /)
  const refuse = (status: number, message: string) => new PushRefused(status, message, 'ww1', 'gh_1')
  const { encrypted, signed } = pushed(old, '<xml/>', 'ww2')
  expect(() => openSigned([old], signed, encrypted, receiver, refuse)).toThrow(
    expect.objectContaining({ status: 403, corpId: 'ww1', account: 'gh_1' }),
  )
})
