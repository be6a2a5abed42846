import { setTimeout as delay } from 'node:timers/promises'
import { Type } from 'typebox'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { choice, optionalText } from '../../../platform/http/input.ts'
import { languageOf } from '../../../platform/http/words.ts'
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
  content: optionalText('text：文本，最多 2048 字节', { max: 2048, lines: true }),
  mediaId: optionalText('image、voice：微信的 media_id；miniprogram：封面的 media_id', { max: 256 }),
  title: optionalText('news：标题，最多 64 个字；miniprogram：标题', { max: 128 }),
  description: optionalText('news：描述', { max: 512 }),
  url: optionalText('news：点开的链接', { max: 1024 }),
  picUrl: optionalText('news：图片链接', { max: 1024 }),
  appId: optionalText('miniprogram：小程序的 AppID', { max: 64 }),
  pagePath: optionalText('miniprogram：小程序页面', { max: 1024 }),
}
type Given = { [K in keyof typeof fields]: string | undefined }

export const sendOfficialMessage = endpoint({
  methods: ['POST'],
  path: '/api/official/message/send',
  section: 'wisp',
  summary: '发送客服消息',
  description:
    '只能发给 48 小时内发来过消息的粉丝（5 条），或一分钟内点菜单、关注、扫码的粉丝（3 条）。接受的消息只发送一次；2 秒内没有结果时返回 waiting 或 sending，之后用相同的 requestId 再调用即可得到结果，不会重复发送。',
  access: { by: 'developer', scope: 'official:write' },
  directory: true,
  input: {
    originalId: originalIdField,
    openid: optionalText('粉丝的 openid', { max: 64 }),
    userId: optionalText('绑定的成员；与 openid 填一个', { max: 64 }),
    type: choice('消息类型', types),
    ...fields,
    requestId: optionalText('幂等号：90 天内相同的 requestId 只发送一次', { max: 64 }),
  },
  logged: ['originalId', 'userId', 'type', 'requestId'],
  output: Type.Object({
    sendId: Type.String({ description: '消息编号' }),
    state: Type.Enum(['waiting', 'sending', 'sent', 'failed', 'unknown'], {
      description: 'sent 已发出；waiting、sending 还没有结果；failed 没有发出；unknown 无法确认是否送达',
    }),
    reason: Type.String({
      description:
        'closed 不在可发送的时间内；usedUp 条数已用完；refused 微信拒绝；disabled 公众号已停用；unclear、interrupted 无法确认；noAnswer 微信没有应答；failed 发送失败；没有问题时为空',
    }),
    errcode: Type.Integer({ description: '微信拒绝时的 errcode，否则为 0' }),
    rid: Type.String({ description: '微信拒绝时的 rid' }),
    message: Type.String({ description: '原因的说明' }),
  }),
  errors: ['unknownMember'],
  sample: { sendId: '1024', state: 'sent', reason: '', errcode: 0, rid: '', message: '' },
  sampleInput: {
    originalId: '{originalId}',
    openid: '{openid}',
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
        zh: `requestId ${requestId} 已用于另一条消息`,
        en: `the requestId ${requestId} was used for another message`,
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
function contentOf(type: (typeof types)[number], given: Given): CustomMessage {
  const needed = (name: keyof Given) => {
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
