import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { namedMembers, viewOf } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { text } from '../../../platform/http/input.ts'
import { fileSchema, ready } from '../../../platform/http/output.ts'
import { own, told } from '../../../platform/http/told.ts'
import { LimitReached } from '../../../upstream/transport/call-budget.ts'
import { type ForwardedAnswer, forwardedAtMost, usedUp } from '../../../upstream/transport/forward.ts'
import { NoAnswer } from '../../../upstream/transport/no-answer.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { WecomError } from '../../../upstream/wecom/errors.ts'
import type { Apps } from '../../apps/catalog.ts'
import { isLinked } from './linked.ts'
import { mediaToldTo } from './media-store.ts'

type Needs = Core & { apps: Apps; corps: Corps; mirrors: Mirrors }

const path = '/cgi-bin/media/get'

export const agentMedia = endpoint({
  methods: ['GET'],
  path: '/api/agent/media',
  section: 'wisp',
  summary: {
    zh: '成员发给应用的图片、语音、视频',
    en: 'A picture, voice or video that somebody sent to an agent',
  },
  description: {
    zh: '返回文件本身，最大 20 MB。mediaId 来自告诉过您的 agent.message 的 fields.MediaId 或 ThumbMediaId；企业微信保留三天。',
    en: 'The answer is the file itself, at most 20 MB. mediaId is fields.MediaId or ThumbMediaId of an agent.message that you were told of; WeCom keeps it for three days.',
  },
  access: { by: 'developer', scope: 'agent:read' },
  directory: true,
  outgoing: true,
  input: { mediaId: text({ zh: '媒体 id', en: 'Id of the media' }, { max: 512 }) },
  output: fileSchema,
  errors: ['upstream'],
  sample: '（文件字节）',
  sampleInput: { mediaId: '{agentMediaId}' },
  async handle(ctx: Needs, { input, developer }) {
    const { mediaId } = input
    const agentId = await agentOfMedia(ctx, developer, mediaId)
    const agent = ctx.corps.get(developer.corpId).agents.find(one => one.agentId === agentId)
    if (!agent) throw noMedia(mediaId)
    const query = new URLSearchParams({ media_id: mediaId }).toString()
    const answer = await asked(agent.forward({ method: 'GET', path, query, body: undefined }))
    const type = answer.type || 'application/octet-stream'
    return ready({ file: answer.bytes, type, maxAgeSeconds: 3600, attachment: answer.disposition })
  },
})

/** Throws 1000 for media of which the developer was not told, or whose sender it does not see any more. */
async function agentOfMedia(ctx: Needs, developer: Caller, mediaId: string): Promise<number> {
  const media = await mediaToldTo(ctx.db, developer, mediaId)
  if (!media || !isLinked(ctx, developer, media.agentId)) throw noMedia(mediaId)
  const isSeen =
    developer.dataScope === undefined ||
    (await namedMembers(ctx, viewOf(ctx, developer), [media.userKey])).size > 0
  if (!isSeen) throw noMedia(mediaId)
  return media.agentId
}

function noMedia(mediaId: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有媒体 ${mediaId}：只能获取推送给此开发者的消息中的媒体，且在三天内`,
    en: told`there is no media ${mediaId}: only media of messages that were pushed to this developer can be read, for three days`,
  })
}

/** Throws 1010, 1011 and, for a file that is too large, 413. */
async function asked(
  call: Promise<ForwardedAnswer>,
): Promise<{ bytes: Buffer; type: string; disposition: string }> {
  let answer: ForwardedAnswer
  try {
    answer = await call
  } catch (error) {
    if (error instanceof LimitReached) throw tooOften(error.retryAfterSeconds)
    if (error instanceof NoAnswer && error.reason === 'size') throw tooLarge()
    throw upstreamError(error)
  }
  if ('bytes' in answer) return answer
  if (answer.errcode === usedUp) throw tooOften(60)
  const { errmsg } = JSON.parse(answer.json) as { errmsg?: unknown }
  throw upstreamError(new WecomError(answer.errcode, String(errmsg ?? ''), path))
}

function tooOften(retryAfterSeconds: number): ApiError {
  const words = {
    zh: '企业微信对此接口的频率限制已用完',
    en: 'the limit of this call at WeCom is used up',
  } as const
  return new ApiError('tooManyRequests', words, { retryAfterSeconds })
}

function tooLarge(): ApiError {
  const words = {
    zh: told`文件超过 ${own(forwardedAtMost)} 字节，不能转给调用方`,
    en: told`the file is over ${own(forwardedAtMost)} bytes and cannot be passed on`,
  }
  return new ApiError('upstream', words, { status: 413 })
}
