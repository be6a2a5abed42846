import type { TodoContent, TodoState } from '../../todos/todo.ts'

/** The sender's own keys of a to-do, such as its flow and step, by name. */
export type Names = Readonly<Record<string, string>>

type ChangeTarget = {
  /** The keys that every push about the to-do carries. */
  flow: readonly string[]
  names: Names
  /** The receivers as the sender names them; `all` means everyone who has the to-do. */
  receivers: readonly string[] | 'all'
}

/** A to-do as its sender has it now: it is created or, unless `isNew`, brought up to date. */
export type PutChange = ChangeTarget & {
  how: 'put'
  receivers: readonly string[]
  todoNo: string
  content: TodoContent
  /** The push fails if the to-do exists. */
  isNew: boolean
  /** The receiver has opened the to-do in the sender's system. */
  isRead: boolean
  /** The sender is shown by the name that the address book has for them, if any. */
  sender: { value: string; isRequired: boolean }
}

/** Changes stored to-dos: all that the names fit. */
export type StateChange = ChangeTarget & {
  how: 'state'
  /** The names to look for if no to-do has `names`: some senders confuse the two. */
  orNames?: Names
  state: TodoState | undefined
  /** The other fields that change. */
  content: Partial<Omit<TodoContent, 'state' | 'version'>>
  /** The new names of the to-do. */
  renamed: Names
  version: number | null
  /** Changes open to-dos only. */
  isOfOpen: boolean
  /** Treats withdrawn to-dos as missing. */
  forgetsWithdrawn: boolean
}

export type TodoChange = PutChange | StateChange

/**
 * The outcome of a to-do. `exists`: the push wants a new one, and it exists. `absent`: the push wants to change one, and there is none.
 * The vendors' protocols have answers of their own for both.
 */
export type Outcome = 'created' | 'updated' | 'same' | 'stale' | 'exists' | 'absent'

/** A receiver that is no person, such as 蓝凌's `{"DeptNo":"12"}`. */
export function isGroup(receiver: string): boolean {
  return /^(DeptNo|PostNo|GroupNo)=/.test(receiver)
}
