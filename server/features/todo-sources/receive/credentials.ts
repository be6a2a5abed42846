import { createHash } from 'node:crypto'
import type { Core } from '../../../platform/core.ts'
import { passwordPurpose } from '../sealed.ts'
import type { Source } from '../source.ts'

/** Without a password every sender who knows the address may have one. */
export function isPassword(ctx: Core, source: Source, userName: string, password: string): boolean {
  if (source.password === '') return true
  return userName === source.userName && isSecret(ctx.seal.open(source.password, passwordPurpose), password)
}

/** As it is or, as EKP has its clients send it, as an MD5. */
function isSecret(secret: string, given: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  const md5 = createHash('md5').update(secret).digest('hex')
  return hash(given).equals(hash(secret)) || hash(given.toLowerCase()).equals(hash(md5))
}
