import type { Core } from '../../core.ts'
import type { Corp } from '../../corps/corps.ts'
import type { Content } from '../accept/content.ts'
import type { Contact } from '../deliver/contacts.ts'
import type { Reason } from '../reason.ts'
import type { MessageSettings } from '../settings/settings.ts'
import type { ChannelName } from '../store.ts'

/** One call to upstream: what is sent, and to whom. */
export type Outgoing = {
  ctx: Core
  corp: Corp
  settings: MessageSettings
  /** Unique over all sends of all installations; finds this send in a vendor's records. */
  key: string
  agentId: number | null
  content: Content
  /** Index of the piece of a split text. */
  chunk: number
  userIds: readonly string[]
  memberIds: readonly number[]
  /** Whether the request uses WeCom's duplicate check. */
  isChecked: boolean
  firstTriedAt: Date
}

export type Failure = { userId: string; reason: Reason }

/**
 * `sent`: upstream accepted it, except for the `failures`. `refused`: upstream did not accept it and never will.
 * `again`: it certainly was not sent, and may be accepted later. `unsure`: it may have arrived. `divide`: it
 * certainly was not sent, because of receivers that upstream does not name. `isConfig`: credentials or settings are
 * at fault (1008), and the caller is told the `reason` too. `failures`: reasons of single receivers.
 */
export type Outcome =
  | { kind: 'sent'; vendorId: string; failures: Failure[] }
  | { kind: 'refused'; reason: Reason; isConfig: boolean; failures?: Failure[] }
  | { kind: 'again'; reason: Reason; afterMs?: number }
  | { kind: 'unsure'; reason: Reason }
  | { kind: 'divide'; reason: Reason }

/** A way to reach people. A new channel is a file like its neighbours and a row in channels.ts. */
export type Channel = {
  name: ChannelName
  /** Largest number of receivers in one call. */
  partSize: number
  /** Why the channel cannot be used as it is configured, for error 1008; undefined when it can. */
  missing(ctx: Core, corp: Corp, settings: MessageSettings, agentId: number | null): Reason | undefined
  /**
   * Why this member cannot be reached; undefined when they can. A channel without this function learns it from
   * upstream.
   */
  unreachable?(member: Contact): Reason | undefined
  /** Members of one part must all have the same kind. Without this function, all members are of one kind. */
  kindOf?(member: Contact): string
  /** Throws only before anything was sent; whatever happens afterwards is reported as an outcome. */
  send(outgoing: Outgoing): Promise<Outcome>
  /** Asks the vendor's records about a part that may have been sent. Undefined when they prove nothing. */
  ask?(outgoing: Outgoing): Promise<'sent' | undefined>
  /** Returns why it cannot be recalled as the channel is configured; undefined when it was. */
  recall?(corp: Corp, agentId: number | null, vendorId: string): Promise<Reason | undefined>
}
