import type { Context } from '../../../server/context.ts'
import { addApp, listApps } from '../../../server/features/apps/apps.ts'
import { renewLdapSecret, setClient } from '../../../server/features/ldap/clients/set-client.ts'
import { passwordsOf } from '../../../server/features/ldap/passwords/password-store.ts'
import { endPassword, makePassword } from '../../../server/features/ldap/passwords/passwords.ts'
import { baseOf, bindDnOf } from '../../../server/features/ldap/tree/places.ts'
import { isOn } from '../../../server/organisation/corps/features/check-on.ts'
import { switchFeatures } from '../../../server/organisation/corps/features/switch.ts'
import type { DemoLdap } from '../demo-file.ts'

const [appName, name, person] = ['示例 LDAP 软件', 'demo', 'zhangsan']

/** A program that asks by LDAP, and an application password of 张三; those of an earlier start that was killed end. */
export async function connectLdap(
  ctx: Context,
  actor: string,
  corpId: string,
): Promise<Omit<DemoLdap, 'url'> | undefined> {
  const member = ctx.mirrors.of(corpId).members.byKey(person)
  if (!member) return undefined
  if (!isOn(ctx, corpId, 'ldap')) await switchFeatures(ctx, actor, corpId, { ldap: true })
  const known = (await listApps(ctx, corpId)).find(app => app.name === appName)
  const appId = known?.id ?? (await addApp(ctx, actor, corpId, { name: appName })).id
  const fields = ['mail', 'groups', 'posix']
  const bindPassword = ctx.ldapClients.ofApp(appId)
    ? await renewLdapSecret(ctx, actor, corpId, appId)
    : (await setClient(ctx, { actor }, corpId, appId, { name, fields })).secret
  const proof = { acr: 2, amr: ['qr'], authAt: ctx.now() } as const
  const owner = { corpId, memberId: member.id, userId: member.userId, name: member.name }
  const who = { owner, sessionId: '', address: '127.0.0.1', proof }
  for (const { id } of await passwordsOf(ctx.db, corpId, member.id, appId)) await endPassword(ctx, who, id)
  const appPassword = await makePassword(ctx, who, appId)
  const client = { corpId, name }
  return { base: baseOf(client), bindDn: bindDnOf(client), bindPassword, person, appPassword }
}
