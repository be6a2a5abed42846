import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import * as api from './api.ts'
import { webhookCommands } from './commands/webhooks.ts'
import * as webhooks from './console/webhook-calls.ts'
import { handleWebhooks, wakeWebhooks } from './deliver.ts'
import { webhookEvents } from './event-types.ts'
import { addWebhookGauges } from './gauges.ts'
import { webhookPersonal, webhookRetention } from './retention.ts'
import { webhookSealed } from './sealed.ts'
import { webhookValues } from './trial-values.ts'
import { webhookOff } from './webhook-off.ts'

type Needs = Core & {
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  offered: FeatureOffers
  outbound: Outbound
  queue: Queue
}

/** Subscriptions to events, deliveries and their log. */
export const webhooksFeature = feature<Needs>()({
  name: 'webhooks',
  optional: {
    title: { zh: '事件订阅', en: 'Webhooks' },
    brings: {
      zh: '事件送到开发者',
      en: 'Developers are sent events at addresses of their own; the event stream does not depend on it',
    },
    whenOff: ['/web/developers/webhooks/remove'],
    begin: (tx, ctx, corpId) => wakeWebhooks(ctx, corpId, tx),
  },
  scopes: ['webhook:manage'],
  calls: [
    api.createWebhook,
    api.updateWebhook,
    api.deleteWebhookCall,
    api.listWebhooks,
    api.getWebhook,
    api.rotateWebhookSecret,
    api.webhookLog,
    api.testWebhookCall,
    api.replayWebhook,
  ],
  pageCalls: [
    webhooks.developerWebhooks,
    webhooks.addDeveloperWebhook,
    webhooks.saveDeveloperWebhook,
    webhooks.switchDeveloperWebhook,
    webhooks.removeDeveloperWebhook,
    webhooks.rotateDeveloperWebhook,
    webhooks.developerWebhookLog,
    webhooks.developerWebhookAttempts,
    webhooks.testDeveloperWebhook,
    webhooks.replayDeveloperWebhook,
  ],
  eventTypes: webhookEvents,
  commands: webhookCommands,
  commandGroups: {
    webhook: {
      zh: '列出、重放和测试开发者的事件订阅',
      en: 'List, replay and test the webhooks of developers',
    },
  },
  personal: webhookPersonal,
  tables: webhookRetention,
  sealed: webhookSealed,
  kept: [{ of: 'developer', table: 'webhook', column: 'dev_id' }],
  gauges: addWebhookGauges,
  causes: { webhookOff },
  numbered: wakeWebhooks,
  trialValues: webhookValues,
  work: handleWebhooks,
})
