import type { Point } from '../http/admin/points.ts'
import type { Visitor } from '../http/visitor.ts'
import type { Language, Words } from '../words.ts'

export type Hit = { id: string; title: string; detail: string }

/** `words` as somebody typed them, without blanks around them. */
export type Search = { corpId: string; visitor: Visitor; words: string; language: Language }

/** Who finds a kind. */
export type SearchRight = { point: Point; graded?: true | undefined }

/** One kind of what Ctrl K finds in the console. */
export type SearchKind<C> = {
  /** What the page calls this kind. */
  title: Words
  /** The page that shows one of them: by its id in place of `$id`, or else in the query `open`, or in `param`. */
  path: string
  param?: string
  /** The point of the page that lists them. */
  point: Point
  /** Graded administrators find them too: `find` keeps to their departments. */
  graded?: true
  find: (ctx: C, search: Search) => Promise<Hit[]> | Hit[]
}

/** Most hits that are shown of one kind. */
export const hitsAtMost = 5
