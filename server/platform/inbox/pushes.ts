import { type Static, type TString, Type } from 'typebox'
import type { Act } from '../audit/acts.ts'
import type { Core } from '../core.ts'
import { time } from '../http/output.ts'
import type { Queue } from '../queue/queue.ts'
import { enqueue, type StreamName } from '../queue/queue-store.ts'
import type { Db } from '../storage/db.ts'
import type { Language } from '../words.ts'
import {
  countEvents,
  type EventFilter,
  type EventOrder,
  eventStates,
  pageEvents,
} from './event-list-store.ts'
import { eventIn, type InboxStream } from './event-store.ts'
import { type EventReplay, replayFiltered } from './replay.ts'

/** Whose pushes these are: agents' or official accounts'. `O` is one of them as its feature has it. */
export type PushKind<O, P extends string> = {
  stream: InboxStream & StreamName
  /** The name of a replay in the audit log. */
  act: Act
  /** What a row calls the person whose act a push was. */
  person: P
  /** '' for nobody. */
  personIn(entity: string): string
  keyOf(of: O): { corpId: string; account: string }
}

const rowFields = {
  id: Type.Number(),
  /** A type of message, or the event in the vendor's own spelling. */
  kind: Type.String(),
  state: Type.Enum(eventStates),
  attempts: Type.Number(),
  /** Why it waits or was parked; '' when nothing is wrong. */
  error: Type.String(),
  receivedAt: time,
  doneAt: Type.Union([time, Type.Null()]),
}
const rowSchema = Type.Object(rowFields)

export type PushRow<P extends string> = Static<typeof rowSchema> & Record<P, string>

type Page = { order?: EventOrder; limit: number; offset: number }
const newestFirst: EventOrder = { by: 'id', descending: true }

/** What is read and done again of pushes of this kind. */
export type Pushes<O, P extends string> = ReturnType<typeof pushesOfKind<O, P>>

export function pushesOfKind<O, const P extends string>(kind: PushKind<O, P>) {
  const { stream, act, person, personIn, keyOf } = kind
  const personField = { [person]: Type.String() } as Record<P, TString>

  /** Those that a filter matches, with errors in the reader's language. */
  async function pushesOf(db: Db, of: O, filter: EventFilter, language: Language, page: Page) {
    const { corpId, account } = keyOf(of)
    const { order = newestFirst, ...part } = page
    const rows = await pageEvents(db, corpId, stream, { ...filter, account }, order, part)
    return rows.map(row => {
      const { id, changeType, entity, state, attempts, error, receivedAt, doneAt } = eventIn(language, row)
      const common = { id, kind: changeType, state, attempts, error: error ?? '', receivedAt, doneAt }
      return { ...common, [person]: personIn(entity) } as PushRow<P>
    })
  }

  /** Acts on pushes once more. What that does again, and what not, its feature says. */
  function pushReplay(ctx: Core, actor: string, of: O): EventReplay {
    const { corpId, account } = keyOf(of)
    const wake = (tx: Db) => enqueue(tx, [{ corpId, stream, key: account }], new Date(ctx.now()))
    return { stream, corpId, actor, act, within: { account }, wake }
  }

  /** All that are parked once more; returns how many. Throws 1000 for too many. */
  async function replayParked(ctx: Core & { queue: Queue }, actor: string, of: O): Promise<number> {
    const { corpId, account } = keyOf(of)
    const filter: EventFilter = { state: ['parked'], account }
    const { total, lastId } = await countEvents(ctx.db, corpId, stream, filter)
    if (total === 0) return 0
    return replayFiltered(ctx, pushReplay(ctx, actor, of), { ...filter, upTo: lastId }, total)
  }

  return {
    stream,
    person,
    keyOf,
    rowFields: { ...rowFields, ...personField },
    pushesOf,
    pushReplay,
    replayParked,
  }
}
