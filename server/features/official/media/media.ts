import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../../../platform/core.ts'
import { type FileUse, readFileFor } from '../../../platform/files/files.ts'
import type { FileType } from '../../../platform/files/recognise.ts'
import {
  addMaterial,
  findMaterial,
  type MediaFile,
  type MediaType,
  uploadArticleImage,
  uploadTemporary,
} from '../../../upstream/official/calls/media.ts'
import { checkAbility } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import * as store from './store.ts'

type Use = { readonly file: FileUse; readonly type: MediaType; readonly isPermanent: boolean }

/** What WeChat may know a file for. It keeps temporary media for three days; what it keeps for good counts towards limits. */
export const mediaUses = {
  image: { file: 'image', type: 'image', isPermanent: false },
  voice: { file: 'voice', type: 'voice', isPermanent: false },
  video: { file: 'video', type: 'video', isPermanent: false },
  thumb: { file: 'thumb', type: 'thumb', isPermanent: false },
  /** The cover of an article, and what automatic replies name: both have to last. */
  cover: { file: 'image', type: 'image', isPermanent: true },
  permanentVoice: { file: 'voice', type: 'voice', isPermanent: true },
} as const satisfies Record<string, Use>
export type MediaUse = keyof typeof mediaUses

type Needs = Pick<Core, 'db' | 'now' | 'newId' | 'stopping'>

const lifeMs = 3 * 86_400_000
/** What ends sooner is uploaded again, so that a message that waits a while still finds it. */
const spareMs = 6 * 3_600_000
/** Longer than an upload with its repetitions may take. */
const leaseMs = 90_000
const askAgainMs = 100

/**
 * WeChat's media_id of a stored file. The file is uploaded where the account does not have it yet, or not for long enough, by
 * one node at a time. Throws 1000 for a file that is missing or is not what its use needs, before WeChat is asked; 1009 when
 * the account may have no media; OfficialError and OfficialUnavailable.
 */
export async function mediaIdOf(ctx: Needs, account: Account, hash: string, use: MediaUse): Promise<string> {
  const { file: fileUse, type, isPermanent }: Use = mediaUses[use]
  const upload = async (file: MediaFile, wasTried: boolean): Promise<store.UploadedMedia> => {
    if (!isPermanent) {
      const { mediaId, createdAt } = await uploadTemporary(account.client, type, file)
      return { mediaId, url: '', expiresAt: new Date(createdAt.getTime() + lifeMs) }
    }
    const known = wasTried ? await findMaterial(account.client, type, file.name) : undefined
    return { ...(known ?? (await addMaterial(account.client, type, file))), expiresAt: null }
  }
  const kind = isPermanent ? `permanent ${type}` : type
  return (await uploadedOnce(ctx, account, { hash, kind }, fileUse, upload)).mediaId
}

/** The address under which WeChat shows a stored picture inside articles; pictures from elsewhere are removed from them. */
export async function articleImageUrl(ctx: Needs, account: Account, hash: string): Promise<string> {
  const upload = async (file: MediaFile) => ({
    mediaId: '',
    url: await uploadArticleImage(account.client, file),
    expiresAt: null,
  })
  return (await uploadedOnce(ctx, account, { hash, kind: 'article' }, 'articleImage', upload)).url
}

/** The hash of a stored file that is named in place of a media_id, `file:…`. */
export function storedFileOf(mediaId: string): string | undefined {
  return /^file:([0-9a-f]{64})$/.exec(mediaId)?.[1]
}

/** WeChat does not know this media_id any more (40007): the file is uploaded again at the next use. */
export async function forgetMedia(ctx: Pick<Core, 'db'>, account: Account, mediaId: string): Promise<void> {
  await store.deleteMedia(ctx.db, account, mediaId)
}

/**
 * The turn to upload is a row with an end: a lock would hold a database connection during the upload. An attempt whose end is
 * unknown leaves its turn behind, and the next attempt learns of it (`wasTried`).
 */
async function uploadedOnce(
  ctx: Needs,
  account: Account,
  key: store.MediaKey,
  use: FileUse,
  upload: (file: MediaFile, wasTried: boolean) => Promise<store.UploadedMedia>,
): Promise<store.UploadedMedia> {
  checkAbility(account, 'media')
  const find = () => store.findMedia(ctx.db, account, key, new Date(ctx.now() + spareMs))
  const before = await find()
  if (before) return before
  const file = await readFileFor(ctx, account.corpId, use, key.hash)
  for (;;) {
    const now = ctx.now()
    const turn = ctx.newId()
    const taken = await store.takeLease(ctx.db, account, key, {
      turn,
      now: new Date(now),
      until: new Date(now + leaseMs),
      freshUntil: new Date(now + spareMs),
    })
    if (!taken) {
      await delay(askAgainMs, undefined, { signal: ctx.stopping })
      const foundWithLease = await find()
      if (foundWithLease) return foundWithLease
      continue
    }
    try {
      const name = `${key.hash}.${extensions[file.type]}`
      const uploaded = await upload({ name, ...file }, taken.wasTried)
      await store.putMedia(ctx.db, account, key, turn, uploaded, new Date(ctx.now()))
      return uploaded
    } catch (error) {
      await store.endLease(ctx.db, account, key, turn, new Date(ctx.now()))
      throw error
    }
  }
}

const extensions: Record<FileType, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'audio/amr': 'amr',
  'audio/mpeg': 'mp3',
  'video/mp4': 'mp4',
}
