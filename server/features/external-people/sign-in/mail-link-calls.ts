import { Type } from 'typebox'
import { optionalText, text } from '../../../platform/http/input.ts'
import { pageCall } from '../../../platform/http/page-call.ts'
import { askForLink, type MailLinkNeeds } from './mail-link.ts'

export const mailLinkAsk = pageCall({
  method: 'POST',
  path: '/web/sign-in/mail',
  access: { by: 'anyone' },
  directory: 'handler',
  input: {
    corpId: text('企业', { max: 64 }),
    email: text('邮箱', { max: 254 }),
    // A cookie has to hold it.
    to: optionalText('登录后打开的页面', { max: 1500 }),
  },
  output: Type.Object({}),
  async handle(ctx: MailLinkNeeds, { input, request, reply }) {
    await askForLink(ctx, request, reply, input)
    return {}
  },
})
