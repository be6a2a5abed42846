import { Type } from 'typebox'
import { roleLevel } from '../../../organisation/directory/permissions/person.ts'
import { hiddenActors } from '../../../organisation/three/not-of-three.ts'
import { auditEntry } from '../../../platform/audit/store.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice, optionalText } from '../../../platform/http/input.ts'
import { requiredId } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import { languageOf } from '../../../platform/words.ts'
import { askVerification, integrityOf, proofOfAct } from '../integrity.ts'
import { type DestinationNeeds, setDestination } from '../set-destination.ts'
import { integrityShape, integrityView } from '../view.ts'

type Needs = DestinationNeeds

export const scope = optionalChoice('corp：当前企业（默认）；installation：整个平台，只对系统超级管理员', [
  'corp',
  'installation',
])

const listOf = (text: string) => text.split(/[,，\s]+/).filter(Boolean)

/**
 * Returns the tree of the visitor's corp, or that of the installation for the system super administrator.
 * @throws ApiError 1009 for other visitors who ask for the latter.
 */
export function treeOf(visitor: Visitor, corpId: string, asked: 'corp' | 'installation' | undefined): string {
  if (asked !== 'installation') return corpId
  if (visitor.roleLevel === roleLevel.system) return ''
  throw new ApiError('forbidden', {
    zh: '整个平台的审计只对系统超级管理员开放',
    en: 'the audit log of the installation is open only to the system super administrator',
  })
}

export const showIntegrity = pageCall({
  method: 'GET',
  path: '/web/audit/integrity',
  access: administrator('super'),
  point: 'audit:read',
  input: { scope },
  output: Type.Object({
    ...integrityShape.properties,
    /** Those that can be chosen. */
    receivers: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const tree = treeOf(visitor, corpId, input.scope)
    const [integrity, receivers] = await Promise.all([
      integrityOf(ctx, tree),
      ctx.offered.checkpointReceivers.list(tree),
    ])
    const view = integrityView(integrity, languageOf(request.headers['accept-language']))
    return { ...view, receivers: receivers.map(({ id, name }) => ({ id, name })) }
  },
})

export const verifyIntegrity = pageCall({
  method: 'POST',
  path: '/web/audit/integrity/verify',
  access: administrator('super'),
  point: 'audit:read',
  input: { scope },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await askVerification(ctx, visitor.actor, treeOf(visitor, corpId, input.scope))
    return {}
  },
})

export const saveDestination = pageCall({
  method: 'POST',
  path: '/web/audit/integrity/destination',
  access: administrator('super'),
  point: 'audit:settings',
  input: {
    scope,
    url: optionalText('接收检查点的地址；不填为不发', { max: 500 }),
    members: optionalText('每天收到检查点的成员账号，以逗号分隔', { max: 700 }),
    mails: optionalText('每天收到检查点的邮箱，以逗号分隔', { max: 2000 }),
    receiver: optionalText('审计接收端的 id', { max: 64 }),
    endpoint: optionalText('S3 的地址；不填为不存', { max: 500 }),
    region: optionalText('地域', { max: 64 }),
    bucket: optionalText('存储桶', { max: 63 }),
    addressing: optionalChoice('存储桶在地址的哪里', ['virtual-host', 'path', 'own-domain']),
    prefix: optionalText('前缀', { max: 200 }),
    accessKey: optionalText('Access Key', { max: 200 }),
    secretKey: optionalText('Secret Key；不填为不改', { max: 200 }),
  },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { url = '', members = '', mails = '', receiver = '', endpoint = '', secretKey } = input
    const { region = '', bucket = '', addressing = 'virtual-host', prefix = '', accessKey = '' } = input
    const tree = treeOf(visitor, corpId, input.scope)
    await setDestination(ctx, visitor.actor, tree, {
      url: url.trim(),
      members: listOf(members),
      mails: listOf(mails),
      receiver,
      bucket: endpoint.trim()
        ? { endpoint: endpoint.trim(), region, bucket, addressing, prefix, accessKey }
        : null,
      bucketSecret: secretKey,
    })
    return {}
  },
})

export const proveEntry = pageCall({
  method: 'GET',
  path: '/web/audit/proof',
  access: administrator('super'),
  point: 'audit:read',
  input: { id: requiredId('记录编号') },
  output: Type.Object({
    tree: Type.String(),
    index: Type.Number(),
    size: Type.Number(),
    data: Type.String(),
    /** Null when the personal fields were erased. */
    salt: Type.Union([Type.String(), Type.Null()]),
    personal: Type.String(),
    leaf: Type.String(),
    path: Type.Array(Type.String()),
    checkpoint: Type.String(),
    verifierKey: Type.String(),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const entry = await auditEntry(ctx.db, input.id)
    const isOwn = entry?.corpId === corpId || visitor.roleLevel === roleLevel.system
    const hidden = await hiddenActors(ctx.db, visitor, corpId)
    if (!entry || !isOwn || hidden?.includes(entry.actor))
      throw new ApiError('badParameter', {
        zh: told`没有审计记录 ${input.id}`,
        en: told`there is no audit entry ${input.id}`,
      })
    const proof = await proofOfAct(ctx, input.id)
    if (!proof)
      throw new ApiError('badParameter', {
        zh: told`审计记录 ${input.id} 还不在任何检查点中；检查点每小时一个，请稍后再取证明`,
        en: told`no checkpoint has audit entry ${input.id} yet; there is one each hour: ask for the proof later`,
      })
    return proof
  },
})
