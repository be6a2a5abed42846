import { ApiError } from '../../../platform/http/errors.ts'
import type { MediaFile } from '../../message-media/media.ts'
import { button, contentAtMost, httpUrl, type MessageInput, needed, prefixed } from '../message-fields.ts'

export type EmailContent = {
  kind: 'email'
  subject: string
  text: string
  url: string
  btntxt: string
  /** Its attachments. */
  files?: readonly MediaFile[]
}

/** `stopUrl`: where its receiver stops mails of this kind. */
export type Mail = EmailContent & { stopUrl?: string | undefined }

/** Throws 1000 and 1001. */
export function emailContent(input: MessageInput, files: readonly MediaFile[] = []): EmailContent {
  if (input.content.length > contentAtMost)
    throw new ApiError('badParameter', {
      zh: `邮件的 content 最长 ${contentAtMost} 个字符，没有发送`,
      en: `content of a mail takes at most ${contentAtMost} characters; nothing was sent`,
    })
  return {
    kind: 'email',
    subject: prefixed(input.agentName, needed('title', input.title)),
    text: input.content,
    url: input.url ? httpUrl('url', input.url) : '',
    btntxt: input.btntxt ?? button,
    ...(files.length > 0 ? { files } : {}),
  }
}
