import type { Core } from '../../platform/core.ts'
import { addInboxGauges } from '../../platform/inbox/gauges.ts'
import type { NeedsAttention } from '../../platform/manifest/attention.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { describeError } from '../../platform/operation/log.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { UpstreamPool } from '../../upstream/transport/pool.ts'
import * as addresses from './addresses/address-calls.ts'
import { corpTied } from './addresses/tied.ts'
import { adoptTies } from './addresses/ties.ts'
import * as adminAgents from './admin/agent-calls.ts'
import * as adminCorps from './admin/corp-calls.ts'
import * as adminFeatures from './admin/feature-calls.ts'
import { agentSection, corpSection, featureSection } from './admin/settings-sections.ts'
import { corpAttention } from './attention.ts'
import { certificateEnds } from './certificate-cause.ts'
import type { WecomOptions } from './clients/clients.ts'
import { createWecomRoom, type WecomRoom } from './clients/wecom-room.ts'
import { agentCommands } from './commands/agents.ts'
import { corpCommands } from './commands/corps.ts'
import * as agents from './console/agents.ts'
import * as corps from './console/corps.ts'
import { type Corps, createCorps } from './corps.ts'
import { noteAddressRegularly } from './doctor/addresses.ts'
import type { CorpCheck } from './doctor/check.ts'
import { handleExaminations } from './doctor/doctor.ts'
import { featureCommands } from './features/commands.ts'
import * as features from './features/feature-calls.ts'
import { corpPersonal, corpRetention } from './retention.ts'
import { corpSealed } from './sealed.ts'
import { oldSecretKey, secretRefused } from './secret-causes.ts'
import { corpWarnings } from './warnings.ts'

type Needs = Core & {
  offered: FeatureOffers
  outbound: Outbound
  queue: Queue
  upstreamPool: UpstreamPool
  wecomOptions: WecomOptions
}
type Services = { corps: Corps; wecomRoom: WecomRoom }
/** Made by those who come after it. */
type LaterServices = { corpChecks: readonly CorpCheck[]; needsAttention: NeedsAttention }

/** Corps, their agents and secrets, and their doctor. */
export const corpsFeature = feature<Needs, Services, LaterServices>()({
  name: 'corps',
  pageCalls: [
    corps.showCorp,
    corps.saveCorp,
    corps.rotateContactSecret,
    corps.examineCorp,
    agents.listAgents,
    agents.addAgent,
    agents.saveAgent,
    agents.dropAgent,
    agents.testAgent,
    features.listFeatures,
    features.switchFeature,
    addresses.corpAddresses,
  ],
  adminCalls: [
    adminCorps.adminCorps,
    adminCorps.adminCorp,
    adminCorps.adminSetCorp,
    adminCorps.adminDoctor,
    adminAgents.adminAgents,
    adminAgents.adminSetAgent,
    adminAgents.adminRemoveAgent,
    adminFeatures.adminFeatures,
    adminFeatures.adminSwitchFeature,
    addresses.adminCorpAddresses,
  ],
  commands: [...corpCommands, addresses.corpAddressesCommand, ...agentCommands, ...featureCommands],
  commandGroups: {
    corp: { zh: '接入、修改、检查、暂停和删除企业', en: 'Connect, change, check, suspend and delete corps' },
    agent: {
      zh: '登记企业微信自建应用，设置接收消息、菜单和自动回复',
      en: 'Register WeCom apps; set up their messages, menus and replies',
    },
    feature: { zh: '列出、开启和关闭功能', en: 'List features, and switch them on or off' },
  },
  settings: { corp: corpSection, features: featureSection, agents: agentSection },
  personal: corpPersonal,
  tables: corpRetention,
  sealed: corpSealed,
  gauges: addInboxGauges,
  attention: corpAttention,
  tied: corpTied,
  warnings: corpWarnings,
  causes: { secretRefused, oldSecretKey, certificateEnds: { ...certificateEnds, isDaily: true } },
  create: ctx => ({ corps: createCorps(ctx), wecomRoom: createWecomRoom(ctx) }),
  readers: ({ corps }) => [corps],
  work: handleExaminations,
  start(ctx) {
    noteAddressRegularly(ctx)
    adoptTies(ctx).catch(error => ctx.log.warn(describeError(error), 'addresses not kept'))
    return undefined
  },
})
