import type { Language } from '../../../ui/language.ts'

/** `content` is the file's bytes in base64; `language` is that of the report to be written. */
export type PickedFile = { fileName: string; content: string; language: Language }
