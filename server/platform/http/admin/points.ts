import type { Words } from '../../words.ts'

/**
 * A *point* (权限点) is the smallest right that can be given to administrators. Every page call, call of management and command
 * names the one that it needs; what belongs to its caller (the workbench, signing in, paying) needs none, and `access` says so.
 * A new call takes the point of its neighbours, and a new point only where people must be told apart:
 *
 * - reading is apart from acting, so that auditors can be given all that they read and nothing that they change;
 * - answers that carry keys in clear text take the point that sets those keys;
 * - content of messages, logs of people, and exports of personal data are apart from the pages around them;
 * - what the fixed roles and the scopes of admin tokens open is a union of whole points (`test/points.test.ts`).
 */
export const areas = {
  console: { zh: '控制台', en: 'Console' },
  alert: { zh: '提醒', en: 'Alerts' },
  corp: { zh: '企业', en: 'Corp' },
  settings: { zh: '设置文件', en: 'Settings file' },
  deleted: { zh: '已删除', en: 'Deleted' },
  directory: { zh: '通讯录', en: 'Address book' },
  sync: { zh: '同步', en: 'Sync' },
  role: { zh: '管理员', en: 'Administrators' },
  three: { zh: '三员', en: 'Three administrators' },
  'sign-in': { zh: '登录', en: 'Sign-in' },
  'help-desk': { zh: '服务台', en: 'Help desk' },
  audit: { zh: '审计', en: 'Audit' },
  person: { zh: '个人信息', en: 'Personal data' },
  developer: { zh: '开发者', en: 'Developers' },
  app: { zh: '应用', en: 'Apps' },
  message: { zh: '消息', en: 'Messages' },
  todo: { zh: '待办', en: 'To-dos' },
  agent: { zh: '自建应用', en: 'Agents' },
  official: { zh: '公众号', en: 'Official accounts' },
  follower: { zh: '粉丝', en: 'Followers' },
  conversation: { zh: '公众号会话', en: 'Conversations' },
  payment: { zh: '统一支付', en: 'Payments' },
  merchant: { zh: '商户', en: 'Merchants' },
  backup: { zh: '备份', en: 'Backups' },
  installation: { zh: '平台', en: 'Installation' },
  operator: { zh: '全部企业', en: 'All corps' },
} as const satisfies Record<string, Words>
type Area = keyof typeof areas

/** In the order in which they are shown. */
export const points = {
  'console:use': {
    zh: '查看总览，搜索，上传文件，保存列表的视图',
    en: 'See the overview, search, upload files, save views of lists',
  },

  'alert:read': { zh: '查看提醒', en: 'See alerts' },
  'alert:acknowledge': { zh: '对提醒说知道了', en: 'Acknowledge alerts' },

  'corp:read': { zh: '查看企业、功能与外观', en: 'See the corp, its features and its look' },
  'corp:edit': {
    zh: '查看和修改企业的接入设置，包括回调密钥；体检',
    en: 'See and change how the corp is connected, including keys of its callback; run check-ups',
  },
  'corp:feature': { zh: '开启和关闭功能', en: 'Switch features on and off' },
  'corp:branding': { zh: '修改名称、标志与颜色', en: 'Change name, logo and colour' },
  'corp:add': { zh: '接入企业', en: 'Connect corps' },

  'settings:read': { zh: '导出全部设置（不含密钥）', en: 'Export all settings, without secrets' },
  'settings:apply': {
    zh: '应用设置文件，可以修改全部设置',
    en: 'Apply a file of settings, which can change every setting',
  },

  'deleted:read': { zh: '查看已删除的应用与开发者', en: 'See deleted apps and developers' },
  'deleted:restore': { zh: '恢复已删除的应用与开发者', en: 'Restore deleted apps and developers' },

  'directory:read': { zh: '查看成员、部门与标签', en: 'See members, departments and tags' },
  'directory:export': { zh: '导出成员', en: 'Export members' },
  'directory:edit': {
    zh: '补充手机与邮箱，修改标签的成员',
    en: 'Supplement mobiles and mail addresses, change members of tags',
  },
  'directory:external': { zh: '查看外部人员', en: 'See people from outside WeCom' },
  'directory:invite': {
    zh: '添加、修改、续期和结束外部人员，确认其成为成员',
    en: 'Add, change, renew and end people from outside WeCom, confirm that they became members',
  },
  'directory:group': {
    zh: '查看和设置人群的规则与名单，预览成员',
    en: 'See and set rules and lists of groups, preview their members',
  },
  'directory:source': {
    zh: '查看和设置人事源，上传文件，预览',
    en: 'See and set sources of people, upload files, make previews',
  },
  'directory:write': {
    zh: '批准人事源写入企业微信，撤回',
    en: 'Approve what sources write into WeCom, take it back',
  },

  'sync:read': { zh: '查看同步的状态', en: 'See the state of syncs' },
  'sync:inspect': {
    zh: '查看和导出同步的差异与变更事件',
    en: 'See and export differences and change events',
  },
  'sync:run': { zh: '发起、批准和取消同步，重放事件', en: 'Start, approve and cancel syncs, replay events' },

  'role:read': { zh: '查看管理员与管理令牌', en: 'See administrators and admin tokens' },
  'role:edit': {
    zh: '设置和取消管理员，分配公众号',
    en: 'Set and remove administrators, assign official accounts to them',
  },
  'role:token': { zh: '创建和停用管理令牌', en: 'Make and end admin tokens' },

  'three:read': {
    zh: '查看三员与共同的操作',
    en: 'See the three administrators and what they do together',
  },
  'three:agree': {
    zh: '提议、同意和拒绝三员共同的操作',
    en: 'Propose, agree to and refuse what the three administrators do together',
  },

  'sign-in:read': { zh: '查看登录方式', en: 'See ways of signing in' },
  'sign-in:edit': { zh: '修改登录方式，更换登录密钥', en: 'Change ways of signing in, rotate their keys' },
  'sign-in:protect': {
    zh: '修改登录保护：网段、会话、新设备通知、水印',
    en: 'Change the sign-in protection: networks, sessions, notices of new devices, watermark',
  },
  'sign-in:log': { zh: '查看登录记录与会话', en: 'See sign-ins and sessions' },
  'sign-in:export': { zh: '导出登录记录', en: 'Export sign-ins' },
  'sign-in:help': { zh: '结束他人的会话，重置两步验证', en: 'End sessions of others, reset second factors' },
  'sign-in:ticket': { zh: '以成员的身份签发 jessionId', en: 'Issue a jessionId that stands for a member' },

  'help-desk:read': {
    zh: '在服务台查看成员的情况',
    en: 'See sign-ins and state of a member at the help desk',
  },
  'help-desk:help': {
    zh: '在服务台结束会话，重置两步验证',
    en: 'End sessions and reset second factors at the help desk',
  },
  'help-desk:copy': {
    zh: '在服务台为成员申请和下载个人信息副本',
    en: 'Ask for and take a copy of the personal data of a member at the help desk',
  },

  'audit:read': { zh: '查看审计', en: 'See the audit log' },
  'audit:export': { zh: '导出审计', en: 'Export the audit log' },
  'audit:forward': { zh: '设置审计转发（SIEM）', en: 'Set where the audit log is forwarded to (SIEM)' },
  'audit:settings': {
    zh: '签审计检查点，设置检查点发到哪里',
    en: 'Sign audit checkpoints, set where they are sent',
  },

  'person:read': {
    zh: '查看个人信息登记册、申请、保全与同意',
    en: 'See the register of personal data, requests, holds and consents',
  },
  'person:copy': { zh: '导出一个人的个人信息', en: 'Take a copy of the personal data of somebody' },
  'person:erase': {
    zh: '删除离职人员的个人信息，设置自动删除',
    en: 'Erase people who left, set when leavers are erased',
  },
  'person:hold': {
    zh: '设置和结束保全，导出留存的记录',
    en: 'Place and end legal holds, take what was put by',
  },

  'developer:read': {
    zh: '查看开发者、权限申请与事件订阅',
    en: 'See developers, their requests for scopes and webhooks',
  },
  'developer:edit': {
    zh: '创建、修改和删除开发者，设置限额与日志保留的天数',
    en: 'Make, change and delete developers, set limits and how long logs are kept',
  },
  'developer:grant': { zh: '批准和拒绝权限申请', en: 'Grant and refuse requests for scopes' },
  'developer:secret': {
    zh: '更换和吊销密钥，以开发者的身份试调用，吊销设备',
    en: 'Rotate and revoke secrets, try calls as the developer, revoke devices',
  },
  'developer:webhook': { zh: '设置事件订阅，重放事件', en: 'Set up webhooks, replay events' },
  'developer:log': {
    zh: '查看接口日志、事件投递与数据读取',
    en: 'See the request log, deliveries of events and data reads',
  },
  'developer:export': {
    zh: '导出开发者、接口日志与数据读取',
    en: 'Export developers, the request log and data reads',
  },

  'app:read': {
    zh: '查看应用、菜单、登录设置与公告',
    en: 'See apps, menus, sign-in of apps and announcements',
  },
  'app:edit': { zh: '添加、修改和删除应用与菜单', en: 'Add, change and delete apps and menus' },
  'app:sign-in': {
    zh: '设置应用的登录，更换客户端密钥',
    en: 'Set how apps sign people in, renew secrets of their clients',
  },
  'app:announce': { zh: '发布和撤下公告', en: 'Publish and end announcements' },

  'message:read': { zh: '查看消息的投递与配置', en: 'See what became of messages, and their settings' },
  'message:inspect': { zh: '查看消息的内容', en: 'See the content of messages' },
  'message:export': { zh: '导出消息与卡片的回答', en: 'Export messages and answers to cards' },
  'message:send': { zh: '发送、重发、暂停和撤回消息', en: 'Send, resend, pause and recall messages' },
  'message:settings': {
    zh: '修改渠道、短信模板、发送前的批准与保留天数',
    en: 'Change channels, SMS templates, which sends need approval, and retention',
  },
  'message:type': {
    zh: '修改、暂停、停用和恢复消息类型',
    en: 'Change, pause, revoke and resume message types',
  },
  'message:approve': {
    zh: '批准消息类型的必达、紧急和短信，批准等待的发送',
    en: 'Approve message types that must arrive, are urgent or use SMS, and sends that wait',
  },

  'todo:read': { zh: '查看待办、委托与来源', en: 'See to-dos, delegations and sources' },
  'todo:export': { zh: '导出待办', en: 'Export to-dos' },
  'todo:delegate': { zh: '委托和移交他人的待办', en: 'Delegate and pass on to-dos of others' },
  'todo:settings': {
    zh: '修改待办设置与来源，重放推送',
    en: 'Change settings and sources of to-dos, replay pushes',
  },

  'agent:read': { zh: '查看自建应用的菜单与自动回复', en: 'See agents, their menus and automatic replies' },
  'agent:edit': {
    zh: '登记自建应用，查看和设置接收消息与转发，重放推送',
    en: 'Add agents, see and set their callbacks and forwarding, replay pushes',
  },
  'agent:content': { zh: '修改自建应用的菜单与自动回复', en: 'Change menus and automatic replies of agents' },
  'agent:inspect': { zh: '查看自建应用收到的消息与事件', en: 'See messages and events that agents received' },

  'official:read': {
    zh: '查看公众号的内容、群发与数据',
    en: 'See content, mass messages and figures of official accounts',
  },
  'official:content': {
    zh: '修改菜单、自动回复、图文、模板与二维码',
    en: 'Change menus, automatic replies, articles, templates and QR codes',
  },
  'official:mass': { zh: '群发', en: 'Send mass messages' },
  'official:approve': { zh: '批准和拒绝群发', en: 'Approve and refuse mass messages' },
  'official:inspect': {
    zh: '查看公众号收到的消息与事件',
    en: 'See messages and events that official accounts received',
  },
  'official:replay': { zh: '重放公众号收到的推送', en: 'Replay pushes to official accounts' },
  'official:edit': {
    zh: '绑定、设置和解绑公众号，包括回调密钥',
    en: 'Bind, set up and remove official accounts, including keys of their callbacks',
  },

  'follower:read': { zh: '查看粉丝', en: 'See followers' },
  'follower:edit': {
    zh: '备注、拉黑、拉取粉丝，修改粉丝标签',
    en: 'Pull, block and tag followers, change remarks',
  },
  'follower:export': { zh: '导出粉丝与公众号会话', en: 'Export followers and conversations' },

  'conversation:read': {
    zh: '查看公众号会话，以及被拦截的模板消息',
    en: 'See conversations, and template messages that WeChat blocked',
  },
  'conversation:answer': { zh: '答复、转交和结束公众号会话', en: 'Answer, assign and close conversations' },

  'payment:read': { zh: '查看账单', en: 'See bills' },
  'payment:bill': { zh: '创建、导入和关闭账单', en: 'Make, import and close bills' },
  'payment:export': { zh: '导出账单', en: 'Export bills' },
  'payment:ledger': {
    zh: '查看订单、退款、对账与支付通知',
    en: 'See orders, refunds, reconciliations and payment notifications',
  },
  'payment:refund': { zh: '退款', en: 'Refund' },
  'payment:reconcile': { zh: '对账，重放支付通知', en: 'Reconcile, replay payment notifications' },

  'merchant:read': { zh: '查看商户', en: 'See merchants' },
  'merchant:edit': {
    zh: '接入、修改和移除商户；体检',
    en: 'Add, change and remove merchants; run check-ups',
  },

  'backup:read': { zh: '查看备份与备份计划', en: 'See backups and their plan' },
  'backup:edit': { zh: '备份，恢复演练，修改备份计划', en: 'Back up, try a restore, change the plan' },
  'backup:restore': { zh: '从备份恢复', en: 'Restore a backup' },

  'installation:read': {
    zh: '查看版本、节点与平台的外观',
    en: 'See version, nodes and look of the installation',
  },
  'installation:edit': { zh: '修改平台的外观', en: 'Change the look of the installation' },
  'installation:forward': {
    zh: '设置平台审计的转发（SIEM）',
    en: 'Set where the audit log of the installation is forwarded to (SIEM)',
  },
  'installation:log': { zh: '查看平台的审计', en: 'See the audit log of the installation' },
  'installation:three': {
    zh: '查看平台的三员与共同的操作',
    en: 'See the three administrators of the installation and what they do together',
  },
  'installation:agree': {
    zh: '提议、同意和拒绝平台三员共同的操作',
    en: 'Propose, agree to and refuse what the three administrators of the installation do together',
  },
  'installation:account': {
    zh: '重设系统账号的密码与两步验证，要求两步验证',
    en: 'Reset password and second factor of system accounts, require second factors',
  },
  'installation:protect': {
    zh: '修改系统账号的密码规则与登录保护',
    en: 'Change rules for passwords of system accounts, and their protection',
  },

  'operator:read': {
    zh: '查看和导出企业列表，查看删除过的企业',
    en: 'See and export the list of all corps, see removed corps',
  },
  'operator:edit': { zh: '设置配额，暂停和恢复企业', en: 'Set quotas, suspend and resume corps' },
  'operator:export': { zh: '导出企业的全部数据', en: 'Export all data of a corp' },
  'operator:delete': { zh: '删除企业的全部数据', en: 'Delete all data of a corp' },
} as const satisfies Record<`${Area}:${string}`, Words>
export type Point = keyof typeof points
