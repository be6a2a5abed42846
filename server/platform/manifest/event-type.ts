import type { TObject } from 'typebox'
import type { Scope } from '../http/scope.ts'
import type { Words } from '../words.ts'

/** A type of event that developers are told, by webhooks and the stream. */
export type EventType = {
  /** In a few words. */
  title: Words
  /** When it comes, and what a developer may rely on. */
  when: Words
  /** The scope that a developer needs for it; of what it did itself it is told without one. */
  scope?: Scope
  /** It comes when somebody asks for it, whatever a webhook has subscribed to; the stream never has it. */
  isAskedFor?: true
  /** The fields of `data` beside `corpId` and `seq`. */
  data: TObject
  /** Those fields of a real event. */
  sample: Record<string, unknown>
}

export type EventTypes = Readonly<Record<string, EventType>>
