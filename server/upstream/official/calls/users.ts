import Type from 'typebox'
import type { OfficialClient } from '../call.ts'
import { checked } from '../checked.ts'

// Followers, their tags, the black list and QR codes (docs/upstream/official-followers.md).

export const limits = {
  openidsPerInfo: 100,
  openidsPerTagging: 50,
  openidsPerBlacklisting: 20,
  tagNameBytes: 30,
  remarkChars: 30,
  sceneChars: 64,
  /** Life of a temporary QR code, in seconds. */
  qrSeconds: { least: 60, most: 2_592_000 },
} as const

const openid = Type.String({ minLength: 1 })
const optionalText = Type.Optional(Type.String())

const listShape = Type.Object({
  total: Type.Integer(),
  /** Missing on the last, empty page. */
  data: Type.Optional(Type.Object({ openid: Type.Optional(Type.Array(openid)) })),
})

/** Up to 10,000 openids after the given one, in WeChat's own order. */
export async function listFollowers(
  client: OfficialClient,
  after: string,
): Promise<{ total: number; openids: string[] }> {
  const path = '/cgi-bin/user/get'
  const { total, data } = checked(
    listShape,
    path,
    await client.get(path, after ? { next_openid: after } : {}),
  )
  return { total, openids: data?.openid ?? [] }
}

const followerShape = Type.Object({
  /** For somebody who does not follow any more, there is only the openid. */
  subscribe: Type.Integer(),
  openid,
  /** In seconds since the epoch. */
  subscribe_time: Type.Optional(Type.Integer()),
  unionid: optionalText,
  remark: optionalText,
  tagid_list: Type.Optional(Type.Array(Type.Integer())),
  subscribe_scene: optionalText,
  qr_scene: Type.Optional(Type.Union([Type.Integer(), Type.String()])),
  qr_scene_str: optionalText,
})
const infoShape = Type.Object({ user_info_list: Type.Array(followerShape) })

/** A follower as WeChat tells since 2021-12-27: without nickname and avatar. */
export type FollowerInfo = {
  openid: string
  subscribed: boolean
  subscribedAt: Date | null
  unionid: string | null
  remark: string
  tagIds: number[]
  /** How the person came, in WeChat's words. */
  scene: string
  qrScene: string
}

export async function readFollowers(
  client: OfficialClient,
  openids: readonly string[],
): Promise<FollowerInfo[]> {
  const path = '/cgi-bin/user/info/batchget'
  const list = openids.map(openid => ({ openid, lang: 'zh_CN' }))
  const answer = checked(infoShape, path, await client.post(path, { user_list: list }))
  return answer.user_info_list.map(one => ({
    openid: one.openid,
    subscribed: one.subscribe === 1,
    subscribedAt: one.subscribe_time ? new Date(one.subscribe_time * 1000) : null,
    unionid: one.unionid || null,
    remark: one.remark ?? '',
    tagIds: one.tagid_list ?? [],
    scene: one.subscribe_scene ?? '',
    qrScene: one.qr_scene_str || (one.qr_scene ? String(one.qr_scene) : ''),
  }))
}

export async function setRemark(client: OfficialClient, openid: string, remark: string): Promise<void> {
  await client.post('/cgi-bin/user/info/updateremark', { openid, remark })
}

const tagShape = Type.Object({ id: Type.Integer(), name: Type.String() })
const tagsShape = Type.Object({ tags: Type.Array(tagShape) })

export type WireTag = { id: number; name: string }

export async function listTags(client: OfficialClient): Promise<WireTag[]> {
  const path = '/cgi-bin/tags/get'
  const { tags } = checked(tagsShape, path, await client.get(path))
  return tags.map(({ id, name }) => ({ id, name }))
}

/** Returns the new tag's id. */
export async function createTag(client: OfficialClient, name: string): Promise<number> {
  const path = '/cgi-bin/tags/create'
  const answer = checked(Type.Object({ tag: tagShape }), path, await client.send(path, { tag: { name } }))
  return answer.tag.id
}

export async function renameTag(client: OfficialClient, id: number, name: string): Promise<void> {
  await client.post('/cgi-bin/tags/update', { tag: { id, name } })
}

export async function deleteTag(client: OfficialClient, id: number): Promise<void> {
  await client.send('/cgi-bin/tags/delete', { tag: { id } })
}

/** Puts a tag on at most 50 followers, or takes it off them. */
export async function putTag(
  client: OfficialClient,
  tagid: number,
  openids: readonly string[],
  isOn: boolean,
): Promise<void> {
  const act = isOn ? 'batchtagging' : 'batchuntagging'
  await client.post(`/cgi-bin/tags/members/${act}`, { tagid, openid_list: openids })
}

/** Up to 10,000 openids of the black list after the given one. */
export async function listBlocked(client: OfficialClient, after: string): Promise<string[]> {
  const path = '/cgi-bin/tags/members/getblacklist'
  const { data } = checked(listShape, path, await client.post(path, { begin_openid: after }))
  return data?.openid ?? []
}

/** Puts at most 20 people on the black list, or takes them off it. */
export async function putBlocked(
  client: OfficialClient,
  openids: readonly string[],
  isOn: boolean,
): Promise<void> {
  const act = isOn ? 'batchblacklist' : 'batchunblacklist'
  await client.post(`/cgi-bin/tags/members/${act}`, { openid_list: openids })
}

const qrShape = Type.Object({ url: Type.String({ minLength: 1 }) })

/**
 * Makes a QR code with a scene of 1 to 64 characters, and returns the text that its picture holds. `seconds` is the life of a
 * temporary one; an account has at most 100,000 permanent ones.
 */
export async function createQrCode(
  client: OfficialClient,
  scene: string,
  seconds: number | undefined,
): Promise<string> {
  const path = '/cgi-bin/qrcode/create'
  const body = {
    ...(seconds === undefined ? {} : { expire_seconds: seconds }),
    action_name: seconds === undefined ? 'QR_LIMIT_STR_SCENE' : 'QR_STR_SCENE',
    action_info: { scene: { scene_str: scene } },
  }
  return checked(qrShape, path, await client.post(path, body)).url
}
