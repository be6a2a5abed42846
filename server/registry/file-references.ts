import { officialFiles } from '../features/official/files.ts'
import type { FileReference } from '../platform/files/references.ts'

/** Every column that names stored files. A file that none of them names is deleted in the night after a day. */
export const fileReferences: readonly FileReference[] = [...officialFiles]
