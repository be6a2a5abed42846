import type { Input } from '../http/input.ts'
import type { ContactEvent } from '../push/event.ts'
import type { CorpState } from '../state/state.ts'

export interface Outcome {
  answer: Record<string, unknown>
  /** The events that WeCom calls back when the change was made in its console. */
  events: ContactEvent[]
}

/** Who makes an edit: a person in WeCom's console, the contact secret, or the agent of this id. */
export type Editor = 'console' | 'contact' | number

/**
 * Makes the edit of this name and stores it in the journal; what was done in the console is called back. Returns WeCom's answer;
 * throws WecomError when WeCom would refuse the edit.
 */
export type Commit = (name: string, input: Input, editor: Editor) => Record<string, unknown>

/**
 * A change of the corp. It checks everything and throws WecomError before it changes anything. It depends
 * only on the state and its input, because the journal repeats it after a restart.
 */
export type Edit = (state: CorpState, input: Input, editor: Editor) => Outcome
