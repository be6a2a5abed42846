/**
 * Rows of one official account are locked in one order: messages to followers and windows, conversations, the revision that
 * open pages wait for, the queue. A repeated message is looked up, because an insert would wait at the index for the
 * transaction that records its end.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { putMissedPushes } from '../../platform/inbox/missed-store.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { UpstreamPool } from '../../upstream/transport/pool.ts'
import type { Apps } from '../apps/catalog.ts'
import { createBooks } from '../auto-replies/books.ts'
import * as officialAccounts from './accounts/account-calls.ts'
import { type Accounts, checkAccounts, createAccounts, type OfficialOptions } from './accounts/accounts.ts'
import * as officialBinding from './accounts/bind-calls.ts'
import { followNodeTests } from './accounts/doctor/nodes.ts'
import { accountMemberGrants } from './accounts/granted-store.ts'
import { createOfficialRoom } from './accounts/official-room.ts'
import { officialUnready } from './accounts/ready.ts'
import { officialSealed } from './accounts/sealed.ts'
import { officialTied } from './accounts/tied.ts'
import { officialAccounts as accountsCall } from './api/accounts-api.ts'
import { readPushes } from './api/event-content.ts'
import { officialEvents as eventTypes } from './api/event-types.ts'
import { officialEvents } from './api/events-api.ts'
import { getFollower, listFollowersOf } from './api/followers-api.ts'
import { jssdkConfig } from './api/jssdk-api.ts'
import { sendOfficialMessage } from './api/messages-api.ts'
import { sendTemplate } from './api/template-sends-api.ts'
import { officialValues } from './api/trial-values.ts'
import type { Answers } from './callback/answer.ts'
import { officialCallback } from './callback/callback.ts'
import { handleInbound } from './callback/process-inbound.ts'
import { officialAccountCommands } from './commands/accounts.ts'
import { officialPullCommands } from './commands/pull.ts'
import { officialPushCommands } from './commands/pushes.ts'
import { officialRuleCommands } from './commands/rules.ts'
import { officialSendCommands } from './commands/send.ts'
import * as officialDrafts from './drafts/draft-calls.ts'
import { effectsOf } from './effects.ts'
import * as officialFigures from './figures/figures-calls.ts'
import { officialFiles } from './files.ts'
import * as followers from './followers/list/follower-calls.ts'
import { handleMissedFollowers, readMissedFollowers } from './followers/pull/missed.ts'
import { handlePulls } from './followers/pull/pull.ts'
import * as followerPull from './followers/pull/pull-calls.ts'
import * as qrCodes from './followers/qr-codes/qr-code-calls.ts'
import * as followerTags from './followers/tags/tag-calls.ts'
import { endLinks } from './links/end-links.ts'
import * as officialLinks from './links/link-calls.ts'
import { codeReceipt } from './links/take-codes.ts'
import { registerLinkPages } from './links/web-link.ts'
import * as officialMasses from './mass/mass-calls.ts'
import { settleRestoredMasses } from './mass/part-store.ts'
import { handleMasses } from './mass/submit.ts'
import { massesUnderWay } from './mass/under-way.ts'
import * as officialMedia from './media/media-calls.ts'
import { accountMenuCalls } from './menus/menu-calls.ts'
import { officialAttention } from './pushes/attention.ts'
import { parkedPushes } from './pushes/parked-pushes.ts'
import { accountPushCalls } from './pushes/push-calls.ts'
import { officialPushesMissed } from './pushes/pushes-missed.ts'
import { pushesRefused } from './pushes/pushes-refused.ts'
import type { Replies } from './replies/account-rules.ts'
import { createAnswers } from './replies/answers.ts'
import type { Content } from './replies/content.ts'
import { handleTimeOuts } from './replies/flows/time-outs.ts'
import { accountReplyCalls } from './replies/reply-calls.ts'
import { officialPersonal, officialRetention } from './retention.ts'
import { settleRestoredSends } from './sends/store.ts'
import { registerSiteFiles } from './site-files/serve.ts'
import * as siteFiles from './site-files/site-file-calls.ts'
import * as officialConversations from './talk/conversation-calls.ts'
import * as officialSay from './talk/say-calls.ts'
import { handleSends } from './talk/send-due.ts'
import { type ConversationRevisions, createTalk } from './talk/talk.ts'
import * as officialTemplateSends from './templates/sends/send-calls.ts'
import { registerSubscribePage } from './templates/subscribe-page.ts'
import * as officialTemplates from './templates/template-calls.ts'

type Needs = Core & {
  apps: Apps
  bodies: BodiesInProgress
  corps: Corps
  developers: Developers
  inbox: Inbox
  mirrors: Mirrors
  officialOptions: OfficialOptions
  offered: FeatureOffers
  outbound: Outbound
  queue: Queue
  roles: Roles
  sessions: Sessions
  upstreamPool: UpstreamPool
}
type Services = { accounts: Accounts; answers: Answers; replies: Replies; talk: ConversationRevisions }

/** Official accounts: pushes, followers, replies, templates, menus, drafts. */
export const officialFeature = feature<Needs, Services>()({
  name: 'official',
  optional: {
    title: { zh: '公众号', en: 'Official accounts' },
    brings: {
      zh: '会话、自动回复、菜单、群发、模板消息',
      en: 'Official accounts: conversations, automatic replies, menus, mass and template messages, articles, followers linked to members',
    },
    whenOff: [
      '/web/official/mass/stop',
      '/web/official/mass/delete',
      '/web/official/conversation/read',
      '/web/official/conversation/close',
      '/web/official/push/replay',
      '/web/official/push/replay-filtered',
      '/web/official/own/end',
      '/web/official/account/remove',
    ],
    goesOn: massesUnderWay,
  },
  eventTypes,
  scopes: ['official:read', 'official:write'],
  calls: [
    accountsCall,
    getFollower,
    listFollowersOf,
    sendOfficialMessage,
    officialEvents,
    jssdkConfig,
    sendTemplate,
  ],
  pageCalls: [
    officialAccounts.listAccounts,
    ...accountPushCalls,
    officialBinding.showAccount,
    officialBinding.bindAccountCall,
    officialBinding.saveAccount,
    officialBinding.enableAccount,
    officialBinding.accountRemoval,
    officialBinding.removeAccountCall,
    officialBinding.grantAccountCall,
    officialBinding.examineAccountCall,
    officialBinding.showRid,
    officialFigures.showFigures,
    followers.listFollowersCall,
    followers.exportFollowers,
    followers.showFollower,
    followers.followerScenes,
    followers.remarkFollowerCall,
    followers.blockFollowersCall,
    followerPull.showPull,
    followerPull.startPull,
    followerTags.listTagsCall,
    followerTags.createTagCall,
    followerTags.renameTagCall,
    followerTags.deleteTagCall,
    followerTags.tagFollowersCall,
    qrCodes.listQrCodesCall,
    qrCodes.makeQrCodeCall,
    qrCodes.removeQrCodeCall,
    officialLinks.ownLinks,
    officialLinks.beginOwnLink,
    officialLinks.endOwnLink,
    officialDrafts.listDraftsCall,
    officialDrafts.getDraftCall,
    officialDrafts.saveDraftCall,
    officialDrafts.removeDraftCall,
    officialDrafts.publishDraftCall,
    officialDrafts.listPublicationsCall,
    officialMasses.listMassesCall,
    officialMasses.getMassCall,
    officialMasses.massChoicesCall,
    officialMasses.forecastMassCall,
    officialMasses.createMassCall,
    officialMasses.previewMassCall,
    officialMasses.decideMassCall,
    officialMasses.stopMassCall,
    officialMasses.takeBackMassCall,
    officialMasses.setMassApprovalCall,
    officialMedia.articleImageCall,
    officialMedia.keepMediaCall,
    ...accountMenuCalls,
    officialTemplates.listTemplates,
    officialTemplates.pullTemplatesCall,
    officialTemplates.templateCategories,
    officialTemplates.templateLibrary,
    officialTemplates.templateKeywords,
    officialTemplates.addTemplateCall,
    officialTemplates.removeTemplateCall,
    officialTemplates.mapTemplateCall,
    officialTemplateSends.previewTemplate,
    officialTemplateSends.testTemplate,
    officialTemplateSends.listTemplateSends,
    officialTemplateSends.blockedTemplateMessages,
    officialConversations.listConversations,
    officialConversations.showConversation,
    officialConversations.conversationRevision,
    officialConversations.readConversationCall,
    officialConversations.listPeople,
    officialConversations.assignConversationCall,
    officialConversations.closeConversationCall,
    officialConversations.conversationMedia,
    officialConversations.conversationExport,
    officialSay.sayCall,
    officialSay.typingCall,
    officialSay.listQuickReplies,
    officialSay.saveQuickReplyCall,
    officialSay.removeQuickReplyCall,
    siteFiles.listSiteFiles,
    siteFiles.putSiteFileCall,
    siteFiles.removeSiteFileCall,
    ...accountReplyCalls,
  ],
  pushes: [officialCallback],
  routes(app, ctx) {
    registerLinkPages(app, ctx)
    registerSiteFiles(app, ctx)
    registerSubscribePage(app, ctx)
  },
  commands: [
    ...officialAccountCommands,
    ...officialRuleCommands,
    ...officialPullCommands,
    ...officialPushCommands,
    ...officialSendCommands,
  ],
  commandGroups: {
    official: {
      zh: '绑定、修改和检查公众号，群发，自动回复',
      en: 'Connect, change and check official accounts; mass messages, automatic replies',
    },
    'official rule': {
      zh: '添加、列出和删除公众号的自动回复规则',
      en: 'Add, list and delete rules of automatic replies of an official account',
    },
  },
  personal: officialPersonal,
  grants: [accountMemberGrants],
  tables: officialRetention,
  sealed: officialSealed,
  files: officialFiles,
  attention: officialAttention,
  tied: officialTied,
  unready: officialUnready,
  causes: { parkedPushes, pushesRefused, officialPushesMissed },
  events: readPushes,
  trialValues: officialValues,
  checkAccounts,
  endAccess: endLinks,
  async missed(ctx, tx, gap) {
    await putMissedPushes(
      tx,
      gap.refused.filter(one => one.stream === 'official'),
    )
    await readMissedFollowers(ctx, tx, gap)
  },
  async restored(tx, at) {
    await settleRestoredMasses(tx, at)
    await settleRestoredSends(tx, at)
  },
  async create(ctx) {
    const replies = createBooks<Content>(ctx, 'accounts')
    return {
      accounts: createAccounts(ctx),
      replies,
      answers: createAnswers({ ...ctx, replies }, (account, push) => codeReceipt(ctx, account, push)),
      talk: await createTalk(ctx),
    }
  },
  readers: ({ accounts, replies }) => [accounts, replies],
  work(ctx) {
    handleInbound(ctx, effectsOf(ctx))
    handleSends(ctx)
    handleTimeOuts(ctx)
    const officialRoom = createOfficialRoom(ctx)
    handlePulls({ ...ctx, officialRoom })
    handleMissedFollowers({ ...ctx, officialRoom })
    handleMasses(ctx)
  },
  async start(ctx) {
    await followNodeTests(ctx)
    return undefined
  },
  drain: ({ talk }) => talk.stopWaiting(),
})
