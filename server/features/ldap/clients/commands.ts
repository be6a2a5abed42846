import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { comma, said } from '../../../platform/command/language.ts'
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

const whose = { id: requiredText('<app>', { zh: '应用 id', en: 'app id' }), corp: corpPart }

function described(view: ClientView, secret = ''): string {
  return facts([
    [
      { zh: '地址', en: 'Address' },
      view.url ||
        said({
          zh: '没有监听（WISP_LDAP_PORT、WISP_LDAPS_PORT）',
          en: 'not listening (WISP_LDAP_PORT, WISP_LDAPS_PORT)',
        }),
    ],
    [{ zh: '绑定 DN', en: 'Bind DN' }, view.bindDn],
    ...(secret
      ? [
          [
            said({ zh: '绑定密码', en: 'Bind password' }),
            said({ zh: `${secret}（只显示这一次）`, en: `${secret} (shown only this once)` }),
          ] as [string, string],
        ]
      : []),
    ['base DN', view.base],
    [{ zh: '人员', en: 'People' }, view.people],
    [{ zh: '组', en: 'Groups' }, view.groups],
    [
      { zh: '范围', en: 'Range' },
      view.everyone
        ? { zh: '全员', en: 'everyone' }
        : {
            zh: `部门 ${view.departments.join('、') || '无'}`,
            en: `departments ${view.departments.join(', ') || 'none'}`,
          },
    ],
    [{ zh: '字段', en: 'Fields' }, view.fields.join(said(comma)) || said({ zh: '无', en: 'none' })],
    ...(view.memberGroups.length > 0
      ? [
          [said({ zh: '人群', en: 'Groups of people' }), view.memberGroups.join(said(comma))] as [
            string,
            string,
          ],
        ]
      : []),
    [
      { zh: '登录时', en: 'Sign-in' },
      view.card
        ? { zh: '应用密码，并在企业微信确认', en: 'application password, and confirmation in WeCom' }
        : { zh: '应用密码', en: 'application password' },
    ],
  ])
}

const show = command({
  path: 'app ldap show',
  point: 'app:read',
  summary: {
    zh: '查看应用的 LDAP 接入：地址、绑定 DN、base DN、范围和字段',
    en: 'Show the LDAP access of an app: address, bind DN, base DN, range and fields',
  },
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
  summary: {
    zh: '为应用开通或修改 LDAP 接入；没有给出的设置保持不变',
    en: 'Give an app LDAP access, or change it; what is not given stays',
  },
  details: {
    zh: '开通时显示绑定密码，只显示这一次。',
    en: 'The bind password is shown when access is given, only that once.',
  },
  parts: {
    ...whose,
    name: text('--name <name>', {
      zh: '名称，用在绑定 DN 中，例如 gitlab',
      en: 'name used in the bind DN, such as gitlab',
    }),
    everyone: optionalSwitch('--everyone [on|off]', { zh: '能查到所有人', en: 'can find everyone' }),
    departments: list('--departments <ids>', {
      zh: '只能查到这些部门及下级的人，逗号分隔',
      en: 'can find only people of these departments and their subdepartments, separated by commas',
    }),
    fields: list('--fields <names>', {
      zh: `另外能读的字段，逗号分隔: ${ldapFields.join('、')}；"" 表示没有`,
      en: `further fields it can read, separated by commas: ${ldapFields.join(', ')}; "" means none`,
    }),
    memberGroups: integers('--member-groups <ids>', {
      zh: '另外能查到的人群的编号，逗号分隔，需要字段 groups；"" 表示没有',
      en: 'IDs of groups of people it can find too, separated by commas, which takes the field groups; "" means none',
    }),
    card: optionalSwitch('--card [on|off]', {
      zh: '密码正确后，本人还要在企业微信确认',
      en: 'the person must confirm in WeCom after the right password',
    }),
  },
  async run(ctx: ClientNeeds, { id, corp, departments, everyone, ...given }) {
    const ids = numbersOf(departments)
    const settings = givenOnly({
      ...given,
      departments: ids,
      everyone: everyone ?? (ids && ids.length > 0 ? false : undefined),
    })
    if (Object.keys(settings).length === 0)
      throw new UsageError({ zh: '没有要修改的设置', en: 'no setting to change was given' })
    const { client, secret } = await setClient(ctx, { actor }, corpOf(ctx, corp), id, settings)
    const data = viewOf(ctx, client)
    return { data: { ...data, secret }, text: described(data, secret) }
  },
})

const renew = command({
  path: 'app ldap renew',
  point: 'app:sign-in',
  summary: {
    zh: '更换 LDAP 绑定密码，旧的立即失效',
    en: 'Replace the LDAP bind password; the old one is revoked at once',
  },
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
  summary: {
    zh: '取消应用的 LDAP 接入；为它创建的应用密码同时失效',
    en: 'Take LDAP access from an app; application passwords made for it are revoked too',
  },
  parts: whose,
  async run(ctx: KnownClientNeeds, { id, corp }) {
    await removeClient(ctx, actor, corpOf(ctx, corp), id)
    return { data: { id }, text: said({ zh: '已取消', en: 'taken away' }) }
  },
})

export const ldapCommands = [show, set, renew, remove]
