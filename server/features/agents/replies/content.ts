import { type Static, Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkBytes, checkText, httpAddress } from '../../../platform/http/rules.ts'
import { own, told } from '../../../platform/http/told.ts'

const textAtMost = 8192
const text = Type.String({ maxLength: textAtMost })
const fileHash = Type.String({ maxLength: 64 })

/**
 * One message of a reply. Files are named by their hash. The first five kinds can go back with the push; the others are always sent
 * as a message of the agent.
 */
export const contentSchema = Type.Union([
  Type.Object({ type: Type.Literal('text'), content: text }),
  Type.Object({ type: Type.Union([Type.Literal('image'), Type.Literal('voice')]), hash: fileHash }),
  Type.Object({ type: Type.Literal('video'), hash: fileHash, title: text, description: text }),
  Type.Object({
    type: Type.Literal('articles'),
    articles: Type.Array(Type.Object({ title: text, description: text, picUrl: text, url: text }), {
      maxItems: 20,
    }),
  }),
  Type.Object({ type: Type.Literal('card'), title: text, description: text, url: text, button: text }),
  Type.Object({ type: Type.Literal('markdown'), content: text }),
])
export type Content = Static<typeof contentSchema>
export type Media = Extract<Content, { hash: string }>

export const isMedia = (content: Content): content is Media => 'hash' in content

/** docs/upstream/wecom-messages.md#types-and-their-limits, docs/upstream/wecom-agents.md#passive-replies */
const limits = {
  text: 2048,
  markdown: 2048,
  title: 128,
  description: 512,
  url: 2048,
  articles: 8,
  button: 4,
} as const
/** Nobody reads more at once, and WeCom drops what comes after thirty in a minute. */
const contentsAtMost = 6

/** Throws 1000 and 1001, naming the content by its place. */
export function checkContents(contents: readonly Content[], _trigger: unknown, name: string): void {
  if (contents.length > contentsAtMost)
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 一次最多 ${own(contentsAtMost)} 条，现有 ${contents.length} 条`,
      en: told`${own(name)} takes at most ${own(contentsAtMost)} at once, got ${contents.length}`,
    })
  for (const [index, content] of contents.entries()) checkContent(content, `${name}[${index}]`)
}

function checkContent(content: Content, name: string): void {
  if ('content' in content) checkFilled(content.content, `${name}.content`, limits[content.type], true)
  if ('hash' in content) checkHash(content.hash, `${name}.hash`)
  if (content.type === 'video') {
    checkLimited(content.title, `${name}.title`, limits.title)
    checkLimited(content.description, `${name}.description`, limits.description)
  }
  if (content.type === 'articles') checkArticles(content.articles, `${name}.articles`)
  if (content.type !== 'card') return
  checkFilled(content.title, `${name}.title`, limits.title)
  checkFilled(content.description, `${name}.description`, limits.description, true)
  checkUrl(content.url, `${name}.url`)
  checkText(content.button, `${name}.button`, limits.button)
}

type Articles = Extract<Content, { type: 'articles' }>['articles']

function checkArticles(articles: Articles, name: string): void {
  if (articles.length < 1 || articles.length > limits.articles)
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为 1 到 ${own(limits.articles)} 条，现有 ${articles.length} 条`,
      en: told`${own(name)} takes 1 to ${own(limits.articles)}, got ${articles.length}`,
    })
  for (const [index, { title, description, picUrl, url }] of articles.entries()) {
    const at = `${name}[${index}]`
    checkFilled(title, `${at}.title`, limits.title)
    checkLimited(description, `${at}.description`, limits.description)
    checkUrl(url, `${at}.url`)
    if (picUrl) checkUrl(picUrl, `${at}.picUrl`)
  }
}

function checkFilled(value: string, name: string, bytes: number, lines = false): void {
  checkText(value, name, textAtMost, lines)
  if (value.trim() === '') throw new ApiError('missingParameter', told`${own(name)}`)
  checkBytes(value, name, bytes)
}

function checkLimited(value: string, name: string, bytes: number): void {
  checkText(value, name, textAtMost, true)
  checkBytes(value, name, bytes)
}

function checkUrl(url: string, name: string): void {
  if (url.trim() === '') throw new ApiError('missingParameter', told`${own(name)}`)
  if (httpAddress(url) === undefined)
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为 http 或 https 地址`,
      en: told`${own(name)} should be an http or https address`,
    })
  checkBytes(url, name, limits.url)
}

function checkHash(hash: string, name: string): void {
  if (hash === '') throw new ApiError('missingParameter', told`${own(name)}`)
  if (!/^[0-9a-f]{64}$/.test(hash))
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为已上传文件的编号`,
      en: told`${own(name)} should be the hash of an uploaded file`,
    })
}

/** Steps of a flow that go on at once. Throws 1000. */
export function checkChain(stepId: string, contents: readonly Content[]): void {
  if (contents.length > contentsAtMost)
    throw new ApiError('badParameter', {
      zh: told`从步骤 ${stepId} 起一次会发 ${contents.length} 条，最多 ${own(contentsAtMost)} 条`,
      en: told`from step ${stepId} on ${contents.length} messages are sent at once, at most ${own(contentsAtMost)}`,
    })
}

/** An agent may write to its members at any time. Throws 1000 and 1001. */
export function checkTimeout(timeoutText: string): void {
  checkFilled(timeoutText, 'timeoutText', limits.text, true)
}
