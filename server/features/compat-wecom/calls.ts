import { readJson } from '../../platform/http/bodies/read-json.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { choice, type Fields, optionalIds, optionalText, text } from '../../platform/http/input.ts'
import { told } from '../../platform/http/told.ts'
import { createKnownByAll } from '../../platform/upkeep/known-by-all.ts'
import { mediaBytesAtMost, mediaKinds } from '../message-media/kinds.ts'
import { recall } from '../messages/fate/recall.ts'
import { findOwn } from '../messages/fate/status.ts'
import { CompatRefusal, listsOf, refused } from './answer.ts'
import { compatTypes, type WecomMessage } from './message/read-message.ts'
import { type CompatSendNeeds, sendCompat } from './message/send-message.ts'
import { uploadCompat } from './message/upload.ts'

export type CallsNeeds = CompatSendNeeds

/** `note` is added to what the request log keeps. */
export type CompatRequest = {
  developer: Caller
  body: Buffer
  /** The content type as it came. */
  type: string
  query: Record<string, unknown>
  note: Record<string, unknown>
}

export type CompatCall = {
  method: 'GET' | 'POST'
  /** In bytes. */
  bodyAtMost: number
  /** What the request log keeps of the call and of its answer. */
  logged: Fields
  /** What is answered besides the code; without it the call asks for a token. */
  handle?: (asked: CompatRequest) => Promise<object>
}

/** More than any message of the types that are taken. */
const jsonAtMost = 262_144
/** What stands around the file in a form. */
const formHead = 65_536

const ids = (max: number) => optionalIds('', { max })
const word = optionalText('', { max: 64 })
/** Kept whole, so that the log leads to the message. */
const messageId = text('', { max: 64, pattern: /^[\w-]{1,64}$/ })

/**
 * Returns WeCom's calls that are taken, by their paths. A call throws ApiError 1001 without `msgid`, and what its rules throw.
 */
export function compatCalls(ctx: CallsNeeds): ReadonlyMap<string, CompatCall> {
  const checkNodes = createKnownByAll(ctx, '0156-compat-secrets.sql')
  return new Map<string, CompatCall>([
    ['cgi-bin/gettoken', { method: 'GET', bodyAtMost: 0, logged: { errcode: word } }],
    [
      'cgi-bin/message/send',
      {
        method: 'POST',
        bodyAtMost: jsonAtMost,
        logged: {
          touser: ids(1000),
          toparty: ids(100),
          totag: ids(100),
          msgtype: choice('', compatTypes),
          agentid: word,
          errcode: word,
          msgid: messageId,
        },
        async handle({ developer, body, note }) {
          const given = objectOf(body)
          Object.assign(note, given)
          await checkNodes()
          const { msgid, lists, responseCode } = await sendCompat(ctx, developer, given)
          return { ...listsOf(lists), msgid, ...(responseCode ? { response_code: responseCode } : {}) }
        },
      },
    ],
    [
      'cgi-bin/message/recall',
      {
        method: 'POST',
        bodyAtMost: jsonAtMost,
        logged: { msgid: messageId, errcode: word },
        async handle({ developer, body, note }) {
          const msgid = messageId.read(objectOf(body)['msgid'] ?? '', 'msgid')
          if (msgid === '') throw new ApiError('missingParameter', 'msgid')
          note['msgid'] = msgid
          await recall(ctx, await findOwn(ctx, developer, msgid), `developer:${developer.devId}`)
          return {}
        },
      },
    ],
    [
      'cgi-bin/media/upload',
      {
        method: 'POST',
        bodyAtMost: mediaBytesAtMost + formHead,
        logged: { type: choice('', mediaKinds), media_id: word, errcode: word },
        async handle({ developer, body, type: contentType, query: { type } }) {
          return uploadCompat(ctx, developer, { type, form: { contentType, body } })
        },
      },
    ],
  ])
}

/** The body, whatever content type it came with. */
function objectOf(body: Buffer): WecomMessage {
  if (body.length === 0) throw refused(44002, { zh: told`请求体为空`, en: told`the body is empty` })
  const read = readOrRefuse(body)
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as WecomMessage
  throw new CompatRefusal(
    47001,
    new ApiError('badParameter', { zh: '请求体应为 JSON 对象', en: 'the body should be a JSON object' }),
  )
}

function readOrRefuse(body: Buffer): unknown {
  try {
    return readJson(body)
  } catch (error) {
    throw error instanceof ApiError ? new CompatRefusal(47001, error) : error
  }
}
