import { type Static, Type } from 'typebox'
import { shownFileSchema } from '../../message-media/message-files.ts'
import type { EmailContent } from './content.ts'

export const emailPreviewSchema = Type.Object({
  channel: Type.Literal('email'),
  from: Type.String(),
  subject: Type.String(),
  text: Type.String(),
  url: Type.String(),
  btntxt: Type.String(),
  files: Type.Array(shownFileSchema),
})
export type EmailPreview = Static<typeof emailPreviewSchema>

export function emailPreview(
  { subject, text, url, btntxt, files = [] }: EmailContent,
  from: string,
): EmailPreview {
  return { channel: 'email', from, subject, text, url, btntxt, files: [...files] }
}
