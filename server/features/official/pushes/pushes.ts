import { type Static, Type } from 'typebox'
import { time } from '../../../platform/http/output.ts'
import type { Language } from '../../../platform/http/words.ts'
import {
  type EventFilter,
  type EventOrder,
  eventStates,
  pageEvents,
} from '../../../platform/inbox/event-list-store.ts'
import { eventIn } from '../../../platform/inbox/event-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Account } from '../accounts/accounts.ts'

export const pushSchema = Type.Object({
  id: Type.Number(),
  /** A type of message, or the event in WeChat's own spelling. */
  kind: Type.String(),
  openid: Type.String(),
  state: Type.Enum(eventStates),
  attempts: Type.Number(),
  /** Why it waits or was parked; '' when nothing is wrong. */
  error: Type.String(),
  receivedAt: time,
  doneAt: Type.Union([time, Type.Null()]),
})
export type PushRow = Static<typeof pushSchema>

const newestFirst: EventOrder = { by: 'id', descending: true }

/** The pushes of an account that a filter matches, with errors in the reader's language. */
export async function pushesOf(
  db: Db,
  { corpId, originalId }: Account,
  filter: EventFilter,
  language: Language,
  { order = newestFirst, ...page }: { order?: EventOrder; limit: number; offset: number },
): Promise<PushRow[]> {
  const rows = await pageEvents(db, corpId, 'official', { ...filter, account: originalId }, order, page)
  return rows.map(row => {
    const { id, changeType, entity, state, attempts, error, receivedAt, doneAt } = eventIn(language, row)
    const openid = entity.split(':').slice(2).join(':')
    return { ...{ id, openid, state, attempts, receivedAt, doneAt }, kind: changeType, error: error ?? '' }
  })
}
