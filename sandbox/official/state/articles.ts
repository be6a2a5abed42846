import { OfficialError } from '../error.ts'
import type { Account } from './account.ts'
import type { Records } from './records.ts'

/** One article of a draft, in WeChat's own field names (docs/upstream/official-media.md#drafts). */
export type Article = Record<string, unknown> & { title: string }

export interface Draft {
  mediaId: string
  articles: Article[]
  /** In seconds. */
  updatedAt: number
  /** It was sent to all or published, and is in the box no more. */
  gone?: boolean
}

export interface PublishedArticles {
  publishId: string
  articleId: string
  articles: (Article & { is_deleted?: boolean })[]
  updatedAt: number
  /** As publish_status: 1 while it runs. */
  status: number
}

export const draftsOf = (account: Account): Records<Draft> => account.collection<Draft>('drafts')
/** By publish id. */
export const publishedOf = (account: Account): Records<PublishedArticles> =>
  account.collection<PublishedArticles>('published')

/** A draft that is in the box; 40007 for any other id. */
export function draftIn(account: Account, mediaId: string | undefined): Draft {
  const draft = mediaId === undefined ? undefined : draftsOf(account).get(mediaId)
  if (!draft || draft.gone) throw new OfficialError(40007)
  return draft
}

export const publishedBy = (account: Account, articleId: string): PublishedArticles | undefined =>
  publishedOf(account)
    .values()
    .find(one => one.articleId === articleId && one.status === 0)

/** Where an article can be read, below the sandbox's address; `id` is a media id or an article id. */
export const articlePath = (account: Account, id: string, index: number): string =>
  `/official/s/${account.profile.originalId}/${id}/${index}`

/** The cards of articles on a telephone. */
export const cardsOf = (
  account: Account,
  id: string,
  articles: readonly Article[],
): Record<string, string>[] =>
  articles.map((article, index) => ({
    title: article.title,
    description: String(article['digest'] ?? ''),
    url: articlePath(account, id, index),
    mediaId: coverOf(article),
  }))

/** The media id of the picture that stands for an article. */
export function coverOf(article: Article): string {
  const images = (article['image_info'] as { image_list?: { image_media_id: string }[] } | undefined)
    ?.image_list
  return String(article['thumb_media_id'] ?? images?.[0]?.image_media_id ?? '')
}
