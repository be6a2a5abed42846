import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { type GrantsNeeds, grantsShape, grantsView } from '../grants/grants-view.ts'
import { askVerification, integrityOf } from '../integrity.ts'
import { integrityShape, integrityView } from '../view.ts'

type Needs = GrantsNeeds

export const adminIntegrity = adminCall({
  method: 'GET',
  path: '/api/admin/audit/integrity',
  summary: { zh: '审计的完整性', en: 'State of the audit tree' },
  description: {
    zh: '审计树的状态、最近的检查点和最近一次验证的结果。可用于全部企业的令牌不写 corpId 时为整个平台的审计树。',
    en: 'State of the tree, its latest checkpoints and what the last verification found. A token of the whole installation that names no corp gets the tree of the installation.',
  },
  scope: 'admin:read',
  point: 'audit:read',
  reach: 'own',
  input: {},
  output: integrityShape,
  errors: [],
  sample: {
    corpId: 'wwb1d5c0ffee123456',
    size: 3,
    waiting: 0,
    isEntering: false,
    isProved: true,
    verifierKey: 'wisp.example.com/audit/1+206b5267+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs',
    url: 'https://witness.example.com/wisp',
    members: [],
    mails: [],
    receiver: '',
    receiverName: '',
    bucket: null,
    sentAt: '2026-12-01T08:00:05.000Z',
    problem: '',
    checkpoints: [],
    grants: null,
    verification: null,
  },
  async handle(ctx: Needs, { corpId, language }) {
    return integrityView(await integrityOf(ctx, corpId ?? ''), language)
  },
})

export const adminVerify = adminCall({
  method: 'POST',
  path: '/api/admin/audit/verify',
  summary: { zh: '验证审计', en: 'Verify the audit log' },
  description: {
    zh: '在后台开始验证；结果用 `GET /api/admin/audit/integrity` 查看。已在进行的不重复开始。与保存在别处的检查点核对，用命令 wisp audit verify --against。',
    en: 'Begins a verification behind; `GET /api/admin/audit/integrity` tells what it found. One that is under way is not begun again. The command wisp audit verify --against compares with checkpoints that are kept elsewhere.',
  },
  scope: 'admin:read',
  point: 'audit:read',
  reach: 'own',
  input: {},
  output: Type.Object({ id: Type.Number({ about: { zh: '验证的编号', en: 'Number of the verification' } }) }),
  errors: [],
  sample: { id: 7 },
  async handle(ctx: Core, { corpId, caller }) {
    return { id: await askVerification(ctx, caller.actor, corpId ?? '') }
  },
})

export const adminGrants = adminCall({
  method: 'GET',
  path: '/api/admin/audit/grants',
  summary: { zh: '授权与审计的比对', en: 'Grants compared with the audit log' },
  description: {
    zh: '现有授权（角色、开发者的权限、管理令牌、批准等）和与审计不符之处：绕过平台写入、修改、删除或恢复的授权。每小时比对一次，有不符时提醒。确认清单须在控制台或用命令 wisp audit grants --confirm。',
    en: 'The grants that there are (roles, scopes of developers, admin tokens, approvals), and which of them were written, changed, deleted or put back past wisp. They are compared each hour, and an alert tells of what is found. Lists are confirmed on the console or by wisp audit grants --confirm.',
  },
  scope: 'admin:read',
  point: 'audit:read',
  reach: 'own',
  input: {},
  output: grantsShape,
  errors: [],
  sample: {
    version: 'Yk3v1mS0h2',
    isListed: true,
    confirmedAt: '2026-12-01T08:00:00.000Z',
    total: 1,
    grants: [
      {
        kind: 'role',
        kindName: 'administrator',
        target: 'zhangsan',
        key: '17',
        gives: '[2,[]]',
        until: null,
      },
    ],
    findings: [],
  },
  async handle(ctx: Needs, { corpId, language }) {
    return grantsView(ctx, corpId ?? '', language)
  },
})
