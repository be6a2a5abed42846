import type { Core } from '../../platform/core.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import type { Words } from '../../platform/words.ts'
import { channelOf } from '../channels/channels.ts'
import { type StandingFailure, standingFailures } from './codes-store.ts'

const hourMs = 3_600_000

/** The last code by a channel did not leave. The developer is told nothing, because the code is sent behind the answer. */
export const developersCodesFailed: Cause<Core, Omit<StandingFailure, 'corpId'>> = {
  async find({ db, now }) {
    const failures = await standingFailures(db, new Date(now() - hourMs))
    return {
      found: failures.map(({ corpId, ...detail }) => ({ corpId, subject: detail.channel, detail })),
    }
  },
  tell({ channel, said, fix }) {
    const label: Words = channelOf(channel).label
    return {
      title: { zh: `${label.zh}验证码发不出去`, en: `Codes by ${label.en} are not sent` },
      what: {
        zh: `开发者最近一条验证码没有发出：${said.zh}`,
        en: `The last code of a developer was not sent. ${said.en}`,
      },
      fix: {
        zh: `${fix.zh}渠道在「消息中心 → 渠道」。下一条验证码发出后，或一小时内没有再失败，本提醒自动结束。`,
        en: `${fix.en} Channels are in Message centre → Channels. This alert ends once the next code is sent, or after an hour without a failure.`,
      },
      path: '/console/messages/settings',
    }
  },
}
