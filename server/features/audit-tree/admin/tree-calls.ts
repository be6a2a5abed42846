import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { askVerification, integrityOf } from '../integrity.ts'
import { integrityShape, integrityView } from '../view.ts'

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
    sentAt: '2026-12-01T08:00:05.000Z',
    problem: '',
    checkpoints: [],
    verification: null,
  },
  async handle(ctx: Core, { corpId, language }) {
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
