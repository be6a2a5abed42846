import { ApiError } from '../../../platform/http/errors.ts'
import { isMailAddress } from '../../../platform/http/rules.ts'
import type { Channel } from '../channel.ts'
import { agentName, btntxt, content, messageInput, title, url } from '../message-fields.ts'
import { type EmailContent, emailContent } from './content.ts'
import { deliverMail, noAddress, noMailServer, sendMail } from './deliver.ts'
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
  fields: { agentName, title, content, url, btntxt },
  lines: { title: 'required', content: 'required', url: 'optional', btntxt: 'optional' },
  compose: given => ({ content: emailContent(messageInput(given)), truncated: [] }),
  sample: { title: '测试', content: '这是一条测试消息。' },
  previewSchemas: [emailPreviewSchema],
  preview: (one, { settings }) => emailPreview(one, settings?.from ?? ''),
  read: ({ subject, text, url, btntxt: button }) => ({ title: subject, text, url, button, picUrl: '' }),
  partSize: 1,
  callsAtMost: 8,
  usualMs: 800,
  missing: ({ settings }) => (settings ? undefined : noMailServer),
  unreachable: member => (isMailAddress(member.email) ? undefined : noAddress),
  send: sendMail,
  toAddress: {
    label: { zh: '邮箱地址', en: 'Mail address' },
    async send(ctx, corpId, { settings }, address, one, { key }) {
      if (!isMailAddress(address))
        throw new ApiError('badParameter', {
          zh: 'address 不是邮箱地址',
          en: 'address is not a mail address',
        })
      if (!settings) return { kind: 'refused', reason: noMailServer, isConfig: true }
      return deliverMail(ctx, corpId, settings, { name: '', address }, one, key)
    },
  },
} as const satisfies Channel<SmtpSettings, EmailContent>
