import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkVersion } from '../../../platform/http/form-version.ts'
import { checkBytes, checkRequired } from '../../../platform/http/rules.ts'
import { told } from '../../../platform/http/told.ts'
import type { Account } from '../accounts/accounts.ts'
import { checkFilled, textBytesAtMost } from '../sends/check-message.ts'
import * as store from './quick-reply-store.ts'
import { touchTalk } from './revision-store.ts'

const quickRepliesAtMost = 200
const shortcutAtMost = 20

/** The fields of the form; its version tells whether somebody else has changed it since. */
export function quickReplyForm({ shortcut, content }: store.QuickReply): object {
  return { shortcut, content }
}

/** Adds one, or changes that with the `id`. `expected` is the version of the form that was filled. Throws 1000 and 1001. */
export async function saveQuickReply(
  ctx: Core,
  actor: string,
  account: Account,
  given: { id?: number | undefined; shortcut: string; content: string },
  expected?: string,
): Promise<number> {
  const { corpId, originalId } = account
  const shortcut = given.shortcut.trim()
  const { content } = given
  checkRequired(shortcut, 'shortcut', shortcutAtMost)
  checkFilled(content, 'content')
  checkBytes(content, 'content', textBytesAtMost)
  return ctx.db.transaction().execute(async tx => {
    // Also makes others who save wait, so that they are counted and compared one after the other.
    await touchTalk(tx, account)
    const all = await store.quickRepliesOf(tx, account)
    const before = all.find(one => one.id === given.id)
    if (before) checkVersion(quickReplyForm(before), expected)
    const others = all.filter(one => one !== before)
    if (others.some(one => one.shortcut === shortcut))
      throw new ApiError('badParameter', {
        zh: told`快捷码 ${shortcut} 已存在`,
        en: told`there is a quick reply with the shortcut ${shortcut} already`,
      })
    if (given.id === undefined && others.length >= quickRepliesAtMost)
      throw new ApiError('badParameter', {
        zh: `快捷回复最多 ${quickRepliesAtMost} 条，请先删除不用的`,
        en: `at most ${quickRepliesAtMost} quick replies are kept: remove unused ones first`,
      })
    const id = given.id ?? (await store.insertQuickReply(tx, account, { shortcut, content }))
    if (given.id !== undefined && !(await store.updateQuickReply(tx, account, { id, shortcut, content })))
      throw unknown(id)
    const detail = { shortcut, content }
    await record(tx, ctx, { corpId, actor, act: 'official.quick-reply.save', target: originalId, detail })
    return id
  })
}

export async function removeQuickReply(
  ctx: Core,
  actor: string,
  account: Account,
  id: number,
): Promise<void> {
  const { corpId, originalId } = account
  await ctx.db.transaction().execute(async tx => {
    const shortcut = await store.deleteQuickReply(tx, account, id)
    if (shortcut === undefined) throw unknown(id)
    const detail = { shortcut }
    await record(tx, ctx, { corpId, actor, act: 'official.quick-reply.remove', target: originalId, detail })
    await touchTalk(tx, account)
  })
}

function unknown(id: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有快捷回复 ${id}`,
    en: told`there is no quick reply ${id}`,
  })
}
