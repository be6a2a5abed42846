import { Bytes, type Call, type CallRequest, done, get, type Input, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { integer, text } from '../input.ts'
import { bytesOf, mediaOf } from '../state/media.ts'
import { checkFile } from './files.ts'
import { keep, listedMedia, mediaIn, typeOf, urlOf } from './media.ts'

/** Permanent media (docs/upstream/official-media.md#permanent-media). */
export const materialCalls: readonly Call[] = [
  post('/cgi-bin/material/add_material', add),
  // Articles are drafts since 2022.
  post('/cgi-bin/material/add_news', withdrawn),
  post('/cgi-bin/media/uploadnews', withdrawn),
  post('/cgi-bin/material/get_material', ask => {
    const media = permanent(ask)
    if (media.type !== 'video') return new Bytes(media.mime, bytesOf(media), { name: media.name })
    return {
      title: media.title ?? '',
      description: media.introduction ?? '',
      down_url: urlOf(ask, media),
    }
  }),
  post('/cgi-bin/material/del_material', ask => {
    mediaOf(ask.account).delete(permanent(ask).id)
    return done
  }),
  get('/cgi-bin/material/get_materialcount', ({ account }) => ({
    voice_count: listedMedia(account, 'voice').length,
    video_count: listedMedia(account, 'video').length,
    image_count: listedMedia(account, 'image').length,
    news_count: 0,
  })),
  post('/cgi-bin/material/batchget_material', ask => {
    if (ask.input['type'] === 'news') return { total_count: 0, item_count: 0, item: [] }
    const all = listedMedia(ask.account, typeOf(ask.input)).reverse()
    const item = pageOf(ask.input, all).map(media => ({
      media_id: media.id,
      name: media.title ?? media.name,
      update_time: Math.floor(media.createdAt / 1000),
      ...(media.type === 'image' && { url: urlOf(ask, media) }),
    }))
    return { total_count: all.length, item_count: item.length, item }
  }),
]

function withdrawn(): never {
  throw new OfficialError(45106)
}

/** `offset` and `count` of 1 to 20. */
export function pageOf<T>(input: Input, all: readonly T[]): T[] {
  const offset = integer(input, 'offset') ?? 0
  const count = integer(input, 'count') ?? 0
  if (offset < 0 || count < 1 || count > 20) throw new OfficialError(40097)
  return all.slice(offset, offset + count)
}

function add(ask: CallRequest): Input {
  const { rules } = ask.platform
  const type = typeOf({ ...ask.input, ...ask.query })
  const mime = checkFile(ask.upload, rules.permanentMedia[type])
  const most = type === 'image' ? rules.permanentImages : rules.permanentOthers
  if (listedMedia(ask.account, type).length >= most) throw new OfficialError(45034)
  const words = type === 'video' ? descriptionOf(ask.input) : undefined
  const media = keep(ask, type, mime, true)
  if (words) mediaOf(ask.account).set(media.id, { ...media, ...words })
  return { media_id: media.id, ...((type === 'image' || type === 'thumb') && { url: urlOf(ask, media) }) }
}

function descriptionOf(input: Input): { title: string; introduction: string } {
  try {
    const { title, introduction } = JSON.parse(text(input, 'description') ?? '') as Record<string, unknown>
    return { title: String(title ?? ''), introduction: String(introduction ?? '') }
  } catch {
    throw new OfficialError(47001)
  }
}

function permanent(ask: CallRequest) {
  const media = mediaIn(ask, text(ask.input, 'media_id', 40007))
  if (!media.permanent) throw new OfficialError(40007)
  return media
}
