import { describe, expect, it } from 'vitest'
import { checkPassword, strengthOf } from './password-rules.ts'

const rules = { passwordLength: 10, passwordKinds: 0 }
const refusal = async (password: string, asked: Partial<typeof rules> = {}) =>
  (await strengthOf(password, 'admin', { ...rules, ...asked })).problem?.zh ?? ''

describe('a new password', () => {
  it.each([
    '我自己的 password',
    'the tea is cold again',
    'Kq7mTz4wRx9p',
    'admin keeps bees',
    'tea 91827364554',
    '😀🎉🚗🍵🐝🏔📚🎹🧭🪁',
  ])('may be %s', async password => {
    await expect(checkPassword(password, 'admin', 'it', rules)).resolves.toBeUndefined()
  })

  it('has ten characters at least, however many units of UTF-16 they take', async () => {
    expect(await refusal('xK7#mQ2vP')).toMatch(/10 到 200/)
    expect(await refusal('😀🎉🚗🍵🐝🏔📚')).toMatch(/10 到 200/)
  })

  it.each([
    '1234567890',
    'qwertyuiop',
    '1qaz2wsx3edc',
    'Password123!',
    'P@ssw0rd123',
    'Passw0rd2026!',
    '!2026Password',
    'Welcome@2026',
    'Woaini2026!!',
    'aaaaaaaaaa',
    'wisp123456',
    '5201314520',
    'woaini1314',
    'woaini5201314',
    'wodemima123',
    'zhimakaimen',
    'ab3$'.repeat(50),
  ])('is not common, nor made of what is: %s', async password => {
    expect(await strengthOf(password, 'admin', rules)).toMatchObject({
      score: expect.toSatisfy(score => score < 2),
      problem: { zh: expect.stringMatching(/太常见/) },
    })
  })

  it.each(['adminadmin', 'Admin-admin1', 'admin@2026'])("is not the account's name: %s", async password => {
    expect(await refusal(password)).toMatch(/账号名 admin/)
    expect((await strengthOf(password, 'root', rules)).problem?.zh ?? '').not.toMatch(/账号名/)
  })

  it('has as many characters, and kinds of them, as the installation asks', async () => {
    expect(await refusal('Kq7mTz4wRx9p', { passwordLength: 14 })).toMatch(/14 到 200/)
    expect(await refusal('the tea is cold again', { passwordKinds: 3 })).toMatch(/至少 3 类/)
    expect(await refusal('the Tea is cold again', { passwordKinds: 3 })).toBe('')
    expect(await refusal('我自己的 password', { passwordKinds: 2 })).toBe('')
    expect(await refusal('Kq7mTz4wRx9p', { passwordKinds: 4 })).toMatch(/至少 4 类/)
    expect(await refusal('Kq7mTz4w-Rx9p', { passwordKinds: 4 })).toBe('')
  })

  it('is looked at no longer than a person waits, even if it is long', async () => {
    const long = Array.from({ length: 200 }, (_, n) => String.fromCharCode(33 + ((n * 37) % 90))).join('')
    const start = performance.now()
    expect(await strengthOf(long, 'admin', rules)).toEqual({ score: 4, problem: undefined })
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
