import { setTimeout as delay } from 'node:timers/promises'
import { Type } from 'typebox'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { choice, optionalText } from '../../../platform/http/input.ts'
import { told } from '../../../platform/http/told.ts'
import { languageOf } from '../../../platform/words.ts'
import type { CustomMessage } from '../../../upstream/official/calls/custom.ts'
import { checkAbility } from '../accounts/abilities.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { checkMessage } from '../sends/check-message.ts'
import { sendReasonWords } from '../sends/reason.ts'
import { putSends } from '../sends/sends.ts'
import { findSend, type StoredSend } from '../sends/store.ts'
import { oneFollower } from './followers-api.ts'
import { accountOf, originalIdField } from './reach.ts'

const waitAtMostMs = 2000
const lookEveryMs = 50

const types = ['text', 'image', 'voice', 'news', 'miniprogram'] as const

const fields = {
  content: optionalText(
    { zh: 'text：文本，最多 2048 字节', en: 'text: at most 2048 bytes' },
    { max: 2048, lines: true },
  ),
  mediaId: optionalText(
    {
      zh: 'image、voice：微信的 media_id；miniprogram：封面的 media_id',
      en: 'image, voice: media_id of WeChat; miniprogram: media_id of the cover',
    },
    { max: 256 },
  ),
  title: optionalText(
    {
      zh: 'news：标题，最多 64 个字；miniprogram：标题',
      en: 'news: title, at most 64 characters; miniprogram: title',
    },
    { max: 128 },
  ),
  description: optionalText({ zh: 'news：描述', en: 'news: description' }, { max: 512 }),
  url: optionalText({ zh: 'news：点开的链接', en: 'news: where it leads' }, { max: 1024 }),
  picUrl: optionalText({ zh: 'news：图片链接', en: 'news: address of the picture' }, { max: 1024 }),
  appId: optionalText({ zh: 'miniprogram：小程序的 AppID', en: 'miniprogram: its AppID' }, { max: 64 }),
  pagePath: optionalText({ zh: 'miniprogram：小程序页面', en: 'miniprogram: its page' }, { max: 1024 }),
}
type MessageInput = { [K in keyof typeof fields]: string | undefined }

export const sendOfficialMessage = endpoint({
  methods: ['POST'],
  path: '/api/official/message/send',
  section: 'wisp',
  summary: { zh: '发送客服消息', en: 'Send a customer-service message' },
  description: {
    zh: '只能发给 48 小时内发来过消息的粉丝（5 条），或一分钟内点菜单、关注、扫码的粉丝（3 条）。接受的消息只发送一次；2 秒内没有结果时返回 waiting 或 sending，之后用相同的 requestId 再调用即可得到结果，不会重复发送。',
    en: 'Only to followers who wrote within 48 hours (5 messages), or who used the menu, followed or scanned within a minute (3). An accepted message is sent once; without a result within 2 seconds the state is waiting or sending: call again with the same requestId for the result, which sends nothing twice.',
  },
  access: { by: 'developer', scope: 'official:write' },
  directory: true,
  input: {
    originalId: originalIdField,
    openid: optionalText({ zh: '粉丝的 openid', en: 'openid of the follower' }, { max: 64 }),
    userId: optionalText(
      { zh: '绑定的成员；与 openid 填一个', en: 'The member who is linked; give this or openid' },
      { max: 64 },
    ),
    type: choice({ zh: '消息类型', en: 'Kind of the message' }, types),
    ...fields,
    requestId: optionalText(
      {
        zh: '幂等号：90 天内相同的 requestId 只发送一次',
        en: 'Idempotency key: sent once within 90 days for the same requestId',
      },
      { max: 64 },
    ),
  },
  logged: ['originalId', 'userId', 'type', 'requestId'],
  output: Type.Object({
    sendId: Type.String({ about: { zh: '消息编号', en: 'Number of the message' } }),
    state: Type.Enum(['waiting', 'sending', 'sent', 'failed', 'unknown'], {
      about: {
        zh: 'sent 已发出；waiting、sending 还没有结果；failed 没有发出；unknown 无法确认是否送达',
        en: 'sent; waiting, sending: no result yet; failed: not sent; unknown: nobody knows whether it arrived',
      },
    }),
    reason: Type.String({
      about: {
        zh: 'closed 不在可发送的时间内；usedUp 条数已用完；refused 微信拒绝；disabled 公众号已停用；unclear、interrupted 无法确认；noAnswer 微信没有应答；failed 发送失败；没有问题时为空',
        en: 'closed: not at a time when it may be sent; usedUp: no messages left; refused by WeChat; disabled account; unclear, interrupted: nobody knows; noAnswer of WeChat; failed; empty when nothing is wrong',
      },
    }),
    errcode: Type.Integer({
      about: { zh: '微信拒绝时的 errcode，否则为 0', en: 'errcode when WeChat refused, else 0' },
    }),
    rid: Type.String({ about: { zh: '微信拒绝时的 rid', en: 'rid when WeChat refused' } }),
    message: Type.String({ about: { zh: '原因的说明', en: 'The reason in words' } }),
  }),
  errors: ['unknownMember'],
  sample: { sendId: '1024', state: 'sent', reason: '', errcode: 0, rid: '', message: '' },
  sampleInput: {
    originalId: '{originalId}',
    userId: '{receiver}',
    type: 'text',
    content: '这是从接口文档发出的测试消息',
    requestId: '{unique}',
  },
  async handle(ctx: Core & { accounts: Accounts; mirrors: Mirrors }, { input, developer, request }) {
    const { originalId, openid: given, userId, type, requestId, ...rest } = input
    const account = accountOf(ctx, developer, originalId)
    checkAbility(account, 'customMessage')
    const content = contentOf(type, rest)
    checkMessage(content)
    const { openid } = await oneFollower(ctx, developer, account, { openid: given, userId })
    const originKey = `${developer.devId} ${requestId ?? ctx.newId()}`
    const [put] = await ctx.db
      .transaction()
      .execute(tx => putSends(tx, ctx, account, [{ openid, origin: 'api', originKey, content }]))
    let send = await readSend()
    if (send.openid !== openid || !isSame(send.content, content))
      throw new ApiError('badParameter', {
        zh: told`requestId ${requestId} 已用于另一条消息，没有发送；新消息请使用新的 requestId`,
        en: told`requestId ${requestId} was used for another message, and nothing was sent: give a new message a new requestId`,
      })
    const until = ctx.now() + waitAtMostMs
    while (!hasEnded(send) && ctx.now() < until && !ctx.stopping.aborted) {
      await delay(lookEveryMs)
      send = await readSend()
    }
    return outcomeOf(send, languageOf(request.headers['accept-language']))

    async function readSend(): Promise<StoredSend> {
      const found = put && (await findSend(ctx.db, account, put.id))
      if (!found) throw new Error('the message was not stored')
      return found
    }
  },
})

const hasEnded = ({ state }: StoredSend) => state !== 'waiting' && state !== 'sending'

function outcomeOf({ id, state, reason }: StoredSend, language: 'zh' | 'en') {
  const refusal = reason?.code === 'refused' ? reason : { errcode: 0, rid: '' }
  return {
    sendId: String(id),
    state,
    reason: reason?.code ?? '',
    errcode: refusal.errcode,
    rid: refusal.rid,
    message: reason ? sendReasonWords(reason)[language] : '',
  }
}

function isSame(one: Record<string, string>, other: Record<string, string>): boolean {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every(name => one[name] === other[name])
}

/** Throws 1001 for a field that this type needs. */
function contentOf(type: (typeof types)[number], given: MessageInput): CustomMessage {
  const needed = (name: keyof MessageInput) => {
    const value = given[name]
    if (value === undefined) throw new ApiError('missingParameter', name)
    return value
  }
  switch (type) {
    case 'text':
      return { type, content: needed('content') }
    case 'image':
    case 'voice':
      return { type, mediaId: mediaIdOf(needed('mediaId')) }
    case 'news': {
      const { description = '', picUrl = '' } = given
      return { type, title: needed('title'), description, picUrl, url: needed('url') }
    }
    case 'miniprogram': {
      const { title = '' } = given
      const [appId, path, thumbMediaId] = [needed('appId'), needed('pagePath'), mediaIdOf(needed('mediaId'))]
      return { type, title, appId, path, thumbMediaId }
    }
  }
}

/** Files that are stored here have other names, and are no developer's to send. */
function mediaIdOf(given: string): string {
  if (/^[\w-]+$/.test(given)) return given
  throw new ApiError('badParameter', {
    zh: 'mediaId 应为微信的 media_id',
    en: 'mediaId should be a media_id of WeChat',
  })
}
