import type { Core } from '../../platform/core.ts'
import type { CorpAttention } from '../../platform/manifest/attention.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { isApproved } from './app-sign-in.ts'
import * as store from './store.ts'

const pathOf = (appId: string) => `/console/apps/${appId}/sign-in`

type ClaimsRequest = { appId: string; name: string; claims: string[] }
type AppChange = { appId: string; name: string; by: string }

/** An owner asks that their app be told more about people. */
export const claimsAskedFor: Cause<Core, ClaimsRequest> = {
  async find({ db }) {
    const found = (await store.unreviewedSignIns(db)).flatMap(one => askedOf(one) ?? [])
    return { found: found.map(({ corpId, ...detail }) => ({ corpId, subject: detail.appId, detail })) }
  },
  severityOf: () => 'warn',
  tell: ({ appId, name, claims }) => ({
    title: { zh: `应用「${name}」申请获取信息`, en: `The app ${name} asks for information about people` },
    what: {
      zh: `负责人为「${name}」申请在登录时获取 ${claims.join('、')}。`,
      en: `An owner asks that ${name} be given ${claims.join(', ')} at sign-in.`,
    },
    fix: {
      zh: '请在应用的「登录」中查看用途，批准或去掉。',
      en: 'See the purpose under Sign-in of the app, and approve it or take it away.',
    },
    path: pathOf(appId),
  }),
}

/** An owner changed where people are sent after they signed in. */
export const signInChangedByOwner: Cause<Core, AppChange> = {
  async find({ db }) {
    const found = (await store.unreviewedSignIns(db)).flatMap(one => changedOf(one) ?? [])
    return { found: found.map(({ corpId, ...detail }) => ({ corpId, subject: detail.appId, detail })) }
  },
  severityOf: () => 'warn',
  tell: ({ appId, name, by }) => ({
    title: { zh: `「${name}」的登录地址改了`, en: `Addresses of ${name} were changed` },
    what: {
      zh: `负责人 ${by} 修改了「${name}」登录后返回的地址。`,
      en: `The owner ${by} changed where ${name} gets people back after they signed in.`,
    },
    fix: {
      zh: '请在应用的「登录」中核实新地址，然后点「已核实」。',
      en: 'Check the new addresses under Sign-in of the app, and say that you have.',
    },
    path: pathOf(appId),
  }),
}

function askedOf({
  corpId,
  appId,
  name,
  claims,
}: store.UnreviewedSignIn): (ClaimsRequest & { corpId: string }) | undefined {
  const open = claims.filter(one => !isApproved(one)).map(one => one.name)
  return open.length > 0 ? { corpId, appId, name, claims: open } : undefined
}

function changedOf(one: store.UnreviewedSignIn): (AppChange & { corpId: string }) | undefined {
  const { corpId, appId, name, ownerChange } = one
  return ownerChange ? { corpId, appId, name, by: ownerChange.by } : undefined
}

export async function signInAttention({ db }: Core, corpIds: readonly string[]): Promise<CorpAttention[]> {
  const open = await store.unreviewedSignIns(db, corpIds)
  const shared = ({ corpId, appId }: store.UnreviewedSignIn) => ({
    corpId,
    subject: appId,
    severity: 'warn' as const,
  })
  return open.flatMap((one): CorpAttention[] => {
    const [asked, changed] = [askedOf(one), changedOf(one)]
    const rows: CorpAttention[] = []
    if (asked)
      rows.push({
        ...shared(one),
        kind: 'claimsAskedFor',
        since: null,
        act: { zh: '去批准', en: 'Decide' },
        ...claimsAskedFor.tell(asked),
      })
    if (changed)
      rows.push({
        ...shared(one),
        kind: 'signInChangedByOwner',
        since: one.ownerChange ? new Date(one.ownerChange.at) : null,
        act: { zh: '去核实', en: 'Check' },
        ...signInChangedByOwner.tell(changed),
      })
    return rows
  })
}
