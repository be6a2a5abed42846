import type { Words } from '../http/words.ts'

/** A text with a place for a code, and perhaps one for the minutes that it lasts. */
export type CodeTemplate = { id: string; text: string }

/** `minutes`: how long the code is good. */
export type CodeToSend = { mobile: string; templateId: string; code: string; minutes: number }

/** How codes reach mobiles; one feature can do that. */
export type SmsCodes<C> = {
  /** What the corp has that can carry a code; none where nothing can be sent. */
  templates(ctx: C, corpId: string): readonly CodeTemplate[]
  /** Returns why it did not leave. */
  send(ctx: C, corpId: string, code: CodeToSend): Promise<Words | undefined>
}
