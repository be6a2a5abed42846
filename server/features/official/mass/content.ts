import type { Core } from '../../../platform/core.ts'
import { referToFile } from '../../../platform/files/files.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type MassContent, massLimits } from '../../../upstream/official/calls/mass.ts'
import type { Account } from '../accounts/accounts.ts'
import { draftOf } from '../drafts/drafts.ts'
import { mediaIdOf } from '../media/media.ts'

export const contentTypes = ['text', 'image', 'voice', 'news'] as const
export type ContentType = (typeof contentTypes)[number]

/** What a person gives: each type has its own field. */
export type ContentInput = {
  type: ContentType
  text?: string | undefined
  /** Stored files, by hash. */
  images?: readonly string[] | undefined
  voice?: string | undefined
  /** The media_id of a draft. */
  draft?: string | undefined
  /** Whether articles that WeChat takes for reprints are sent nevertheless. */
  ignoreReprint?: boolean | undefined
}

/** As it is stored, with files by their hash. */
export type Content =
  | { type: 'text'; content: string }
  | { type: 'image'; hashes: string[] }
  | { type: 'voice'; hash: string }
  | { type: 'news'; mediaId: string; titles: string[]; ignoreReprint: boolean }

/** Throws 1000, 1001, and 1011 for a draft that WeChat does not have. */
export async function readContent(ctx: Core, account: Account, input: ContentInput): Promise<Content> {
  switch (input.type) {
    case 'text': {
      const content = input.text ?? ''
      if (content.trim() === '') throw new ApiError('missingParameter', 'text')
      const bytes = Buffer.byteLength(content)
      if (bytes > massLimits.textBytes)
        throw new ApiError('badParameter', {
          zh: told`正文有 ${own(bytes)} 字节，最多 ${own(massLimits.textBytes)} 字节`,
          en: told`the text has ${own(bytes)} bytes, at most ${own(massLimits.textBytes)} are allowed`,
        })
      return { type: 'text', content }
    }
    case 'image': {
      const hashes = [...(input.images ?? [])]
      if (hashes.length === 0) throw new ApiError('missingParameter', 'images')
      if (hashes.length > massLimits.images)
        throw new ApiError('badParameter', {
          zh: `图片最多 ${massLimits.images} 张`,
          en: `at most ${massLimits.images} pictures are allowed`,
        })
      return { type: 'image', hashes }
    }
    case 'voice':
      if (!input.voice) throw new ApiError('missingParameter', 'voice')
      return { type: 'voice', hash: input.voice }
    case 'news': {
      if (!input.draft) throw new ApiError('missingParameter', 'draft')
      const articles = await draftOf(ctx, account, input.draft)
      const titles = articles.map(one => one.title)
      return { type: 'news', mediaId: input.draft, titles, ignoreReprint: input.ignoreReprint === true }
    }
  }
}

/** Keeps the files of the content from now on. Throws 1000 for one that is missing or is not what it should be. */
export async function referToContent(ctx: Core, tx: Db, corpId: string, content: Content): Promise<void> {
  if (content.type === 'image')
    for (const hash of content.hashes) await referToFile(ctx, tx, corpId, 'image', hash)
  if (content.type === 'voice') await referToFile(ctx, tx, corpId, 'voice', content.hash)
}

/** With WeChat's ids, uploading what it does not have. Throws as mediaIdOf does. */
export async function wireContent(ctx: Core, account: Account, content: Content): Promise<MassContent> {
  switch (content.type) {
    case 'text':
      return content
    case 'image': {
      const mediaIds: string[] = []
      for (const hash of content.hashes) mediaIds.push(await mediaIdOf(ctx, account, hash, 'image'))
      return { type: 'image', mediaIds, recommend: '' }
    }
    case 'voice':
      return { type: 'voice', mediaId: await mediaIdOf(ctx, account, content.hash, 'voice') }
    case 'news':
      return { type: 'news', mediaId: content.mediaId, ignoreReprint: content.ignoreReprint }
  }
}
