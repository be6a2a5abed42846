import Type from 'typebox'
import type { OfficialClient } from '../call.ts'
import { checked } from '../checked.ts'
import { OfficialUnavailable } from '../errors.ts'

// Media that messages and articles name (docs/upstream/official-media.md).

export type MediaType = 'image' | 'voice' | 'video' | 'thumb'

export type MediaFile = { name: string; type: string; bytes: Buffer }

const text = Type.String({ minLength: 1 })
const temporaryShape = Type.Object({
  media_id: Type.Optional(text),
  thumb_media_id: Type.Optional(text),
  /** In seconds since the epoch. */
  created_at: Type.Union([Type.Integer(), Type.String()]),
})
const materialShape = Type.Object({ media_id: text, url: Type.Optional(Type.String()) })

/** WeChat keeps it for three days. */
export async function uploadTemporary(
  client: OfficialClient,
  type: MediaType,
  file: MediaFile,
): Promise<{ mediaId: string; createdAt: Date }> {
  const path = '/cgi-bin/media/upload'
  const answer = checked(
    temporaryShape,
    path,
    await client.upload(path, { type }, { field: 'media', ...file }),
  )
  return {
    mediaId: checked(text, path, answer.media_id ?? answer.thumb_media_id),
    createdAt: new Date(Number(answer.created_at) * 1000),
  }
}

/**
 * The bytes of temporary media, such as a picture that a follower sent (GET /cgi-bin/media/get). A video is answered as an
 * address, and is not fetched.
 */
export async function fetchTemporary(client: OfficialClient, mediaId: string): Promise<Buffer> {
  const path = '/cgi-bin/media/get'
  const got = await client.download(path, { media_id: mediaId })
  if ('bytes' in got && Buffer.isBuffer(got.bytes)) return got.bytes
  throw new OfficialUnavailable(path, 'json', 'the answer is no file', { ambiguous: false })
}

/** Permanent material. A video is told by its name. */
export async function addMaterial(
  client: OfficialClient,
  type: MediaType,
  file: MediaFile,
): Promise<{ mediaId: string; url: string }> {
  const path = '/cgi-bin/material/add_material'
  const form =
    type === 'video' ? { description: JSON.stringify({ title: file.name, introduction: '' }) } : undefined
  const upload = { field: 'media', ...file, ...(form ? { form } : {}) }
  const answer = checked(materialShape, path, await client.upload(path, { type }, upload))
  return { mediaId: answer.media_id, url: answer.url ?? '' }
}

const materialListShape = Type.Object({
  item: Type.Array(Type.Object({ media_id: text, name: Type.String(), url: Type.Optional(Type.String()) })),
})

/** Looks for material of this name among the last twenty of its type. */
export async function findMaterial(
  client: OfficialClient,
  type: MediaType,
  name: string,
): Promise<{ mediaId: string; url: string } | undefined> {
  const path = '/cgi-bin/material/batchget_material'
  const answer = await client.post(path, { type, offset: 0, count: 20 })
  const found = checked(materialListShape, path, answer).item.find(one => one.name === name)
  return found && { mediaId: found.media_id, url: found.url ?? '' }
}

/** A picture inside an article; it counts towards no limit. Returns its address, the only kind that articles keep. */
export async function uploadArticleImage(client: OfficialClient, file: MediaFile): Promise<string> {
  const path = '/cgi-bin/media/uploadimg'
  const answer = await client.upload(path, {}, { field: 'media', ...file })
  return checked(Type.Object({ url: text }), path, answer).url
}
