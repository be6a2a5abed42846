import type { Answer } from '../../../../ui/data/api.ts'
import type { Language } from '../../../../ui/language.ts'

/** `content` is the file's bytes in base64, `language` the language of what is said about its lines. */
export type PickedFile = { fileName: string; content: string; language: Language }
export type Preview = Answer<'/web/payments/bills/import-preview'>
export type Result = Answer<'/web/payments/bills/import-apply'>
