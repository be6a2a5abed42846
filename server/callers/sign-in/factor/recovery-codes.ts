import { hash, randomBytes } from 'node:crypto'

const made = 10

/** Without i, l, o and u, which are easily confused or spell words: five bits a letter, 80 a code. */
const letters = '0123456789abcdefghjkmnpqrstvwxyz'

export function newRecoveryCodes(): string[] {
  return Array.from({ length: made }, () =>
    [...randomBytes(16)].map((byte, n) => `${n % 4 === 0 && n > 0 ? '-' : ''}${letters[byte % 32]}`).join(''),
  )
}

/** A code as it is compared: people type blanks, hyphens, capitals, and digits of full width. */
export function plain(code: string): string {
  return code.normalize('NFKC').replace(/[\s-]/g, '').toLowerCase()
}

export function hashOf(code: string): string {
  return hash('sha256', plain(code), 'hex')
}
