import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** The first argument of every store function: the database handle, or the transaction that the call is part of. */
export type Db = Kysely<Tables> | Transaction<Tables>
