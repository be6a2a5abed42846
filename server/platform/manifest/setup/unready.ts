import type { Words } from '../../words.ts'
import type { CauseText } from '../cause.ts'

/** The next step before something works that a corp has switched on, or has begun to set up. */
export type UnreadyStep = CauseText & {
  /** Which of several of the feature, such as a channel; absent where there is only one. */
  subject?: string
  /** What the link to `path` says. */
  act: Words
}
