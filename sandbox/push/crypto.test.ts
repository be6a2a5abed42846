import * as foreign from '@wecom/crypto'
import { expect, test } from 'vitest'
import { digits, encrypt, isEncodingAesKey, sign } from './crypto.ts'

const key = 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR'

test('equals the public vectors made with a known random part', () => {
  const note = encrypt('A'.repeat(43), '{"demo_resp":"good luck"}', 'wxba5fad812f8e6fb9', '707722b803182950')
  expect(note).toBe(
    'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==',
  )
  expect(sign('AAAAA', '1713424427', '415670741', note)).toBe('1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1')
})

test('is read by @wecom/crypto, whatever the length', () => {
  for (let length = 0; length < 70; length++) {
    const message = '企'.repeat(length) + 'x'.repeat(length % 3)
    const encrypted = encrypt(key, message, 'ww1234567890abcdef')
    expect(foreign.decrypt(key, encrypted)).toMatchObject({ message, id: 'ww1234567890abcdef' })
    expect(sign('tok', '1', '2', encrypted)).toBe(foreign.getSignature('tok', '1', '2', encrypted))
  }
})

test('a key is 43 letters or digits, whatever its last bits', () => {
  expect(isEncodingAesKey(key)).toBe(true)
  expect([key.slice(1), `${key}a`, `${key.slice(1)}+`].some(isEncodingAesKey)).toBe(false)
  expect(digits(19)).toMatch(/^[1-9]\d{18}$/)
})
