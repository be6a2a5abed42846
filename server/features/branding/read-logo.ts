import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { crc32, inflate } from 'node:zlib'
import { recognise } from '../../platform/files/recognise.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { wordsOfOthers } from '../../platform/http/told.ts'
import type { Words } from '../../platform/words.ts'

export const logoBytesAtMost = 1024 * 1024
export const logoPixelsAtMost = 2048

export type Logo = { bytes: Buffer; hash: string; width: number; height: number }

/** What a picture needs; comments, places and cameras in other chunks do not leave. */
const keptChunks = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'sRGB', 'pHYs', 'IDAT', 'IEND'])

/**
 * Accepts a PNG by its content, whatever its name says: other kinds may hold scripts (SVG) or have no transparency (JPEG). It is
 * written again with the picture alone, and not encoded again: each chunk has its checksum, the pixels unpack to exactly what the
 * head announces, and pages get it as image/png and as nothing else. Throws 1000.
 */
export async function readLogo(bytes: Buffer): Promise<Logo> {
  if (bytes.length > logoBytesAtMost)
    throw refused({
      zh: `logo 有 ${bytes.length} 字节，最多 ${logoBytesAtMost} 字节（1 MB）`,
      en: `logo has ${bytes.length} bytes, at most ${logoBytesAtMost} (1 MB) are allowed`,
    })
  if (recognise(bytes) !== 'image/png')
    throw refused({
      zh: 'logo 应为 PNG 图片（按内容识别，与文件名无关）',
      en: 'logo should be a PNG picture, recognised by its content and not by its name',
    })
  const chunks = chunksOf(bytes)
  if (chunks.some(chunk => chunk.name === 'acTL'))
    throw refused({
      zh: 'logo 不能是动图，请换成静态的 PNG',
      en: 'logo cannot be animated: use a still PNG',
    })
  const { width, height, pixelBytes } = headOf(chunks)
  await checkPixels(chunks, pixelBytes)
  const kept = chunks.filter(chunk => keptChunks.has(chunk.name)).map(chunk => chunk.whole)
  const written = Buffer.concat([bytes.subarray(0, 8), ...kept])
  return { bytes: written, hash: createHash('sha256').update(written).digest('hex'), width, height }
}

type Chunk = { name: string; data: Buffer; whole: Buffer }

/** All chunks to the end, where nothing else may follow. */
function chunksOf(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = []
  let at = 8
  while (at + 12 <= bytes.length) {
    const size = bytes.readUInt32BE(at)
    const end = at + 12 + size
    if (end > bytes.length) throw broken()
    const chunk = bytes.subarray(at, end)
    if (crc32(chunk.subarray(4, -4)) !== chunk.readUInt32BE(chunk.length - 4)) throw broken()
    chunks.push({ name: chunk.toString('latin1', 4, 8), data: chunk.subarray(8, -4), whole: chunk })
    at = end
  }
  if (at !== bytes.length || chunks.at(-1)?.name !== 'IEND') throw broken()
  return chunks
}

/** Samples of a pixel by colour type, and how many bits each may have. */
const colourTypes: Record<number, { samples: number; depths: readonly number[] }> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
}

/** Where the seven passes of an interlaced picture begin, and how far apart their pixels are. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

function headOf(chunks: readonly Chunk[]): { width: number; height: number; pixelBytes: number } {
  const [head] = chunks
  if (head?.name !== 'IHDR' || head.data.length !== 13) throw broken()
  const [width, height] = [head.data.readUInt32BE(0), head.data.readUInt32BE(4)]
  const [depth = 0, colour = 0, , , interlaced] = head.data.subarray(8)
  const type = colourTypes[colour]
  if (width === 0 || height === 0 || !type?.depths.includes(depth)) throw broken()
  if (width > logoPixelsAtMost || height > logoPixelsAtMost)
    throw refused({
      zh: `logo 为 ${width} × ${height} 像素，宽和高最多 ${logoPixelsAtMost} 像素`,
      en: `logo is ${width} × ${height} pixels; width and height are at most ${logoPixelsAtMost}`,
    })
  const bitsOfPixel = type.samples * depth
  const sizeOf = (columns: number, rows: number) =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * bitsOfPixel) / 8))
  const pixelBytes = interlaced
    ? passes.reduce(
        (sum, [x, y, dx, dy]) => sum + sizeOf(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
        0,
      )
    : sizeOf(width, height)
  return { width, height, pixelBytes }
}

/** Unpacks no more than what the head announces, so that a small file cannot become a large one. */
async function checkPixels(chunks: readonly Chunk[], pixelBytes: number): Promise<void> {
  const packed = Buffer.concat(chunks.filter(chunk => chunk.name === 'IDAT').map(chunk => chunk.data))
  const pixels = await promisify(inflate)(packed, { maxOutputLength: pixelBytes }).catch(() => {
    throw broken()
  })
  if (pixels.length !== pixelBytes) throw broken()
}

function broken(): ApiError {
  return refused({
    zh: 'logo 的文件不完整或已损坏，请重新导出这张 PNG',
    en: 'logo is cut off or damaged: export this PNG again',
  })
}

function refused(why: Words): ApiError {
  return new ApiError('badParameter', wordsOfOthers(why))
}
