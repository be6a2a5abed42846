import type { ApplyNeeds } from '../apply/apply.ts'
import { NotUnderstood } from '../reason.ts'
import {
  json,
  refusedStatus,
  refusedWords,
  type SourceRefusal,
  type SourceReply,
  type SourceRequest,
  strangePath,
} from '../receive/asked.ts'
import { attemptedTooOften, noteAttempt } from '../receive/attempts.ts'
import { decodeBody } from '../receive/decode.ts'
import type { Item } from '../receive/values.ts'
import type { SourceOfApp } from '../source.ts'
import { noteUnread } from '../unrecognised/note-unread.ts'
import { basicOf, done, failed, isProved } from './done.ts'
import { itemOfJson, type LandrayCall, landrayCalls } from './read.ts'
import { answerSoap, refusedSoap, servicePath } from './soap.ts'

const restPath = /^(?:.*\/)?sysnotifytodorestservice\/([a-z]+)\/?$/i

/** What EKP's own 待办 service answers (docs/upstream/oa-todos.md#蓝凌-calls). */
export async function answerLandray(
  ctx: ApplyNeeds,
  source: SourceOfApp,
  asked: SourceRequest,
): Promise<SourceReply> {
  if (servicePath.test(asked.path)) return answerSoap(ctx, source, asked)
  const name = restPath.exec(asked.path)?.[1]?.toLowerCase()
  const call = landrayCalls[name as keyof typeof landrayCalls] as LandrayCall | undefined
  if (!call || asked.method !== 'POST') {
    const why = new NotUnderstood('unknownCall', strangePath(asked))
    await noteUnread(ctx, source, why.about, asked, why)
    return json(failed(why), call ? 405 : 404)
  }
  if (await attemptedTooOften(ctx, source, asked))
    return json({ returnState: 1, message: '尝试过于频繁，请稍后再试' }, 429)
  if (!isProved(ctx, source, basicOf(asked))) {
    await noteAttempt(ctx, source, asked)
    return json({ returnState: 1, message: '用户名或密码错误' }, 401)
  }
  let item: Item
  try {
    const type = asked.headers['content-type'] ?? ''
    const text = decodeBody(asked.body, type)
    item = /x-www-form-urlencoded/i.test(type)
      ? Object.fromEntries(new URLSearchParams(text))
      : itemOfJson(text)
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    await noteUnread(ctx, source, call, asked, error)
    return json(failed(error))
  }
  return json(await done(ctx, source, call, item))
}

export function refusedLandray(
  _source: SourceOfApp,
  asked: SourceRequest,
  refused: SourceRefusal,
): SourceReply {
  const message = refusedWords[refused](asked)
  if (servicePath.test(asked.path)) return refusedSoap(message, refusedStatus[refused])
  return json({ returnState: 1, message }, refusedStatus[refused])
}
