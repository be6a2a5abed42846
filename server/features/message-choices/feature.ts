/**
 * What a person chooses about messages (消息设置): for a type whether, by which ways and in a digest, and for all quiet hours and 全部关闭.
 * choices.ts answers those who decide about a message, put-choice.ts holds what a level leaves to a person, mail-link.ts and stop-page.ts
 * are the link at the foot of mails.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Apps } from '../apps/catalog.ts'
import type { Brands } from '../branding/brands.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import type { MessageTypes } from '../message-types/catalog.ts'
import { adminMessageChoices } from './admin/choices-call.ts'
import * as calls from './choice-calls.ts'
import { createMessageChoices, type MessageChoices } from './choices.ts'
import { choiceCommands } from './commands.ts'
import { choicePersonal, choiceRetention } from './retention.ts'
import { registerStopPage } from './stop-page.ts'

type Needs = Core & {
  apps: Apps
  bodies: BodiesInProgress
  brands: Brands
  corps: Corps
  developers: Developers
  messageSettings: MessageSettingsOfCorps
  messageTypes: MessageTypes
  mirrors: Mirrors
}
type Services = { messageChoices: MessageChoices }

export const messageChoicesFeature = feature<Needs, Services>()({
  name: 'message-choices',
  adminCalls: [adminMessageChoices],
  pageCalls: [calls.myChoices, calls.chooseType, calls.chooseAll, calls.chooseQuiet, calls.typeChoiceCounts],
  routes: registerStopPage,
  commands: choiceCommands,
  personal: choicePersonal,
  tables: choiceRetention,
  kept: [
    {
      of: 'developer',
      table: 'message_choice',
      column: 'type_key',
      through: { table: 'message_type', key: 'key', owner: 'dev_id' },
      refers: { column: 'member_id', table: 'member', key: 'id', otherwise: 'leave out' },
    },
  ],
  create: async ctx => ({ messageChoices: await createMessageChoices(ctx) }),
  readers: ({ messageChoices }) => [messageChoices],
})
