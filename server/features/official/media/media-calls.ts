import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { choice, text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { accountFor } from '../accounts/access.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { articleImageUrl, mediaIdOf } from './media.ts'

/** Gives WeChat a stored picture, and answers the address under which an article may show it. */
export const articleImageCall = pageCall({
  method: 'POST',
  path: '/web/official/media/article-image',
  access: administrator('graded'),
  point: 'official:content',
  input: {
    originalId: text('原始 ID（gh_…）', { max: 64 }),
    hash: text('图片文件的 SHA-256', { max: 64 }),
  },
  output: Type.Object({ url: Type.String() }),
  async handle(ctx: Core & { accounts: Accounts }, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    try {
      return { url: await articleImageUrl(ctx, account, input.hash) }
    } catch (error) {
      throw upstreamError(error)
    }
  },
})

/** Gives WeChat a stored picture or sound for good, and answers the media_id that automatic replies name. */
export const keepMediaCall = pageCall({
  method: 'POST',
  path: '/web/official/media/keep',
  access: administrator('graded'),
  point: 'official:content',
  input: {
    originalId: text('原始 ID（gh_…）', { max: 64 }),
    hash: text('文件的 SHA-256', { max: 64 }),
    kind: choice('image 图片；voice 语音', ['image', 'voice'] as const),
  },
  output: Type.Object({ mediaId: Type.String() }),
  async handle(ctx: Core & { accounts: Accounts }, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    try {
      const use = input.kind === 'voice' ? 'permanentVoice' : 'cover'
      return { mediaId: await mediaIdOf(ctx, account, input.hash, use) }
    } catch (error) {
      throw upstreamError(error)
    }
  },
})
