import type { S3Client } from './s3-client.ts'
import { S3Error } from './s3-error.ts'

/** S3 takes 10,000 parts of 5 MB and more. The parts grow, so that a small backup takes little memory and a large one has room. */
const firstPartBytes = 16 << 20
const laterPartBytes = 64 << 20
const firstParts = 2000
const partsAtMost = 10_000

export const s3AtMost = firstParts * firstPartBytes + (partsAtMost - firstParts) * laterPartBytes

const partBytes = (number: number) => (number <= firstParts ? firstPartBytes : laterPartBytes)

export type UploadedObject = { size: number }

/**
 * Uploads a stream in parts; the object exists once all are there, with the size that was sent, and not before. One part is on its
 * way while the next fills, so that two of them are in memory. Whatever fails aborts the upload. Throws S3Error, and `tooLarge`.
 */
export async function uploadStream(
  s3: S3Client,
  key: string,
  source: AsyncIterable<Buffer>,
  { signal, tooLarge }: { signal?: AbortSignal | undefined; tooLarge(): Error },
): Promise<UploadedObject> {
  const uploadId = await s3.beginUpload(key, signal)
  try {
    const sending: Promise<string>[] = []
    let size = 0
    for await (const part of partsOf(source)) {
      if (sending.length >= partsAtMost) throw tooLarge()
      size += part.length
      const number = sending.length + 1
      await sending.at(-1)
      const sent = s3.putPart(key, uploadId, number, part, signal)
      // Its failure is met at the next part or at the end.
      sent.catch(() => undefined)
      sending.push(sent)
    }
    const etags = await Promise.all(sending)
    await s3.completeUpload(key, uploadId, etags, signal).catch(error => {
      // When only the answer was lost, the call that was made again finds no upload, and the object is there.
      if (!(error instanceof S3Error && error.code === 'NoSuchUpload')) throw error
    })
    await checkSize(s3, key, size, signal)
    return { size }
  } catch (error) {
    await s3.abortUpload(key, uploadId).catch(() => undefined)
    throw error
  }
}

async function checkSize(
  s3: S3Client,
  key: string,
  size: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { size: found } = await s3.head(key, signal)
  if (found === size) return
  await s3.remove(key, signal)
  throw new S3Error('SizeDiffers', 200, sizeWords(size, found), { isPassing: false })
}

const sizeWords = (sent: number, found: number) => ({
  zh: `S3 上的文件是 ${found} 字节，而上传了 ${sent} 字节；它已被删除`,
  en: `the file at S3 has ${found} bytes, but ${sent} were uploaded; it was deleted`,
})

async function* partsOf(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let number = 1
  let parts: Buffer[] = []
  let size = 0
  for await (const chunk of source) {
    let rest = chunk
    while (size + rest.length >= partBytes(number)) {
      const taken = rest.subarray(0, partBytes(number) - size)
      yield Buffer.concat([...parts, taken])
      rest = rest.subarray(taken.length)
      parts = []
      size = 0
      number++
    }
    if (rest.length > 0) parts.push(rest)
    size += rest.length
  }
  if (size > 0 || number === 1) yield Buffer.concat(parts)
}

const readBytes = 8 << 20

/** The object from beginning to end, a few megabytes at a time, each asked for again by itself. */
export async function* downloadStream(
  s3: S3Client,
  key: string,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const { size, etag } = await s3.head(key, signal)
  for (let from = 0; from < size; from += readBytes)
    yield await s3.read(key, { from, to: Math.min(size, from + readBytes), etag }, signal)
}
