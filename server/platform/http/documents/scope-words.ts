import type { Language, Words } from '../../words.ts'
import { defaultScopes, type Scope, scopes } from '../scope.ts'

/** What a developer with the scope may do, as the documents say it. */
const scopeWords: Readonly<Record<Scope, Words>> = {
  'directory:read': {
    zh: '读取通讯录、取登录用户信息、变更流',
    en: 'read the address book, who opened an application, and the change feed',
  },
  'directory:mobile': {
    zh: '看到完整手机号，按手机号和邮箱查找成员；没有它时手机号显示为 138****0000',
    en: 'see whole mobile numbers, and find members by mobile and email; without it a number reads 138****0000',
  },
  'directory:profile': {
    zh: '用 fields= 读取职务、主部门、直属上级、工号和扩展属性',
    en: 'read position, main department, leaders, employee number and extended attributes by fields=',
  },
  'tag:write': { zh: '增加、移出标签成员', en: 'add members to tags, and take them out' },
  'source:write': {
    zh: '提交人事源的人员和部门，由管理员批准后写入企业微信',
    en: 'give people and departments of a source, which administrators have written into WeCom',
  },
  'message:send': {
    zh: '发送企业微信消息、邮件和公众号通知，查询结果，撤回',
    en: 'send WeCom messages, mail and notices by official accounts, look up their results, recall them',
  },
  'message:type': {
    zh: '写入自己的消息类型；必达、紧急和含短信的类型须超级管理员批准',
    en: 'put its own message types; those that must arrive, are urgent or use SMS wait for the approval of a super administrator',
  },
  'inbox:embed': {
    zh: '在自己的页面中嵌入成员的消息收件箱；默认只含自己发出的消息',
    en: 'embed the inbox of a member in its own pages; by default its own messages alone',
  },
  'approval:read': {
    zh: '查看自己提交的审批，和获准查看的模板的全部审批',
    en: 'see approvals that it submitted, and all of templates that it was granted to read',
  },
  'approval:write': {
    zh: '按授权的模板以成员的名义提交审批',
    en: 'submit approvals for members by the templates that it was granted',
  },
  'chat:write': {
    zh: '创建企业微信群聊，修改自己创建的群聊及其成员',
    en: 'make group chats in WeCom, and change those that it made and their members',
  },
  'sms:send': { zh: '发送短信', en: 'send SMS' },
  'code:send': {
    zh: '向数据范围内的成员发送验证码并核对',
    en: 'send codes to members within the data scope, and check them',
  },
  'code:any': {
    zh: '向通讯录以外的手机号发送短信验证码；同时须有 code:send',
    en: 'send codes by SMS to mobile numbers outside of the address book; needs code:send too',
  },
  'directory:external': {
    zh: '用 external=1 读取外部人员；数据范围须为整个企业',
    en: 'read people from outside WeCom by external=1; needs the whole corp as data scope',
  },
  'ticket:issue': { zh: '为自己的应用签发 jessionId', en: 'issue jessionIds for its own apps' },
  'pay:read': { zh: '查询自己创建的账单', en: 'read the bills that it made' },
  'pay:write': { zh: '创建、关闭账单', en: 'make and close bills' },
  'pay:refund': {
    zh: '退回自己创建的账单的款项，还须有退款限额',
    en: 'give back money of bills that it made, within limits of refunds that are set besides',
  },
  'agent:read': {
    zh: '读取成员发给应用的消息和应用里的事件',
    en: 'read what members write to agents, and what they do in them',
  },
  'agent:location': {
    zh: '读取成员发给应用的位置',
    en: 'read the locations that members send to agents',
  },
  'official:read': { zh: '读取公众号的粉丝和推送', en: 'read followers and pushes of official accounts' },
  'official:write': { zh: '通过公众号发送消息', en: 'send messages by official accounts' },
  'todo:read': { zh: '查询自己应用的待办', en: 'read the to-dos of its own apps' },
  'todo:write': { zh: '写入自己应用的待办和角标', en: 'write the to-dos and badges of its own apps' },
  'webhook:manage': {
    zh: '管理自己的 Webhook，读取事件流',
    en: 'manage its webhooks, and read the stream of events',
  },
  'upstream:call': {
    zh: '由平台代为调用逐个授予的企业微信、公众号接口',
    en: 'have calls of WeCom and official accounts passed on, of those that it was given',
  },
}

/** All scopes in the order in which they are shown; `byDefault`: whether a new developer has it. */
export function documentedScopes(language: Language): { name: Scope; text: string; byDefault: boolean }[] {
  return scopes.map(name => ({
    name,
    text: scopeWords[name][language],
    byDefault: defaultScopes.includes(name),
  }))
}
