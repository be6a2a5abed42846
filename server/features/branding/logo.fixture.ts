import { crc32, deflateSync } from 'node:zlib'

const signature = Buffer.from('89504e470d0a1a0a', 'hex')

export function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  size.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([size, body, sum])
}

/** `extra` stands before the pixels; `pixels` instead of as many as the head announces. */
export type Shape = {
  width?: number
  height?: number
  interlaced?: boolean
  extra?: Buffer[]
  pixels?: Buffer
}

/** A PNG of one colour with 8 bits for red, green, blue and opacity. */
export function pngOf(shape: Shape = {}, colour: readonly number[] = [180, 30, 40, 255]): Buffer {
  const { width = 4, height = 3, interlaced = false, extra = [] } = shape
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 6, 0, 0, interlaced ? 1 : 0], 8)
  const row = Buffer.concat([Buffer.alloc(1), Buffer.alloc(width * 4, Buffer.from(colour))])
  const pixels = shape.pixels ?? Buffer.concat(Array.from({ length: height }, () => row))
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    ...extra,
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
