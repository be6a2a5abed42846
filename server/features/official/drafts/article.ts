import { type Static, Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Words } from '../../../platform/words.ts'

/** WeChat's limits of an article (docs/upstream/official-media.md#drafts). */
export const articleLimits = {
  articles: 8,
  titleChars: 32,
  authorChars: 16,
  digestChars: 128,
  /** The content has fewer characters and fewer bytes than these. */
  contentChars: 20_000,
  contentBytes: 1024 * 1024,
  sourceUrlBytes: 1024,
} as const

/** Lengths are the rules' matter: they say which field is too long, and by how much. */
const anyText = Type.String({ maxLength: 2_000_000 })

export const articleSchema = Type.Object(
  {
    title: anyText,
    author: anyText,
    digest: anyText,
    /** HTML. */
    content: anyText,
    sourceUrl: anyText,
    /** A stored picture; '' where WeChat has the cover already, as coverMediaId. */
    coverHash: anyText,
    coverMediaId: anyText,
    hasComments: Type.Boolean(),
    fansOnly: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type Article = Static<typeof articleSchema>

/** Throws 1000 and 1001 for what WeChat would refuse. */
export function checkArticles(articles: readonly Article[]): void {
  const { articles: most } = articleLimits
  if (articles.length === 0 || articles.length > most)
    throw new ApiError('badParameter', {
      zh: told`图文应有 1 至 ${own(most)} 篇，现有 ${own(articles.length)} 篇`,
      en: told`a draft has 1 to ${own(most)} articles, this one has ${own(articles.length)}`,
    })
  for (const [n, article] of articles.entries()) checkArticle(article, n + 1)
}

function checkArticle(article: Article, n: number): void {
  const fail = (what: Words) =>
    new ApiError('badParameter', {
      zh: told`第 ${own(n)} 篇${own(what.zh)}`,
      en: told`article ${own(n)}: ${own(what.en)}`,
    })
  const limit = (name: Words, value: string, most: number) => {
    const length = [...value].length
    if (length > most)
      throw fail({
        zh: `${name.zh}有 ${length} 字，最多 ${most} 字`,
        en: `${name.en} has ${length} characters, at most ${most} are allowed`,
      })
  }
  const { title, author, digest, content, sourceUrl, coverHash, coverMediaId } = article
  const { titleChars, authorChars, digestChars, contentChars, contentBytes, sourceUrlBytes } = articleLimits
  if (title.trim() === '') throw fail({ zh: '没有标题', en: 'the title is missing' })
  limit({ zh: '标题', en: 'the title' }, title, titleChars)
  limit({ zh: '作者', en: 'the author' }, author, authorChars)
  limit({ zh: '摘要', en: 'the digest' }, digest, digestChars)
  if (content.trim() === '') throw fail({ zh: '没有正文', en: 'the content is missing' })
  const [chars, bytes] = [[...content].length, Buffer.byteLength(content)]
  if (chars >= contentChars || bytes >= contentBytes)
    throw fail({
      zh: `正文有 ${chars} 字符、${bytes} 字节，须少于 ${contentChars} 字符且少于 1 MB`,
      en: `the content has ${chars} characters and ${bytes} bytes, it must have fewer than ${contentChars} and 1 MB`,
    })
  if (sourceUrl && (!/^https?:\/\/\S+$/.test(sourceUrl) || Buffer.byteLength(sourceUrl) > sourceUrlBytes))
    throw fail({
      zh: `的原文链接应是网址，最多 ${sourceUrlBytes} 字节`,
      en: `the source link should be an address of at most ${sourceUrlBytes} bytes`,
    })
  if (!coverHash && !coverMediaId) throw fail({ zh: '没有封面', en: 'the cover is missing' })
}

const ownPicture = /^https?:\/\/mmbiz\.qpic\.cn\//

/** What WeChat takes out of the content without saying so. `isOwn` knows the addresses that uploads were answered with. */
export function removedFrom(content: string, isOwn: (url: string) => boolean): Words[] {
  const removed: Words[] = []
  if (/<script\b/i.test(content) || /\son[a-z]+\s*=/i.test(content) || /javascript:/i.test(content))
    removed.push({
      zh: '正文里的脚本会被微信删除',
      en: 'WeChat removes the scripts in the content',
    })
  const foreign = pictureUrls(content).filter(url => !ownPicture.test(url) && !isOwn(url))
  if (foreign.length > 0)
    removed.push({
      zh: `正文里有 ${foreign.length} 张外部图片会被微信删除，请改用「插入图片」上传`,
      en: `WeChat removes ${foreign.length} pictures of other sites: upload them with "insert picture"`,
    })
  return removed
}

/** The addresses of the pictures in the content. */
export function pictureUrls(content: string): string[] {
  return [...content.matchAll(/<img\b[^>]*?\ssrc\s*=\s*["']?([^"'\s>]+)/gi)].map(([, url]) => url ?? '')
}
