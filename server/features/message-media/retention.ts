import type { Retention } from '../../platform/storage/retention.ts'
import { pruneMedia } from './media-store.ts'
import { pruneUploads } from './upload-store.ts'

/** Days for which a file is kept that no message names. */
export const mediaKeptDays = 30

export const mediaRetention: readonly Retention[] = [
  {
    table: 'message_media',
    keptDays: mediaKeptDays,
    countedFrom: 'when it was last uploaded or named by a message; what a kept message names stays',
    prune: pruneMedia,
  },
  { table: 'message_media_use', goesWith: 'message' },
  {
    table: 'message_media_upload',
    keptDays: 1,
    countedFrom: 'when WeCom forgets the file',
    prune: pruneUploads,
  },
]
