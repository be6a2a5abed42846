import { type Static, Type } from 'typebox'
import { nodesSeen } from '../../organisation/corps/store.ts'
import { environmentTable } from '../../platform/config.ts'
import type { Core } from '../../platform/core.ts'
import { installation, pageCall } from '../../platform/http/page-call.ts'
import { databaseVersion } from '../../platform/storage/upkeep.ts'
import { version } from '../../platform/version.ts'

const aboutSchema = Type.Object({
  version: Type.String(),
  node: Type.String(),
  startedAt: Type.String(),
  publicUrl: Type.String(),
  nodeId: Type.String(),
  database: Type.Object({
    kind: Type.Enum(['embedded', 'postgres']),
    version: Type.String(),
  }),
  /** The addresses at which WeCom saw each node in recent days, to be entered as 企业可信 IP. */
  nodes: Type.Array(
    Type.Object({
      node: Type.String(),
      address: Type.String(),
      seenAt: Type.String(),
    }),
  ),
  /** The `value` of a secret is ''. */
  environment: Type.Array(
    Type.Object({
      name: Type.String(),
      isSet: Type.Boolean(),
      isSecret: Type.Boolean(),
      value: Type.String(),
      default: Type.String(),
    }),
  ),
})
export type InstallationInfo = Static<typeof aboutSchema>

/** Describes the running installation. Access is at installation level, since it concerns no single corp. */
export const aboutInstallation = pageCall({
  method: 'GET',
  path: '/web/system/about',
  access: installation,
  point: 'installation:read',
  input: {},
  output: aboutSchema,
  async handle(ctx: Core): Promise<InstallationInfo> {
    const [nodes, database] = await Promise.all([nodesSeen(ctx.db), databaseVersion(ctx.db)])
    return {
      version,
      node: process.version,
      startedAt: new Date(Date.now() - process.uptime() * 1000).toISOString(),
      publicUrl: ctx.publicUrl(),
      nodeId: ctx.nodeId,
      database: { kind: ctx.config.databaseUrl ? 'postgres' : 'embedded', version: database },
      nodes: nodes.map(one => ({ ...one, seenAt: one.seenAt.toISOString() })),
      environment: environmentTable().map(row => {
        const given = ctx.config.given.get(row.name)
        const isSet = given !== undefined
        return {
          name: row.name,
          isSet,
          isSecret: given?.isSecret ?? false,
          value: given?.shown ?? '',
          default: row.default,
        }
      }),
    }
  },
})
