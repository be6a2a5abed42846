import { type RawBuilder, sql } from 'kysely'
import { notify, signal } from '../storage/bus.ts'
import type { Db } from '../storage/db.ts'

const looked = 'looked '

/** Something of the corp may need somebody, or no longer; '' is of the installation. Sent when the transaction commits. */
export const noteAct = (corpId: string | null): RawBuilder<unknown> => notify('wisp_needs', corpId ?? '')

/** The look for causes has changed what needs somebody in this corp; '' in any. */
export async function signalLooked(tx: Db, corpId: string): Promise<void> {
  await signal(tx, 'wisp_needs', looked + corpId)
}

/** Sends `noteAct` by itself. */
export async function signalAct(tx: Db, corpId: string | null): Promise<void> {
  await sql`select ${noteAct(corpId)}`.execute(tx)
}

export function lookedAt(payload: string): { corpId: string; isLooked: boolean } {
  const isLooked = payload.startsWith(looked)
  return { corpId: isLooked ? payload.slice(looked.length) : payload, isLooked }
}
