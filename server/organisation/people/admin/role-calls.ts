import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import type { Corps } from '../../corps/corps.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { listRoles } from '../administrators.ts'

/** Reading only: whoever could give roles by a token could make more of it than its maker is. */
export const adminRoles = adminCall({
  method: 'GET',
  path: '/api/admin/roles',
  summary: { zh: '管理员与服务台', en: 'Administrators and the help desk' },
  description: {
    zh: '只能读取；任命与取消在控制台或命令行。',
    en: 'To be read only: roles are given and taken in the console or on the command line.',
  },
  scope: 'admin:read',
  point: 'role:read',
  reach: 'corp',
  directory: true,
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        userId: Type.String({ about: { zh: '成员账号', en: 'The member' } }),
        userName: Type.String({ about: { zh: '姓名', en: 'Name' } }),
        level: Type.Union([Type.Literal(2), Type.Literal(3), Type.Literal(4)], {
          about: {
            zh: '2 超级管理员，3 分级管理员，4 服务台',
            en: '2 super administrator, 3 graded administrator, 4 help desk',
          },
        }),
        departments: Type.Array(
          Type.Object({
            departmentId: Type.Number(),
            name: Type.String(),
            manage: Type.Boolean({ about: { zh: '可以修改', en: 'May change it' } }),
          }),
        ),
      }),
    ),
  }),
  errors: [],
  sample: { list: [{ userId: 'zhangsan', userName: '张三', level: 2, departments: [] }] },
  handle: async (ctx: Core & { corps: Corps; mirrors: Mirrors }, { corpId }) => ({
    list: await listRoles(ctx, corpId),
  }),
})
