import type { Input } from '../http/input.ts'
import type { ContactEvent } from '../push/event.ts'
import type { CorpState } from '../state/state.ts'

export interface Outcome {
  answer: Record<string, unknown>
  /** What WeCom calls back when this was done in its console. */
  events: ContactEvent[]
}

/** A change of the corp: checks everything, throws WecomError before it touches anything, then changes. It depends on
 * nothing but the state and its input, so that the journal can do it again. */
export type Edit = (state: CorpState, input: Input, console: boolean) => Outcome
