/** The kinds of files that are stored, by what their first bytes are. SVG is none of them: it may hold scripts. */
export const fileTypes = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'audio/amr',
  'audio/mpeg',
  'video/mp4',
] as const
export type FileType = (typeof fileTypes)[number]

const brandsOfMp4 = /^(iso[m2-6]|mp4[12]|avc1|M4V[ HP]|MSNV|mmp4|3g[pr2][1-9])$/

/** Undefined for anything else, even if its name or its sender calls it a file of these kinds. */
export function recognise(bytes: Buffer): FileType | undefined {
  const at = (from: number, length: number) => bytes.toString('latin1', from, from + length)
  if (at(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png'
  if (at(0, 3) === '\xff\xd8\xff') return 'image/jpeg'
  if (/^GIF8[79]a$/.test(at(0, 6))) return 'image/gif'
  if (at(0, 4) === 'RIFF' && at(8, 4) === 'WEBP') return 'image/webp'
  if (at(0, 6) === '#!AMR\n') return 'audio/amr'
  if (at(0, 3) === 'ID3' || isMp3Frame(bytes)) return 'audio/mpeg'
  if (at(4, 4) === 'ftyp' && brandsOfMp4.test(at(8, 4))) return 'video/mp4'
  return undefined
}

/** Eleven set bits, layer III, and neither a bit rate nor a sampling rate that does not exist. */
function isMp3Frame(bytes: Buffer): boolean {
  const [first = 0, second = 0, third = 0] = bytes
  const isLayer3 = first === 0xff && (second & 0xe6) === 0xe2
  return isLayer3 && third >> 4 !== 0xf && (third & 0x0c) !== 0x0c
}
