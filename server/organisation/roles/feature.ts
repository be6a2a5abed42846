import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Corps } from '../corps/corps.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import type { Three } from '../three/three.ts'
import { adminOwnRoles } from './admin/role-calls.ts'
import { ownRoleCommands } from './commands.ts'
import * as roles from './console/role-calls.ts'
import { holderGrants, ownRoleGrants } from './granted-store.ts'
import { jointOwnRole, jointOwnRoleGiven } from './joint-roles.ts'
import { createOwnRoles, type OwnRoles } from './kept-roles.ts'
import { endRangeDepartments } from './own-roles.ts'
import { ownRolePersonal, ownRoleRetention } from './retention.ts'
import { rolesWithGroup } from './role-store.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers; three: Three }
type Services = { ownRoles: OwnRoles }

/** Roles of a corp's own: some points, within a range, until an end. */
export const rolesFeature = feature<Needs, Services>()({
  name: 'roles',
  pageCalls: [
    roles.rolesCall,
    roles.roleCall,
    roles.rangeChoices,
    roles.saveRoleCall,
    roles.removeRoleCall,
    roles.giveRoleCall,
    roles.takeRoleCall,
    roles.viewAsCall,
  ],
  adminCalls: [adminOwnRoles],
  commands: ownRoleCommands,
  commandGroups: {
    role: { zh: '创建、修改和授予自定义角色', en: "Create, change and give the corp's own roles" },
  },
  personal: ownRolePersonal,
  grants: [ownRoleGrants, holderGrants],
  async groupUses({ three }, tx, corpId, groupId) {
    const names = groupId === undefined ? [] : await rolesWithGroup(tx, corpId, groupId)
    return names.map(name => ({
      zh: `角色“${name}”`,
      en: `the role "${name}"`,
      point: 'role:edit',
      givesRights: three.isOn(corpId) ? 'together' : 'alone',
    }))
  },
  tables: ownRoleRetention,
  create: ctx => ({ ownRoles: createOwnRoles(ctx) }),
  readers: ({ ownRoles }) => [ownRoles],
  endDepartments: endRangeDepartments,
  jointActs: { 'own-role': jointOwnRole, 'own-role.give': jointOwnRoleGiven },
})
