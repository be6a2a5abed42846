import { Type } from 'typebox'
import { hashTicket, requirePerson } from '../../callers/tickets/tickets.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import { mayAct } from '../../organisation/directory/permissions/person.ts'
import { namedMembers, viewOf } from '../../organisation/directory/read/view.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { optionalText, text } from '../../platform/http/input.ts'
import { told } from '../../platform/http/told.ts'
import { hashOfToken } from '../oidc/access-token.ts'
import { inboxFeature, type ReaderNeeds } from './reader.ts'
import { type InboxTicket, readOrigin, sealTicket, ticketSeconds } from './ticket.ts'
import { personOfToken } from './token-person.ts'

export const openInboxSession = endpoint({
  methods: ['POST'],
  path: '/api/inbox/session',
  section: 'wisp',
  summary: { zh: '打开嵌入的消息收件箱', en: 'Open an embedded inbox' },
  description: {
    zh: '为自己的页面取一张收件箱凭证，页面用它显示一个人的消息（<wisp-inbox> 或 /inbox/ 下的接口，见指南「嵌入消息收件箱」）。给 jessionId 或 accessToken（此人登录这个开发者的应用时由 OpenID Connect 取得）：打开登录者本人的收件箱，凭证随其会话、accessToken 结束；默认只含这个开发者发出的消息，超级管理员打开「嵌入的收件箱显示本人的全部消息」后含全部。给 userId：数据范围内的成员，只含这个开发者发出的消息；须先确认登录者是谁。凭证只能由 origin 的页面使用，一小时后失效，不晚于 accessToken；成员离开、开发者停用、企业关闭「消息类型」时随即失效。三者须给且只给一个。',
    en: 'Returns a ticket for a page of yours, which shows the messages of one person with it (<wisp-inbox>, or the calls below /inbox/; see the guide “Embed the inbox”). With jessionId, or with an accessToken that an app of this developer got when the person signed in by OpenID Connect, it opens the inbox of the person who is signed in, and ends with their session or accessToken; it holds the messages that this developer sent, and all of them once a super administrator switched on “Embedded inbox shows all messages of the person”. With userId, of a member within the data scope, it holds the messages that this developer sent, alone: be sure who is signed in. Only pages of origin can use the ticket. It expires after an hour, or with the accessToken, and ends at once when the member leaves, the developer is disabled or the corp switches message types off. Give exactly one of the three.',
  },
  access: { by: 'developer', scope: 'inbox:embed' },
  directory: true,
  input: {
    jessionId: optionalText(
      { zh: '登录者的 jessionId', en: 'jessionId of the person who is signed in' },
      { max: 256 },
    ),
    accessToken: optionalText(
      {
        zh: 'OpenID Connect 的 access_token，由这个开发者的应用取得',
        en: 'access_token of OpenID Connect that an app of this developer got',
      },
      { max: 256 },
    ),
    userId: optionalText({ zh: '成员 ID', en: 'Id of the member' }, { max: 128 }),
    origin: text(
      {
        zh: '页面的来源，如 https://oa.example.com',
        en: 'Origin of the page, such as https://oa.example.com',
      },
      { max: 300 },
    ),
  },
  oneOf: [['jessionId'], ['accessToken'], ['userId']],
  logged: ['userId'],
  output: Type.Object({
    ticket: Type.String({ about: { zh: '收件箱凭证', en: 'The ticket of the inbox' } }),
    expiresIn: Type.Integer({ about: { zh: '有效秒数', en: 'Seconds until it expires' } }),
  }),
  errors: ['unknownMember', 'deadTicket'],
  sample: { ticket: 'v1.3f9c…', expiresIn: ticketSeconds },
  sampleInput: { userId: '{userId}', origin: 'https://oa.example.com' },
  async handle(ctx: ReaderNeeds, { input, developer }) {
    checkOn(ctx, developer.corpId, inboxFeature)
    const { jessionId, accessToken, userId = '' } = input
    if (countGiven(jessionId, accessToken, input.userId) !== 1)
      throw new ApiError('badParameter', {
        zh: 'jessionId、accessToken、userId 须给且只给一个',
        en: 'give exactly one of jessionId, accessToken and userId',
      })
    const origin = readOrigin(input.origin)
    const { endsAt = Infinity, ...whose } =
      jessionId !== undefined
        ? await ofSession(ctx, developer, jessionId)
        : accessToken !== undefined
          ? await ofToken(ctx, developer, accessToken)
          : await ofUserId(ctx, developer, userId)
    const { corpId, devId } = developer
    const now = ctx.now()
    const until = Math.min(now + ticketSeconds * 1000, endsAt)
    const ticket = sealTicket(ctx, { corpId, devId, origin, ...whose, until })
    return { ticket, expiresIn: Math.floor((until - now) / 1000) }
  },
})

const countGiven = (...values: unknown[]) => values.filter(value => value !== undefined).length

/** `endsAt`: when what the person proved themselves with expires, in ms since the epoch. */
type Whose = Pick<InboxTicket, 'memberId' | 'sight' | 'jessionHash' | 'tokenHash'> & { endsAt?: number }

/** Whether the inbox of who proved who they are shows all their messages. */
function sightOf(ctx: ReaderNeeds, { devId }: Caller): InboxTicket['sight'] {
  return ctx.developers.get(devId)?.wholeInbox ? 'all' : 'own'
}

async function ofSession(ctx: ReaderNeeds, developer: Caller, jessionId: string): Promise<Whose> {
  const { member } = await requirePerson(ctx, developer, jessionId)
  if (!member)
    throw new ApiError('badParameter', {
      zh: '系统超级管理员没有消息收件箱',
      en: 'the system super administrator has no inbox',
    })
  return { memberId: member.id, sight: sightOf(ctx, developer), jessionHash: hashTicket(jessionId) }
}

async function ofToken(ctx: ReaderNeeds, developer: Caller, accessToken: string): Promise<Whose> {
  const tokenHash = hashOfToken(accessToken)
  const found = await personOfToken(ctx, developer, tokenHash, true)
  if (found instanceof ApiError) throw found
  const { member, expiresAt } = found
  return { memberId: member.id, sight: sightOf(ctx, developer), tokenHash, endsAt: expiresAt }
}

async function ofUserId(ctx: ReaderNeeds, developer: Caller, userId: string): Promise<Whose> {
  const member = (await namedMembers(ctx, viewOf(ctx, developer), [userId])).get(userId)
  if (!member || !mayAct(member)) throw new ApiError('unknownMember', told`${userId}`)
  return { memberId: member.id, sight: 'own' }
}
