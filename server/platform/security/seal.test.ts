import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSeal, SealError } from './seal.ts'

const [first, second] = ['the first key, 32 characters long', 'the second key, 32 characters too']

describe('sealed values', () => {
  it('open again, and are never equal', () => {
    const seal = createSeal(first)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), plain => {
        const sealed = [seal.seal(plain, 'a'), seal.seal(plain, 'a')]
        expect(sealed.map(one => seal.open(one, 'a'))).toEqual([plain, plain])
        expect(sealed[0]).not.toBe(sealed[1])
        expect(sealed[0]).toMatch(/^v1\.[0-9a-f]{16}\.[\w-]+$/)
      }),
    )
  })

  it('open for their purpose only', () => {
    const seal = createSeal(first)
    expect(() => seal.open(seal.seal('x', 'corp.contact_secret'), 'agent.secret')).toThrow(SealError)
  })

  it('do not open when altered', () => {
    const seal = createSeal(first)
    const sealed = seal.seal('a secret', 'a')
    const start = sealed.lastIndexOf('.') + 1
    const bytes = Buffer.from(sealed.slice(start), 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const altered = Buffer.from(bytes)
      altered[at] = (altered[at] ?? 0) ^ 1
      expect(() => seal.open(sealed.slice(0, start) + altered.toString('base64url'), 'a')).toThrow('altered')
    }
    for (const broken of [
      '',
      'v1',
      'v1..',
      sealed.replace('v1', 'v2'),
      sealed.slice(0, start),
      `${sealed.slice(0, start)}AA`,
    ])
      expect(() => seal.open(broken, 'a'), broken).toThrow(SealError)
  })

  it('open by the old key while it is being rotated, and not after', () => {
    const sealed = createSeal(first).seal('x', 'a')
    const rotating = createSeal(second, first)
    expect(rotating.open(sealed, 'a')).toBe('x')
    const again = rotating.seal('x', 'a')
    expect(createSeal(second).open(again, 'a')).toBe('x')
    expect(() => createSeal(second).open(sealed, 'a')).toThrow('sealed with another WISP_SECRET_KEY')
    expect(rotating.knows(createSeal(first).fingerprint)).toBe(true)
    expect(createSeal(second).knows(createSeal(first).fingerprint)).toBe(false)
  })
})

describe('signatures', () => {
  it('are good under the current and the old key, for their purpose and text', () => {
    const signature = createSeal(first).sign('a', 'text')
    expect(createSeal(first).isSigned('a', 'text', signature)).toBe(true)
    expect(createSeal(second, first).isSigned('a', 'text', signature)).toBe(true)
    expect(createSeal(second).isSigned('a', 'text', signature)).toBe(false)
    expect(createSeal(first).isSigned('b', 'text', signature)).toBe(false)
    expect(createSeal(first).isSigned('a', 'Text', signature)).toBe(false)
    for (const other of [
      '',
      signature.slice(1),
      `${signature}=`,
      `${signature}A`,
      signature.toLowerCase(),
      '签'.repeat(43),
    ])
      expect(createSeal(first).isSigned('a', 'text', other)).toBe(false)
  })
})

it('a key is needed', () => {
  expect(() => createSeal('')).toThrow(SealError)
})
