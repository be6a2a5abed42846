import { type ClientSettings, setClient } from '../../server/features/ldap/clients/set-client.ts'
import { type Attempt, command, feature, here, management, page, type Rule } from './ways.ts'

/** The rules for LDAP clients of apps. */

type ClientInput = {
  name?: string
  departments?: number[]
  fields?: string[]
  memberGroups?: number[]
  card?: boolean
}

function client(change: ClientInput): Attempt[] {
  const settings: ClientSettings & { name: string } = { name: 'nexus', ...change }
  const { name, departments = [], fields = [], memberGroups = [], card } = settings
  const more = [
    ...(departments.length > 0 ? ['--departments', departments.join(',')] : []),
    ...(fields.length > 0 ? ['--fields', fields.join(',')] : []),
    ...(memberGroups.length > 0 ? ['--member-groups', memberGroups.join(',')] : []),
    ...(card ? ['--card', 'on'] : []),
  ]
  const by = { actor: 'test' }
  return [
    feature(() => setClient(here.world.ctx, by, here.world.corpId, here.appId, settings)),
    page('/web/apps/ldap/save', () => ({ id: here.appId, version: 0, settings })),
    management('app/ldap/set', () => ({ id: here.appId, settings })),
    command('app', 'ldap', 'set', () => here.appId, '--name', name, ...more),
  ]
}

const clients: Rule[] = [
  ['capitals in the name', '1000', /name/, client({ name: 'Nexus' })],
  ['a comma in the name', '1000', /name/, client({ name: 'a,b' })],
  ['a name of the tree', '1000', /name/, client({ name: 'people' })],
  ['a department that there is not', '1005', /987654/, client({ departments: [987_654] })],
  ['a field that there is not', '1000', /userPassword/, client({ fields: ['userPassword'] })],
  ['a group that there is not', '1006', /987654/, client({ memberGroups: [987_654] })],
  ['a card that no agent can send', '1008', /企业微信/, client({ card: true })],
]

export const everywhere: [of: string, rules: Rule[]][] = [['an LDAP client', clients]]
