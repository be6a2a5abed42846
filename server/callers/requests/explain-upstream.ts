import { type Language, wordsIn } from '../../platform/words.ts'
import type { Vendor } from '../../upstream/catalogue/entry.ts'
import { explainErrcode as explainOfficial } from '../../upstream/official/errors.ts'
import { explainErrcode as explainWecom } from '../../upstream/wecom/errors.ts'

type Explanation = { vendor: Vendor; errcode: number; meaning: string }

/** What a vendor said to a call that was passed on, in the words of the check-up; null for calls that were not. */
export function explainUpstream(stored: string, language: Language): Explanation | null {
  const [vendor, code] = stored.split(' ')
  if (vendor !== 'wecom' && vendor !== 'official') return null
  const errcode = Number(code)
  if (errcode === 0) return { vendor, errcode, meaning: '' }
  const { text, fix } = vendor === 'wecom' ? explainWecom(errcode) : explainOfficial(errcode)
  const after = fix ? `${language === 'zh' ? '。' : '. '}${wordsIn(language, fix)}` : ''
  return { vendor, errcode, meaning: `${wordsIn(language, text)}${after}` }
}
