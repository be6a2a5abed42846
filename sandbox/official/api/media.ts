import { randomBytes } from 'node:crypto'
import { Bytes, type Call, type CallRequest, get, type Input, open, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { text } from '../input.ts'
import type { Account } from '../state/account.ts'
import { addMedia, bytesOf, type Media, type MediaType, mediaLifeMs, mediaOf } from '../state/media.ts'
import { checkFile } from './files.ts'

const mediaTypes: readonly MediaType[] = ['image', 'voice', 'video', 'thumb']

/** Temporary media and pictures of articles (docs/upstream/official-media.md). */
export const mediaCalls: readonly Call[] = [
  post('/cgi-bin/media/upload', ask => {
    const type = typeOf(ask.query)
    const media = keep(ask, type, checkFile(ask.upload, ask.platform.rules.temporaryMedia[type]), false)
    const id = type === 'thumb' ? { thumb_media_id: media.id } : { media_id: media.id }
    return { type, ...id, created_at: Math.floor(media.createdAt / 1000) }
  }),
  get('/cgi-bin/media/get', ask => fetchMedia(ask, false)),
  get('/cgi-bin/media/get/jssdk', ask => fetchMedia(ask, true)),
  post('/cgi-bin/media/uploadimg', ask => {
    const mime = checkFile(ask.upload, ask.platform.rules.articleImage)
    return { url: urlOf(ask, keep(ask, 'image', mime, true, 'article')) }
  }),
  post('/cgi-bin/media/uploadvideo', ask => {
    const video = mediaIn(ask, text(ask.input, 'media_id'))
    if (video.type !== 'video') throw new OfficialError(40007)
    const made = { ...video, title: text(ask.input, 'title') ?? '', id: newMediaId() }
    mediaOf(ask.account).set(made.id, made)
    return { type: 'video', media_id: made.id, created_at: Math.floor(made.createdAt / 1000) }
  }),
  open('GET', '/mmbiz/:originalId/:id', ({ platform, input }) => {
    const account = platform.byOriginalId(String(input['originalId']))
    const media = account && mediaOf(account).get(String(input['id']))
    if (!media) return new Bytes('text/plain', Buffer.from('not found'), { status: 404 })
    return new Bytes(media.mime, bytesOf(media))
  }),
]

export function typeOf(query: Input): MediaType {
  const type = mediaTypes.find(one => one === query['type'])
  if (!type) throw new OfficialError(40004)
  return type
}

const newMediaId = (): string => randomBytes(48).toString('base64url')

/** Keeps the file of the call, whose mime type was checked. */
export function keep(
  { platform, account, upload }: CallRequest,
  type: MediaType,
  mime: string,
  permanent: boolean,
  use?: Media['use'],
): Media {
  const media = { type, mime, name: upload!.name, createdAt: platform.now(), permanent }
  const data = upload!.bytes.toString('base64')
  return addMedia(account, { ...media, data, ...(use && { use }) }, newMediaId())
}

export const urlOf = (
  { platform, account }: Pick<CallRequest, 'platform' | 'account'>,
  media: Media,
): string => `${platform.url}/mmbiz/${account.profile.originalId}/${media.id}`

/** Media that is permanent or not older than three days. */
export function mediaIn(
  { platform, account }: Pick<CallRequest, 'platform' | 'account'>,
  id: string | undefined,
): Media {
  const media = id === undefined ? undefined : mediaOf(account).get(id)
  if (!media || (!media.permanent && platform.now() - media.createdAt > mediaLifeMs))
    throw new OfficialError(40007)
  return media
}

function fetchMedia(ask: CallRequest, raw: boolean): Bytes | Input {
  const media = mediaIn(ask, text(ask.input, 'media_id', 40007))
  if (media.type === 'video' && !raw) return { video_url: urlOf(ask, media) }
  return new Bytes(media.mime, bytesOf(media), { name: media.name })
}

/** The permanent media of an account that its console lists. */
export const listedMedia = (account: Account, type: MediaType): Media[] =>
  mediaOf(account)
    .values()
    .filter(media => media.permanent && media.type === type && media.use === undefined)
