import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import type { Words } from '../../../platform/words.ts'
import * as wire from '../../../upstream/official/calls/draft.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { checkAbility } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import { mediaIdOf } from '../media/media.ts'
import { hashesOf } from '../media/store.ts'
import { type Article, checkArticles, pictureUrls, removedFrom } from './article.ts'
import { runningStatus } from './publish-status.ts'
import * as store from './store.ts'

const draftsPerCall = 20
const publicationsAtMost = 50
/** An event that has not come by then is not waited for: WeChat is asked. */
const eventWithinMs = 60_000

export type DraftHead = { mediaId: string; titles: string[]; coverHash: string; url: string; updatedAt: Date }

/** The draft box as WeChat has it, which is edited on its own site as well. Throws 1009 and 1011. */
export async function draftsOf(
  ctx: Core,
  account: Account,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ total: number; list: DraftHead[] }> {
  checkAbility(account, 'publish')
  const list: wire.Draft[] = []
  let total = Number.POSITIVE_INFINITY
  while (list.length < limit && offset + list.length < total) {
    const count = Math.min(draftsPerCall, limit - list.length)
    const page = await told(wire.listDrafts(account.client, offset + list.length, count))
    list.push(...page.list)
    total = page.list.length > 0 ? page.total : offset + list.length
  }
  const covers = list.map(({ articles }) => articles[0]?.thumb_media_id ?? '')
  const hashes = await hashesOf(ctx.db, account, covers)
  return {
    total: Number.isFinite(total) ? total : 0,
    list: list.map(({ mediaId, articles, updatedAt }, n) => ({
      mediaId,
      titles: articles.map(one => one.title),
      coverHash: hashes.get(covers[n] ?? '') ?? '',
      url: articles[0]?.url ?? '',
      updatedAt,
    })),
  }
}

/** Throws 1009 and 1011; 40007 stands for a draft that is not there any more. */
export async function draftOf(ctx: Core, account: Account, mediaId: string): Promise<Article[]> {
  checkAbility(account, 'publish')
  const articles = await told(wire.getDraft(account.client, mediaId))
  const covers = articles.map(one => one.thumb_media_id ?? '')
  const hashes = await hashesOf(ctx.db, account, covers)
  return articles.map((one, n) => ({
    title: one.title,
    author: one.author ?? '',
    digest: one.digest ?? '',
    content: one.content ?? '',
    sourceUrl: one.content_source_url ?? '',
    coverHash: hashes.get(covers[n] ?? '') ?? '',
    coverMediaId: covers[n] ?? '',
    hasComments: one.need_open_comment === 1,
    fansOnly: one.only_fans_can_comment === 1,
  }))
}

/**
 * Gives WeChat a draft: a new one without `mediaId`. WeChat changes single articles only, so for another number of
 * articles a new draft is made and the old one deleted. Returns what WeChat takes out. Throws 1000, 1001, 1009 and 1011.
 */
export async function saveDraft(
  ctx: Core,
  actor: string,
  account: Account,
  articles: readonly Article[],
  mediaId = '',
): Promise<{ mediaId: string; removed: Words[] }> {
  checkAbility(account, 'publish')
  checkArticles(articles)
  const { client, corpId, originalId } = account
  const saved = await told(
    (async () => {
      const wired: wire.WireArticle[] = []
      for (const article of articles) wired.push(await wireOf(ctx, account, article))
      const before = mediaId ? await wire.getDraft(client, mediaId) : []
      if (mediaId && before.length === wired.length) {
        for (const [n, article] of wired.entries()) await wire.updateDraft(client, mediaId, n, article)
        return mediaId
      }
      const added = await wire.addDraft(client, wired)
      if (mediaId) await wire.deleteDraft(client, mediaId)
      return added
    })(),
  )
  const detail = { title: articles[0]?.title ?? '', mediaId: saved }
  await record(ctx.db, ctx, { corpId, actor, act: 'official.draft.save', target: originalId, detail })
  const contents = articles.map(one => one.content).join('\n')
  const own = await store.knownPictures(ctx.db, account, pictureUrls(contents))
  return { mediaId: saved, removed: removedFrom(contents, url => own.has(url)) }
}

async function wireOf(ctx: Core, account: Account, article: Article): Promise<wire.WireArticle> {
  const { coverHash, coverMediaId } = article
  return {
    title: article.title,
    author: article.author,
    digest: article.digest,
    content: article.content,
    content_source_url: article.sourceUrl,
    thumb_media_id: coverHash ? await mediaIdOf(ctx, account, coverHash, 'cover') : coverMediaId,
    need_open_comment: article.hasComments ? 1 : 0,
    only_fans_can_comment: article.fansOnly ? 1 : 0,
  }
}

/** Throws 1009 and 1011. */
export async function removeDraft(
  ctx: Core,
  actor: string,
  account: Account,
  mediaId: string,
): Promise<void> {
  checkAbility(account, 'publish')
  await told(wire.deleteDraft(account.client, mediaId))
  const { corpId, originalId } = account
  await record(ctx.db, ctx, {
    corpId,
    actor,
    act: 'official.draft.delete',
    target: originalId,
    detail: { mediaId },
  })
}

/**
 * Publishes a draft: anybody with the address may read it, nobody is sent it, and no mass quota is used. WeChat tells the end
 * by an event. Throws 1009 and 1011.
 */
export async function publishDraft(
  ctx: Core,
  actor: string,
  account: Account,
  mediaId: string,
): Promise<string> {
  checkAbility(account, 'publish')
  const { client, corpId, originalId } = account
  const [first] = await told(wire.getDraft(client, mediaId))
  const title = first?.title ?? ''
  const publishId = await told(wire.submitPublish(client, mediaId))
  await ctx.db.transaction().execute(async tx => {
    await store.insertPublication(tx, account, { publishId, title, actor }, new Date(ctx.now()))
    const detail = { title, publishId }
    await record(tx, ctx, { corpId, actor, act: 'official.draft.publish', target: originalId, detail })
  })
  return publishId
}

/** The newest first. WeChat is asked about those whose event stays out. */
export async function publicationsOf(ctx: Core, account: Account): Promise<store.Publication[]> {
  const list = await store.publications(ctx.db, account, publicationsAtMost)
  const late = list.filter(
    one => one.status === runningStatus && ctx.now() - one.createdAt.getTime() > eventWithinMs,
  )
  if (late.length === 0) return list
  for (const { publishId } of late) {
    const result = await told(wire.getPublish(account.client, publishId))
    if (result.status !== runningStatus)
      await store.putPublishResult(ctx.db, account, publishId, result, new Date(ctx.now()))
  }
  return store.publications(ctx.db, account, publicationsAtMost)
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw upstreamError(error)
  }
}
