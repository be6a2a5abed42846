import { hash } from 'node:crypto'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Db } from '../../../platform/storage/db.ts'
import type { Library } from '../provider/library.ts'
import * as store from './record-store.ts'

/** How a code or token is known in the database. */
export const hashOf = (id: string) => hash('sha256', id, 'base64url')

const tokens: ReadonlySet<string> = new Set(['AccessToken', 'RefreshToken'])

/** The code or earlier token for which the request that is being answered gets a token; undefined where a record is none. */
export function sourceOf({ Provider }: Library, corpId: string, kind: string): store.RecordKey | undefined {
  if (!tokens.has(kind)) return undefined
  const { entities } = (Provider.ctx as KoaContextWithOIDC | undefined)?.oidc ?? {}
  const given =
    entities?.RotatedRefreshToken ??
    entities?.AuthorizationCode ??
    entities?.DeviceCode ??
    entities?.RefreshToken
  return given?.jti === undefined ? undefined : { corpId, kind: given.kind, id: hashOf(given.jti) }
}

/** A token whose grant ended while it was given is stored by nobody, so that it is good for nothing. */
export async function putToken(db: Db, record: store.StoredRecord, source: store.RecordKey): Promise<void> {
  const isItself = source.kind === record.kind && source.id === record.id
  await (isItself ? store.changeRecord(db, record) : store.putIssued(db, record, source))
}
