import { randomBytes } from 'node:crypto'
import { type Call, type CallRequest, done, type Input, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { integer, text } from '../input.ts'
import type { Fields } from '../state/account.ts'
import {
  articlePath,
  draftIn,
  draftsOf,
  type PublishedArticles,
  publishedBy,
  publishedOf,
} from '../state/articles.ts'
import { isShort, newsItems } from './draft.ts'
import { pageOf } from './material.ts'

/** Publishing without a push to followers (docs/upstream/official-media.md#publishing). */
export const publishCalls: readonly Call[] = [
  post('/cgi-bin/freepublish/submit', submit),
  post('/cgi-bin/freepublish/get', ask => {
    const published = publishedOf(ask.account).get(text(ask.input, 'publish_id') ?? '')
    if (!published) throw new OfficialError(40097, 'publish_id')
    const { publishId, status, articleId } = published
    return {
      publish_id: Number(publishId),
      publish_status: status,
      ...(status === 0 && { article_id: articleId, article_detail: detailOf(ask, published) }),
      fail_idx: status === 0 || status === 1 ? [] : published.articles.map((_, n) => n + 1),
    }
  }),
  post('/cgi-bin/freepublish/batchget', ask => {
    const all = publishedOf(ask.account)
      .values()
      .filter(one => one.status === 0)
      .reverse()
    const item = pageOf(ask.input, all).map(one => ({
      article_id: one.articleId,
      content: {
        news_item: newsItems(ask, one.articleId, one.articles, isShort(ask.input)),
      },
      update_time: one.updatedAt,
    }))
    return { total_count: all.length, item_count: item.length, item }
  }),
  post('/cgi-bin/freepublish/getarticle', ask => {
    const { articleId, articles } = publishedIn(ask)
    return { news_item: newsItems(ask, articleId, articles) }
  }),
  post('/cgi-bin/freepublish/delete', ask => {
    const published = publishedIn(ask)
    const index = integer(ask.input, 'index') ?? 0
    if (index < 0 || index > published.articles.length) throw new OfficialError(40114)
    const articles = published.articles.map((article, n) =>
      index === 0 || n === index - 1 ? { ...article, is_deleted: true } : article,
    )
    const status = articles.every(article => article.is_deleted) ? 5 : 0
    publishedOf(ask.account).set(published.publishId, { ...published, articles, status })
    return done
  }),
]

function submit(ask: CallRequest): Input {
  const { platform, account } = ask
  const draft = draftIn(account, text(ask.input, 'media_id', 40007))
  draftsOf(account).set(draft.mediaId, { ...draft, gone: true })
  const publishId = String(account.next('publish', 100_000_001))
  const published: PublishedArticles = {
    publishId,
    articleId: randomBytes(32).toString('base64url'),
    articles: draft.articles.map(article => ({ ...article, is_deleted: false })),
    updatedAt: Math.floor(platform.now() / 1000),
    status: 1,
  }
  publishedOf(account).set(publishId, published)
  const { publishStatus: status, publishEvent, publishJobMs, massFrom } = platform.rules
  const good: Fields = {
    article_id: published.articleId,
    article_detail: { ...detailOf(ask, published) },
  }
  const info: Fields = {
    publish_id: publishId,
    publish_status: status,
    ...(status === 0 ? good : { fail_idx: draft.articles.map((_, n) => n + 1) as never }),
  }
  platform.schedule(account, publishJobMs, {
    openid: massFrom,
    name: publishEvent,
    fields: { PublishEventInfo: info },
    change: ['published', publishId, { status }],
  })
  return { ...done, publish_id: Number(publishId), msg_data_id: Number(publishId) + 1_000_000_000 }
}

function detailOf({ platform, account }: CallRequest, { articleId, articles }: PublishedArticles) {
  const { origin } = new URL(platform.url)
  const item = articles.map((_, n) => ({
    idx: n + 1,
    article_url: `${origin}${articlePath(account, articleId, n)}`,
  }))
  return { count: item.length, item }
}

function publishedIn({ account, input }: CallRequest): PublishedArticles {
  const published = publishedBy(account, text(input, 'article_id', 53600) ?? '')
  if (!published) throw new OfficialError(53600)
  return published
}
