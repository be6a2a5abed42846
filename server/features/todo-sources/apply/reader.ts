import type { Item } from '../receive/values.ts'
import type { SourceOfApp } from '../source.ts'
import type { TodoChange } from './change.ts'

/** How a vendor's words are read. `call` is one of its own names. */
export type Reader = {
  /** What a body says, to-do by to-do. Throws NotUnderstood. */
  parse(call: string, body: string): readonly Item[]
  /** Throws NotUnderstood. */
  read(source: SourceOfApp, call: string, item: Item): TodoChange
  /** The same for one of several receivers. */
  only(item: Item, receiver: string): Item
}
