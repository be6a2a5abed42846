import { expect, it } from 'vitest'
import { chunk, pngOf } from './logo.fixture.ts'
import { logoBytesAtMost, readLogo } from './read-logo.ts'

const refusal = (bytes: Buffer) => readLogo(bytes).then(String, error => String(error.message))
const zeros = (size: number) => Buffer.alloc(size)

it('keeps the picture, and nothing that a camera or a program wrote beside it', async () => {
  const plain = pngOf({ width: 40, height: 20 })
  const logo = await readLogo(
    pngOf({
      width: 40,
      height: 20,
      extra: [chunk('tEXt', Buffer.from('Author\0张三')), chunk('eXIf', Buffer.from('GPS'))],
    }),
  )
  expect(logo.bytes).toEqual(plain)
  expect(logo).toMatchObject({ width: 40, height: 20, hash: (await readLogo(plain)).hash })
})

it('takes an interlaced picture of any size', async () => {
  // Seven passes of 5 × 3 pixels: 1, 1, none, 2 and so on; each row has its filter.
  const passes = [1 + 4, 1 + 4, 0, 1 + 4, 1 + 3 * 4, 2 * (1 + 2 * 4), 1 + 5 * 4]
  const sum = passes.reduce((a, b) => a + b)
  const pixels = zeros(sum)
  expect(await readLogo(pngOf({ width: 5, height: 3, interlaced: true, pixels }))).toMatchObject({ width: 5 })
  expect(await refusal(pngOf({ width: 5, height: 3, interlaced: true, pixels: zeros(sum + 1) }))).toContain(
    '已损坏',
  )
})

it.each([
  ['too many bytes', () => Buffer.concat([pngOf(), zeros(logoBytesAtMost)]), /最多 1048576 字节/],
  [
    'an SVG',
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    /应为 PNG/,
  ],
  ['a JPEG, whatever it is called', () => Buffer.from('ffd8ffe000104a4649460001', 'hex'), /应为 PNG/],
  ['nothing', () => zeros(0), /应为 PNG/],
  ['a picture that was cut off', () => pngOf({ width: 64, height: 64 }).subarray(0, -20), /不完整/],
  ['a picture without its end', () => pngOf().subarray(0, -12), /不完整/],
  ['something behind the end', () => Buffer.concat([pngOf(), Buffer.from('<script>')]), /不完整/],
  ['a bit that fell over', () => pngOf().map((byte, at) => (at === 45 ? byte ^ 1 : byte)), /已损坏/],
  ['an animation', () => pngOf({ extra: [chunk('acTL', zeros(8))] }), /动图/],
  ['too many pixels', () => pngOf({ width: 2049, height: 1, pixels: zeros(1) }), /最多 2048 像素/],
  ['a bomb', () => pngOf({ width: 4, height: 4, pixels: zeros(50_000_000) }), /已损坏/],
  ['too few pixels', () => pngOf({ width: 2048, height: 2048, pixels: zeros(10) }), /不完整/],
  ['no pixels at all', () => pngOf({ width: 0, height: 0 }), /不完整/],
])('refuses %s', async (_what, bytes, words) => {
  expect(await refusal(Buffer.from(bytes()))).toMatch(words)
})
