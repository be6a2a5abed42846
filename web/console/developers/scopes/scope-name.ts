import type { Answer } from '../../../ui/data/api.ts'
import { type Translator, useText } from '../../../ui/text.ts'

type Scope = Answer<'/web/developers/choices'>['scopes'][number]

const scopeKeys: Record<Scope, Parameters<Translator<'developers'>>[0]> = {
  'directory:read': 'scopeDirectoryRead',
  'directory:mobile': 'scopeDirectoryMobile',
  'directory:profile': 'scopeDirectoryProfile',
  'tag:write': 'scopeTagWrite',
  'source:write': 'scopeSourceWrite',
  'message:send': 'scopeMessageSend',
  'message:type': 'scopeMessageType',
  'inbox:embed': 'scopeInboxEmbed',
  'directory:external': 'scopeDirectoryExternal',
  'chat:write': 'scopeChatWrite',
  'approval:read': 'scopeApprovalRead',
  'approval:write': 'scopeApprovalWrite',
  'sms:send': 'scopeSmsSend',
  'code:send': 'scopeCodeSend',
  'code:any': 'scopeCodeAny',
  'ticket:issue': 'scopeTicketIssue',
  'pay:read': 'scopePayRead',
  'pay:write': 'scopePayWrite',
  'pay:refund': 'scopePayRefund',
  'agent:read': 'scopeAgentRead',
  'agent:location': 'scopeAgentLocation',
  'official:read': 'scopeOfficialRead',
  'official:write': 'scopeOfficialWrite',
  'todo:read': 'scopeTodoRead',
  'todo:write': 'scopeTodoWrite',
  'webhook:manage': 'scopeWebhookManage',
  'upstream:call': 'scopeUpstreamCall',
}

/** Returns a function that puts a scope into words. */
export function useScopeName(): (scope: string) => string {
  const t = useText('developers')
  return scope => (Object.hasOwn(scopeKeys, scope) ? t(scopeKeys[scope as Scope]) : scope)
}
