import type { FileReference } from '../../platform/storage/file-reference.ts'

/** Where official accounts name stored files. */
export const officialFiles: readonly FileReference[] = [
  { table: 'official_account', column: 'icon_hash' },
  { table: 'official_media', column: 'hash' },
  { table: 'official_mass', column: 'content', isWithin: true },
  { table: 'official_talk', column: 'file_hash' },
]
