import type { Core } from '../../../platform/core.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import type { CodeFailure } from '../../../platform/manifest/sms-codes.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import type { Db } from '../../../platform/storage/db.ts'
import * as store from './failure-store.ts'

/**
 * Notes why a code was not sent, for administrators, since the person who asked is not told. A wrong number alone is no fault of
 * the corp.
 */
export async function noteCode(ctx: Core, corpId: string, failure: CodeFailure | undefined): Promise<void> {
  if (failure?.isNumber) return
  await ctx.db.transaction().execute(async tx => {
    if (!failure) return forgetFailure(ctx, tx, corpId)
    const { said, fix } = failure
    await store.putFailure(tx, corpId, { said, fix }, new Date(ctx.now()))
    await checkAlerts(ctx, tx, corpId)
  })
}

export async function forgetFailure(ctx: Core, tx: Db, corpId: string): Promise<void> {
  if (await store.dropFailure(tx, corpId)) await checkAlerts(ctx, tx, corpId)
}

/** The last code that somebody asked for did not leave, or the vendor did not say that it had. */
export const smsCodesFailed: Cause<Core, store.KeptFailure> = {
  async find({ db }) {
    const failures = await store.standingFailures(db)
    return { found: failures.map(({ corpId, ...detail }) => ({ corpId, detail })) }
  },
  tell: ({ said, fix }) => ({
    title: { zh: '短信验证码发不出去', en: 'Codes by SMS are not sent' },
    what: {
      zh: `成员用短信验证码登录不了，最近一条没有发出：${said.zh}`,
      en: `Members cannot sign in by a code: the last one was not sent. ${said.en}`,
    },
    fix: {
      zh: `${fix.zh}渠道和模板在「消息中心 → 渠道」；改好后用短信验证码登录一次，提醒随之结束。`,
      en: `${fix.en} Channel and templates are in Message centre → Channels. Then sign in by a code: the next that is sent ends this alert.`,
    },
    path: '/console/messages/settings',
  }),
}
