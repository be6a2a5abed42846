import type { CallRequest, Input } from '../call.ts'
import { OfficialError } from '../error.ts'
import { object, objects, text } from '../input.ts'
import type { Article } from '../state/articles.ts'
import { mediaOf } from '../state/media.ts'

const defaultDigestChars = 54

/** The articles of draft/add, checked and cleaned as WeChat does (docs/upstream/official-media.md#drafts). */
export function readArticles(ask: CallRequest): Article[] {
  const list = objects(ask.input, 'articles', 44003)
  if (list.length === 0) throw new OfficialError(44003)
  if (list.length > ask.platform.rules.articles) throw new OfficialError(45008)
  return list.map(article => readArticle(ask, article, list.length === 1))
}

function readArticle(ask: CallRequest, input: Input, alone: boolean): Article {
  const { rules } = ask.platform
  const type = text(input, 'article_type') || 'news'
  const limited = (key: string, chars: number, code: 45003 | 45004 | 40097): string => {
    const value = text(input, key) ?? ''
    if ([...value].length > chars) throw new OfficialError(code, key)
    return value
  }
  const title = limited('title', rules.articleTitleChars, 45003)
  if (title === '') throw new OfficialError(45003)
  const content = text(input, 'content') ?? ''
  if (content === '') throw new OfficialError(44004)
  const { articleContentChars, articleContentBytes } = rules
  if ([...content].length >= articleContentChars || Buffer.byteLength(content) >= articleContentBytes)
    throw new OfficialError(45166)
  const source = text(input, 'content_source_url') ?? ''
  if (Buffer.byteLength(source) > rules.articleSourceUrlBytes) throw new OfficialError(41039)
  const digest = limited('digest', rules.articleDigestChars, 45004)
  const cleaned = clean(content, ask.platform.url)
  const plain = cleaned.replaceAll(/<[^>]*>/g, '').trim()
  return {
    article_type: type,
    title,
    author: limited('author', rules.articleAuthorChars, 40097),
    digest: digest || (alone ? [...plain].slice(0, defaultDigestChars).join('') : ''),
    content: cleaned,
    content_source_url: source,
    ...pictures(ask, input, type),
    show_cover_pic: 0,
    need_open_comment: input['need_open_comment'] === 1 ? 1 : 0,
    only_fans_can_comment: input['only_fans_can_comment'] === 1 ? 1 : 0,
  }
}

function pictures(ask: CallRequest, input: Input, type: string): Input {
  const permanent = (id: string | undefined): string => {
    const media = id === undefined ? undefined : mediaOf(ask.account).get(id)
    if (!media?.permanent) throw new OfficialError(40007)
    return media.id
  }
  if (type === 'news') return { thumb_media_id: permanent(text(input, 'thumb_media_id', 40007)) }
  if (type !== 'newspic') throw new OfficialError(40097, 'article_type')
  const list = objects(object(input, 'image_info'), 'image_list')
  if (list.length === 0 || list.length > ask.platform.rules.newspicImages)
    throw new OfficialError(40097, 'image_list')
  const images = list.map(one => ({ image_media_id: permanent(text(one, 'image_media_id', 40007)) }))
  return { image_info: { image_list: images } }
}

/** Without scripts, and without pictures that are not WeChat's own. */
function clean(content: string, url: string): string {
  return content.replaceAll(/<script\b[\s\S]*?(<\/script>|$)/gi, '').replaceAll(/<img\b[^>]*>/gi, tag => {
    const source = /\ssrc\s*=\s*["']?([^"'\s>]+)/i.exec(tag)?.[1] ?? ''
    return source.startsWith(url) || /^https?:\/\/mmbiz\.qpic\.cn\//.test(source) ? tag : ''
  })
}
