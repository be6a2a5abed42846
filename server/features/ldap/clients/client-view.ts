import { type Static, Type } from 'typebox'
import { ldapUrlOf } from '../address.ts'
import { groupsAtMost, type LdapClient, ldapFields } from '../tree/client.ts'
import { baseOf, bindDnOf, groupsOf, peopleOf } from '../tree/places.ts'
import type { KnownClientNeeds } from './set-client.ts'

export const settingsShape = {
  name: Type.String({
    maxLength: 32,
    about: { zh: '名称，用在绑定 DN 中', en: 'Name, which is in the bind DN' },
  }),
  everyone: Type.Boolean({ about: { zh: '能查到所有人', en: 'Whether it finds everybody' } }),
  departments: Type.Array(Type.Number(), {
    maxItems: 100,
    about: {
      zh: '否则只能查到这些部门及下级的人',
      en: 'Otherwise it finds people of these departments and of those below',
    },
  }),
  fields: Type.Array(Type.String({ maxLength: 32 }), {
    maxItems: ldapFields.length,
    about: {
      zh: '另外能读的字段：mail、mobile、employeeNumber、title、groups、ad（AD 的属性名）、posix（Linux 账号）',
      en: 'What else it reads: mail, mobile, employeeNumber, title, groups, ad (names of Active Directory), posix (Unix accounts)',
    },
  }),
  memberGroups: Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), {
    maxItems: groupsAtMost,
    about: {
      zh: '另外能查到的人群的编号；需要字段 groups',
      en: 'Numbers of the groups of members that it also finds; needs the field groups',
    },
  }),
  card: Type.Boolean({
    about: {
      zh: '密码正确后，本人还要在企业微信的卡片上允许',
      en: 'Whether people also allow each sign-in on a card in WeCom, after a right password',
    },
  }),
}

export const clientShape = {
  appId: Type.String({ about: { zh: '应用 id', en: 'Id of the app' } }),
  ...settingsShape,
  url: Type.String({
    about: { zh: 'LDAP 的地址；空为没有监听', en: 'Where LDAP is reached; empty where nothing listens' },
  }),
  bindDn: Type.String({ about: { zh: '绑定 DN', en: 'The DN by which it binds' } }),
  base: Type.String({ about: { zh: '搜索的起点（base DN）', en: 'The base DN of its searches' } }),
  people: Type.String({ about: { zh: '人员所在', en: 'Where people are' } }),
  groups: Type.String({ about: { zh: '组所在', en: 'Where groups are' } }),
}
export const clientSchema = Type.Object(clientShape)
export type ClientView = Static<typeof clientSchema>

export function viewOf({ config }: Pick<KnownClientNeeds, 'config'>, client: LdapClient): ClientView {
  const { appId, name, everyone, departments, fields, memberGroups, card } = client
  return {
    appId,
    name,
    everyone,
    departments: [...departments],
    fields: [...fields],
    memberGroups: [...memberGroups],
    card,
    url: ldapUrlOf(config),
    bindDn: bindDnOf(client),
    base: baseOf(client),
    people: peopleOf(client),
    groups: groupsOf(client),
  }
}

export const sampleClient: ClientView = {
  appId: 'app1f0c2a9e8d7b',
  name: 'gitlab',
  everyone: true,
  departments: [],
  fields: ['mail', 'groups'],
  memberGroups: [7],
  card: false,
  url: 'ldaps://ldap.example.edu',
  bindDn: 'cn=gitlab,o=wwb1d5c0ffee123456',
  base: 'ou=gitlab,o=wwb1d5c0ffee123456',
  people: 'ou=people,ou=gitlab,o=wwb1d5c0ffee123456',
  groups: 'ou=groups,ou=gitlab,o=wwb1d5c0ffee123456',
}
