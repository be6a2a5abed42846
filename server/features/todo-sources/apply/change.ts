import type { TodoContent, TodoState } from '../../todos/todo.ts'

/** What identifies a to-do at its sender, by the sender's names of it. */
export type Names = Readonly<Record<string, string>>

type About = {
  /** What every push about the to-do names. */
  flow: readonly string[]
  names: Names
  /** As the sender names them; `all` who have it. */
  receivers: readonly string[] | 'all'
}

/** A to-do as its sender has it now: it is created or, unless `isNew`, brought up to date. */
export type Put = About & {
  how: 'put'
  receivers: readonly string[]
  todoNo: string
  content: TodoContent
  /** What is there already makes it fail. */
  isNew: boolean
  /** Its person has opened it at the sender's. */
  isRead: boolean
  /** Shown by their name where the address book has them. */
  sender: { value: string; isRequired: boolean }
}

/** Changes what is there, whichever of it the names mean. */
export type Turn = About & {
  how: 'state'
  /** Meant where nothing has `names`: some senders mix them up. */
  orNames?: Names
  state: TodoState | undefined
  /** What else becomes another. */
  content: Partial<Omit<TodoContent, 'state' | 'version'>>
  /** Kept as what the sender calls it. */
  renamed: Names
  version: number | null
  /** Only what is open is changed. */
  isOfOpen: boolean
  /** A to-do that was withdrawn is none any more. */
  forgetsWithdrawn: boolean
}

export type Change = Put | Turn

/**
 * What became of a to-do: `exists` and `absent` are refusals of the vendor's own kind, for one that is new and is there, or is to be
 * changed and is not.
 */
export type Outcome = 'created' | 'updated' | 'same' | 'stale' | 'exists' | 'absent'

/** A receiver that is no person, such as 蓝凌's `{"DeptNo":"12"}`. */
export function isGroup(receiver: string): boolean {
  return /^(DeptNo|PostNo|GroupNo)=/.test(receiver)
}
