import { corpSealed } from '../corps/sealed.ts'
import { messageSealed } from '../messages/sealed.ts'
import { credentialSealed } from '../security/credentials.ts'
import type { SealedColumn } from '../security/sealed-columns.ts'

/** Every sealed column of the database: what another WISP_SECRET_KEY seals anew. */
export const sealedColumns: readonly SealedColumn[] = [...corpSealed, ...credentialSealed, ...messageSealed]
