import { Type } from 'typebox'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import type { RoleNeeds } from '../own-roles.ts'
import { listRoles } from '../role-view.ts'

const named = Type.Object({ id: Type.String(), name: Type.String() })

/** Reading only: whoever could make roles by a token could make more of it than its maker is. */
export const adminOwnRoles = adminCall({
  method: 'GET',
  path: '/api/admin/ownRoles',
  summary: { zh: '自定义角色', en: 'Roles of the corp’s own' },
  description: {
    zh: '只能读取；创建、修改与授予在控制台或命令行。',
    en: 'To be read only: roles are made, changed and given in the console or on the command line.',
  },
  scope: 'admin:read',
  point: 'role:read',
  reach: 'corp',
  directory: true,
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        id: Type.Number({ about: { zh: '角色编号', en: 'Number of the role' } }),
        name: Type.String({ about: { zh: '名称', en: 'Name' } }),
        points: Type.Array(Type.String(), {
          about: { zh: '权限点，例如 directory:read', en: 'Points such as directory:read' },
        }),
        range: Type.Object({
          kind: Type.Enum(['corp', 'departments', 'apps'], {
            about: {
              zh: 'corp 整个企业；departments 这些部门及其下级；apps 这些应用与开发者',
              en: 'corp: the whole corp; departments: these and those below; apps: these apps and developers',
            },
          }),
          departments: Type.Array(named, {
            about: { zh: '部门；已删除的名称为空', en: 'Departments; the name of a deleted one is empty' },
          }),
          apps: Type.Array(named, { about: { zh: '应用', en: 'Apps' } }),
          developers: Type.Array(named, { about: { zh: '开发者', en: 'Developers' } }),
        }),
        until: Type.Union([Type.String(), Type.Null()], {
          about: { zh: '到期时间；null 表示一直有效', en: 'When it ends; null for no end' },
        }),
        holders: Type.Number({ about: { zh: '授予的人数', en: 'How many members it is given to' } }),
        groups: Type.Array(Type.Object({ id: Type.Number(), name: Type.String(), members: Type.Number() }), {
          about: { zh: '人群：其成员也有这个角色', en: 'Groups whose members have it too' },
        }),
        state: Type.Enum(['live', 'ended', 'empty'], {
          about: {
            zh: 'live 有效；ended 已到期；empty 范围内的对象都已删除',
            en: 'live; ended: its time is over; empty: all of its range was deleted',
          },
        }),
      }),
    ),
  }),
  errors: [],
  sample: {
    list: [
      {
        id: 3,
        name: '通讯录查看员',
        points: ['console:use', 'directory:read'],
        range: {
          kind: 'departments',
          departments: [{ id: '2', name: '研发中心' }],
          apps: [],
          developers: [],
        },
        until: null,
        holders: 2,
        groups: [{ id: 7, name: '值班人员', members: 12 }],
        state: 'live',
      },
    ],
  },
  handle: async (ctx: RoleNeeds, { corpId }) => ({ list: await listRoles(ctx, corpId) }),
})
