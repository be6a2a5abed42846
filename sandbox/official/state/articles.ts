import type { Account } from './account.ts'
import { mediaOf } from './media.ts'
import type { Records } from './records.ts'

/** One article of a draft, in WeChat's own field names (upstream-2.md §16). */
export type Article = Record<string, unknown> & { title: string }

export interface Draft {
  mediaId: string
  articles: Article[]
  /** In seconds. */
  updatedAt: number
}

export interface Published {
  articleId: string
  publishId: string
  articles: (Article & { is_deleted?: boolean })[]
  updatedAt: number
}

export const draftsOf = (account: Account): Records<Draft> => account.collection<Draft>('drafts')
export const publishedOf = (account: Account): Records<Published> =>
  account.collection<Published>('published')

/** The cards of articles on a telephone. */
export const shownArticles = (account: Account, articles: readonly Article[]): Record<string, string>[] =>
  articles.map(article => ({
    title: article.title,
    description: String(article['digest'] ?? ''),
    url: String(article['url'] ?? ''),
    mediaId: mediaOf(account).get(String(article['thumb_media_id']))?.id ?? '',
  }))
