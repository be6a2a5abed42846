import type { Answer } from '../../../ui/data/api.ts'

/** What the server says about the answers on a card. */
export type Answers = Answer<'/web/messages/card/answers'>
