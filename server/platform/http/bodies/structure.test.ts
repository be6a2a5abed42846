import { describe, expect, it } from 'vitest'
import { excessOfJson, excessOfJson5 } from './json-structure.ts'
import { excessOfXml } from './xml-structure.ts'

const ofJson = (text: string) => excessOfJson(Buffer.from(text), 10)
const ofJson5 = (text: string) => excessOfJson5(text, 10)
const ofXml = (text: string) => excessOfXml(text, 10)
const ones = (count: number) => Array.from({ length: count }, () => '1').join()

describe('JSON and JSON5', () => {
  it.each([
    ['an object of lists', `{"a":[${ones(4)}],"b":[${ones(4)}]}`, undefined],
    ['one element more', `{"a":[${ones(4)}],"b":[${ones(5)}]}`, 'elements'],
  ])('%s', (_what, text, excess) => {
    expect([ofJson(text), ofJson5(text.replaceAll('"', "'"))]).toEqual([excess, excess])
  })

  it.each([
    ['marks in texts', `['[{,','",[',"'{,"]`, undefined],
    ['a quote that hides what follows in JSON', `['"',${ones(10)},'"']`, 'elements'],
    ['a comment that hides it', `[/*"*/${ones(10)}/*"*/,1]`, 'elements'],
    ['commas in comments', `[1/*,,,,,,,,,,,*/,2 //,,,,,,,,,,,\n]`, undefined],
    ['escapes', `['\\'',${ones(10)}]`, 'elements'],
    ['a text that goes on in the next line', `['a\\\n,,,,,,,,,,,',1]`, undefined],
  ])('%s, as JSON5 reads it', (_what, text, excess) => {
    expect(ofJson5(text)).toBe(excess)
  })

  it('that is nested too deep', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
    expect([excessOfJson(Buffer.from(nested(33))), excessOfJson5(nested(33))]).toEqual(['depth', 'depth'])
    expect([excessOfJson(Buffer.from(nested(32))), excessOfJson5(nested(32))]).toEqual([undefined, undefined])
  })

  it('is counted quickly, whatever does not end', () => {
    const began = performance.now()
    for (const piece of [`"\\"`, `'\\'`, '/*', '//', '"', "'", '[', ','])
      ofJson5(piece.repeat(65_536 / piece.length))
    expect(performance.now() - began).toBeLessThan(1000)
  })
})

describe('XML', () => {
  const items = (count: number, one = '<a/>') => `<xml>${one.repeat(count)}</xml>`
  it.each([
    ['as many as are allowed', items(9), undefined],
    ['one more', items(10), 'elements'],
    ['elements with texts', items(10, '<a>1</a>'), 'elements'],
    ['comments', items(10, '<!-- <a> -->'), 'elements'],
    ['CDATA', items(10, '<![CDATA[<a>]]>'), 'elements'],
    ['what looks like elements in CDATA', `<xml><![CDATA[${'<a>'.repeat(20)}]]></xml>`, undefined],
    ['what looks like an end in an attribute', items(9, '<a b="/>" c=\'>\'/>'), undefined],
    ['depth', '<a>'.repeat(9), undefined],
  ])('%s', (_what, text, excess) => {
    expect(ofXml(text)).toBe(excess)
  })

  it('that is nested too deep', () => {
    expect(excessOfXml('<a>'.repeat(33))).toBe('depth')
    expect(excessOfXml(`${'<a>'.repeat(32)}${'</a><a>'.repeat(100)}`)).toBeUndefined()
  })

  it('is counted quickly, whatever does not end', () => {
    const began = performance.now()
    for (const piece of ['<a "', "<a '", '<!--', '<![CDATA[', '<?', '</', '<'])
      excessOfXml(piece.repeat(1_000_000 / piece.length), 5000)
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
