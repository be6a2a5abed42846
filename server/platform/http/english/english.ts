import { directoryWords } from './directory.ts'
import { featureWords } from './features.ts'
import { officialWords } from './official.ts'
import { webhookWords } from './webhooks.ts'

/**
 * The English of the declarations' Chinese texts, by the whole text, so that a text that changes is missed here at once. Texts
 * that are said of many inputs stand here once.
 */
const english: Readonly<Record<string, string>> = {
  ...directoryWords,
  ...featureWords,
  ...officialWords,
  ...webhookWords,
}

/** The English of a declaration's text, or the text itself where it has none. */
export function toEnglish(text: string): string {
  return english[text] ?? text
}
