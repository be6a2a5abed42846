import { text } from '../http/input.ts'
import { kindOf } from '../http/kind-of-file.ts'
import { WecomError } from '../rules/errcodes.ts'
import { type MediaType, mediaTypes } from '../state/media.ts'
import { type Call, type CallRequest, File, ok } from './call.ts'

const MB = 1024 * 1024
/** `kinds` undefined: any. */
const limits: Readonly<Record<MediaType, { bytes: number; kinds?: readonly string[] }>> = {
  image: { bytes: 10 * MB, kinds: ['jpg', 'png'] },
  voice: { bytes: 2 * MB, kinds: ['amr'] },
  video: { bytes: 10 * MB, kinds: ['mp4'] },
  file: { bytes: 20 * MB },
}
const bytesAtLeast = 6

/** media/upload and media/get (docs/upstream/wecom-messages.md#media). */
export const mediaCalls: readonly Call[] = [
  {
    method: 'POST',
    path: '/cgi-bin/media/upload',
    token: 'any',
    takesFile: true,
    run({ world, input, upload }) {
      const type = mediaTypes.find(one => one === input['type'])
      if (!type) throw new WecomError(40004)
      if (!upload) throw new WecomError(41005)
      const { bytes, kinds } = limits[type]
      if (upload.bytes.length < bytesAtLeast || upload.bytes.length > bytes) throw new WecomError(40006)
      if (kinds && !kinds.includes(kindOf(upload.bytes) ?? '')) throw new WecomError(40005)
      const { id, createdAt } = world.media.add(type, upload)
      return { ...ok, type, media_id: id, created_at: String(Math.floor(createdAt / 1000)) }
    },
  },
  { method: 'GET', path: '/cgi-bin/media/get', token: 'any', run: fetchMedia },
]

function fetchMedia({ world, input }: CallRequest): File {
  const media = world.media.get(text(input, 'media_id', 40007) ?? '')
  if (!media) throw new WecomError(40007)
  return new File(media)
}
