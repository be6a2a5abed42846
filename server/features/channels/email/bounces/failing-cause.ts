import type { Core } from '../../../../platform/core.ts'
import type { Cause } from '../../../../platform/manifest/cause.ts'
import type { Words } from '../../../../platform/words.ts'
import type { Setups } from '../../channel.ts'
import type { SmtpSettings } from '../settings.ts'
import { failingBoxes } from './bounce-store.ts'
import { boxOf } from './mailbox.ts'

const hourMs = 3_600_000

/** The mailbox of bounces has not been readable for an hour. */
export const mailboxFailing: Cause<Core & { messageSettings: Setups }, { box: string; failure: Words }> = {
  async find({ db, now, messageSettings }) {
    const failing = await failingBoxes(db, new Date(now() - hourMs))
    // A mailbox that is not configured any more is not expected to be read.
    const wanted = failing.filter(({ corpId, box }) => {
      const { settings } = messageSettings.setupOf<SmtpSettings>(corpId, 'email')
      return settings !== undefined && boxOf(settings) === box
    })
    return { found: wanted.map(({ corpId, ...detail }) => ({ corpId, detail })) }
  },
  tell: ({ box, failure }) => ({
    title: { zh: '收取退信的邮箱读不了', en: 'The mailbox of bounces cannot be read' },
    what: {
      zh: `${box} 一小时以来无法读取：${failure.zh}。退信没有处理，不存在的邮箱仍会收到发送。`,
      en: `${box} could not be read for an hour: ${failure.en}. Bounces are not handled, and mail still goes to addresses that do not exist.`,
    },
    fix: {
      zh: '请在「消息中心 → 渠道 → 邮件 → 更多」核对退信邮箱的服务器、用户名和密码；读到后本提醒自动结束。',
      en: 'Check server, user name and password of the mailbox in Message centre → Channels → Mail → More. This alert ends once it is read.',
    },
    path: '/console/messages/settings?channel=email',
  }),
}
