import type { Upload } from '../call.ts'
import { OfficialError } from '../error.ts'

const mimes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  bmp: 'image/bmp',
  mp4: 'video/mp4',
  mp3: 'audio/mp3',
  amr: 'audio/amr',
  wav: 'audio/wav',
  wma: 'audio/x-ms-wma',
}

/** What a file is by its first bytes, whatever its name says. */
function kindOf(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 16)
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (head.startsWith('\xff\xd8\xff')) return 'jpg'
  if (head.startsWith('GIF8')) return 'gif'
  if (head.startsWith('BM')) return 'bmp'
  if (head.startsWith('#!AMR')) return 'amr'
  if (head.startsWith('ID3') || /^\xff[\xe2-\xff]/.test(head)) return 'mp3'
  if (head.startsWith('RIFF')) return 'wav'
  if (head.startsWith('\x30\x26\xb2\x75')) return 'wma'
  return head.slice(4, 8) === 'ftyp' ? 'mp4' : undefined
}

/** The mime type of a file within these limits; 41005, 40005 or 40006 otherwise. */
export function checkFile(upload: Upload | undefined, limit: { bytes: number; types: string[] }): string {
  if (!upload || upload.bytes.length === 0) throw new OfficialError(41005)
  const kind = kindOf(upload.bytes)
  if (kind === undefined || !limit.types.includes(kind)) throw new OfficialError(40005)
  if (upload.bytes.length > limit.bytes) throw new OfficialError(40006)
  return mimes[kind]!
}
