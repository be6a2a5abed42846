import { crc32, deflateSync } from 'node:zlib'
import { hash } from './corp/random.ts'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** A square PNG of `size` pixels with a mirrored 5 × 5 pattern, which depends on the number only. */
export function avatarPng(number: number, size: number): Buffer {
  const dice = hash(7, number, 1)
  const ink = [64 + (dice & 127), 64 + ((dice >>> 8) & 127), 64 + ((dice >>> 16) & 127)]
  const paper = [238, 240, 243]
  const pattern = hash(7, number, 2)
  const stride = size * 3 + 1
  const pixels = Buffer.alloc(stride * size)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const column = Math.floor((x * 5) / size)
      const bit = Math.min(column, 4 - column) * 5 + Math.floor((y * 5) / size)
      pixels.set((pattern >>> bit) & 1 ? ink : paper, y * stride + 1 + x * 3)
    }
  }
  return png(size, pixels)
}

/** A square picture of `size` lines, each of a zero byte and three bytes a pixel. */
export function png(size: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  // A bit depth of 8, and the colour type RGB.
  header.set([8, 2], 8)
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(body.length + 8)
  frame.writeUInt32BE(data.length, 0)
  body.copy(frame, 4)
  frame.writeUInt32BE(crc32(body), body.length + 4)
  return frame
}
