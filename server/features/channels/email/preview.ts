import { type Static, Type } from 'typebox'
import type { EmailContent } from './content.ts'

export const emailPreviewSchema = Type.Object({
  channel: Type.Literal('email'),
  from: Type.String(),
  subject: Type.String(),
  text: Type.String(),
  url: Type.String(),
  btntxt: Type.String(),
})
export type EmailPreview = Static<typeof emailPreviewSchema>

export function emailPreview({ subject, text, url, btntxt }: EmailContent, from: string): EmailPreview {
  return { channel: 'email', from, subject, text, url, btntxt }
}
