import { randomBytes } from 'node:crypto'
import { Bytes, type Call, type CallRequest, done, get, type Input, open, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { integer, object, text } from '../input.ts'
import { readArticles } from '../send/articles.ts'
import type { Account } from '../state/account.ts'
import {
  type Article,
  articlePath,
  coverOf,
  type Draft,
  draftIn,
  draftsOf,
  publishedBy,
} from '../state/articles.ts'
import { pageOf } from './material.ts'

const origin = ({ platform }: Pick<CallRequest, 'platform'>): string => new URL(platform.url).origin

/** The draft box (docs/upstream/official-media.md#drafts). */
export const draftCalls: readonly Call[] = [
  post('/cgi-bin/draft/add', ask => {
    const mediaId = randomBytes(48).toString('base64url')
    draftsOf(ask.account).set(mediaId, { mediaId, articles: readArticles(ask), updatedAt: seconds(ask) })
    return { media_id: mediaId }
  }),
  post('/cgi-bin/draft/update', ask => {
    const draft = draftOf(ask)
    const index = integer(ask.input, 'index', 40114) ?? -1
    if (!draft.articles[index]) throw new OfficialError(40114)
    const [article] = readArticles({ ...ask, input: { articles: [object(ask.input, 'articles')] } })
    const articles = draft.articles.with(index, article!)
    draftsOf(ask.account).set(draft.mediaId, { ...draft, articles, updatedAt: seconds(ask) })
    return done
  }),
  post('/cgi-bin/draft/get', ask => {
    const draft = draftOf(ask)
    return { news_item: newsItems(ask, draft.mediaId, draft.articles), update_time: draft.updatedAt }
  }),
  post('/cgi-bin/draft/delete', ask => {
    draftsOf(ask.account).delete(draftOf(ask).mediaId)
    return done
  }),
  get('/cgi-bin/draft/count', ({ account }) => ({ total_count: inBox(account).length })),
  post('/cgi-bin/draft/batchget', ask => {
    const all = inBox(ask.account)
    const item = pageOf(ask.input, all).map(draft => ({
      media_id: draft.mediaId,
      content: {
        news_item: newsItems(ask, draft.mediaId, draft.articles, isShort(ask.input)),
      },
      update_time: draft.updatedAt,
    }))
    return { total_count: all.length, item_count: item.length, item }
  }),
  post('/cgi-bin/draft/switch', () => ({ ...done, is_open: 1 })),
  open('GET', '/s/:originalId/:id/:index', ({ platform, input }) => {
    const account = platform.byOriginalId(String(input['originalId']))
    const id = String(input['id'])
    const articles = account && (publishedBy(account, id) ?? draftsOf(account).get(id))?.articles
    const article = articles?.[Number(input['index'])]
    if (!article || article['is_deleted'])
      return new Bytes('text/html; charset=utf-8', Buffer.from('该内容已被发布者删除'), { status: 404 })
    return new Bytes('text/html; charset=utf-8', Buffer.from(page(article)))
  }),
]

const seconds = ({ platform }: CallRequest): number => Math.floor(platform.now() / 1000)

const draftOf = ({ account, input }: CallRequest): Draft => draftIn(account, text(input, 'media_id', 40007))

const inBox = (account: Account): Draft[] =>
  draftsOf(account)
    .values()
    .filter(draft => !draft.gone)
    .reverse()

/** `no_content`, which clients send as a number or as a truth. */
export const isShort = ({ no_content: asked }: Input): boolean =>
  asked === true || integer({ asked: asked === false ? 0 : asked }, 'asked') === 1

/** Articles as WeChat gives them back, with where they can be read. */
export function newsItems(
  ask: CallRequest,
  id: string,
  articles: readonly Article[],
  short = false,
): Input[] {
  return articles.map((article, index) => {
    const { content, ...others } = article
    const cover = coverOf(article)
    return {
      ...others,
      ...(!short && { content }),
      url: `${origin(ask)}${articlePath(ask.account, id, index)}`,
      thumb_url: cover && `${ask.platform.url}/mmbiz/${ask.account.profile.originalId}/${cover}`,
    }
  })
}

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const style =
  'body{margin:20px auto;max-width:640px;padding:0 16px;font:17px/1.75 sans-serif;overflow-wrap:anywhere}img{max-width:100%}'

/** Scripts are forbidden by serve.ts, whatever an article contains. */
function page(article: Article): string {
  const author = text(article, 'author') ?? ''
  return `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(article.title)}</title><style>${style}</style><h1>${escaped(article.title)}</h1><p>${escaped(author)}</p>${String(article['content'] ?? '')}`
}
