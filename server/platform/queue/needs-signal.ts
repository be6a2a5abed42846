import { notify, signal } from '../storage/bus.ts'
import type { Db } from '../storage/db.ts'

const looked = 'looked '

/** Something of the corp may need somebody, or no longer; null is of the installation. Part of a larger statement. */
export const noteAct = (corpId: string | null): ReturnType<typeof notify> =>
  notify('wisp_needs', corpId ?? '')

/** The same by itself. Sent when the transaction commits. */
export async function signalAct(tx: Db, corpId: string | null): Promise<void> {
  await signal(tx, 'wisp_needs', corpId ?? '')
}

/** The look for causes has changed what needs somebody in this corp; '' in any. */
export async function signalLooked(tx: Db, corpId: string): Promise<void> {
  await signal(tx, 'wisp_needs', looked + corpId)
}

export function lookedAt(payload: string): { corpId: string; isLooked: boolean } {
  const isLooked = payload.startsWith(looked)
  return { corpId: isLooked ? payload.slice(looked.length) : payload, isLooked }
}
