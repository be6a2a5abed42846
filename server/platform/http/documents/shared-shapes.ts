/**
 * Objects that several calls and events have in common, by the name of their component in the OpenAPI document, and a place where each
 * stands: a component that has its name from a path or event, then fields. A name never changes once it was released.
 */
export const sharedShapes: Readonly<Record<string, string>> = {
  Empty: 'AdminFeatureSetBody',

  Member: 'UserGetBody',
  MemberCore: 'DirectoryMemberPutData/value',
  MemberName: 'UserGetBody/directLeaders',
  ExtendedAttribute: 'UserGetBody/extattr',
  Department: 'UserGetBody/orgList',
  DepartmentName: 'UserGetBody/mainDepartment',
  Tag: 'OrgTagListBody/tagList',
  TagMembers: 'OrgTagUserListBody',
  TagRejects: 'OrgAddTagUsersBody',
  DroppedData: 'DirectoryMemberDropData',

  MessageAccepted: 'MessageSendBody',
  MessageWarning: 'MessageSendBody/warnings',
  MessageCounts: 'MessageStatusBody/receivers',
  MessageFailure: 'MessageStatusBody/failed',
  CardKey: 'MessageCardBody/keys',
  CardSelection: 'MessageCardPressedData/selected',

  Todo: 'TodoGetBody/list',
  TodoEventData: 'TodoOpenedData',
  TodoEnds: 'TodoFinishBody',
  QuietHours: 'AdminTodoSettingsBody/quietHours',
  TodoAppSettings: 'AdminTodoSettingsBody/apps',
  TodoSource: 'AdminTodoSourcesBody/list',

  Bill: 'PayBillGetBody',
  BillItem: 'PayBillGetBody/items',
  BillMade: 'PayBillCreateAnswer/body/0',
  BillItemInput: 'PayBillCreateRequest/items',
  BillEventData: 'BillPaidData',

  Webhook: 'WebhookGetBody/webhook',
  WebhookExchange: 'WebhookTestBody/exchange',
  WebhookResponse: 'WebhookTestBody/exchange/answer',
  OneWebhook: 'WebhookGetBody',

  Follower: 'OfficialFollowerGetBody',
  AgentPushData: 'AgentMessageData',
  AgentCallback: 'AdminAgentCallbackSetBody',
  AgentMenuButton: 'AdminAgentMenuBody/menu/buttons',
  AgentMenuLeaf: 'AdminAgentMenuBody/menu/buttons/sub',

  App: 'AdminAppAddBody',
  Visibility: 'AdminAppAddBody/visibility',
  SignInClaim: 'AdminAppSignInBody/claims',
  SignInAttribute: 'AdminAppSignInBody/attributes',
  SignInGroups: 'AdminAppSignInBody/groups',
  OidcClient: 'AdminAppSignInBody/oidc',
  CasServices: 'AdminAppSignInBody/cas',
  Developer: 'AdminDeveloperBody',
  DeveloperSecret: 'AdminDeveloperBody/secrets',
  DataScope: 'AdminDeveloperBody/dataScope',
  CallLimits: 'AdminCorpBody/callLimits',
  CallLimit: 'AdminCorpBody/callLimits/read',
  Check: 'AdminCorpDoctorBody/checks',
  SavedAndChecked: 'AdminCorpSetBody',
  SyncRun: 'AdminSyncRunsBody/list',
  SyncCounts: 'AdminSyncRunsBody/list/counts',
  SyncCount: 'AdminSyncRunsBody/list/counts/member',
  SyncProgress: 'AdminSyncRunsBody/list/progress',
}
