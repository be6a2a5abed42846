import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { integers, list, optionalSwitch, requiredText, text } from '../../../platform/command/parts.ts'
import { facts } from '../../../platform/command/text.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { ldapFields } from '../tree/client.ts'
import { type ClientView, viewOf } from './client-view.ts'
import {
  type ClientNeeds,
  clientOf,
  type KnownClientNeeds,
  removeClient,
  renewLdapSecret,
  setClient,
} from './set-client.ts'

const whose = { id: requiredText('<app>', '应用 id'), corp: corpPart }

function described(view: ClientView, secret = ''): string {
  return facts([
    ['地址', view.url || '没有监听（WISP_LDAP_PORT、WISP_LDAPS_PORT）'],
    ['绑定 DN', view.bindDn],
    ...(secret ? [['绑定密码', `${secret}（只显示这一次）`] as [string, string]] : []),
    ['base DN', view.base],
    ['人员', view.people],
    ['组', view.groups],
    ['范围', view.everyone ? '全员' : `部门 ${view.departments.join('、') || '无'}`],
    ['字段', view.fields.join('、') || '无'],
    ...(view.memberGroups.length > 0 ? [['人群', view.memberGroups.join('、')] as [string, string]] : []),
    ['登录时', view.card ? '应用密码，并在企业微信确认' : '应用密码'],
  ])
}

const show = command({
  path: 'app ldap show',
  point: 'app:read',
  summary: '查看应用的 LDAP 接入：地址、绑定 DN、base DN、范围和字段',
  parts: whose,
  async run(ctx: KnownClientNeeds, { id, corp }) {
    const data = viewOf(ctx, clientOf(ctx, corpOf(ctx, corp), id))
    return { data, text: described(data) }
  },
})

function numbersOf(texts: readonly string[] | undefined): number[] | undefined {
  return texts?.map(one => {
    if (/^\d{1,15}$/.test(one)) return Number(one)
    throw new ApiError('unknownDepartment', told`${one}`)
  })
}

const set = directoryCommand({
  path: 'app ldap set',
  point: 'app:sign-in',
  summary: '为应用开通或修改 LDAP 接入；没有给出的设置保持不变',
  details: '开通时显示绑定密码，只显示这一次。',
  parts: {
    ...whose,
    name: text('--name <name>', '名称，用在绑定 DN 中，例如 gitlab'),
    everyone: optionalSwitch('--everyone [on|off]', '能查到所有人'),
    departments: list('--departments <ids>', '只能查到这些部门及下级的人，逗号分隔'),
    fields: list('--fields <names>', `另外能读的字段，逗号分隔: ${ldapFields.join('、')}；"" 表示没有`),
    memberGroups: integers(
      '--member-groups <ids>',
      '另外能查到的人群的编号，逗号分隔，需要字段 groups；"" 表示没有',
    ),
    card: optionalSwitch('--card [on|off]', '密码正确后，本人还要在企业微信确认'),
  },
  async run(ctx: ClientNeeds, { id, corp, departments, everyone, ...given }) {
    const ids = numbersOf(departments)
    const settings = givenOnly({
      ...given,
      departments: ids,
      everyone: everyone ?? (ids && ids.length > 0 ? false : undefined),
    })
    if (Object.keys(settings).length === 0) throw new UsageError('没有要修改的设置')
    const { client, secret } = await setClient(ctx, { actor }, corpOf(ctx, corp), id, settings)
    const data = viewOf(ctx, client)
    return { data: { ...data, secret }, text: described(data, secret) }
  },
})

const renew = command({
  path: 'app ldap renew',
  point: 'app:sign-in',
  summary: '更换 LDAP 绑定密码，旧的立即失效',
  parts: whose,
  async run(ctx: KnownClientNeeds, { id, corp }) {
    const corpId = corpOf(ctx, corp)
    const secret = await renewLdapSecret(ctx, actor, corpId, id)
    return { data: { id, secret }, text: described(viewOf(ctx, clientOf(ctx, corpId, id)), secret) }
  },
})

const remove = command({
  path: 'app ldap remove',
  point: 'app:sign-in',
  summary: '取消应用的 LDAP 接入；为它创建的应用密码同时失效',
  parts: whose,
  async run(ctx: KnownClientNeeds, { id, corp }) {
    await removeClient(ctx, actor, corpOf(ctx, corp), id)
    return { data: { id }, text: '已取消' }
  },
})

export const ldapCommands = [show, set, renew, remove]
