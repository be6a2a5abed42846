import type { Words } from '../http/words.ts'

/** Something that an administrator should look at. */
export type Attention = {
  /** An open alert of the same name says more, and is shown in its place. */
  kind: string
  severity: 'bad' | 'warn'
  title: Words
  /** Why, or what to know about it. */
  hint: Words | string
  /** What the link to the page of the console says that leads to where it is solved. */
  act: Words
  path: string
}
