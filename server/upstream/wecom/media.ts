import type { Forward } from '../transport/forward.ts'
import { WecomError } from './errors.ts'

const path = '/cgi-bin/media/upload'

/**
 * Uploads a file for three days (docs/upstream/wecom-messages.md#media); all agents of the corp may use it. Returns its media_id.
 * Throws WecomError, WecomUnavailable and LimitReached.
 */
export async function uploadMedia(
  forward: Forward,
  type: 'image' | 'voice' | 'video' | 'file',
  file: { name: string; type: string; bytes: Buffer },
): Promise<string> {
  const form = new FormData()
  form.set('media', new Blob([new Uint8Array(file.bytes)], { type: file.type }), file.name)
  const encoded = new Response(form)
  const contentType = encoded.headers.get('content-type') ?? ''
  const bytes = Buffer.from(await encoded.arrayBuffer())
  const query = new URLSearchParams({ type }).toString()
  const answer = await forward({ method: 'POST', path, query, body: { type: contentType, bytes } })
  const { errmsg = '', media_id: mediaId } =
    'json' in answer ? (JSON.parse(answer.json) as { errmsg?: string; media_id?: unknown }) : {}
  if (answer.errcode !== 0) throw new WecomError(answer.errcode, String(errmsg), path)
  return String(mediaId ?? '')
}
