import fc from 'fast-check'
import { expect, it } from 'vitest'
import { coloursOf, contrastOf } from './colours.ts'

it('keeps a colour that white text is legible on', () => {
  expect(coloursOf('#2468f2').light.fill).toBe('#2468f2')
})

it('makes every colour legible, on light pages and on dark ones', () => {
  const part = fc.integer({ min: 0, max: 0xffffff })
  const edges = ['#ffffff', '#000000', '#ffff00', '#00ff00', '#808080', '#0000ff']
  const check = (colour: string) => {
    const { light, dark } = coloursOf(colour)
    for (const { fill, hover, text, chosen } of [light, dark]) {
      expect(contrastOf(fill, '#ffffff')).toBeGreaterThanOrEqual(4.5)
      expect(contrastOf(hover, '#ffffff')).toBeGreaterThanOrEqual(4.5)
      expect(contrastOf(text, chosen)).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrastOf(light.text, '#f5f7fa')).toBeGreaterThanOrEqual(4.5)
    expect(contrastOf(dark.text, '#181b21')).toBeGreaterThanOrEqual(4.5)
    expect(contrastOf(dark.fill, '#181b21')).toBeGreaterThanOrEqual(3)
  }
  edges.forEach(check)
  fc.assert(fc.property(part, number => check(`#${number.toString(16).padStart(6, '0')}`)))
})
