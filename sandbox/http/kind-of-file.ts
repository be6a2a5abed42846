/** What a file is by its first bytes, whatever its name says. */
export function kindOf(bytes: Buffer): string | undefined {
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
