import type { Core } from '../../platform/core.ts'
import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

/** The password by which a source is read. */
export const sourceSecret: SealedColumn = {
  table: 'people_source',
  key: ['corp_id', 'id'],
  column: 'secret',
  purpose: 'people_source.secret',
}

/** The password in clear text; '' without one. */
export function secretOf(ctx: Pick<Core, 'seal'>, { secret }: { secret: string | null }): string {
  return secret === null ? '' : ctx.seal.open(secret, sourceSecret.purpose as string)
}
