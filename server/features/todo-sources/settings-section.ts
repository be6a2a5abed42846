import { Type } from 'typebox'
import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import type { Apps } from '../apps/catalog.ts'
import type { Sources } from './catalog.ts'
import { type Source, sourceKinds, sourceMatches } from './source.ts'
import { addSource, setSource } from './sources.ts'

type Needs = Core & {
  apps: Apps
  corps: Corps
  developers: Developers
  mirrors: Pick<Mirrors, 'load'>
  sources: Sources
}

const text = (max: number) => Type.String({ maxLength: max })

/** Settings of a source, except for its kind, its app and its password. */
export const sourceShape = {
  name: Type.String({ maxLength: 64, about: { zh: '名称', en: 'Name' } }),
  match: Type.Enum([...sourceMatches], {
    about: {
      zh: '对方用什么指人：userid、employeeNo 工号、mobile 手机号、email 邮箱',
      en: 'What it calls people by: userid, employeeNo, mobile or email',
    },
  }),
  enabled: Type.Boolean({ about: { zh: '是否启用', en: 'Whether what it sends is taken' } }),
  addresses: Type.Array(text(64), {
    maxItems: 200,
    about: { zh: '允许的来源 IP 或网段；空为不限', en: 'Addresses and networks that may send; empty: all' },
  }),
  systems: Type.Array(text(64), {
    maxItems: 50,
    about: {
      zh: '允许的系统标识（syscode、registerCode、appName）；空为不限',
      en: 'Names of the systems that may send (syscode, registerCode, appName); empty: any',
    },
  }),
  pcPrefix: Type.String({
    maxLength: 500,
    about: { zh: '相对的电脑地址前面加上它', en: 'Put in front of relative desktop addresses' },
  }),
  appPrefix: Type.String({
    maxLength: 500,
    about: {
      zh: '相对的手机地址前面加上它；空为与电脑相同',
      en: 'Put in front of relative phone addresses; as on desktops without it',
    },
  }),
  takesUnknownSender: Type.Boolean({
    about: {
      zh: '泛微：发起人不在通讯录也接收',
      en: '泛微: take to-dos whose sender is not in the address book',
    },
  }),
  userName: Type.String({
    maxLength: 64,
    about: { zh: '致远、蓝凌：推送方使用的账号', en: '致远, 蓝凌: the user name that the sender gives' },
  }),
}

export function sourceSettingsOf(source: Source) {
  const { name, match, enabled, addresses, systems, pcPrefix, appPrefix } = source
  const { takesUnknownSender, userName } = source
  return {
    name,
    match,
    enabled,
    addresses: [...addresses],
    systems: [...systems],
    pcPrefix,
    appPrefix,
    takesUnknownSender,
    userName,
  }
}

const { name, match, userName: _userName, ...rest } = sourceShape

/**
 * Sources in the file of settings, without addresses and passwords, which are secrets. A source that is made from a file gets a
 * new address.
 */
export const sourceSection = settingsSection({
  key: 'id',
  refersTo: { app: 'apps' },
  shape: Type.Object(
    {
      id: Type.Optional(text(64)),
      kind: Type.Enum([...sourceKinds]),
      app: text(64),
      name,
      match,
      ...Type.Partial(Type.Object(rest)).properties,
    },
    { additionalProperties: false },
  ),
  read: async (ctx: Needs, corpId) =>
    ctx.sources.ofCorp(corpId).map(source => {
      const { userName: _none, ...settings } = sourceSettingsOf(source)
      return { id: source.id, kind: source.kind, app: source.appId, ...settings }
    }),
  async add(ctx, actor, corpId, { id: _id, app, ...settings }) {
    return (await addSource(ctx, actor, corpId, { ...settings, appId: app })).source.id
  },
  check(_ctx, _corpId, change) {
    if (change.kind !== undefined || change.app !== undefined)
      throw new ApiError('badParameter', {
        zh: '待办来源的 kind 与 app 不能修改，请另建一个来源',
        en: 'kind and app of a source cannot be changed: make another source',
      })
  },
  async set(ctx, actor, corpId, key, { id: _id, kind: _kind, app: _app, ...change }) {
    await setSource(ctx, actor, corpId, key, change)
  },
})
