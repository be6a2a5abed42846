import type { Words } from '../words.ts'

/** What an icon shows; the pages have a drawing for each. */
export const waitingIcons = ['message', 'bill', 'todo'] as const

/** Something that waits for a person: a row on the first page of the workbench. */
export type WaitingRow = {
  icon: (typeof waitingIcons)[number]
  /** What is counted: 缴费. */
  title: Words
  /** More than 99 are shown as 99+, so it need not be counted further than that. */
  count: number
  /** Where the person does something about it. A row whose app the person may not open is left out. */
  link: WaitingLink
  /** Those of them that are due first, at most `dueAtMost`. They are shown in one list with those of other rows. */
  due?: readonly DueItem[]
}

export type WaitingLink = { to: 'messages' } | { to: 'todos' } | { to: 'app'; appId: string }

export const dueAtMost = 5

/** One thing that a person has to do by a time. */
export type DueItem = {
  /** Tells it from others of its row; of a to-do its id. */
  id: number
  /** As its author wrote it. */
  title: string
  /** What tells it from others, such as the name of an app or an amount; '' for nothing. */
  note: string
  dueAt: Date
  link: WaitingLink | { to: 'todo' }
}
