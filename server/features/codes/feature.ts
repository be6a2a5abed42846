/**
 * Codes (验证码) that developers have sent to people and checked: send-code.ts sends and tries them, receiver.ts says who is meant, leave.ts by which
 * channel. They are made and counted like the codes of the sign-in, and are no messages.
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { SendNeeds } from '../channels/channel.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import { checkCodeCall, sendCodeCall } from './code-api.ts'
import { developersCodesFailed } from './failed.ts'
import { codePersonal, codeRetention } from './retention.ts'
import { developersCodesSent } from './send-code.ts'

type Needs = Core &
  SendNeeds & {
    corps: Corps
    messageSettings: MessageSettingsOfCorps
    mirrors: Mirrors
    offered: FeatureOffers
  }

export const codesFeature = feature<Needs>()({
  name: 'codes',
  optional: {
    title: { zh: '验证码接口', en: 'Codes for developers' },
    brings: {
      zh: '发送并核对验证码',
      en: 'Developers have codes sent by SMS, mail or WeCom, and check them, and keep none themselves',
    },
  },
  scopes: ['code:send', 'code:any'],
  calls: [sendCodeCall, checkCodeCall],
  personal: codePersonal,
  tables: codeRetention,
  causes: { developersCodesFailed },
  close: developersCodesSent,
})
