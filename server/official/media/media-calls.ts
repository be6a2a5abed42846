import { Type } from 'typebox'
import type { Core } from '../../core.ts'
import { text } from '../../http/input.ts'
import { administrator, pageCall } from '../../http/page-call.ts'
import { upstreamError } from '../../http/upstream-error.ts'
import { accountFor } from '../accounts/access.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { articleImageUrl } from './media.ts'

/** Gives WeChat a stored picture, and answers the address under which an article may show it. */
export const articleImageCall = pageCall({
  method: 'POST',
  path: '/web/official/media/article-image',
  access: administrator('graded'),
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
