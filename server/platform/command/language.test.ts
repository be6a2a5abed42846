import { describe, expect, it } from 'vitest'
import { commandLanguage, inLanguage, languageOfLocale, said } from './language.ts'

describe('the language of a locale', () => {
  it.each([
    [{}, 'zh'],
    [{ LANG: '' }, 'zh'],
    [{ LANG: 'C' }, 'zh'],
    [{ LANG: 'C.UTF-8' }, 'zh'],
    [{ LANG: 'POSIX' }, 'zh'],
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'zh_TW.Big5@radical' }, 'zh'],
    [{ LANG: 'en_US.UTF-8' }, 'en'],
    [{ LANG: 'de_DE@euro' }, 'en'],
  ] as const)('%j: %s', (env, language) => {
    expect(languageOfLocale(env)).toBe(language)
  })

  it('is that of the first variable that is not empty', () => {
    const others = { LC_MESSAGES: 'en_GB.UTF-8', LANG: 'zh_CN.UTF-8' }
    expect(languageOfLocale(others)).toBe('en')
    expect(languageOfLocale({ LC_ALL: '', ...others })).toBe('en')
    expect(languageOfLocale({ LC_ALL: 'C', ...others })).toBe('zh')
    expect(languageOfLocale({ LC_ALL: 'fr_FR.UTF-8', LC_MESSAGES: 'zh_CN', LANG: 'zh_CN' })).toBe('en')
  })
})

describe('what is said', () => {
  const words = { zh: '完成', en: 'done' }

  it('is Chinese outside of a command line', () => {
    expect([commandLanguage(), said(words), said('wisp')]).toEqual(['zh', '完成', 'wisp'])
  })

  it('is in the language of the work, also after it has waited', async () => {
    const late = (language: 'zh' | 'en') =>
      inLanguage(language, async () => {
        await Promise.resolve()
        return said(words)
      })
    expect(await Promise.all([late('en'), late('zh'), late('en')])).toEqual(['done', '完成', 'done'])
  })
})
