/**
 * A person's messages on the pages of a developer: `session-api.ts` gives the developer's server a sealed ticket for one person and one
 * origin, the page's calls below `/inbox/` carry it (`inbox-call.ts`), `reader.ts` says for each whose messages it shows. The component
 * `sdk/inbox.js` makes these calls.
 */

import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import * as calls from './calls.ts'
import { registerInboxCalls } from './inbox-call.ts'
import type { ReaderNeeds } from './reader.ts'
import { openInboxSession } from './session-api.ts'
import { createUnopened, type UnopenedCounts } from './unopened.ts'

type Needs = ReaderNeeds & { bodies: BodiesInProgress; messageSettings: MessageSettingsOfCorps }
type Services = { unopened: UnopenedCounts }

export const embeddedInboxFeature = feature<Needs, Services>()({
  name: 'embedded-inbox',
  scopes: ['inbox:embed'],
  calls: [openInboxSession],
  routes: (app, ctx) => registerInboxCalls(app, ctx, Object.values(calls)),
  create: async ctx => ({ unopened: await createUnopened(ctx) }),
  drain: ({ unopened }) => unopened.stopWaiting(),
})
