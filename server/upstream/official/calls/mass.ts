import Type from 'typebox'
import type { OfficialClient } from '../call.ts'
import { checked } from '../checked.ts'
import { OfficialError } from '../errors.ts'

// Mass messages (docs/upstream/official-mass.md).

export const massLimits = { openidsLeast: 2, openidsMost: 10_000, textBytes: 2048, images: 20 } as const

/** Media and drafts are named by WeChat's media_id. */
export type MassContent =
  | { type: 'text'; content: string }
  | { type: 'image'; mediaIds: string[]; recommend: string }
  | { type: 'voice'; mediaId: string }
  | { type: 'news'; mediaId: string; ignoreReprint: boolean }

export type MassTarget = { to: 'all' } | { to: 'tag'; tagId: number } | { to: 'list'; openids: string[] }

export type MassSubmission = { msgId: string; msgDataId: string }

const number = Type.Union([Type.Integer(), Type.String({ minLength: 1 })])
const submittedShape = Type.Object({ msg_id: number, msg_data_id: Type.Optional(number) })

/** The code of a call that repeats an earlier clientmsgid; its answer carries the earlier msg_id. */
const sentBefore = 45065

/**
 * Asks WeChat to send; an event tells the end. The same `clientMsgId` (at most 32 characters) within a day sends nothing again
 * and answers the first one's ids. Within a minute of the first it is refused with 45066.
 */
export async function submitMass(
  client: OfficialClient,
  target: MassTarget,
  content: MassContent,
  clientMsgId: string,
): Promise<MassSubmission> {
  const body = { ...bodyOf(content), ...reprintOf(content), clientmsgid: clientMsgId }
  const [path, whole] =
    target.to === 'list'
      ? ['/cgi-bin/message/mass/send', { touser: target.openids, ...body }]
      : ['/cgi-bin/message/mass/sendall', { filter: filterOf(target), ...body }]
  try {
    return submittedOf(path, await client.send(path, whole))
  } catch (error) {
    if (error instanceof OfficialError && error.errcode === sentBefore) return submittedOf(path, error.answer)
    throw error
  }
}

function submittedOf(path: string, answer: unknown): MassSubmission {
  const { msg_id, msg_data_id = '' } = checked(submittedShape, path, answer)
  return { msgId: String(msg_id), msgDataId: String(msg_data_id) }
}

const filterOf = (target: Exclude<MassTarget, { to: 'list' }>) =>
  target.to === 'all' ? { is_to_all: true } : { is_to_all: false, tag_id: target.tagId }

function bodyOf(content: MassContent): object {
  switch (content.type) {
    case 'text':
      return { msgtype: 'text', text: { content: content.content } }
    case 'image':
      return {
        msgtype: 'image',
        images: {
          media_ids: content.mediaIds,
          recommend: content.recommend,
          need_open_comment: 0,
          only_fans_can_comment: 0,
        },
      }
    case 'voice':
      return { msgtype: 'voice', voice: { media_id: content.mediaId } }
    case 'news':
      return { msgtype: 'mpnews', mpnews: { media_id: content.mediaId } }
  }
}

const reprintOf = (content: MassContent) =>
  content.type === 'news' ? { send_ignore_reprint: content.ignoreReprint ? 1 : 0 } : {}

/** Shows the message to one follower. It counts towards no limit of followers, but WeChat allows 100 a day. */
export async function previewMass(
  client: OfficialClient,
  openid: string,
  content: MassContent,
): Promise<void> {
  const body =
    content.type === 'image'
      ? { msgtype: 'image', image: { media_id: content.mediaIds[0] } }
      : bodyOf(content)
  await client.send('/cgi-bin/message/mass/preview', { touser: openid, ...body })
}

export type MassState = 'SEND_SUCCESS' | 'SENDING' | 'SEND_FAIL' | 'DELETE'

export async function getMassState(client: OfficialClient, msgId: string): Promise<MassState> {
  const path = '/cgi-bin/message/mass/get'
  const shape = Type.Object({ msg_status: Type.Enum(['SEND_SUCCESS', 'SENDING', 'SEND_FAIL', 'DELETE']) })
  return checked(shape, path, await client.post(path, { msg_id: msgId })).msg_status
}

/** Takes all articles of a mass message back. Those who were sent it find that it was deleted. */
export async function deleteMass(client: OfficialClient, msgId: string): Promise<void> {
  await client.send('/cgi-bin/message/mass/delete', { msg_id: Number(msgId), article_idx: 0 })
}

/** How many follow the account. */
export async function countFollowers(client: OfficialClient): Promise<number> {
  const path = '/cgi-bin/user/get'
  return checked(Type.Object({ total: Type.Integer() }), path, await client.get(path)).total
}

const tagsShape = Type.Object({
  tags: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String(), count: Type.Integer() })),
})

/** The tags with how many followers have each. */
export async function countTags(
  client: OfficialClient,
): Promise<{ id: number; name: string; count: number }[]> {
  const path = '/cgi-bin/tags/get'
  return checked(tagsShape, path, await client.get(path)).tags
}
