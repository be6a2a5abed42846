import type { Words } from '../words.ts'

/** A text with a place for a code, and perhaps one for the minutes that it lasts. */
export type CodeTemplate = { id: string; text: string }

/** `minutes`: how long the code is good. */
export type CodeToSend = { mobile: string; templateId: string; code: string; minutes: number }

/** Why a code did not leave for sure, and what to do. `isNumber`: only this number is to blame, and others get theirs. */
export type CodeFailure = { said: Words; fix: Words; isNumber: boolean }

/** How codes reach mobiles; one feature can do that. */
export type SmsCodes<C> = {
  /** What the corp has that can carry a code; none where nothing can be sent. */
  templates(ctx: C, corpId: string): readonly CodeTemplate[]
  send(ctx: C, corpId: string, code: CodeToSend): Promise<CodeFailure | undefined>
}
