import type { Language } from '../../../ui/language.ts'

/** `content` is the file's bytes in base64, `language` the language of the report. */
export type PickedFile = { fileName: string; content: string; language: Language }
