import { Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { settingsSection } from '../../../platform/manifest/settings-section.ts'
import { putTemplate, type SetupNeeds, setApprovals } from './setup.ts'
import { findTemplate, settingOf, templatesOf } from './setup-store.ts'
import { viewOfTemplate } from './setup-view.ts'

const devIds = Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 200 }))

/** By which agent approvals are asked for, and the app of their to-dos; both are null until somebody has set them. */
export const approvalAppSection = settingsSection({
  refersTo: { appId: 'apps' },
  shape: Type.Object(
    {
      agentId: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), Type.Null()])),
      appId: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
    },
    { additionalProperties: false },
  ),
  read: async (ctx: SetupNeeds, corpId) => [
    (await settingOf(ctx.db, corpId)) ?? { agentId: null, appId: null },
  ],
  async set(ctx, actor, corpId, _key, change) {
    const known = await settingOf(ctx.db, corpId)
    const { agentId = known?.agentId ?? null, appId = known?.appId ?? null } = change
    if (agentId === null) throw new ApiError('missingParameter', 'approvals.agentId')
    await setApprovals(ctx, actor, corpId, { agentId, appId })
  },
})

/** The templates and who may use them; their fields are WeCom's. */
export const approvalSection = settingsSection({
  key: 'templateId',
  refersTo: { applies: 'developers', reads: 'developers' },
  shape: Type.Object(
    {
      templateId: Type.String({ maxLength: 128 }),
      flow: Type.Optional(Type.Enum(['wecom', 'own'])),
      name: Type.Optional(Type.String({ maxLength: 64 })),
      applies: devIds,
      reads: devIds,
    },
    { additionalProperties: false },
  ),
  read: async (ctx: SetupNeeds, corpId) =>
    (await templatesOf(ctx.db, corpId)).map(viewOfTemplate).map(({ templateId, flow, name, grants }) => ({
      templateId,
      flow,
      name,
      applies: grants.filter(one => one.applies).map(one => one.devId),
      reads: grants.filter(one => one.reads).map(one => one.devId),
    })),
  async add(ctx, actor, corpId, { templateId, flow, name, applies = [], reads = [] }) {
    await putTemplate(ctx, actor, corpId, { templateId, flow, name, grants: grantsOf(applies, reads) })
    return templateId
  },
  async set(ctx, actor, corpId, templateId, { flow, name, applies, reads }) {
    const known = (await findTemplate(ctx.db, corpId, templateId))?.grants ?? []
    const ofBefore = (what: 'applies' | 'reads') => known.filter(one => one[what]).map(one => one.devId)
    const grants = grantsOf(applies ?? ofBefore('applies'), reads ?? ofBefore('reads'))
    await putTemplate(ctx, actor, corpId, { templateId, flow, name, grants })
  },
})

/** Developers who may submit, and who may see all, in one list. */
export function grantsOf(applies: readonly string[], reads: readonly string[]) {
  return [...new Set([...applies, ...reads])].map(devId => ({
    devId,
    applies: applies.includes(devId),
    reads: reads.includes(devId),
  }))
}
