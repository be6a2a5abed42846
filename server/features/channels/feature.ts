/**
 * Ways to reach people. channel.ts says what a channel is; wecom/, email/, sms/ and official/ are one each, channels.ts lists them. All
 * else here works with that list: telling.ts puts reasons into words, settings/ is what corps set up, refusals.ts what upstreams refuse.
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import type { CorpCheck } from '../../organisation/corps/doctor/check.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { Agents } from '../agents/callbacks/callbacks.ts'
import type { Brands } from '../branding/brands.ts'
import { channelRefused } from './channel-cause.ts'
import { channelCommands } from './commands.ts'
import { mailStopCommands } from './email/bounces/commands.ts'
import { mailboxFailing } from './email/bounces/failing-cause.ts'
import { handleBounces, scheduleBounces } from './email/bounces/read-bounces.ts'
import * as mailStops from './email/bounces/stop-calls.ts'
import { mailDomainCommands } from './email/domain/commands.ts'
import * as mailDomain from './email/domain/domain-calls.ts'
import { mailKeySealed } from './email/domain/signing.ts'
import { channelPersonal, channelRetention } from './retention.ts'
import { settingsSealed } from './sealed.ts'
import { createMessageSettings, type MessageSettingsOfCorps } from './settings/settings.ts'
import * as settings from './settings/settings-calls.ts'
import { messageSection } from './settings/settings-section.ts'
import { examineSms } from './sms/examine.ts'
import { smsReceipts } from './sms/receipt-push.ts'
import * as smsTemplates from './sms/template-calls.ts'
import { smsCodes } from './sms-codes.ts'

type Needs = Core & {
  agents: Agents
  brands: Brands
  corpChecks: readonly CorpCheck[]
  corps: Corps
  jobs: Jobs
  outbound: Outbound
  queue: Queue
}
type Services = { messageSettings: MessageSettingsOfCorps; corpChecks: readonly CorpCheck[] }

/** The channels of the message centre: WeCom, mail, SMS and official accounts. */
export const channelsFeature = feature<Needs, Services>()({
  name: 'channels',
  pageCalls: [
    settings.readSettings,
    settings.saveChannel,
    settings.saveOrder,
    settings.saveKeepDays,
    mailDomain.readMailDomain,
    mailDomain.checkMailDomain,
    mailDomain.changeMailKey,
    mailStops.listStopped,
    mailStops.freeStopped,
    smsTemplates.listTemplates,
    smsTemplates.saveTemplate,
    smsTemplates.removeTemplateCall,
    smsTemplates.previewTemplate,
  ],
  pushes: [smsReceipts],
  commands: [...channelCommands, ...mailDomainCommands, ...mailStopCommands],
  commandGroups: {
    'message templates': { zh: '登记、列出和移除短信模板', en: 'Add, list and remove SMS templates' },
  },
  settings: { messages: messageSection },
  personal: channelPersonal,
  tables: channelRetention,
  sealed: [settingsSealed, mailKeySealed],
  causes: { channelRefused, mailboxFailing },
  smsCodes,
  create(ctx) {
    const messageSettings = createMessageSettings(ctx)
    const check: CorpCheck = (_, corp) => examineSms({ ...ctx, messageSettings }, corp)
    return { messageSettings, corpChecks: [...ctx.corpChecks, check] }
  },
  readers: ({ messageSettings }) => [messageSettings],
  work: handleBounces,
  schedule: scheduleBounces,
})
