import type { UploadedMedia } from './compose-form.ts'

/** Addresses of pictures that were uploaded from this page, which the browser has itself. */
const pictures = new Map<string, string>()

export function keepPicture({ mediaId, kind }: UploadedMedia, file: Blob): void {
  if (kind === 'image' && !pictures.has(mediaId)) pictures.set(mediaId, URL.createObjectURL(file))
}

export const pictureOf = ({ mediaId }: { mediaId: string }): string | undefined => pictures.get(mediaId)
