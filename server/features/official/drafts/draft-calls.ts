import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { optionalInteger, optionalText, structured, text } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import { accountFor } from '../accounts/access.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { articleSchema } from './article.ts'
import { draftOf, draftsOf, publicationsOf, publishDraft, removeDraft, saveDraft } from './drafts.ts'
import { publishWords } from './publish-status.ts'

type Needs = Core & { accounts: Accounts }

const access = administrator('graded')
const originalId = text('原始 ID（gh_…）', { max: 64 })
const mediaId = text('草稿的 media_id', { max: 200 })

export const listDraftsCall = pageCall({
  method: 'GET',
  path: '/web/official/drafts',
  point: 'official:read',
  access,
  input: {
    originalId,
    pageNo: optionalInteger('页码', { min: 1, max: 5000 }),
    pageSize: optionalInteger('每页条数', { min: 1, max: 100 }),
  },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        mediaId: Type.String(),
        titles: Type.Array(Type.String()),
        /** '' for a cover that was not uploaded here. */
        coverHash: Type.String(),
        url: Type.String(),
        updatedAt: time,
      }),
    ),
    total: Type.Number(),
  }),
  handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const limit = input.pageSize ?? 20
    return draftsOf(ctx, account, { offset: ((input.pageNo ?? 1) - 1) * limit, limit })
  },
})

export const getDraftCall = pageCall({
  method: 'GET',
  path: '/web/official/draft',
  point: 'official:read',
  access,
  input: { originalId, mediaId },
  output: Type.Object({ articles: Type.Array(articleSchema) }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return { articles: await draftOf(ctx, account, input.mediaId) }
  },
})

const draftBytesAtMost = 9 * 1024 * 1024

export const saveDraftCall = pageCall({
  method: 'POST',
  path: '/web/official/draft/save',
  point: 'official:content',
  access,
  bodyAtMost: draftBytesAtMost,
  input: {
    originalId,
    mediaId: optionalText('草稿的 media_id；不填则新建', { max: 200 }),
    articles: structured('文章', Type.Array(articleSchema, { maxItems: 20 })),
  },
  /** `removed`: what WeChat takes out of the contents. */
  output: Type.Object({ mediaId: Type.String(), removed: Type.Array(Type.String()) }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const saved = await saveDraft(ctx, visitor.actor, account, input.articles, input.mediaId)
    const language = languageOf(request.headers['accept-language'])
    return { mediaId: saved.mediaId, removed: saved.removed.map(one => wordsIn(language, one)) }
  },
})

export const removeDraftCall = pageCall({
  method: 'POST',
  path: '/web/official/draft/remove',
  point: 'official:content',
  access,
  input: { originalId, mediaId },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await removeDraft(ctx, visitor.actor, account, input.mediaId)
    return {}
  },
})

export const publishDraftCall = pageCall({
  method: 'POST',
  path: '/web/official/draft/publish',
  point: 'official:content',
  access,
  input: { originalId, mediaId },
  output: Type.Object({ publishId: Type.String() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return { publishId: await publishDraft(ctx, visitor.actor, account, input.mediaId) }
  },
})

export const listPublicationsCall = pageCall({
  method: 'GET',
  path: '/web/official/publications',
  point: 'official:read',
  access,
  input: { originalId },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        publishId: Type.String(),
        title: Type.String(),
        actor: Type.String(),
        status: Type.Number(),
        /** The status in words. */
        told: Type.String(),
        articleId: Type.String(),
        urls: Type.Array(Type.String()),
        createdAt: time,
        endedAt: Type.Union([time, Type.Null()]),
      }),
    ),
    total: Type.Number(),
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const found = await publicationsOf(ctx, accountFor(ctx, visitor, corpId, input.originalId))
    const list = found.map(one => ({ ...one, told: wordsIn(language, publishWords(one.status)) }))
    return { list, total: list.length }
  },
})
