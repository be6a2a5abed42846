import type { FileReference } from '../files/references.ts'
import { officialFiles } from '../official/files.ts'

/** Every column that names stored files. A file that none of them names is deleted in the night after a day. */
export const fileReferences: readonly FileReference[] = [...officialFiles]
