import { kindOf } from '../../http/kind-of-file.ts'
import type { Upload } from '../../http/multipart.ts'
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

/** The mime type of a file within these limits; 41005, 40005 or 40006 otherwise. */
export function checkFile(upload: Upload | undefined, limit: { bytes: number; types: string[] }): string {
  if (!upload || upload.bytes.length === 0) throw new OfficialError(41005)
  const kind = kindOf(upload.bytes)
  if (kind === undefined || !limit.types.includes(kind)) throw new OfficialError(40005)
  if (upload.bytes.length > limit.bytes) throw new OfficialError(40006)
  return mimes[kind]!
}
