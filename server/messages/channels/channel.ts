import type { Core } from '../../core.ts'
import type { Corp } from '../../corps/corps.ts'
import type { Words } from '../../http/words.ts'
import type { Content } from '../accept/content.ts'
import type { Contact } from '../deliver/contacts.ts'
import type { Reason } from '../fate/reason.ts'
import type { MessageSettings } from '../settings/settings.ts'
import type { ChannelName } from '../store.ts'

/** One call to upstream: what is sent to whom. */
export type Outgoing = {
  ctx: Core
  corp: Corp
  settings: MessageSettings
  /** Unique over all sends of all installations: how a vendor's records find this one. */
  key: string
  agentId: number | null
  content: Content
  /** Which of a split text. */
  chunk: number
  userIds: readonly string[]
  memberIds: readonly number[]
  /** Whether WeCom's duplicate check guards it. */
  isChecked: boolean
  firstTriedAt: Date
}

export type Failure = { userId: string; reason: Reason }

/**
 * `sent`: upstream took it, less the failures. `refused`: it did not and never will. `again`: it certainly did not, and
 * may later. `unsure`: it may have arrived. `divide`: it certainly did not, because of some receivers that upstream does
 * not name. `isConfig`: credentials or settings are at fault (1008). `failures`: reasons of single receivers. Where
 * `isConfig` the caller is told the `reason` too.
 */
export type Outcome =
  | { kind: 'sent'; vendorId: string; failures: Failure[] }
  | { kind: 'refused'; reason: Reason; isConfig: boolean; failures?: Failure[] }
  | { kind: 'again'; reason: Reason; afterMs?: number }
  | { kind: 'unsure'; reason: Reason }
  | { kind: 'divide'; reason: Reason }

/** A way to people. A new one is a file like its neighbours and a row in channels.ts. */
export type Channel = {
  name: ChannelName
  /** Receivers of one call. */
  partSize: number
  /** Why it cannot be used as configured, for 1008. */
  missing(ctx: Core, corp: Corp, settings: MessageSettings, agentId: number | null): Words | undefined
  /** Why this member cannot be reached, or undefined. Absent: upstream says. */
  unreachable?(member: Contact): Words | undefined
  /** Members of one part must be alike in this; `undefined`: all are. */
  kindOf?(member: Contact): string
  /** One call. Throws only before anything has left: what may have left is an outcome. */
  send(outgoing: Outgoing): Promise<Outcome>
  /** What the vendor's record says of a part of unclear fate: it went out, or nothing can be said. */
  ask?(outgoing: Outgoing): Promise<'sent' | undefined>
  /** Takes back what arrived. */
  recall?(ctx: Core, corp: Corp, agentId: number | null, vendorId: string): Promise<void>
}
