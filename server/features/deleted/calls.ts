import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { listDeleted } from '../../platform/deleted/deleted.ts'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import { choice, text } from '../../platform/http/input.ts'
import { time } from '../../platform/http/output.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import { type RestoreNeeds, restoreDeleted } from './restore.ts'

const kinds = ['app', 'developer'] as const
const idInput = text({ zh: '应用 id 或 devId', en: 'id of the app, or devId' }, { max: 64 })

const listSchema = Type.Object({
  list: Type.Array(
    Type.Object({
      kind: Type.Enum([...kinds]),
      id: Type.String(),
      name: Type.String(),
      deletedAt: time,
      deletedBy: Type.String(),
      endsAt: time,
    }),
  ),
})

const restoredSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  sameName: Type.Array(Type.String(), {
    about: { zh: '现在与它同名的其他对象的编号', en: 'Ids of others that have the same name by now' },
  }),
})

export const listDeletedCall = pageCall({
  method: 'GET',
  path: '/web/deleted',
  access: administrator('super'),
  point: 'deleted:read',
  input: {},
  output: listSchema,
  handle: async (ctx: Core, { corpId }) => ({ list: await listDeleted(ctx, corpId) }),
})

export const restoreDeletedCall = pageCall({
  method: 'POST',
  path: '/web/deleted/restore',
  access: administrator('super'),
  point: 'deleted:restore',
  input: { kind: choice('类别', kinds), id: idInput },
  output: restoredSchema,
  handle: (ctx: RestoreNeeds, { input, visitor, corpId }) =>
    restoreDeleted(ctx, visitor.actor, corpId, input),
})

export const adminDeleted = adminCall({
  method: 'GET',
  path: '/api/admin/deleted',
  summary: { zh: '列出可以恢复的应用和开发者', en: 'List apps and developers that can be restored' },
  description: {
    zh: '删除后 30 天内可以恢复，最近删除的在前。',
    en: 'They can be restored for 30 days after they were deleted. The latest come first.',
  },
  scope: 'admin:read',
  point: 'deleted:read',
  reach: 'corp',
  input: {},
  output: listSchema,
  errors: [],
  sample: {
    list: [
      {
        kind: 'app',
        id: 'app3f9c2a7be1d0',
        name: '报修',
        deletedAt: '2026-11-26T08:00:00.000Z',
        deletedBy: 'zhangsan',
        endsAt: '2026-12-26T08:00:00.000Z',
      },
    ],
  },
  handle: async (ctx: Core, { corpId }) => ({ list: await listDeleted(ctx, corpId) }),
})

const restoreWords = {
  app: {
    summary: { zh: '恢复删除的应用', en: 'Restore a deleted app' },
    description: {
      zh: '编号、登录密钥、菜单、图标和待办来源的地址与删除前相同；待办和票据不恢复。',
      en: 'Its id, client secret, menu, icon and the addresses of its to-do sources are as before. To-dos and tickets do not come back.',
    },
    sample: { id: 'app3f9c2a7be1d0', name: '报修', sameName: [] },
  },
  developer: {
    summary: { zh: '恢复删除的开发者', en: 'Restore a deleted developer' },
    description: {
      zh: 'devId、密钥、负责人、Webhook 和设备与删除前相同。企业的开发者配额用完时拒绝。',
      en: "Its devId, secrets, owners, webhooks and devices are as before. It is refused when the corp's quota of developers is used up.",
    },
    sample: { id: 'wd3f9c2a7be1d04865', name: '报修系统', sameName: [] },
  },
}

function adminRestore<K extends (typeof kinds)[number]>(kind: K, scope: 'admin:apps' | 'admin:developers') {
  const { summary, description, sample } = restoreWords[kind]
  return adminCall({
    method: 'POST',
    path: `/api/admin/${kind}/restore`,
    summary,
    description,
    scope,
    sample,
    point: `${kind}:edit`,
    reach: 'corp',
    input: { id: idInput },
    output: restoredSchema,
    errors: [],
    sampleInput: { id: sample.id },
    handle: (ctx: RestoreNeeds, { corpId, input, caller }) =>
      restoreDeleted(ctx, caller.actor, corpId, { kind, id: input.id }),
  })
}

export const adminRestoreApp = adminRestore('app', 'admin:apps')
export const adminRestoreDeveloper = adminRestore('developer', 'admin:developers')
