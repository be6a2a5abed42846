import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** What a store function takes as its first argument: the handle, or the transaction it is part of. */
export type Db = Kysely<Tables> | Transaction<Tables>
