import { ApiError } from '../../../platform/http/errors.ts'
import { isMailAddress } from '../../../platform/http/rules.ts'
import { attachedIn, attachments, takesFiles } from '../../message-media/message-files.ts'
import type { Channel } from '../channel.ts'
import { agentName, btntxt, content, messageInput, title, url } from '../message-fields.ts'
import { corpsWithBounces, takeBounces } from './bounces/bounce-store.ts'
import { type EmailContent, emailContent } from './content.ts'
import { deliverMail, noAddress, noMailServer, sendMail } from './deliver.ts'
import { type MailKey, readKeys } from './domain/key-store.ts'
import { emailPreview, emailPreviewSchema } from './preview.ts'
import { emailReasons, emailTextAdvice } from './reasons.ts'
import { checkSmtp, emailFields, type SmtpSettings } from './settings.ts'

/** Mail through the corp's own SMTP server. */
export const email = {
  label: { zh: '邮件', en: 'Mail' },
  sendType: { value: '2', word: { zh: '邮件', en: 'mail' } },
  reasons: emailReasons,
  textAdvice: emailTextAdvice,
  settings: {
    takes: { zh: '邮件服务器', en: 'the mail server' },
    fields: emailFields,
    check: checkSmtp,
    offFlag: '--no-smtp',
    describe({ settings }) {
      if (!settings) return { data: { smtp: null }, facts: [['邮件', '未配置']] }
      const { host, port, security, user, from } = settings
      return {
        data: { smtp: { host, port, security, user, from } },
        facts: [['邮件', `${host}:${port} ${security} ${from}`]],
      }
    },
  },
  readExtra: readKeys,
  fields: { agentName, title, content, url, btntxt, attachments },
  lines: {
    title: 'required',
    content: 'required',
    url: 'optional',
    btntxt: 'optional',
    attachments: 'optional',
  },
  compose: given => ({ content: emailContent(messageInput(given), attachedIn(given)), truncated: [] }),
  sample: { title: '测试', content: '这是一条测试消息。' },
  previewSchemas: [emailPreviewSchema],
  preview: (one, { settings }) => emailPreview(one, settings?.from ?? ''),
  takes: ({ files }) => (files ? takesFiles : undefined),
  read: ({ subject, text, url, btntxt: button, files = [] }) => ({
    title: subject,
    text,
    url,
    button,
    picUrl: '',
    files,
  }),
  partSize: 1,
  callsAtMost: 8,
  usualMs: 800,
  missing: ({ settings }) => (settings ? undefined : noMailServer),
  unreachable: member => (isMailAddress(member.email) ? undefined : noAddress),
  send: sendMail,
  receipts: {
    sources: async () => [{ take: takeBounces }],
    addressOf: member => member.email.toLowerCase(),
    awaiting: corpsWithBounces,
  },
  toAddress: {
    label: { zh: '邮箱地址', en: 'Mail address' },
    async send(ctx, corpId, setup, address, one, { key }) {
      if (!isMailAddress(address))
        throw new ApiError('badParameter', {
          zh: 'address 不是邮箱地址',
          en: 'address is not a mail address',
        })
      return deliverMail(ctx, corpId, setup, { name: '', address }, one, key)
    },
  },
} as const satisfies Channel<SmtpSettings, EmailContent, MailKey[]>
