import { Type } from 'typebox'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { scopeSight } from '../../organisation/directory/permissions/data-scope.ts'
import { type Roles, roleLevel } from '../../organisation/directory/permissions/person.ts'
import { departmentLevel } from '../../organisation/directory/permissions/sight.ts'
import { departmentSchema } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { text } from '../../platform/http/input.ts'
import { ready } from '../../platform/http/output.ts'
import type { Person } from '../../platform/http/visitor.ts'
import { toWire } from '../../platform/http/wire.ts'
import type { Protection } from '../protection/protection.ts'
import { personOfTicket } from './tickets.ts'

export const getInfo = endpoint({
  methods: ['GET'],
  path: '/api/user/getInfo',
  section: '3.2',
  summary: { zh: '获取登录用户信息', en: 'Get the person who is signed in' },
  description: {
    zh: 'jessionId 已失效，或属于其他开发者的应用时，body 为 null，需提示用户重新登录。roleLevel: 0 普通成员，1 系统超级管理员，2 超级管理员，3 分级管理员。系统超级管理员没有 orgList。',
    en: 'body is null when the jessionId has expired or belongs to another developer’s app: ask the person to sign in again. roleLevel: 0 member, 1 system super administrator, 2 super administrator, 3 graded administrator. A system super administrator has no orgList.',
  },
  access: { by: 'developer', scope: 'directory:read' },
  directory: true,
  input: {
    jessionId: text(
      { zh: '平台登录凭证', en: 'The ticket with which the platform opened your page' },
      { max: 256 },
    ),
  },
  output: Type.Union([
    Type.Null(),
    Type.Object({
      corpId: Type.String(),
      userId: Type.String(),
      userName: Type.String(),
      roleLevel: Type.Integer(),
      orgList: Type.Optional(Type.Array(departmentSchema)),
    }),
  ]),
  errors: [],
  sample: {
    corpId: 'wwb1d5c0ffee123456',
    userId: 'zhangsan',
    userName: '张三',
    roleLevel: 3,
    orgList: [{ orgId: '12', orgName: '市场部', corpId: 'wwb1d5c0ffee123456', parentId: '2', sortNo: 990 }],
  },
  sampleInput: { jessionId: '{jessionId}' },
  about: () => ({}),
  async handle(ctx: Core & { mirrors: Mirrors; protection: Protection; roles: Roles }, { input, developer }) {
    const person = await personOfTicket(ctx, developer, input.jessionId)
    if (!person) return null
    if (!person.member) return identity(person)
    const mirror = ctx.mirrors.of(developer.corpId)
    const scope = scopeSight(mirror, developer)
    const orgList = person.member.departments
      .flatMap(id => mirror.tree.get(id) ?? [])
      .filter(node => departmentLevel(scope, node) > 0)
      .map(node => node.wire)
    return ready({
      wire: `${toWire(JSON.stringify(identity(person))).slice(0, -1)},"orgList":[${orgList.join()}]}`,
      people: { memberIds: [person.member.id], fields: ['userName'] },
    })
  },
})

function identity(person: Person) {
  const { corpId } = person
  if (!person.member)
    return { corpId, userId: person.adminName, userName: '系统超级管理员', roleLevel: roleLevel.system }
  return { corpId, userId: person.member.userId, userName: person.member.name, roleLevel: person.roleLevel }
}
