import Type, { type Static } from 'typebox'
import type { OfficialClient } from '../call.ts'
import { checked } from '../checked.ts'

// The draft box, and publishing without a push to followers (docs/upstream/official-media.md#drafts).

const text = Type.String({ minLength: 1 })
const optionalText = Type.Optional(Type.String())

const articleShape = Type.Object({
  title: Type.String(),
  author: optionalText,
  digest: optionalText,
  content: optionalText,
  content_source_url: optionalText,
  thumb_media_id: optionalText,
  thumb_url: optionalText,
  need_open_comment: Type.Optional(Type.Integer()),
  only_fans_can_comment: Type.Optional(Type.Integer()),
  /** Where it can be read before it is sent. */
  url: optionalText,
})
/** An article as WeChat gives it back. */
export type ReadArticle = Static<typeof articleShape>

export type WireArticle = {
  title: string
  author: string
  digest: string
  content: string
  content_source_url: string
  thumb_media_id: string
  need_open_comment: 0 | 1
  only_fans_can_comment: 0 | 1
}

const draftShape = Type.Object({ news_item: Type.Array(articleShape) })
const draftsShape = Type.Object({
  total_count: Type.Integer(),
  item: Type.Array(Type.Object({ media_id: text, content: draftShape, update_time: Type.Integer() })),
})

export type Draft = { mediaId: string; articles: ReadArticle[]; updatedAt: Date }

/** At most 20, the newest first, without the articles' contents. */
export async function listDrafts(
  client: OfficialClient,
  offset: number,
  count: number,
): Promise<{ total: number; list: Draft[] }> {
  const path = '/cgi-bin/draft/batchget'
  const answer = checked(draftsShape, path, await client.post(path, { offset, count, no_content: 1 }))
  const list = answer.item.map(one => ({
    mediaId: one.media_id,
    articles: one.content.news_item,
    updatedAt: new Date(one.update_time * 1000),
  }))
  return { total: answer.total_count, list }
}

export async function getDraft(client: OfficialClient, mediaId: string): Promise<ReadArticle[]> {
  const path = '/cgi-bin/draft/get'
  return checked(draftShape, path, await client.post(path, { media_id: mediaId })).news_item
}

/** Returns the draft's media_id. */
export async function addDraft(client: OfficialClient, articles: readonly WireArticle[]): Promise<string> {
  const path = '/cgi-bin/draft/add'
  const answer = await client.send(path, { articles })
  return checked(Type.Object({ media_id: text }), path, answer).media_id
}

/** `index` counts from 0. The number of articles stays as it is. */
export async function updateDraft(
  client: OfficialClient,
  mediaId: string,
  index: number,
  article: WireArticle,
): Promise<void> {
  await client.post('/cgi-bin/draft/update', { media_id: mediaId, index, articles: article })
}

export async function deleteDraft(client: OfficialClient, mediaId: string): Promise<void> {
  await client.send('/cgi-bin/draft/delete', { media_id: mediaId })
}

const numberOrText = Type.Union([Type.Integer(), text])

/** Accepted, not done: an event tells the end. Returns the publish_id. */
export async function submitPublish(client: OfficialClient, mediaId: string): Promise<string> {
  const path = '/cgi-bin/freepublish/submit'
  const answer = await client.send(path, { media_id: mediaId })
  return String(checked(Type.Object({ publish_id: numberOrText }), path, answer).publish_id)
}

/** What became of a publication: 0 done, 1 running, 2 to 6 see PublishState in drafts/publish-status.ts. */
export type PublishResult = { status: number; articleId: string; urls: string[] }

const publishShape = Type.Object({
  publish_status: Type.Integer(),
  article_id: optionalText,
  article_detail: Type.Optional(
    Type.Object({ item: Type.Optional(Type.Array(Type.Object({ article_url: Type.String() }))) }),
  ),
})

export async function getPublish(client: OfficialClient, publishId: string): Promise<PublishResult> {
  const path = '/cgi-bin/freepublish/get'
  const answer = checked(publishShape, path, await client.post(path, { publish_id: publishId }))
  return {
    status: answer.publish_status,
    articleId: answer.article_id ?? '',
    urls: (answer.article_detail?.item ?? []).map(one => one.article_url),
  }
}
