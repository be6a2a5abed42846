import { createHash } from 'node:crypto'
import type { Core } from '../../../platform/core.ts'
import type { Source } from '../source.ts'

const livesMs = 15 * 60_000
const purpose = 'todo source token'

/** Signed and stored nowhere, so that every node knows it; another password ends all tokens. */
export function issueToken(ctx: Core, source: Source): string {
  const endsAt = (ctx.now() + livesMs).toString(36)
  return `${endsAt}-${ctx.seal.sign(purpose, signed(source, endsAt))}`
}

export function isToken(ctx: Core, source: Source, token: string): boolean {
  const [, endsAt = '', signature = ''] = /^([0-9a-z]{1,12})-([\w-]+)$/.exec(token) ?? []
  if (!(Number.parseInt(endsAt, 36) > ctx.now())) return false
  return ctx.seal.isSigned(purpose, signed(source, endsAt), signature)
}

function signed({ corpId, id, userName, password, key }: Source, endsAt: string): string {
  const secret = createHash('sha256').update(`${key}\n${userName}\n${password}`).digest('hex')
  return `${corpId}\n${id}\n${secret}\n${endsAt}`
}
