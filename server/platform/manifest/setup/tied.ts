import type { Words } from '../../words.ts'

/** Something that another system was given under an address of wisp, and that works only there: a callback, a trusted domain, an issuer. */
export type TiedAddress = {
  /** With `subject`, under which its address is kept. */
  kind: string
  /** Which of several; absent where there is only one. */
  subject?: string
  title: Words
  /** The finding that is about it, and the check-up that has it; absent for the corp's own. */
  check: string
  checkUp?: string
  /** Where the new address is entered. */
  fix: Words
  path: string
  /** The address of wisp that it has, where its own rows tell. */
  address?: string
  /** Another address of wisp at which it works as well, whatever that of the corp is. */
  alsoAt?: string | undefined
  /** Whether it is known to work without an address being kept, as before addresses were kept. */
  isProved?: boolean
}
