import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Corps } from '../corps/corps.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import type { OwnRoles } from '../roles/kept-roles.ts'
import type { Three } from '../three/three.ts'
import { adminRoles } from './admin/role-calls.ts'
import { endRoleDepartments, jointRole } from './administrators.ts'
import { roleCommands } from './commands.ts'
import { namesOfActors } from './console/names.ts'
import * as roles from './console/roles.ts'
import { roleGrants } from './granted-store.ts'
import { peoplePersonal, peopleRetention } from './retention.ts'
import { createRoles, type KeptRoles } from './roles.ts'

type Services = { roles: KeptRoles }

/** Persons and their roles. */
export const peopleFeature = feature<
  Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers; ownRoles: OwnRoles; three: Three },
  Services
>()({
  name: 'people',
  pageCalls: [roles.listAdministrators, roles.setAdministrator, roles.removeAdministrator, namesOfActors],
  adminCalls: [adminRoles],
  commands: roleCommands,
  commandGroups: {
    admin: {
      zh: '管理系统账号、管理令牌和成员的角色',
      en: 'Manage system accounts, admin tokens and roles of members',
    },
    'admin role': {
      zh: '设置成员的角色：管理员和服务台',
      en: 'Set the roles of members: administrators and help desk',
    },
  },
  personal: peoplePersonal,
  grants: [roleGrants],
  tables: peopleRetention,
  create: ctx => ({ roles: createRoles(ctx) }),
  readers: ({ roles }) => [roles],
  endDepartments: endRoleDepartments,
  jointActs: { role: jointRole },
})
