import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ApiError } from './errors.ts'
import { own, ownWords, textWithoutValues, told, wholeText, wordsOfOthers } from './told.ts'

describe('what an error is told with', () => {
  it('keeps the words and leaves out the values', () => {
    const error = new ApiError('badParameter', {
      zh: told`${own('userId')} 最长 ${own(64)} 个字符：${'张三'}`,
      en: told`${own('userId')} takes ${own(64)} characters: ${'张三'}`,
    })
    expect(error.message).toBe('参数错误: userId 最长 64 个字符：张三')
    expect(error.logged).toEqual({
      zh: 'userId 最长 64 个字符：…',
      en: 'userId takes 64 characters: …',
    })
  })

  it('keeps values apart in texts inside of others', () => {
    const inner = told`没有 ${'秘密'}`
    const outer = told`${own(inner)}；${inner}；完`
    expect(textWithoutValues(outer)).toBe('没有 …；…；完')
    expect(wholeText(outer)).toBe('没有 秘密；没有 秘密；完')
  })

  it('knows what is ours as a whole, and what is of others', () => {
    const words = { zh: '太多', en: 'too many' }
    expect(new ApiError('upstream', ownWords(words)).logged).toEqual(words)
    expect(new ApiError('upstream', wordsOfOthers(words)).logged).toEqual({ zh: '…', en: '…' })
    expect(new ApiError('upstream', wordsOfOthers(words)).detail).toEqual(words)
  })

  it('lets no value end early, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('\uFDD0', '\uFDD1', 'x', '秘') }), value => {
        expect(textWithoutValues(told`前 ${value} 后`)).toBe('前 … 后')
        expect(wholeText(told`前 ${value} 后`)).toBe(`前 ${value.replace(/[\uFDD0\uFDD1]/g, '')} 后`)
      }),
    )
  })
})
