import { roleWords } from '../../organisation/three/joint-acts.ts'
import type { Field } from '../../platform/audit/fields.ts'
import { points } from '../../platform/http/admin/points.ts'
import type { Words } from '../../platform/words.ts'

const roles = {
  2: { zh: '超级管理员', en: 'Super administrator' },
  3: { zh: '分级管理员', en: 'Graded administrator' },
} as const
const scopes = {
  'directory:read': { zh: '读取通讯录', en: 'Read the address book' },
  'directory:mobile': { zh: '看到完整手机号', en: 'See whole mobile numbers' },
  'tag:write': { zh: '修改标签', en: 'Change tags' },
  'message:send': { zh: '发送企业微信消息和邮件', en: 'Send WeCom messages and mail' },
  'message:type': { zh: '维护自己的消息类型', en: 'Keep its own message types' },
  'inbox:embed': { zh: '嵌入消息收件箱', en: 'Embed the inbox of messages' },
  'directory:external': { zh: '读取外部人员', en: 'Read people from outside WeCom' },
  'chat:write': { zh: '创建和修改群聊', en: 'Make and change group chats' },
  'approval:read': { zh: '查看审批', en: 'See approvals' },
  'approval:write': { zh: '提交审批', en: 'Submit approvals' },
  'sms:send': { zh: '发送短信', en: 'Send SMS' },
  'code:send': { zh: '发送验证码', en: 'Send codes' },
  'code:any': { zh: '向任何手机号发送验证码', en: 'Send codes to any mobile number' },
  'ticket:issue': { zh: '为自己的应用签发 jessionId', en: 'Issue jessionIds for its own apps' },
  'pay:read': { zh: '查询自己创建的账单', en: 'Read the bills that it made' },
  'pay:write': { zh: '创建、关闭账单', en: 'Make and close bills' },
  'pay:refund': { zh: '退款', en: 'Give money back' },
  'agent:read': {
    zh: '读取成员发给应用的消息和应用里的事件',
    en: 'Read what members write to agents and do with them',
  },
  'agent:location': { zh: '读取成员发给应用的位置', en: 'Read where members are, as agents hear it' },
  'official:read': { zh: '读取公众号的粉丝和推送', en: 'Read followers and pushes of official accounts' },
  'official:write': { zh: '通过公众号发送消息', en: 'Send by official accounts' },
  'todo:read': { zh: '查询自己应用的待办', en: 'Read the to-dos of its own apps' },
  'todo:write': { zh: '写入自己应用的待办和角标', en: 'Write the to-dos and badges of its own apps' },
  'upstream:call': { zh: '代调用企业微信与公众号的接口', en: 'Have calls of vendors passed on' },
  'webhook:manage': { zh: '管理自己的事件订阅', en: 'Manage its own webhooks' },
} as const
const channels = {
  wecom: { zh: '企业微信', en: 'WeCom' },
  email: { zh: '邮件', en: 'Mail' },
  sms: { zh: '短信', en: 'SMS' },
  official: { zh: '公众号', en: 'Official account' },
} as const
const states = {
  open: { zh: '待付款', en: 'To be paid' },
  paid: { zh: '已付款', en: 'Paid' },
  closed: { zh: '已关闭', en: 'Closed' },
  sent: { zh: '已发出', en: 'Sent' },
  failed: { zh: '未送达', en: 'Not delivered' },
  partial: { zh: '部分未送达', en: 'Partly not delivered' },
  unknown: { zh: '是否送达不明', en: 'Unknown whether delivered' },
  queued: { zh: '等待发送', en: 'Waiting' },
  recalled: { zh: '已撤回', en: 'Recalled' },
  waiting: { zh: '等待', en: 'Waiting' },
  parked: { zh: '已搁置', en: 'Set aside' },
  done: { zh: '已完成', en: 'Done' },
  live: { zh: '启用', en: 'In use' },
  paused: { zh: '已暂停', en: 'Paused' },
  revoked: { zh: '已停用', en: 'Revoked' },
} as const
const kinds = {
  subscribe: { zh: '关注时', en: 'On subscription' },
  keyword: { zh: '关键词', en: 'Keyword' },
  menu: { zh: '菜单', en: 'Menu' },
  type: { zh: '消息类型', en: 'Message type' },
  default: { zh: '默认', en: 'Default' },
  template: { zh: '模板消息', en: 'Template message' },
  subscription: { zh: '订阅', en: 'Subscription' },
  service: { zh: '服务号', en: 'Service account' },
} as const
const contents = {
  text: { zh: '文字', en: 'Text' },
  image: { zh: '图片', en: 'Image' },
  voice: { zh: '语音', en: 'Voice' },
  video: { zh: '视频', en: 'Video' },
  news: { zh: '图文', en: 'Articles' },
} as const
const lists = {
  audit: { zh: '审计', en: 'Audit' },
  bills: { zh: '账单', en: 'Bills' },
  developers: { zh: '开发者', en: 'Developers' },
  events: { zh: '变更事件', en: 'Change events' },
  members: { zh: '成员', en: 'Members' },
  messages: { zh: '消息', en: 'Messages' },
  'official.conversation': { zh: '客服会话', en: 'Conversation' },
  'official.followers': { zh: '粉丝', en: 'Followers' },
  peopleRead: { zh: '数据读取', en: 'Data read' },
  requests: { zh: '接口日志', en: 'Request log' },
  'sign-ins': { zh: '登录', en: 'Sign-ins' },
  todos: { zh: '待办', en: 'To-dos' },
} as const

/** What a field's values are called where programs have a word of their own for them. */
export const valueWords: { readonly [F in Field]?: Readonly<Record<string, Words>> } = {
  level: roles,
  rolePoints: points,
  threeRole: roleWords,
  roleRange: {
    corp: { zh: '整个企业', en: 'The whole corp' },
    departments: { zh: '部门', en: 'Departments' },
    apps: { zh: '应用与开发者', en: 'Apps and developers' },
  },
  scopes,
  dataScope: { everybody: { zh: '整个企业', en: 'The whole corp' }, nobody: { zh: '没有人', en: 'Nobody' } },
  channel: channels,
  state: states,
  status: states,
  kind: kinds,
  type: contents,
  uses: {
    names: { zh: '读取姓名', en: 'Read names' },
    signin: { zh: '登录', en: 'Sign-in' },
    messages: { zh: '消息', en: 'Messages' },
  },
  listStyle: { object: { zh: '对象', en: 'Object' }, array: { zh: '数组', en: 'Array' } },
  packets: {
    off: { zh: '关闭', en: 'Off' },
    allowed: { zh: '允许', en: 'Allowed' },
    required: { zh: '必须', en: 'Required' },
  },
  openIn: {
    top: { zh: '整页打开', en: 'As a whole page' },
    frame: { zh: '在工作台里打开', en: 'Inside the workbench' },
  },
  rule: {
    any: { zh: '任何网站的页面', en: 'Pages of any site' },
    registered: { zh: '只限已登记来源的页面', en: 'Pages of registered origins only' },
  },
  match: {
    exact: { zh: '全匹配', en: 'Exact' },
    contains: { zh: '包含', en: 'Contains' },
    regex: { zh: '正则', en: 'Regex' },
  },
  pick: { all: { zh: '全部回复', en: 'Reply all of them' }, one: { zh: '随机一条', en: 'One by chance' } },
  mode: {
    plain: { zh: '明文模式', en: 'Plain' },
    compatible: { zh: '兼容模式', en: 'Compatible' },
    secure: { zh: '安全模式', en: 'Secure' },
  },
  to: {
    all: { zh: '全部粉丝', en: 'All followers' },
    tag: { zh: '标签', en: 'A tag' },
    members: { zh: '绑定了成员的粉丝', en: 'Followers linked to members' },
    openids: { zh: '选中的粉丝', en: 'Chosen followers' },
  },
  source: { import: { zh: '导入', en: 'Import' }, consent: { zh: '本人授权', en: 'Own consent' } },
  builtin: { payments: { zh: '统一支付', en: 'Payments' } },
  scope: { all: { zh: '所有企业', en: 'All corps' }, corp: { zh: '当前企业', en: 'This corp' } },
  target: lists,
  'email.security': {
    tls: { zh: 'TLS', en: 'TLS' },
    starttls: { zh: 'STARTTLS', en: 'STARTTLS' },
    none: { zh: '不加密', en: 'None' },
  },
  'sms.vendor': {
    tencent: { zh: '腾讯云短信', en: 'Tencent Cloud SMS' },
    aliyun: { zh: '阿里云短信', en: 'Aliyun SMS' },
    huawei: { zh: '华为云短信', en: 'Huawei Cloud SMS' },
    http: { zh: 'HTTP 网关', en: 'HTTP gateway' },
  },
}
