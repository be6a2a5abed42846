import { argon2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashPassword, verifyPassword } from './passwords.ts'

describe('passwords', () => {
  it('accepts the password and nothing else', async () => {
    const stored = await hashPassword('正确的马 电池')
    expect(stored).toMatch(/^argon2id\$19456,2,1\$/)
    expect(await verifyPassword('正确的马 电池', stored)).toBe(true)
    expect(await verifyPassword('正确的马 电池 ', stored)).toBe(false)
    expect(await verifyPassword('', stored)).toBe(false)
  })

  it('gives equal passwords different hashes', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'))
  })

  it('takes composed and decomposed characters for the same', async () => {
    expect(await verifyPassword('e\u0301t\u00e9', await hashPassword('\u00e9te\u0301'))).toBe(true)
  })

  it('verifies with the cost that the hash names, so that the setting can be raised later', async () => {
    const nonce = Buffer.from('0123456789abcdef')
    const tag = argon2Sync('argon2id', {
      message: 'old',
      nonce,
      tagLength: 32,
      memory: 64,
      passes: 1,
      parallelism: 1,
    })
    const stored = `argon2id$64,1,1$${nonce.toString('base64url')}$${tag.toString('base64url')}`
    expect(await verifyPassword('old', stored)).toBe(true)
    expect(await verifyPassword('new', stored)).toBe(false)
  })

  it('refuses what is no argon2id hash', async () => {
    expect(await verifyPassword('x', 'plain$x')).toBe(false)
    expect(await verifyPassword('x', '')).toBe(false)
  })
})
