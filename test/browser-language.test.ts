import { expect, it } from 'vitest'
import { preferred } from '../web/ui/storage/preferred-language.ts'

it.each([
  [['en-US', 'en'], 'en'],
  [['fr-FR', 'en-GB', 'zh-CN'], 'en'],
  [['zh-Hant-TW', 'en'], 'zh'],
  [['zhx', 'enm', 'de'], 'zh'],
  [[], 'zh'],
] as const)('a browser that prefers %j begins in %s', (languages, language) => {
  expect(preferred(languages)).toBe(language)
})
