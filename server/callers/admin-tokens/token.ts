import { hash, randomBytes } from 'node:crypto'

/** Says what it is to whoever finds it in a file or a log, and to programs that look for lost secrets. */
const prefix = 'wisp_admin_'
const shape = /^wisp_admin_[\w-]{43}$/

export function newToken(): string {
  return prefix + randomBytes(32).toString('base64url')
}

export function isToken(text: string): boolean {
  return shape.test(text)
}

/** All that is stored of a token, which is too long to be guessed. */
export function hashOf(token: string): string {
  return hash('sha256', token, 'hex')
}
