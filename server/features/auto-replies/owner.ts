import type { ActsOfReplies } from '../../platform/audit/acts.ts'
import type { Core } from '../../platform/core.ts'
import type { StreamName } from '../../platform/queue/queue-store.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Words } from '../../platform/words.ts'
import type { Owner } from './conversation-owner.ts'
import type { RuleKind } from './rule-kinds.ts'

/** What a rule answers. Vendors take more answers to a message than to an event. */
export type Trigger = 'message' | 'event'

/**
 * What the feature that has the owners says of all of them. What they can answer with is their own, with all limits that a vendor
 * sets.
 */
export type OwnerKind<Content> = {
  /** One of them, as refusals name it. */
  one: Words
  /** Whom they answer. */
  person: Words
  /** With what the names of changes in the audit log begin. */
  acts: ActsOfReplies
  /** The queue's stream of flows that were not answered in time. */
  stream: StreamName
  /** Types of messages that people can send. */
  messageTypes: readonly string[]
  /** Kinds of rules that they can have. */
  ruleKinds: readonly RuleKind[]
  menuKeyBytesAtMost: number
  /** Throws 1000 and 1001, naming the content by its place in `name`. */
  checkContents(contents: readonly Content[], trigger: Trigger, name: string): void
  /** `contents` are said at once, beginning with this step of a flow. Throws 1000. */
  checkChain(stepId: string, contents: readonly Content[]): void
  /** The text is sent when nobody has answered a flow for so many minutes. Throws 1000 and 1001. */
  checkTimeout(text: string, minutes: number): void
  /** Refers to the stored files that `contents` name, in the transaction that writes them. Throws 1000. */
  keepFiles?(ctx: Pick<Core, 'now'>, tx: Db, owner: Owner, contents: readonly Content[]): Promise<void>
  /** Until the transaction ends nobody else changes this owner's rules and flows. Throws 1000 when there is no such owner. */
  lock(tx: Db, owner: Owner): Promise<void>
}
