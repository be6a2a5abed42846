import * as audit from './callers/audit/audit-list.ts'
import * as developers from './callers/developers/console/developers.ts'
import * as developerSecrets from './callers/developers/console/secrets.ts'
import * as developerOwners from './callers/developers/owners/owner-calls.ts'
import * as scopeRequests from './callers/developers/owners/request-calls.ts'
import * as limits from './callers/limits/console/limit-calls.ts'
import * as devices from './callers/packets/device-calls.ts'
import * as requests from './callers/requests/console/request-calls.ts'
import * as sessions from './callers/sessions/session-calls.ts'
import * as secondFactor from './callers/sign-in/second-factor-calls.ts'
import * as signIn from './callers/sign-in/sign-in-calls.ts'
import type { Context } from './context.ts'
import * as alerts from './features/alerts/alert-calls.ts'
import * as appsConsole from './features/apps/console/apps.ts'
import { getPopupRule, setPopupRule } from './features/apps/console/popup-rule.ts'
import * as menusConsole from './features/apps/menus/menu-calls.ts'
import { countMyUnread, listMyMessages, readMyMessages } from './features/apps/workbench/my-messages.ts'
import {
  pickerApp,
  pickerDepartments,
  pickerMembers,
  pickerSearch,
} from './features/apps/workbench/picker.ts'
import { myProfile } from './features/apps/workbench/profile.ts'
import * as workbench from './features/apps/workbench/workbench-calls.ts'
import * as smsTemplates from './features/messages/channels/sms/template-calls.ts'
import { messageChoices } from './features/messages/console/choices.ts'
import { previewMessage, sendFromConsole } from './features/messages/console/compose.ts'
import * as message from './features/messages/console/message-detail.ts'
import { exportMessages } from './features/messages/console/message-export.ts'
import { listMessages } from './features/messages/console/message-list.ts'
import { testChannel } from './features/messages/settings/send-test.ts'
import * as messageSettings from './features/messages/settings/settings-calls.ts'
import * as officialAccounts from './features/official/accounts/account-calls.ts'
import * as officialBinding from './features/official/accounts/bind-calls.ts'
import * as officialDrafts from './features/official/drafts/draft-calls.ts'
import * as officialFigures from './features/official/figures/figures-calls.ts'
import * as followers from './features/official/followers/list/follower-calls.ts'
import * as followerPull from './features/official/followers/pull/pull-calls.ts'
import * as qrCodes from './features/official/followers/qr-codes/qr-code-calls.ts'
import * as followerTags from './features/official/followers/tags/tag-calls.ts'
import * as officialLinks from './features/official/links/link-calls.ts'
import * as officialMasses from './features/official/mass/mass-calls.ts'
import * as officialMedia from './features/official/media/media-calls.ts'
import * as officialMenus from './features/official/menus/menu-calls.ts'
import * as officialPushes from './features/official/pushes/push-calls.ts'
import * as officialFlows from './features/official/replies/flows/flow-calls.ts'
import * as officialRules from './features/official/replies/rule-calls.ts'
import * as siteFiles from './features/official/site-files/site-file-calls.ts'
import * as officialConversations from './features/official/talk/conversation-calls.ts'
import * as officialSay from './features/official/talk/say-calls.ts'
import * as officialTemplateSends from './features/official/templates/sends/send-calls.ts'
import * as officialTemplates from './features/official/templates/template-calls.ts'
import { aboutInstallation } from './features/overview/about.ts'
import { consoleOverview } from './features/overview/overview.ts'
import { consoleSearch } from './features/overview/search-everywhere.ts'
import * as bills from './features/payments/calls/bill-calls.ts'
import { exportBills } from './features/payments/calls/bill-export.ts'
import * as billImport from './features/payments/calls/bill-import-calls.ts'
import * as payMerchants from './features/payments/calls/merchant-calls.ts'
import * as notifications from './features/payments/calls/notification-calls.ts'
import { ordersOfBillCall } from './features/payments/calls/order-calls.ts'
import * as reconciliations from './features/payments/calls/reconciliation-calls.ts'
import * as refunds from './features/payments/calls/refund-calls.ts'
import * as payer from './features/payments/payer/payer-calls.ts'
import * as webhooks from './features/webhooks/console/webhook-calls.ts'
import * as agents from './organisation/corps/console/agents.ts'
import * as corps from './organisation/corps/console/corps.ts'
import * as directory from './organisation/directory/console/browse.ts'
import { exportMembers } from './organisation/directory/console/member-export.ts'
import * as directorySearch from './organisation/directory/console/search.ts'
import * as directoryTags from './organisation/directory/console/tags.ts'
import { directoryWhy } from './organisation/directory/console/why-visible.ts'
import * as directoryImport from './organisation/directory/import/import-calls.ts'
import * as roles from './organisation/people/console/roles.ts'
import { addOneCorp } from './organisation/sync/connect-corp.ts'
import * as syncEvents from './organisation/sync/events/event-calls.ts'
import * as sync from './organisation/sync/runs/run-calls.ts'
import { showFile, uploadFile } from './platform/files/file-calls.ts'
import type { AnyPageCall, CallsOf } from './platform/http/page-call.ts'

/** Every call of wisp's own pages. `test/authorisation.test.ts` has a row for each. */
export const pageCalls = [
  signIn.getSession,
  signIn.signInOptions,
  signIn.passwordSignIn,
  signIn.passwordChange,
  signIn.passwordStrength,
  secondFactor.secondStep,
  secondFactor.factorStatus,
  secondFactor.factorBegin,
  secondFactor.factorFinish,
  secondFactor.factorCodes,
  secondFactor.factorRemove,
  secondFactor.factorRequire,
  signIn.signOut,
  signIn.signOutEverywhere,
  signIn.ownSessions,
  signIn.endOwnSessionCall,
  workbench.getWorkbench,
  workbench.openAppCall,
  workbench.freshTicket,
  workbench.reachApp,
  workbench.changeFavourite,
  workbench.orderFavouritesCall,
  listMyMessages,
  countMyUnread,
  readMyMessages,
  pickerApp,
  pickerDepartments,
  pickerMembers,
  pickerSearch,
  myProfile,
  getPopupRule,
  setPopupRule,
  messageSettings.readSettings,
  messageSettings.saveChannel,
  messageSettings.saveKeepDays,
  testChannel,
  smsTemplates.listTemplates,
  smsTemplates.saveTemplate,
  smsTemplates.removeTemplateCall,
  smsTemplates.previewTemplate,
  listMessages,
  exportMessages,
  messageChoices,
  message.readMessage,
  message.messageAttempts,
  message.messageReceivers,
  message.openMessage,
  message.resendMessage,
  message.recallMessageCall,
  previewMessage,
  sendFromConsole,
  directory.directoryDepartments,
  directory.directoryMembers,
  exportMembers,
  directory.directoryMember,
  directory.directorySummary,
  directorySearch.directorySearch,
  directorySearch.directoryNames,
  directoryTags.directoryTags,
  directoryTags.directoryTag,
  directoryTags.directoryTagMembers,
  directoryTags.directoryTagEdit,
  directoryWhy,
  directoryImport.previewImport,
  directoryImport.applyImport,
  directoryImport.importTemplate,
  directoryImport.takeBackSupplement,
  roles.listAdministrators,
  roles.setAdministrator,
  roles.removeAdministrator,
  sync.syncOverview,
  sync.listSyncRuns,
  sync.showSyncRun,
  sync.listDrift,
  sync.startSyncRun,
  sync.approveSyncRun,
  sync.cancelSyncRun,
  syncEvents.listContactEvents,
  syncEvents.exportContactEvents,
  syncEvents.showContactEvent,
  syncEvents.replayContactEvents,
  syncEvents.replayFilteredEvents,
  corps.listCorps,
  corps.showCorp,
  addOneCorp,
  corps.removeOneCorp,
  corps.saveCorp,
  corps.rotateContactSecret,
  corps.examineCorp,
  agents.listAgents,
  agents.addAgent,
  agents.saveAgent,
  agents.dropAgent,
  agents.testAgent,
  developers.listDevelopers,
  developers.exportDevelopers,
  developers.showDeveloper,
  developers.developerChoices,
  developers.createDeveloper,
  developers.saveDeveloper,
  developers.countDataScope,
  developerSecrets.addDeveloperSecret,
  developerSecrets.revokeDeveloperSecret,
  developerSecrets.lendDeveloperToken,
  developerSecrets.developerStatistics,
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
  developerOwners.listOwnDevelopers,
  developerOwners.listOwners,
  developerOwners.saveOwners,
  developerOwners.listOwnedApps,
  scopeRequests.listRequests,
  scopeRequests.listWaitingRequests,
  scopeRequests.askForScopesCall,
  scopeRequests.grantScopes,
  scopeRequests.refuseScopes,
  limits.showLimits,
  limits.saveLimits,
  limits.showDeveloperDefaults,
  limits.saveDeveloperDefaults,
  requests.listRequests,
  requests.exportRequests,
  requests.showRequest,
  requests.requestPaths,
  devices.listDevicesCall,
  devices.revokeDeviceCall,
  appsConsole.listAppsCall,
  appsConsole.getApp,
  appsConsole.appChoices,
  appsConsole.addAppCall,
  appsConsole.saveApp,
  appsConsole.enableApp,
  appsConsole.appDependants,
  appsConsole.removeAppCall,
  appsConsole.countVisibleCall,
  appsConsole.appIcon,
  menusConsole.getMenu,
  menusConsole.saveMenuCall,
  menusConsole.syncMenuCall,
  menusConsole.listMenuVersions,
  menusConsole.listMenuAttempts,
  menusConsole.menuDifferenceCall,
  menusConsole.rollBackMenuCall,
  uploadFile,
  showFile,
  payMerchants.listMerchants,
  payMerchants.showMerchant,
  payMerchants.addMerchantCall,
  payMerchants.saveMerchant,
  payMerchants.enableMerchant,
  payMerchants.defaultMerchant,
  payMerchants.removeMerchantCall,
  payMerchants.examineMerchantCall,
  officialAccounts.listAccounts,
  officialPushes.listPushes,
  officialPushes.showPush,
  officialPushes.replayPushes,
  officialPushes.replayFilteredPushes,
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
  reconciliations.reconciliations,
  reconciliations.reconciliation,
  reconciliations.runReconciliation,
  reconciliations.acknowledgeReconciliation,
  officialMedia.articleImageCall,
  officialMedia.keepMediaCall,
  officialMenus.getMenuCall,
  officialMenus.saveMenuCall,
  officialMenus.publishMenuCall,
  officialMenus.withdrawMenuCall,
  officialMenus.pullMenuCall,
  officialMenus.rollBackMenuCall,
  officialMenus.menuVersionsCall,
  officialMenus.tryMenuCall,
  officialMenus.menuClicksCall,
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
  bills.listBillsOfConsole,
  bills.billChoices,
  bills.billDetail,
  bills.createBillOfConsole,
  bills.closeBillOfConsole,
  bills.billTotals,
  exportBills,
  billImport.previewBillImport,
  billImport.applyBillImport,
  billImport.billImportTemplate,
  alerts.alertList,
  alerts.alertAcknowledge,
  officialRules.listRules,
  officialRules.getRule,
  officialRules.saveRule,
  officialRules.removeRuleCall,
  officialRules.previewImport,
  officialRules.applyImport,
  officialFlows.listFlows,
  officialFlows.saveFlow,
  officialFlows.removeFlowCall,
  officialFlows.simulateReply,
  refunds.listRefundsCall,
  refunds.refundOne,
  refunds.createRefundCall,
  refunds.retryRefundCall,
  refunds.refundToMerchantCall,
  ordersOfBillCall,
  notifications.listNotifications,
  notifications.notificationOne,
  notifications.replayNotificationsCall,
  payer.whoPays,
  payer.openBills,
  payer.pastBills,
  payer.oneBill,
  payer.seeBills,
  payer.payBills,
  payer.paymentState,
  payer.waitingBills,
  consoleSearch,
  consoleOverview,
  audit.auditList,
  audit.auditExport,
  audit.auditOne,
  audit.auditActs,
  sessions.sessionList,
  sessions.sessionEnd,
  sessions.sessionEndPerson,
  aboutInstallation,
] as const satisfies readonly AnyPageCall<Context>[]

/** The type from which the browser's calls are checked; it can call only what is declared here. */
export type PageCalls = CallsOf<(typeof pageCalls)[number]>
