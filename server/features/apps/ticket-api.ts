import { Type } from 'typebox'
import { issueTicket } from '../../callers/tickets/tickets.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { checkMayAct } from '../../organisation/directory/permissions/person.ts'
import { listedMember } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { text } from '../../platform/http/input.ts'
import { findAppOf } from './apps.ts'

export const issueTicketCall = endpoint({
  methods: ['POST'],
  path: '/api/ticket/issue',
  section: 'wisp',
  summary: { zh: '签发 jessionId', en: 'Issue a jessionId' },
  description: {
    zh: '为自己的应用和一名已由应用自行认证的成员签发 jessionId，例如一码通小程序。',
    en: 'For an app of your own and a member whom it has authenticated itself, such as in a mini-program.',
  },
  access: { by: 'developer', scope: 'ticket:issue' },
  directory: true,
  group: 'token',
  input: {
    userId: text({ zh: '成员 id', en: 'Id of the member' }, { max: 64 }),
    appId: text(
      { zh: '应用 id 或企业微信 agentId', en: 'Id of the app, or its agentId in WeCom' },
      { max: 64 },
    ),
  },
  logged: ['userId', 'appId'],
  output: Type.Object({
    jessionId: Type.String(),
    expiresIn: Type.Integer({ about: { zh: '有效秒数', en: 'Valid for so many seconds' } }),
  }),
  errors: ['unknownMember'],
  sample: { jessionId: 'mB3x0wq…', expiresIn: 43200 },
  sampleInput: { userId: '{userId}', appId: '{appId}' },
  about: ({ userId }) => ({ userIds: [userId] }),
  async handle(ctx: Core & { mirrors: Mirrors }, { input, developer }) {
    const app = await findAppOf(ctx, developer, input.appId)
    const member = await listedMember(ctx, developer, input.userId)
    checkMayAct(member, input.userId)
    return issueTicket(ctx.db, ctx, { corpId: developer.corpId, appId: app.id, memberId: member.id })
  },
})
