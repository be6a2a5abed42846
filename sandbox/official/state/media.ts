import { avatarPng } from '../../avatar.ts'
import type { Account } from './account.ts'
import type { Records } from './records.ts'

export type MediaType = 'image' | 'voice' | 'video' | 'thumb'

/** A file that WeChat keeps: temporary for three days, or permanent (docs/upstream/official-media.md). */
export interface Media {
  id: string
  type: MediaType
  mime: string
  name: string
  /** In ms. */
  createdAt: number
  permanent: boolean
  /** The content in base64; a sample picture or a few bytes are made again when absent. */
  data?: string
  title?: string
  introduction?: string
  /** Pictures of articles are not listed as material. */
  use?: 'article'
}

export const mediaLifeMs = 3 * 86_400_000

export const mediaOf = (account: Account): Records<Media> => account.collection<Media>('media')

/** Whether a passive reply may name it. Temporary media is kept by expiry of its own (media/get). */
export const mediaKnown = (account: Account, mediaId: string): boolean => mediaOf(account).has(mediaId)

export function addMedia(account: Account, media: Omit<Media, 'id'>, id: string): Media {
  return mediaOf(account).set(id, { id, ...media })
}

const sampleMimes: Record<MediaType, string> = {
  image: 'image/png',
  voice: 'audio/amr',
  video: 'video/mp4',
  thumb: 'image/png',
}

export const sampleMedia = (type: MediaType, createdAt: number): Omit<Media, 'id'> => ({
  type,
  mime: sampleMimes[type],
  name: `sample.${sampleMimes[type].split('/')[1]}`,
  createdAt,
  permanent: false,
})

export function bytesOf(media: Media): Buffer {
  if (media.data !== undefined) return Buffer.from(media.data, 'base64')
  if (media.mime === 'image/png') return avatarPng(media.createdAt % 100_000, 320)
  return media.type === 'voice' ? Buffer.from('#!AMR\n') : Buffer.from('\0\0\0\x18ftypmp42', 'latin1')
}
