import type { Input } from '../call.ts'
import { OfficialError } from '../error.ts'
import { object, objects, text } from '../input.ts'
import type { Rules } from '../rules/rules.ts'
import type { Account } from '../state/account.ts'
import { cardsOf, draftIn, publishedBy } from '../state/articles.ts'
import { type MediaType, mediaOf } from '../state/media.ts'

/** What a message looks like on the telephone. */
export interface Content {
  type: string
  content: Record<string, unknown>
}

type Reader = (account: Account, body: Input, rules: Rules) => Content['content']

const withMedia =
  (...types: MediaType[]): Reader =>
  (account, body) => ({ mediaId: mediaId(account, body, 'media_id', types) })

const readers: Record<string, Reader> = {
  text: (_account, body, rules) => {
    const content = text(body, 'content', 44004)
    if (!content) throw new OfficialError(44004)
    if (Buffer.byteLength(content) > rules.customTextBytes) throw new OfficialError(45002)
    return { content }
  },
  image: withMedia('image'),
  voice: withMedia('voice'),
  video: (account, body) => ({
    mediaId: mediaId(account, body, 'media_id', ['video']),
    title: text(body, 'title') ?? '',
    description: text(body, 'description') ?? '',
  }),
  mpvideo: withMedia('video'),
  music: (account, body) => ({
    title: text(body, 'title') ?? '',
    description: text(body, 'description') ?? '',
    musicUrl: text(body, 'musicurl') ?? '',
    thumbMediaId: mediaId(account, body, 'thumb_media_id', ['thumb', 'image']),
  }),
  news: (_account, body, rules) => {
    const articles = objects(body, 'articles', 44003)
    if (articles.length === 0) throw new OfficialError(44003)
    if (articles.length > rules.customArticles) throw new OfficialError(45008)
    return {
      articles: articles.map(article => ({
        title: text(article, 'title') ?? '',
        description: text(article, 'description') ?? '',
        url: text(article, 'url') ?? '',
        picUrl: text(article, 'picurl') ?? '',
      })),
    }
  },
  mpnews: (account, body) => {
    const { mediaId, articles } = draftIn(account, text(body, 'media_id', 40007))
    return { articles: cardsOf(account, mediaId, articles), mediaId }
  },
  mpnewsarticle: (account, body) => {
    const published = publishedBy(account, text(body, 'article_id', 53600) ?? '')
    if (!published) throw new OfficialError(53600)
    return { articles: cardsOf(account, published.articleId, published.articles) }
  },
  msgmenu: (account, body, rules) => {
    if (!rules.msgmenuKinds.includes(account.profile.kind)) throw new OfficialError(40200)
    const list = objects(body, 'list', 40035).map(one => ({
      id: text(one, 'id', 40035) ?? '',
      content: text(one, 'content', 40035) ?? '',
    }))
    return { head: text(body, 'head_content') ?? '', list, tail: text(body, 'tail_content') ?? '' }
  },
  wxcard: (_account, body) => ({ cardId: text(body, 'card_id', 40035) ?? '' }),
  miniprogrampage: (account, body) => ({
    title: text(body, 'title') ?? '',
    appid: text(body, 'appid', 40013) ?? '',
    pagepath: text(body, 'pagepath') ?? '',
    thumbMediaId: mediaId(account, body, 'thumb_media_id', ['thumb', 'image']),
  }),
}

/**
 * Reads the content of a message of one of these types, which stands below its own name (that of a picture
 * below `image` or `images`). Throws WeChat's code for what is wrong with it.
 */
export function readContent(
  account: Account,
  input: Input,
  rules: Rules,
  types: readonly string[] = Object.keys(readers),
): Content {
  const type = text(input, 'msgtype', 40008) ?? ''
  const reader = readers[type]
  if (!reader || !types.includes(type)) throw new OfficialError(40008)
  const images = type === 'image' && input['image'] === undefined && input['images'] !== undefined
  return {
    type,
    content: images ? album(account, input) : reader(account, object(input, type, 44002), rules),
  }
}

/** The pictures of a mass message. */
function album(account: Account, input: Input): Content['content'] {
  const images = object(input, 'images')
  const ids = images['media_ids'] ?? [images['media_id']]
  if (!Array.isArray(ids) || ids.length === 0) throw new OfficialError(40007)
  const mediaIds = ids.map(id => mediaId(account, { id }, 'id', ['image']))
  return { mediaId: mediaIds[0], mediaIds, recommend: text(images, 'recommend') ?? '' }
}

export function mediaId(account: Account, body: Input, key: string, types: readonly MediaType[]): string {
  const id = text(body, key, 40007)
  const media = id === undefined ? undefined : mediaOf(account).get(id)
  if (!media || !types.includes(media.type)) throw new OfficialError(40007)
  return media.id
}
